//! The server as programs and browsers meet it, over real connections.

use serde_json::Value;
use tokio::{io::AsyncReadExt as _, net::TcpStream, time::timeout};

use crate::node::view::ClientState;

use super::Topic;
use super::testing::{COLLECTION, DEADLINE, TestServer, info_hash};

async fn server() -> TestServer {
    TestServer::start(ClientState::Ready).await
}

/// Reads until `wanted` has come, and says what came.
async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut text = String::new();
    let reading = async {
        let mut buffer = [0; 4096];
        while !text.contains(wanted) {
            let count = stream.read(&mut buffer).await.expect("more");
            assert_ne!(count, 0, "ended before {wanted}: {text}");
            text.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    };
    timeout(DEADLINE, reading).await.expect(wanted);
    text
}

#[tokio::test]
async fn the_overview_has_every_field_that_programs_rely_on() {
    let mut status = server().await.get("/api/v1/status").await.json();
    let host = status["host"].take();
    let names: Vec<_> = host.as_object().expect("figures").keys().map(String::as_str).collect();
    assert_eq!(names, ["cpu_percent", "disk_free", "memory_total", "memory_used", "net_received", "net_sent"]);
    insta::assert_snapshot!(serde_json::to_string_pretty(&status).expect("text"));
}

#[tokio::test]
async fn a_torrent_tells_its_holders_and_why() {
    let server = server().await;
    let detail = server.get(&format!("/api/v1/torrents/{}", info_hash(1))).await.json();
    insta::assert_snapshot!(serde_json::to_string_pretty(&detail).expect("text"));
    let plan = server.get("/api/v1/plan").await.json();
    insta::assert_snapshot!("plan", serde_json::to_string_pretty(&plan).expect("text"));
}

#[tokio::test]
async fn torrents_come_in_pages() {
    let server = server().await;
    for (query, asked) in [
        ("", "letters, None None, best from 0 at most 100"),
        ("?query=&state=&here=&sort=&order=&offset=&limit=", "letters, None None, best from 0 at most 100"),
        ("?state=under&offset=200&limit=1000", "letters, Some(Under) None, best from 200 at most 1000"),
        ("?here=held&state=missing&limit=0", "letters, Some(Missing) Some(Held), best from 0 at most 0"),
        ("?query=Town&sort=lacking&order=desc", "town, None None, lacking turned from 0 at most 100"),
        ("?sort=name&order=asc", "letters, None None, name from 0 at most 100"),
    ] {
        let page = server.get(&format!("/api/v1/collections/{COLLECTION}/torrents{query}")).await.json();
        assert_eq!(page["total"], 3);
        assert_eq!(page["torrents"][0]["name"], asked);
        assert_eq!(page["torrents"][0]["audited"], Value::Null);
    }
    assert_eq!(server.get("/api/v1/collections").await.json()[0]["copies_histogram"], serde_json::json!([1, 1, 1]));
}

#[tokio::test]
async fn torrents_are_found_by_the_beginning_of_their_hash() {
    let server = server().await;
    let found = server.get("/api/v1/torrents?prefix=010101").await.json();
    assert_eq!(found["torrents"][0]["info_hash"], info_hash(1).to_string());
    let none = server.get("/api/v1/torrents?prefix=999999").await.json();
    assert_eq!(none, serde_json::json!({ "total": 0, "meant": null, "torrents": [] }));
}

#[tokio::test]
async fn torrents_are_found_by_words_hashes_and_magnets() {
    let server = server().await;
    let all = "letters, None None, best from 0 at most 100";
    for (query, name) in [
        ("query=Town+LETTERS", "town letters, None None, best from 0 at most 100"),
        ("query=%C3%89t%C3%A9&offset=&limit=", "ete, None None, best from 0 at most 100"),
        ("offset=20&limit=1000&query=letters", "letters, None None, best from 20 at most 1000"),
        (&format!("query={}", info_hash(1)), all),
        (&format!("query=magnet%3A%3Fxt%3Durn%3Abtih%3A{}%26dn%3Dx", info_hash(1)), all),
    ] {
        let found = server.get(&format!("/api/v1/torrents?{query}")).await.json();
        assert_eq!(found["torrents"][0]["name"], name, "{query}: {found}");
        assert_eq!((&found["total"], &found["meant"]), (&3.into(), &info_hash(1).to_string().into()), "{query}");
    }
    for query in ["", "?query=+&prefix=", &format!("?collection={COLLECTION}")] {
        let found = server.get(&format!("/api/v1/torrents{query}")).await.json();
        assert_eq!((found["torrents"][0]["name"].as_str(), &found["meant"]), (Some(all), &Value::Null), "{query}");
    }
}

