//! Tests of neighbors and invitations through the API.

use super::testing::TestServer;
use crate::node::view::ClientState;

const NEIGHBORS: &str = "/api/v1/neighbors";
const INVITATION: &str = "/api/v1/invitation";

async fn server() -> TestServer {
    TestServer::start(ClientState::Ready).await
}

#[tokio::test]
async fn neighbors_are_listed_added_and_removed() {
    let server = server().await;
    let added = server.order("POST", NEIGHBORS, r#"{"address": " [2001:db8::7]:9000 "}"#).await;
    assert_eq!((added.status, &added.json()["message"]), (200, &"[2001:db8::7]:9000 is a neighbor now".into()));
    let listed = server.get(NEIGHBORS).await.json();
    insta::assert_snapshot!(serde_json::to_string_pretty(&listed).expect("text"), @r#"
    {
      "neighbors": [
        {
          "address": "192.0.2.1:9000",
          "beacon": "0707070707070707070707070707070707070707070707070707070707070707",
          "failures": 0,
          "problem": null,
          "retry_in_s": null,
          "source": "config",
          "state": "linked"
        },
        {
          "address": "[2001:db8::7]:9000",
          "beacon": null,
          "failures": 3,
          "problem": "no connection to 198.51.100.7:9000: no answer within 10 s",
          "retry_in_s": 4,
          "source": "order",
          "state": "waiting"
        }
      ]
    }
    "#);
    let path = format!("{NEIGHBORS}/%5B2001:db8::7%5D:9000");
    assert_eq!(server.order("DELETE", &path, "").await.status, 200);
    assert_eq!(server.order("DELETE", &path, "").await.status, 404);
    let set = server.order("DELETE", &format!("{NEIGHBORS}/192.0.2.1:9000"), "").await;
    assert_eq!(set.status, 409);
    assert!(set.json()["way_out"].as_str().is_some_and(|text| text.contains("take it out there")), "{}", set.body);
    for (body, status) in
        [(r#"{"address": "192.0.2.1:9000"}"#, 409), (r#"{"address": "nowhere"}"#, 400), (r#"{"host": "x"}"#, 400)]
    {
        assert_eq!(server.order("POST", NEIGHBORS, body).await.status, status, "{body}");
    }
    assert_eq!(server.send("POST", NEIGHBORS, "Host: localhost\r\n").await.status, 401);
}

#[tokio::test]
async fn an_invitation_has_the_key_only_where_that_is_asked_for() {
    let server = server().await;
    assert_eq!(server.get(INVITATION).await.status, 401, "it tells where the beacon is, and more");
    let plain = server.order("GET", INVITATION, "").await.json();
    let line = plain["invitation"].as_str().expect("a line").to_owned();
    assert!(line.starts_with("beacon:?v=1&id=bebe") && !line.contains("key="), "{line}");
    assert_eq!((&plain["has_key"], &plain["is_closed"], &plain["warning"]), (&false.into(), &true.into(), &().into()));
    assert_eq!(plain["addresses"][0], "attic.example:9000");
    let with_key = server.order("GET", &format!("{INVITATION}?key=true"), "").await.json();
    assert!(with_key["invitation"].as_str().is_some_and(|line| line.ends_with(&"ef".repeat(32))), "{with_key}");
    assert_eq!((&with_key["has_key"], &with_key["warning"]), (&true.into(), &"the key is in it".into()));
    for query in ["?key=yes", "?with_key=true"] {
        assert_eq!(server.order("GET", &format!("{INVITATION}{query}"), "").await.status, 400, "{query}");
    }

    let own = server.order("POST", INVITATION, &serde_json::json!({ "invitation": line }).to_string()).await;
    assert_eq!(own.status, 409);
    let others = format!("> {}\r\n> {}", &line[..30], &line[30..]).replace("bebe", "abab");
    let joined = server.order("POST", INVITATION, &serde_json::json!({ "invitation": others }).to_string()).await;
    assert_eq!((joined.status, &joined.json()["restart_needed"]), (200, &false.into()), "{}", joined.body);
    assert_eq!(server.get(NEIGHBORS).await.json()["neighbors"][1]["source"], "order");
    let foreign = others.replace("cdcd", "dada");
    let refused = server.order("POST", INVITATION, &serde_json::json!({ "invitation": foreign }).to_string()).await;
    assert_eq!(refused.status, 409);
    assert!(refused.json()["way_out"].as_str().is_some_and(|text| text.contains("another beacon")), "{}", refused.body);
    assert_eq!(server.order("POST", INVITATION, r#"{"invitation": "magnet:?x"}"#).await.status, 400);
}
