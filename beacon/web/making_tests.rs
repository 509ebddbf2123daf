//! Tests of making torrents through the API.

use super::testing::TestServer;
use crate::node::view::ClientState;

const CREATE: &str = "/api/v1/torrents/create";

async fn server() -> TestServer {
    TestServer::start(ClientState::Ready).await
}

#[tokio::test]
async fn a_job_is_begun_watched_and_ended() {
    let server = server().await;
    let begun = server.order("POST", CREATE, r#"{"path": "/allowed", "version": "hybrid", "target": 3}"#).await;
    assert_eq!((begun.status, &begun.json()["id"]), (202, &7.into()));
    let job = server.order("GET", "/api/v1/jobs/7", "").await.json();
    assert_eq!((&job["state"], &job["bytes_done"], &job["bytes_total"]), (&"running".into(), &5.into(), &10.into()));
    assert_eq!(server.order("DELETE", "/api/v1/jobs/7", "").await.status, 200);
    assert_eq!(server.order("GET", "/api/v1/jobs/8", "").await.status, 404);
    assert_eq!(server.order("DELETE", "/api/v1/jobs/x", "").await.status, 400);
}

#[tokio::test]
async fn only_who_knows_the_token_may_make_look_and_end() {
    let server = server().await;
    for (method, path) in
        [("POST", CREATE), ("GET", "/api/v1/jobs/7"), ("GET", "/api/v1/jobs/8"), ("DELETE", "/api/v1/jobs/7")]
    {
        assert_eq!(server.send(method, path, "Host: localhost\r\n").await.status, 401, "{path}");
    }
    assert_eq!(server.get(CREATE).await.status, 405);
    assert_eq!(server.order("POST", "/api/v1/jobs/7", "").await.status, 405);
}

#[tokio::test]
async fn what_is_refused_says_the_way_out() {
    let server = server().await;
    for (body, status, way_out) in [
        (r#"{"path": "/etc"}"#, 403, "such a directory"),
        (r#"{"path": "/busy"}"#, 503, "wait"),
        (r#"{"path": "/allowed", "pieces": 7}"#, 400, "send JSON like"),
        ("", 400, "send JSON like"),
    ] {
        let refused = server.order("POST", CREATE, body).await;
        assert_eq!(refused.status, status, "{body}");
        let told = refused.json()["way_out"].as_str().expect("a way out").to_owned();
        assert!(told.contains(way_out), "{body}: {told}");
    }
}
