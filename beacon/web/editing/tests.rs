//! Tests of editing collections through the API.

use serde_json::json;

use super::{Expected, fake::TEXT};
use crate::{
    node::view::ClientState,
    web::testing::{Answer, COLLECTION, TestServer, info_hash},
};

async fn server() -> TestServer {
    TestServer::start(ClientState::Ready).await
}

fn at(rest: &str) -> String {
    format!("/api/v1/collections/{COLLECTION}{rest}")
}

/// An order that says which version it is about.
async fn order_of(server: &TestServer, method: &str, path: &str, body: &str, tag: &str) -> Answer {
    let length = body.len();
    let headers = format!(
        "Host: localhost\r\nAuthorization: Bearer beacon1-test\r\nIf-Match: {tag}\r\nContent-Length: {length}\r\n"
    );
    server.send_with_body(method, path, &headers, body).await
}

#[tokio::test]
async fn a_file_is_read_and_replaced_by_who_has_seen_it() {
    let server = server().await;
    assert_eq!(server.get(&at("/file")).await.status, 401, "paths are nobody's business");
    let read = server.order("GET", &at("/file"), "").await;
    let tag = read.json()["etag"].as_str().expect("a tag").to_owned();
    assert_eq!(tag, format!("\"{}\"", Expected::tag(TEXT.as_bytes())));
    assert!(read.head.contains(&format!("etag: {tag}")), "{}", read.head);
    assert_eq!((&read.json()["text"], &read.json()["path"]), (&TEXT.into(), &"/collections/town.json".into()));

    let body = json!({ "text": TEXT }).to_string();
    assert_eq!(server.order("PUT", &at("/file"), &body).await.status, 428);
    assert_eq!(order_of(&server, "PUT", &at("/file"), &body, "\"old\"").await.status, 409);
    let written = order_of(&server, "PUT", &at("/file"), &body, &tag).await;
    assert_eq!((written.status, &written.json()["message"]), (200, &"Town has 1 torrent now".into()));
    let wrong = order_of(&server, "PUT", &at("/file"), &json!({ "text": "{" }).to_string(), &tag).await;
    assert_eq!(wrong.status, 422);
    insta::assert_snapshot!(serde_json::to_string_pretty(&wrong.json()).expect("text"), @r#"
    {
      "detail": "line 2, column 7: this is wrong (and 1 more)",
      "faults": [
        {
          "column": 7,
          "line": 2,
          "text": "this is wrong"
        },
        {
          "column": 7,
          "line": 3,
          "text": "this is wrong"
        }
      ],
      "status": 422,
      "title": "Unprocessable Entity",
      "type": "about:blank",
      "way_out": "mend what is told, and try again"
    }
    "#);
    let nobodys = "/api/v1/collections/00000000-0000-0000-0000-000000000000/file";
    assert_eq!(server.order("GET", nobodys, "").await.status, 404);
    assert_eq!(server.order("GET", nobodys, "").await.json()["faults"], json!([]));
}

#[tokio::test]
async fn a_text_is_checked_and_nothing_written() {
    let server = server().await;
    let check = |text: &str| json!({ "text": text }).to_string();
    let good = server.order("POST", "/api/v1/collections/check", &check(TEXT)).await.json();
    assert_eq!(good, json!({ "ok": true, "name": "Town", "torrents": 1, "bytes": 70, "problems": [], "more": false }));
    let bad = server.order("POST", "/api/v1/collections/check", &check("{")).await;
    assert_eq!((bad.status, &bad.json()["ok"], &bad.json()["problems"][1]["line"]), (200, &false.into(), &3.into()));
    assert_eq!(server.send("POST", "/api/v1/collections/check", "Host: localhost\r\n").await.status, 401);
}

#[tokio::test]
async fn collections_are_made_and_laid_aside() {
    let server = server().await;
    let made = server.order("POST", "/api/v1/collections", r#"{"name": "Maps", "target": 4, "file": "maps"}"#).await;
    assert_eq!((made.status, &made.json()["path"]), (201, &"/collections/maps".into()));
    assert_eq!(made.json()["message"], "Empty { name: \"Maps\", target: 4, max: None }");
    for (body, status) in [
        (r#"{"name": "Maps"}"#, 201),
        (r#"{"text": "{}"}"#, 201),
        (r#"{"name": "Maps", "file": "town.json"}"#, 409),
        (r#"{"name": "Maps", "text": "{}"}"#, 400),
        (r#"{"text": "{}", "target": 3}"#, 400),
        (r#"{"target": 3}"#, 400),
        (r#"{"name": "Maps", "target": 70000}"#, 400),
    ] {
        assert_eq!(server.order("POST", "/api/v1/collections", body).await.status, status, "{body}");
    }
    assert_eq!(server.order("DELETE", &at(""), "").await.json()["message"], "it is laid aside");
    assert_eq!(order_of(&server, "DELETE", &at(""), "", "\"old\"").await.status, 409);
}

#[tokio::test]
async fn single_changes_are_passed_on_and_answered() {
    let server = server().await;
    let told = async |method, path: String, body: &str| {
        let answer = server.order(method, &path, body).await;
        (answer.status, answer.json()["message"].as_str().unwrap_or_default().to_owned())
    };
    let (status, message) = told("PATCH", at(""), r#"{"name": "City", "max": null}"#).await;
    let head = "Head(HeadChange { name: Some(\"City\"), target: Keep, max: Unset })";
    assert_eq!((status, message.as_str()), (200, head));
    let one = at(&format!("/torrents/{}", info_hash(1)));
    let (status, message) = told("PATCH", one.clone(), r#"{"target": 5, "priority": null}"#).await;
    assert_eq!(status, 200);
    assert!(message.ends_with("EntryChange { target: Set(5), max: Keep, priority: Unset })"), "{message}");
    assert_eq!(told("DELETE", one, "").await.0, 200);
    assert_eq!(told("DELETE", at(&format!("/torrents/{}", info_hash(2))), "").await.0, 404);

    for (body, status) in [
        (r#"{"magnet": "magnet:?x", "size": 7, "target": 2}"#, 200),
        (r#"{"torrent": "ZDQ6aW5mbw=="}"#, 200),
        (r#"{"torrent": "ZDQ6aW5m"}"#, 422),
        (r#"{"torrent": "not base64"}"#, 400),
        (r#"{"torrent": "ZDQ6aW5mbw==", "size": 7}"#, 400),
        (r#"{"torrent": "ZDQ6aW5mbw==", "magnet": "magnet:?x"}"#, 400),
        (r#"{"target": 2}"#, 400),
        (r#"{"magnet": "magnet:?x", "copies": 2}"#, 400),
    ] {
        assert_eq!(told("POST", at("/torrents"), body).await.0, status, "{body}");
    }
    assert_eq!(server.send("POST", &at("/torrents"), "Host: localhost\r\n").await.status, 401);
    assert_eq!(server.get(&at("/torrents")).await.status, 200, "the list can still be read");
}
