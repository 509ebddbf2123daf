//! Tests of the edge of notifications: real connections on loopback, and real programs.

use std::{fs, time::Duration};

use futures_util::FutureExt as _;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
    time::timeout,
};

use super::{
    NotifyError,
    body::{BeaconForm, Body},
    command, outbox, test_hooks, webhook,
};
use crate::{
    config::{BodyFormat, HookTarget, NotifyHook, Secret, Webhook},
    model::{BeaconId, InfoHash, Instant},
    notify::{Event, EventKind, Message, Phase, Policy},
};

const AT: Instant = Instant::from_millis(1_800_000_000_000);
/// No test waits longer.
const DEADLINE: Duration = Duration::from_secs(20);

fn body() -> Body {
    let event = |kind: EventKind, text: &str| Event {
        kind,
        phase: Phase::Begun,
        since: AT,
        text: text.to_owned(),
        way_out: "look after it".to_owned(),
        count: 1,
        torrents: vec![(InfoHash::V1([7; 20]), Some("letters <1905>".to_owned())), (InfoHash::V1([8; 20]), None)],
    };
    let events = vec![event(EventKind::Missing, "letters are missing"), event(EventKind::DiskFull, "the disk is full")];
    Body::new(beacon(), &Message { at: AT, events, left_out: 0 })
}

fn beacon() -> BeaconForm {
    BeaconForm { id: BeaconId::new([0xbe; 32]).to_string(), name: "attic".to_owned() }
}

fn hook(url: &str) -> NotifyHook {
    let webhook = Webhook {
        url: Secret::new(url.to_owned()),
        shown: "http://127.0.0.1".to_owned(),
        headers: vec![("x-key".to_owned(), Secret::new("opensesame".to_owned()))],
        key: Some(Secret::new("Jefe".to_owned())),
        format: BodyFormat::Json,
        files: Vec::new(),
    };
    NotifyHook { name: "phone".to_owned(), target: HookTarget::Webhook(webhook), policy: Policy::default() }
}

/// A receiver that gives these answers, one a connection, and hands out what it was sent.
async fn receiver(answers: &[&str]) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/hooks/verysecret", listener.local_addr().expect("its address"));
    let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
    let served = tokio::spawn(async move {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut request = String::new();
            let mut buffer = [0; 4_096];
            while !is_whole(&request) {
                let read = stream.read(&mut buffer).await.expect("a request");
                request.push_str(&String::from_utf8_lossy(&buffer[..read]));
            }
            let head = "Connection: close\r\nContent-Length: ";
            let (status, text) = answer.split_once('|').unwrap_or((&answer, ""));
            let answer = format!("HTTP/1.1 {status}\r\n{head}{}\r\n\r\n{text}", text.len());
            stream.write_all(answer.as_bytes()).await.expect("answered");
            requests.push(request);
        }
        requests
    });
    (url, served)
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    length.is_some_and(|length: usize| body.len() >= length)
}

async fn requests(served: JoinHandle<Vec<String>>) -> Vec<String> {
    timeout(DEADLINE, served).await.expect("in time").expect("served")
}

#[test]
fn the_form_is_the_one_that_is_documented() {
    let json: serde_json::Value = serde_json::from_slice(&body().json()).expect("JSON");
    insta::assert_snapshot!(serde_json::to_string_pretty(&json).expect("text"));
    let (chat, _) = body().encode(BodyFormat::Chat);
    let chat: serde_json::Value = serde_json::from_slice(&chat).expect("JSON");
    assert_eq!(chat, serde_json::json!({ "text": json["text"] }));
    let (text, kind) = body().encode(BodyFormat::Text);
    assert_eq!((text, kind), (json["text"].as_str().expect("text").as_bytes().to_vec(), "text/plain; charset=utf-8"));
}

