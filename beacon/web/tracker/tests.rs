//! The tracker as clients and others meet it. What it says of peers is tested where that is decided.

use std::{net::SocketAddr, sync::Arc};

use axum::http::{HeaderMap, HeaderValue, Uri, header};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::{Admits, Tracker, TrackerSettings, door::Door, serve_tracker};
use crate::{
    node::view::ClientState,
    tracker::Known,
    web::{
        Question,
        testing::{DEADLINE, TestServer},
    },
};

const HOST: &str = "Host: 127.0.0.1\r\n";

fn query(byte: &str) -> String {
    let twenty = |text: &str| text.repeat(20);
    format!("info_hash={}&peer_id={}&port=6999&left=1", twenty(byte), twenty("%2d"))
}

async fn page() -> TestServer {
    TestServer::start(ClientState::Ready).await
}

#[tokio::test]
async fn clients_of_this_machine_may_ask_at_the_page() {
    let server = page().await;
    let answer = server.send("GET", &format!("/announce?{}", query("%01")), HOST).await;
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("content-type: text/plain"), "{}", answer.head);
    assert!(answer.body.starts_with("d8:completei2e10:downloadedi0e10:incompletei1e8:intervali5e"), "{}", answer.body);
    let dictionaries = server.send("GET", &format!("/announce?{}&compact=0", query("%01")), HOST).await.body;
    for port in [16881, 16882] {
        assert!(dictionaries.contains(&format!("d2:ip12:198.51.100.74:porti{port}ee")), "{dictionaries}");
    }
    let scrape = server.send("GET", &format!("/scrape?info_hash={}", "%01".repeat(20)), HOST).await.body;
    assert!(scrape.contains("d8:completei2e10:downloadedi0e10:incompletei1ee"), "{scrape}");
    let status = server.get("/api/v1/status").await.json();
    assert_eq!((&status["tracker"]["torrents"], &status["tracker"]["clients"]), (&1.into(), &1.into()));
}

#[tokio::test]
async fn what_is_wrong_is_told_as_clients_show_it() {
    let server = page().await;
    for (path, reason) in [
        (format!("/announce?{}", query("%02")), "none of them"),
        ("/announce".to_owned(), "no `info_hash`"),
        ("/scrape".to_owned(), "must be named"),
    ] {
        let answer = server.send("GET", &path, HOST).await;
        assert!(answer.status == 200 && answer.body.starts_with("d14:failure reason"), "{}", answer.body);
        assert!(answer.body.contains(reason), "{}", answer.body);
    }
    let unlisted = server.send("GET", &format!("/scrape?info_hash={}", "%02".repeat(20)), HOST).await.body;
    assert_eq!(unlisted, "d5:filesde5:flagsd20:min_request_intervali300eee");
    assert_eq!(server.send("POST", &format!("/announce?{}", query("%01")), HOST).await.status, 405);
}

#[tokio::test]
async fn neither_browsers_nor_proxies_nor_foreign_names_get_anything() {
    let server = page().await;
    let path = format!("/announce?{}", query("%01"));
    for (headers, reason) in [
        ("Host: evil.example\r\n", "does not answer to that name"),
        ("Host: 127.0.0.1\r\nHost: localhost\r\n", "does not answer to that name"),
        ("Host: 127.0.0.1\r\nOrigin: http://evil.example\r\n", "not for browsers"),
        ("Host: 127.0.0.1\r\nSec-Fetch-Site: cross-site\r\n", "not for browsers"),
        ("Host: 127.0.0.1\r\nX-Forwarded-For: 203.0.113.9\r\n", "through a proxy"),
    ] {
        let body = server.send("GET", &path, headers).await.body;
        assert!(body.contains(reason), "{headers}: {body}");
    }
    let nameless = TcpStream::connect(server.address).await.expect("a connection");
    let answer = exchange(nameless, &format!("GET {path} HTTP/1.0\r\n\r\n")).await;
    assert!(answer.contains("8:complete"), "an old client: {answer}");
    assert_eq!(server.get("/api/v1/status").await.json()["tracker"]["clients"], 1);
}

async fn exchange(mut stream: TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.expect("a request sent");
    let mut answer = Vec::new();
    timeout(DEADLINE, stream.read_to_end(&mut answer)).await.expect("an answer in time").expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

fn tracker(questions: mpsc::Sender<Question>) -> Arc<Tracker> {
    Arc::new(Tracker::new(questions, TrackerSettings::default()))
}

#[tokio::test]
async fn a_listener_of_its_own_serves_the_tracker_by_any_name_and_nothing_else() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    let (questions, mut asked) = mpsc::channel(8);
    tokio::spawn(async move {
        while let Some(question) = asked.recv().await {
            let Question::Peers { reply, .. } = question else { panic!("{question:?}") };
            drop(reply.send(Some(Known::default())));
        }
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let serving =
        tokio::spawn(serve_tracker(listener, tracker(questions), Admits::Everyone, async { drop(stopped.await) }));
    let ask = async |path: &str| {
        let stream = TcpStream::connect(address).await.expect("a connection");
        exchange(stream, &format!("GET {path} HTTP/1.1\r\nHost: tracker.example\r\n\r\n")).await
    };
    let answer = ask(&format!("/announce?{}", query("%01"))).await;
    assert!(answer.contains("connection: close") && answer.contains("8:completei0e"), "{answer}");
    for path in ["/", "/api/v1/status", "/healthz", "/index.html"] {
        let stream = TcpStream::connect(address).await.expect("a connection");
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        let answer = exchange(stream, &request).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
    drop(stop);
    timeout(DEADLINE, serving).await.expect("it ends").expect("no panic").expect("no error");
}

#[test]
fn strangers_are_told_how_the_tracker_is_opened() {
    let (questions, _asked) = mpsc::channel(1);
    let door = |admits| Door::new(tracker(questions.clone()), admits, Vec::new());
    let mut headers = HeaderMap::new();
    headers.insert(header::HOST, HeaderValue::from_static("198.51.100.7:9001"));
    let refusal = |admits, is_here| door(admits).refusal(is_here, &headers, &Uri::from_static("/announce"));
    assert!(refusal(Admits::ThisMachine, false).is_some_and(|reason| reason.contains("0.0.0.0:6969")));
    assert_eq!(refusal(Admits::ThisMachine, true), None);
    assert_eq!(refusal(Admits::Everyone, false), None);
}

#[tokio::test]
async fn a_storm_of_announces_costs_the_loop_one_question() {
    let (questions, mut asked) = mpsc::channel(8);
    let tracker = tracker(questions);
    let from: SocketAddr = "127.0.0.1:5".parse().expect("an address");
    let storm: Vec<_> = (0..50)
        .map(|number| {
            let tracker = Arc::clone(&tracker);
            let query = query("%01").replace("6999", &number.to_string());
            tokio::spawn(async move { tracker.announce(tracker.asker(from), &query).await })
        })
        .collect();
    // As many as may ask before there is an answer to share.
    let mut count = 0;
    while let Ok(Some(Question::Peers { reply, .. })) = timeout(DEADLINE, asked.recv()).await {
        count += 1;
        drop(reply.send(Some(Known::default())));
        tokio::task::yield_now().await;
        if storm.iter().all(tokio::task::JoinHandle::is_finished) {
            break;
        }
    }
    assert!(count <= 4, "{count} questions");
    for answer in storm {
        assert!(answer.await.expect("no panic").starts_with(b"d8:complete"));
    }
}
