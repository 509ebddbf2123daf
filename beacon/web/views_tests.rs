//! Beacons, links, the past and the log, as programs read them.

use crate::{
    model::Instant,
    node::view::ClientState,
    web::{
        LogLevel, LogLine, LogRing,
        testing::{COLLECTION, TestServer, info_hash},
    },
};

async fn server() -> TestServer {
    TestServer::start(ClientState::Ready).await
}

fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).expect("text")
}

#[tokio::test]
async fn a_beacon_and_the_links_have_every_field_that_programs_rely_on() {
    let server = server().await;
    let member = server.get(&format!("/api/v1/members/{}", "be".repeat(32))).await.json();
    insta::assert_snapshot!("member", pretty(&member));
    insta::assert_snapshot!("network", pretty(&server.get("/api/v1/network").await.json()));
}

#[tokio::test]
async fn the_past_has_every_field_that_programs_rely_on() {
    let server = server().await;
    let history = server.get(&format!("/api/v1/history?info_hash={}&kind=info&offset=5", info_hash(1))).await;
    insta::assert_snapshot!("history", pretty(&history.json()));
    let trend = server.get("/api/v1/trend?since=2009-01-01T00:00:00Z&points=20").await;
    insta::assert_snapshot!("trend", pretty(&trend.json()));
}

#[tokio::test]
async fn beacons_come_in_pages() {
    let server = server().await;
    for (query, asked) in [
        ("", "None `` by name from 0 at most 100"),
        ("?state=&query=&sort=&order=&offset=&limit=", "None `` by name from 0 at most 100"),
        ("?state=away&query=+Barn&sort=heard", "Some(Away) `Barn` by heard from 0 at most 100"),
        ("?sort=latency&order=desc&offset=20&limit=1000", "None `` by latency turned from 20 at most 1000"),
    ] {
        let page = server.get(&format!("/api/v1/members{query}")).await.json();
        assert_eq!((&page["total"], &page["members"][0]["name"]), (&2.into(), &asked.into()), "{query}");
        assert_eq!(page["members"][0]["version"], "1.2.3", "this beacon's own");
    }
}

#[tokio::test]
async fn answers_that_are_known_are_not_sent_again() {
    let server = server().await;
    for path in ["/api/v1/members", "/api/v1/history", "/api/v1/trend", "/api/v1/collections", "/api/v1/torrents"] {
        let head = server.get(path).await.head;
        let etag = head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("a tag").to_owned();
        let again = server.send("GET", path, &format!("Host: localhost\r\nIf-None-Match: {etag}\r\n")).await;
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_says_so() {
    let server = server().await;
    for (path, status, detail, way_out) in [
        ("/api/v1/members/7".to_owned(), 404, "no beacon `7` is known", "/api/v1/members"),
        (format!("/api/v1/members/{}", "07".repeat(32)), 404, "is known", "/api/v1/members"),
        ("/api/v1/members?state=lost".to_owned(), 400, "`state` cannot be `lost`", "alive, suspect, away, gone"),
        ("/api/v1/members?sort=age".to_owned(), 400, "`sort` cannot be `age`", "name, state, heard, used, budget"),
        ("/api/v1/members?prefix=7".to_owned(), 400, "`prefix` is not a parameter", "state, query, sort"),
        ("/api/v1/history?info_hash=7".to_owned(), 400, "`7` is not an info-hash", "hexadecimal"),
        ("/api/v1/history?limit=1001".to_owned(), 400, "cannot be `1001`", "from 0 to 1000"),
        ("/api/v1/history?since=7".to_owned(), 400, "`since` is not a parameter", "info_hash, kind"),
        ("/api/v1/trend?points=1001".to_owned(), 400, "cannot be `1001`", "from 0 to 1000"),
        ("/api/v1/trend?since=tomorrow".to_owned(), 400, "`tomorrow` is not a moment", "RFC 3339"),
        (format!("/api/v1/trend?collection={}", uuid::Uuid::nil()), 404, "no collection", "/api/v1/collections"),
        ("/api/v1/trend?since=1970-01-01T00:00:01Z".to_owned(), 503, "its disk is gone", "data directory"),
        ("/api/v1/plan?limit=1001".to_owned(), 400, "cannot be `1001`", "from 0 to 1000"),
    ] {
        let answer = server.get(&path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        let problem = answer.json();
        assert!(problem["detail"].as_str().is_some_and(|text| text.contains(detail)), "{path}: {problem}");
        assert!(problem["way_out"].as_str().is_some_and(|text| text.contains(way_out)), "{path}: {problem}");
    }
    let known = format!("/api/v1/trend?collection={COLLECTION}");
    assert_eq!(server.get(&known).await.json()["points"][0]["missing"], 500);
}

#[tokio::test]
async fn the_log_is_told_to_whoever_knows_the_token() {
    let server = server().await;
    let (level, target) = (LogLevel::Warn, "beacon::test".to_owned());
    let text = "the disk of /srv is full".to_owned();
    LogRing::of_process().push(LogLine { at: Instant::from_millis(1_000), level, target, text });
    let unknown = server.get("/api/v1/log").await;
    assert_eq!(unknown.status, 401);
    assert!(!unknown.body.contains("/srv"));
    let log = server.order("GET", "/api/v1/log?after=0&level=warn&limit=2000", "").await.json();
    let lines = log["lines"].as_array().expect("lines");
    let line = lines.iter().find(|line| line["target"] == "beacon::test").expect("the line");
    assert_eq!((&line["level"], &line["at"]), (&"warn".into(), &"1970-01-01T00:00:01.000Z".into()), "{line}");
    assert_eq!(line["text"], "the disk of /srv is full");
    assert_eq!(server.order("GET", "/api/v1/log?level=loud", "").await.status, 400);
}

#[tokio::test]
async fn requests_and_the_mode_are_passed_on() {
    let server = server().await;
    let request = |torrent| format!("/api/v1/torrents/{}/request", info_hash(torrent));
    for (method, path, body, status, said) in [
        ("POST", request(1), "", 200, "letters is fetched"),
        ("DELETE", request(1), "", 409, "nobody asked for"),
        ("POST", request(9), "", 404, "no collection of this beacon lists"),
        ("POST", "/api/v1/mode".to_owned(), "{\"mode\": \"apply\"}", 200, "the mode is apply"),
        ("POST", "/api/v1/mode".to_owned(), "{\"mode\": \"act\"}", 400, "`mode` cannot be `act`"),
        ("POST", "/api/v1/mode".to_owned(), "", 400, "cannot be read"),
    ] {
        let answer = server.order(method, &path, body).await;
        assert_eq!(answer.status, status, "{method} {path} {body}: {}", answer.body);
        assert!(answer.body.contains(said), "{}", answer.body);
    }
}
