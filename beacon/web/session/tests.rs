//! Logging in and out as browsers do.

use crate::{
    node::view::ClientState,
    web::{
        WebOptions,
        testing::{Answer, TestServer},
    },
};

const SESSION: &str = "/api/v1/session";

async fn server() -> TestServer {
    TestServer::start(ClientState::Ready).await
}

/// What a browser sends from our own page.
async fn from_page(server: &TestServer, method: &str, path: &str, headers: &str, body: &str) -> Answer {
    let length = body.len();
    let headers = format!(
        "Host: localhost:9001\r\nOrigin: http://localhost:9001\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n{headers}"
    );
    server.send_with_body(method, path, &headers, body).await
}

/// The header that sends back what an answer set.
fn cookie(answer: &Answer) -> String {
    let set = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    assert!(set.contains("; httponly; samesite=strict; path=/; max-age="), "{set}");
    format!("Cookie: {}\r\n", set.split(';').next().expect("a pair"))
}

async fn logged_in(server: &TestServer) -> String {
    cookie(&from_page(server, "POST", SESSION, "", r#"{"token": "beacon1-test"}"#).await)
}

#[tokio::test]
async fn the_token_logs_in_and_the_cookie_orders() {
    let server = server().await;
    let before = from_page(&server, "GET", SESSION, "", "").await.json();
    assert_eq!((&before["logged_in"], &before["read_only"]), (&false.into(), &false.into()));
    let cookie = logged_in(&server).await;
    assert_eq!(from_page(&server, "GET", SESSION, &cookie, "").await.json()["logged_in"], true);
    assert_eq!(from_page(&server, "POST", "/api/v1/drain", &cookie, "").await.status, 200);
    assert_eq!(from_page(&server, "GET", "/api/v1/jobs/7", &cookie, "").await.status, 200);
    assert_eq!(server.send("GET", "/api/v1/jobs/7", &format!("Host: localhost\r\n{cookie}")).await.status, 200);
    let out = from_page(&server, "DELETE", SESSION, &cookie, "").await;
    assert_eq!(out.status, 204);
    assert!(out.head.contains("max-age=0"), "{}", out.head);
}

#[tokio::test]
async fn a_code_logs_in_once() {
    let server = server().await;
    assert_eq!(from_page(&server, "POST", "/api/v1/session/codes", "", "").await.status, 401);
    let made = server.order("POST", "/api/v1/session/codes", "").await.json();
    assert_eq!(made["expires_in_s"], 600);
    let body = format!("{{\"code\": {}}}", made["code"]);
    let cookie = cookie(&from_page(&server, "POST", SESSION, "", &body).await);
    assert_eq!(from_page(&server, "POST", "/api/v1/drain", &cookie, "").await.status, 200);
    assert_eq!(from_page(&server, "POST", SESSION, "", &body).await.status, 401);
}

#[tokio::test]
async fn who_is_wrong_too_often_is_made_to_wait() {
    let server = server().await;
    for _ in 0..10 {
        let wrong = from_page(&server, "POST", SESSION, "", r#"{"token": "beacon1-tesd"}"#).await;
        assert_eq!(wrong.status, 401);
        assert!(!wrong.head.contains("set-cookie"), "{}", wrong.head);
    }
    let refused = from_page(&server, "POST", SESSION, "", r#"{"token": "beacon1-tesd"}"#).await;
    assert_eq!(refused.status, 429);
    assert!(refused.head.contains("retry-after: "), "{}", refused.head);
    let right = from_page(&server, "POST", SESSION, "", r#"{"token": "beacon1-test"}"#).await;
    assert_eq!(right.status, 200, "nobody behind the same proxy is locked out");
    assert_eq!(server.order("POST", "/api/v1/drain", "").await.status, 200, "the command line still works");
}

#[tokio::test]
async fn bodies_that_log_nobody_in_say_what_would() {
    let server = server().await;
    for body in ["", "{}", "[]", r#"{"token": "a", "code": "b"}"#, r#"{"token": 7}"#, r#"{"word": "x"}"#] {
        let answer = from_page(&server, "POST", SESSION, "", body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
        assert!(answer.body.contains("beacon1-"), "{}", answer.body);
    }
    let form = "Host: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n";
    let answer = server.send_with_body("POST", SESSION, form, "token=x").await;
    assert_eq!(answer.status, 415, "{}", answer.body);
}

#[tokio::test]
async fn other_pages_cannot_use_the_cookie() {
    let server = server().await;
    let cookie = logged_in(&server).await;
    for (method, path, headers, status) in [
        ("POST", "/api/v1/drain", "Origin: http://localhost:9001\r\n", 200),
        ("POST", "/api/v1/drain", "Sec-Fetch-Site: same-origin\r\n", 200),
        ("POST", "/api/v1/drain", "", 403),
        ("POST", "/api/v1/drain", "Origin: http://localhost:8080\r\n", 403),
        ("POST", "/api/v1/drain", "Sec-Fetch-Site: same-site\r\n", 403),
        ("POST", "/api/v1/drain", "Origin: http://localhost:9001\r\nSec-Fetch-Site: cross-site\r\n", 403),
        ("POST", "/api/v1/drain", "Origin: null\r\n", 403),
        ("POST", "/api/v1/drain", "Origin: http://localhost:9001\r\nAuthorization: Bearer wrong\r\n", 401),
        ("GET", "/api/v1/jobs/7", "Sec-Fetch-Site: none\r\n", 200),
        ("GET", "/api/v1/jobs/7", "Sec-Fetch-Site: same-site\r\n", 403),
        ("DELETE", SESSION, "Origin: http://evil.example\r\n", 403),
    ] {
        let headers = format!("Host: localhost:9001\r\nContent-Length: 0\r\n{cookie}{headers}");
        assert_eq!(server.send(method, path, &headers).await.status, status, "{method} {path} {headers}");
    }
    let login = "Host: localhost\r\nOrigin: http://evil.example\r\nContent-Length: 25\r\n";
    assert_eq!(server.send_with_body("POST", SESSION, login, r#"{"token": "beacon1-test"}"#).await.status, 403);
}

#[tokio::test]
async fn where_the_beacon_is_read_only_no_route_orders_anything() {
    let options = WebOptions { read_only: true, ..WebOptions::default() };
    let server = TestServer::start_with(ClientState::Ready, options).await;
    for (method, path) in [
        ("POST", "/api/v1/drain"),
        ("DELETE", "/api/v1/drain"),
        ("POST", "/api/v1/torrents/create"),
        ("POST", "/api/v1/torrents/0101010101010101010101010101010101010101/pin"),
        ("GET", "/api/v1/jobs/7"),
        ("POST", "/api/v1/session/codes"),
    ] {
        let answer = server.order(method, path, "").await;
        // `create` could be an info-hash, and those can be looked at.
        let expected = if path.ends_with("create") { 405 } else { 404 };
        assert_eq!(answer.status, expected, "{method} {path}: {}", answer.body);
        assert!(expected == 405 || answer.body.contains("without `read_only`"), "{}", answer.body);
    }
    assert_eq!(server.order("POST", SESSION, r#"{"token": "beacon1-test"}"#).await.status, 405);
    let session = server.order("GET", SESSION, "").await.json();
    assert_eq!((&session["logged_in"], &session["read_only"]), (&false.into(), &true.into()));
    assert_eq!(server.get("/api/v1/status").await.status, 200);
}

#[tokio::test]
async fn the_page_may_come_from_a_directory() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("index.html"), "<p>mine").expect("written");
    let options = WebOptions { dashboard_dir: Some(dir.path().to_owned()), ..WebOptions::default() };
    let server = TestServer::start_with(ClientState::Ready, options).await;
    let page = server.get("/").await;
    assert_eq!((page.status, page.body.as_str()), (200, "<p>mine"));
    for header in ["content-type: text/html", "cache-control: no-store", "content-security-policy: default-src 'self'"]
    {
        assert!(page.head.contains(header), "{header} in {}", page.head);
    }
    std::fs::write(dir.path().join("index.html"), "<p>changed").expect("written");
    assert_eq!(server.get("/").await.body, "<p>changed");
    for path in ["/app.js", "/../index.html", "/%2e%2e/etc/passwd", "//etc/passwd"] {
        assert_eq!(server.get(path).await.status, 404, "{path}");
    }
}