#[tokio::test]
async fn a_map_has_four_bytes_a_torrent() {
    let server = server().await;
    let whole = server.get(&format!("/api/v1/collections/{COLLECTION}/map")).await.json();
    assert_eq!(whole["total"], 16_384, "as much as there may be");
    let map = server.get(&format!("/api/v1/collections/{COLLECTION}/map?offset=5&limit=2")).await.json();
    let revision = "ab".repeat(32);
    let cells = "AQL/IQAAAAA=";
    assert_eq!(map, serde_json::json!({ "total": 2, "offset": 5, "revision": revision, "cells": cells }));
    let places = server.get(&format!("/api/v1/collections/{COLLECTION}/places?query=x&state=under")).await.json();
    assert_eq!(places, serde_json::json!({ "total": 20_000, "places": [1, 7] }));
}

#[tokio::test]
async fn bad_requests_say_what_is_wrong_and_the_way_out() {
    let server = server().await;
    let torrents = format!("/api/v1/collections/{COLLECTION}/torrents");
    for (path, status, detail, way_out) in [
        (format!("{torrents}?state=lost"), 400, "`state` cannot be `lost`", "missing, under, met, over"),
        (format!("{torrents}?limit=1001"), 400, "`limit` cannot be `1001`", "from 0 to 1000"),
        (format!("{torrents}?offset=-1"), 400, "`offset` cannot be `-1`", "whole numbers"),
        (format!("{torrents}?page=2"), 400, "`page` is not a parameter", "sort, order, offset and limit"),
        (format!("{torrents}?and=2"), 400, "`and` is not a parameter", "offset and limit"),
        (format!("{torrents}?here=there"), 400, "`here` cannot be `there`", "absent, fetching, stalled, held, pinned"),
        (
            format!("{torrents}?sort=age"),
            400,
            "`sort` cannot be `age`",
            "manifest, name, size, copies, lacking, holders",
        ),
        (format!("{torrents}?order=up"), 400, "`order` cannot be `up`", "asc, desc"),
        (format!("/api/v1/torrents?collection={}", uuid::Uuid::nil()), 404, "no collection", "/api/v1/collections"),
        ("/api/v1/torrents?collection=7".to_owned(), 400, "`7` is not a collection id", "/api/v1/collections"),
        (format!("/api/v1/collections/{COLLECTION}/map?limit=16385"), 400, "cannot be `16385`", "from 0 to 16384"),
        (
            format!("/api/v1/collections/{COLLECTION}/map?state=met"),
            400,
            "`state` is not a parameter",
            "offset and limit",
        ),
        (
            format!("/api/v1/collections/{COLLECTION}/places?offset=1"),
            400,
            "`offset` is not a",
            "state, here and limit",
        ),
        (format!("/api/v1/collections/{}/map", uuid::Uuid::nil()), 404, "no collection", "/api/v1/collections"),
        ("/api/v1/torrents?prefix=01".to_owned(), 400, "`prefix` cannot be `01`", "6 to 64 hexadecimal digits"),
        ("/api/v1/torrents?prefix=letters".to_owned(), 400, "`prefix` cannot be", "6 to 64 hexadecimal digits"),
        ("/api/v1/torrents?name=letters".to_owned(), 400, "`name` is not a parameter", "prefix"),
        ("/api/v1/torrents?query=magnet:?dn=x".to_owned(), 400, "the link has no info-hash", "magnet link"),
        ("/api/v1/torrents?query=x&limit=1001".to_owned(), 400, "`limit` cannot be `1001`", "from 0 to 1000"),
        ("/api/v1/torrents?query=x&prefix=ababab".to_owned(), 400, "and not both", "like ?"),
        (format!("{torrents}?state=%ff"), 400, "cannot", "allowed"),
        ("/api/v1/collections/7/torrents".to_owned(), 400, "`7` is not a collection id", "/api/v1/collections"),
        (format!("/api/v1/collections/{}/torrents", uuid::Uuid::nil()), 404, "no collection", "/api/v1/collections"),
        ("/api/v1/torrents/xyz".to_owned(), 400, "`xyz` is not an info-hash", "hexadecimal"),
        (format!("/api/v1/torrents/{}", info_hash(9)), 404, "no collection of this beacon lists", "listed at"),
        ("/api/v1/torrents/%ff".to_owned(), 400, "the path cannot be read", "nothing in them needs escaping"),
        ("/api/v1/nothing".to_owned(), 404, "nothing at `/api/v1/nothing`", "/api/v1/status"),
        ("/../Cargo.toml".to_owned(), 404, "nothing at", "/api/v1/status"),
    ] {
        let answer = server.get(&path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(answer.head.contains("content-type: application/problem+json"), "{path}");
        let problem = answer.json();
        assert_eq!(problem["status"], status, "{path}");
        assert!(problem["detail"].as_str().is_some_and(|text| text.contains(detail)), "{path}: {problem}");
        assert!(problem["way_out"].as_str().is_some_and(|text| text.contains(way_out)), "{path}: {problem}");
    }
}

#[tokio::test]
async fn what_is_only_shown_cannot_be_changed() {
    let server = server().await;
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        for path in ["/api/v1/status", "/app.js", "/"] {
            let answer = server.send(method, path, "Host: localhost\r\nContent-Length: 0\r\n").await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert!(answer.head.contains("allow: get, head"), "{}", answer.head);
        }
    }
    assert_eq!(server.send("POST", "/api/v1/nothing", "Host: localhost\r\nContent-Length: 0\r\n").await.status, 404);
    let head = server.send("HEAD", "/api/v1/status", "Host: localhost\r\n").await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[tokio::test]
async fn orders_are_passed_on_and_answered() {
    let server = server().await;
    let pin = format!("/api/v1/torrents/{}/pin", info_hash(1));
    for (method, path, body, message) in [
        ("POST", pin.as_str(), "", "letters is pinned"),
        ("POST", "/api/v1/drain", "", "draining until None"),
        ("POST", "/api/v1/drain", "{}", "draining until None"),
        ("POST", "/api/v1/drain", "{\"until\": null}", "draining until None"),
        ("POST", "/api/v1/drain", "{\"until\": \"1970-01-01T01:00:02+01:00\"}", "Some(Instant(2000))"),
    ] {
        let answer = server.order(method, path, body).await;
        assert_eq!(answer.status, 200, "{method} {path} {body}: {}", answer.body);
        assert!(answer.json()["message"].as_str().is_some_and(|text| text.contains(message)), "{}", answer.body);
    }
}

#[tokio::test]
async fn orders_that_cannot_be_carried_out_say_why() {
    let server = server().await;
    let pin = |torrent| format!("/api/v1/torrents/{}/pin", info_hash(torrent));
    let drain = || "/api/v1/drain".to_owned();
    let long = format!("{{\"until\": \"{}\"}}", "x".repeat(5000));
    for (method, path, body, status, detail) in [
        ("POST", pin(9), "", 404, "no collection of this beacon lists"),
        ("DELETE", pin(1), "", 409, "is not pinned"),
        ("DELETE", pin(2), "", 409, "is your own"),
        ("POST", "/api/v1/torrents/xyz/pin".to_owned(), "", 400, "`xyz` is not an info-hash"),
        ("DELETE", drain(), "", 409, "not being drained"),
        ("POST", drain(), "{\"until\": \"1970-01-01T00:00:00Z\"}", 409, "past already"),
        ("POST", drain(), "{\"until\": \"tomorrow\"}", 400, "`tomorrow` is not a moment"),
        ("POST", drain(), "{\"untl\": null}", 400, "unknown field `untl`"),
        ("POST", drain(), "until=tomorrow", 400, "the body cannot be read"),
        ("POST", drain(), &long, 413, "more than 4096 bytes"),
    ] {
        let answer = server.order(method, &path, body).await;
        assert_eq!(answer.status, status, "{method} {path} {body}: {}", answer.body);
        assert!(answer.head.contains("content-type: application/problem+json"), "{path}");
        let problem = answer.json();
        assert!(problem["detail"].as_str().is_some_and(|text| text.contains(detail)), "{path}: {problem}");
        assert!(problem["way_out"].as_str().is_some_and(|text| !text.is_empty()), "{path}: {problem}");
    }
}

#[tokio::test]
async fn nothing_is_ordered_without_the_token() {
    let server = server().await;
    let pin = format!("/api/v1/torrents/{}/pin", info_hash(1));
    for authorization in [
        "",
        "Authorization: Bearer beacon1-tes\r\n",
        "Authorization: Bearer\r\n",
        "Authorization: Basic beacon1-test\r\n",
        "Authorization: Bearer beacon1-test\r\nAuthorization: Bearer beacon1-test\r\n",
        "Cookie: token=beacon1-test\r\n",
    ] {
        for (method, path) in [("POST", pin.as_str()), ("DELETE", &pin), ("POST", "/api/v1/drain")] {
            let headers = format!("Host: localhost\r\n{authorization}Content-Length: 0\r\n");
            let answer = server.send(method, path, &headers).await;
            assert_eq!(answer.status, 401, "{method} {path} {authorization}");
            assert!(answer.head.contains("www-authenticate: bearer"), "{}", answer.head);
            assert!(answer.body.contains("api.token"), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_foreign_page_cannot_order_even_with_the_token() {
    let server = server().await;
    let known = "Authorization: Bearer beacon1-test\r\nContent-Length: 0\r\n";
    for (place, status) in [
        ("Host: localhost:9001\r\nOrigin: http://localhost:9001\r\n", 200),
        ("Host: localhost:9001\r\nOrigin: http://evil.example\r\n", 403),
        ("Host: localhost:9001\r\nOrigin: http://localhost:8080\r\n", 403),
        ("Host: localhost:9001\r\nOrigin: null\r\n", 403),
        ("Host: evil.example:9001\r\nOrigin: http://evil.example:9001\r\n", 421),
        ("", 400),
    ] {
        let answer = server.send("POST", "/api/v1/drain", &format!("{place}{known}")).await;
        assert_eq!(answer.status, status, "{place}: {}", answer.body);
    }
}

#[tokio::test]
async fn orders_know_their_methods() {
    let server = server().await;
    let pin = format!("/api/v1/torrents/{}/pin", info_hash(1));
    for path in [pin.as_str(), "/api/v1/drain"] {
        for method in ["GET", "PUT", "OPTIONS"] {
            let answer = server.order(method, path, "").await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert!(answer.head.contains("allow: ") && answer.head.contains("post"), "{}", answer.head);
            assert!(answer.head.contains("delete"), "{}", answer.head);
        }
    }
}

#[tokio::test]
async fn a_foreign_page_cannot_read_through_its_own_name() {
    let server = server().await;
    for path in ["/", "/api/v1/status", "/api/v1/events", "/healthz"] {
        let answer = server.send("GET", path, "Host: evil.example:9001\r\nOrigin: http://evil.example\r\n").await;
        assert_eq!(answer.status, 421, "{path}");
        assert!(!answer.head.contains("access-control-allow-origin"));
    }
    for host in ["127.0.0.1:9001", "[::1]:9001", "attic.example", "localhost:1"] {
        assert_eq!(server.send("GET", "/healthz", &format!("Host: {host}\r\n")).await.status, 200, "{host}");
    }
    assert_eq!(server.send("GET", "/healthz", "").await.status, 400);
}

#[tokio::test]
async fn the_page_is_served_with_headers_that_lock_it_down() {
    let server = server().await;
    let page = server.get("/").await;
    assert_eq!(page.status, 200);
    for header in [
        "content-type: text/html; charset=utf-8",
        "content-security-policy: default-src 'self'",
        "frame-ancestors 'none'",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "cache-control: no-cache",
    ] {
        assert!(page.head.contains(header), "{header} in {}", page.head);
    }
    let etag = page.head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("an etag").to_owned();
    let again = server.send("GET", "/", &format!("Host: localhost\r\nIf-None-Match: W/{etag}\r\n")).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert!(server.get("/api/v1/plan").await.head.contains("cache-control: no-store"));
    assert!(server.get("/app.js").await.head.contains("content-type: text/javascript"));
}

#[tokio::test]
async fn a_change_reaches_every_page_that_follows() {
    let server = server().await;
    let mut pages = Vec::new();
    for _ in 0..3 {
        let mut page = server.open("GET", "/api/v1/events", "Host: localhost\r\n").await;
        let begin = read_until(&mut page, "id: 000000b0-0").await;
        assert!(begin.contains("content-type: text/event-stream"), "{begin}");
        pages.push(page);
    }
    server.changes.raise(&[Topic::Torrents]);
    for page in &mut pages {
        let event = read_until(page, "torrents").await;
        assert!(event.contains("event: change") && event.contains("id: 000000b0-1"), "{event}");
    }
}

#[tokio::test]
async fn stopping_ends_pages_that_follow_and_connections_that_do_nothing() {
    let server = server().await;
    let mut page = server.open("GET", "/api/v1/events", "Host: localhost\r\n").await;
    read_until(&mut page, "id: 000000b0-0").await;
    let _idle = server.open("GET", "/healthz", "Host: localhost\r\nX-Unfinished: ").await;
    server.stop.send(()).expect("a running server");
    let mut rest = Vec::new();
    timeout(DEADLINE, page.read_to_end(&mut rest)).await.expect("an end").expect("a clean end");
    timeout(DEADLINE, server.serving).await.expect("an end").expect("no panic").expect("no error");
}

#[tokio::test]
async fn readiness_is_that_of_the_client() {
    assert_eq!(server().await.get("/readyz").await.status, 200);
    let troubled = TestServer::start(ClientState::Trouble("wrong password".to_owned())).await;
    let answer = troubled.get("/readyz").await;
    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("wrong password"));
    assert_eq!(troubled.get("/healthz").await.status, 200);
}