#[test]
fn a_signature_is_that_of_rfc_4231() {
    let signature = webhook::signature("Jefe", b"what do ya want for nothing?");
    assert_eq!(signature, "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

#[tokio::test]
async fn a_message_arrives_with_headers_and_a_signature() {
    let (url, served) = receiver(&["200 OK|thanks"]).await;
    let client = webhook::client().expect("a client");
    assert!(outbox::deliver(&client, &hook(&url), &body(), &[]).await);
    let request = requests(served).await.remove(0);
    let (head, sent) = request.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("POST /hooks/verysecret HTTP/1.1\r\n"), "{head}");
    assert_eq!(sent.as_bytes(), body().json());
    let head = head.to_ascii_lowercase();
    for line in ["content-type: application/json", "x-key: opensesame", "user-agent: beacon/"] {
        assert!(head.contains(line), "{line} in {head}");
    }
    assert!(head.contains(&format!("beacon-signature: {}", webhook::signature("Jefe", sent.as_bytes()))), "{head}");
}

#[tokio::test]
async fn what_may_arrive_later_is_tried_again() {
    let (url, served) = receiver(&["503 Busy", "429 Slow|later", "204 Fine"]).await;
    let client = webhook::client().expect("a client");
    let wait = Duration::from_millis(5);
    assert!(outbox::deliver(&client, &hook(&url), &body(), &[wait, wait]).await);
    assert_eq!(requests(served).await.len(), 3);
    let (url, served) = receiver(&["500 No", "500 No"]).await;
    assert!(!outbox::deliver(&client, &hook(&url), &body(), &[wait]).await, "in the end it is given up");
    assert_eq!(requests(served).await.len(), 2);
}

#[tokio::test]
async fn what_is_refused_is_not_tried_again() {
    let (url, served) = receiver(&["404 Not Found|no such \u{1b}[31mhook"]).await;
    let client = webhook::client().expect("a client");
    assert!(!outbox::deliver(&client, &hook(&url), &body(), &[DEADLINE]).await);
    assert_eq!(requests(served).await.len(), 1);
    let (url, _served) = receiver(&["404 Not Found|no such \u{1b}[31mhook"]).await;
    let answers = test_hooks(&[hook(&url)], None, "attic").await;
    let told = answers[0].1.as_ref().expect_err("refused").to_string();
    assert_eq!(told, "it answers 404: no such \u{fffd}[31mhook");
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let answer = format!("307 Moved\r\nLocation: http://{}/", elsewhere.local_addr().expect("its address"));
    let (url, served) = receiver(&[&answer]).await;
    let answers = test_hooks(&[hook(&url)], None, "attic").await;
    let told = answers[0].1.as_ref().expect_err("not told").to_string();
    assert_eq!(told, "it redirects to another address (307); put the final URL into the configuration");
    assert_eq!(requests(served).await.len(), 1);
    assert!(elsewhere.accept().now_or_never().is_none(), "nobody came");
}

#[tokio::test]
async fn what_goes_wrong_is_told_without_the_url() {
    let answers = test_hooks(&[hook("http://127.0.0.1:1/verysecret")], None, "attic").await;
    let told = format!("{:?} {}", answers[0].1, answers[0].1.as_ref().expect_err("nobody there"));
    assert!(told.contains("cannot be reached") && !told.contains("verysecret"), "{told}");
    let shown = format!("{:?}", hook("http://127.0.0.1:1/verysecret"));
    assert!(!shown.contains("verysecret") && !shown.contains("opensesame") && !shown.contains("Jefe"), "{shown}");
}

fn shell(script: &str) -> Vec<String> {
    ["/bin/sh", "-c", script, "name with spaces"].map(str::to_owned).into()
}

#[tokio::test]
async fn a_program_is_given_the_message() {
    let dir = TempDir::new().expect("a directory");
    let file = dir.path().join("said");
    let script = format!("cat > {0}; echo \"$BEACON_EVENT|$BEACON_EVENT_AT|$BEACON_EVENT_BEACON|$0\"", file.display());
    let said = command::run(&shell(&script), &body(), DEADLINE).await.expect("it ends well");
    assert_eq!(said, "it ended well: several|2027-01-15T08:00:00.000Z|attic|name with spaces");
    assert_eq!(fs::read(&file).expect("written"), body().json());
    let quiet = command::run(&["/bin/true".to_owned()], &body(), DEADLINE).await.expect("input is not needed");
    assert_eq!(quiet, "it ended well");
}

#[tokio::test]
async fn a_program_cannot_hold_anything_up() {
    let loud = command::run(&shell("yes | head -c 3000000; exit 3"), &body(), DEADLINE).await.expect_err("it fails");
    let NotifyError::Failed { said, status, .. } = &loud else { panic!("{loud}") };
    assert!(said.len() < 7_000 && status.code() == Some(3), "{loud}");
    let late = command::run(&shell("exec sleep 60"), &body(), Duration::from_millis(50)).await.expect_err("too long");
    assert!(late.to_string().contains("took longer"), "{late}");
    let (script, body) = (shell("sleep 5 & echo done"), body());
    let left = timeout(Duration::from_secs(4), command::run(&script, &body, DEADLINE)).await;
    assert_eq!(left.expect("soon").expect("well"), "it ended well: done");
    let absent = command::run(&["/no/such/program".to_owned()], &body, DEADLINE).await.expect_err("not there");
    assert!(absent.to_string().starts_with("`/no/such/program` cannot be started: "), "{absent}");
}

/// Whether a process is there and has not ended.
#[cfg(target_os = "linux")]
fn is_running(id: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with('Z'))
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_program_that_takes_too_long_is_ended_with_all_that_it_started() {
    let dir = TempDir::new().expect("a directory");
    let file = dir.path().join("started");
    let script = shell(&format!("sleep 300 & echo $! > {}; wait", file.display()));
    let body = body();
    let mut run = Box::pin(command::run(&script, &body, Duration::from_secs(2)));
    assert!(timeout(Duration::from_secs(1), &mut run).await.is_err(), "it waits for what it started");
    let started = fs::read_to_string(&file).expect("written").trim().to_owned();
    assert!(is_running(&started));
    let late = run.await.expect_err("too long");
    assert!(matches!(late, NotifyError::TooLong { .. }), "{late}");
    let gone = async {
        while is_running(&started) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(DEADLINE, gone).await.expect("it is ended too");
}

#[test]
fn the_document_lists_every_event_and_every_field() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/NOTIFICATIONS.md");
    let document = fs::read_to_string(path).expect("docs/NOTIFICATIONS.md");
    let (_, events) = document.split_once("## What is told").expect("a section");
    let (events, sent) = events.split_once("## What is sent").expect("a section");
    let rows = events.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let listed: Vec<&str> = rows.map(|(word, _)| word).collect();
    assert_eq!(listed, EventKind::ALL.map(EventKind::word));
    let (_, example) = sent.split_once("```json").expect("an example");
    let (example, _) = example.split_once("```").expect("its end");
    let example: serde_json::Value = serde_json::from_str(example).expect("JSON");
    let ours: serde_json::Value = serde_json::from_slice(&body().json()).expect("JSON");
    assert_eq!(keys(&example), keys(&ours));
    assert_eq!(keys(&example["events"][0]), keys(&ours["events"][0]));
}

fn keys(value: &serde_json::Value) -> Vec<&String> {
    value.as_object().expect("an object").keys().collect()
}
