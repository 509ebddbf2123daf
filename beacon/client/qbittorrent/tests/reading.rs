//! Faults are never mistaken for an empty client.

use serde_json::json;

use super::fake::{Era, Fake, Fault};
use crate::{
    client::TorrentClient,
    model::{ByteSize, ClientChange, ClientProblem, ContentState},
};

const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

#[tokio::test]
async fn changes_are_told_as_they_happen() {
    let fake = Fake::start(Era::V51).await;
    fake.play().put(A, "", "/data/letters.txt");
    let mut client = fake.client();
    let Ok(ClientChange::Full(all)) = client.poll().await else { panic!("not everything") };
    assert_eq!((all.len(), all[0].content, all[0].marked), (1, ContentState::Serving, false));

    fake.play().put(B, "beacon", "/data/maps.txt");
    fake.play().torrents.get_mut(A).unwrap().insert("dlspeed".to_owned(), json!(7));
    let Ok(ClientChange::Delta { changed, removed }) = client.poll().await else { panic!("not a change") };
    assert_eq!((changed.len(), changed[0].marked, removed.len()), (1, true, 0));

    fake.play().torrents.remove(A);
    let Ok(ClientChange::Delta { changed, removed }) = client.poll().await else { panic!("not a change") };
    assert_eq!((changed.len(), removed.len()), (0, 1));
}

#[tokio::test]
async fn a_restart_without_logins_is_told_whole_again() {
    let fake = Fake::start(Era::V45).await;
    fake.play().put(A, "", "/data/letters.txt");
    let mut client = fake.client();
    client.poll().await.unwrap();
    assert!(matches!(client.poll().await, Ok(ClientChange::Delta { .. })));
    fake.play().restart();
    assert!(matches!(client.poll().await, Ok(ClientChange::Full(all)) if all.len() == 1));
}

#[tokio::test]
async fn garbage_is_garbage_and_never_an_empty_client() {
    for fault in [
        Fault::Html,
        Fault::Redirect,
        Fault::MainData(200, ""),
        Fault::MainData(204, ""),
        Fault::MainData(200, "{}"),
        Fault::MainData(200, "[]"),
        Fault::MainData(200, "null"),
        Fault::MainData(200, r#"{"rid":1,"full_update":true,"server_state":{},"torr"#),
        Fault::MainData(200, r#"{"rid":1,"full_update":true,"server_state":{},"torrents":{"all":{}}}"#),
        Fault::MainData(200, "<html></html>"),
        Fault::MainData(404, "Not Found"),
    ] {
        let fake = Fake::start(Era::V51).await;
        fake.play().fault = fault;
        let mut client = fake.client();
        let problem = client.poll().await;
        assert!(matches!(problem, Err(ClientProblem::Garbage { .. })), "{fault:?}: {problem:?}");
        let calls = fake.play().calls;
        assert_eq!(client.poll().await, problem);
        assert_eq!(fake.play().calls, calls, "asked again at once after {fault:?}");
    }
}

#[tokio::test]
async fn a_silent_or_absent_client_is_unreachable() {
    for fault in [Fault::Slow, Fault::Gateway] {
        let fake = Fake::start(Era::V51).await;
        fake.play().fault = fault;
        assert!(matches!(fake.client().poll().await, Err(ClientProblem::Unreachable { .. })), "{fault:?}");
    }
    let fake = Fake::start(Era::V51).await;
    let mut client = fake.client();
    drop(fake);
    tokio::task::yield_now().await;
    assert!(matches!(client.poll().await, Err(ClientProblem::Unreachable { .. })));
}

#[tokio::test]
async fn after_trouble_everything_is_told_again() {
    let fake = Fake::start(Era::V51).await;
    fake.play().put(A, "", "/data/letters.txt");
    let mut client = fake.client();
    client.poll().await.unwrap();
    fake.play().fault = Fault::MainData(200, "{}");
    assert!(client.poll().await.is_err());
    fake.play().fault = Fault::None;
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        match client.poll().await {
            Ok(change) => break assert!(matches!(change, ClientChange::Full(all) if all.len() == 1)),
            Err(_) if tokio::time::Instant::now() < deadline => {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            Err(problem) => panic!("{problem}"),
        }
    }
}

#[tokio::test]
async fn the_client_says_what_it_is() {
    let fake = Fake::start(Era::V45).await;
    let settings =
        super::super::QbittorrentSettings { storage_dir: Some("/beacon/torrents".into()), ..fake.settings() };
    let mut client = super::super::Qbittorrent::new(settings).unwrap();
    client.poll().await.unwrap();
    let info = client.info().await.unwrap();
    assert_eq!(info.version, "v4.5.2 (Web API 2.8.19)");
    assert_eq!((info.listen_port, info.free), (Some(6881), Some(ByteSize::from_bytes(5_000))));
    assert_eq!(info.warnings, Vec::<String>::new());
}

#[tokio::test]
async fn a_client_that_nobody_reaches_is_complained_of_only_when_it_stays_so() {
    let fake = Fake::start(Era::V51).await;
    fake.play().connection_status = "firewalled";
    let mut client = fake.client();
    client.poll().await.unwrap();
    assert_eq!(client.info().await.unwrap().warnings, Vec::<String>::new());
    let complaints = client.info().await.unwrap().warnings;
    assert!(complaints[0].contains("forward port 6881"), "{complaints:?}");
    fake.play().connection_status = "connected";
    assert_eq!(client.info().await.unwrap().warnings, Vec::<String>::new());
}

#[tokio::test]
async fn padding_between_files_is_told_from_a_selection_of_files() {
    let fake = Fake::start(Era::V51).await;
    for (id, files) in [(A, vec!["letters/a", "letters/b"]), (B, vec!["maps/a"])] {
        fake.play().put(id, "", "/data/some");
        fake.play().torrents.get_mut(id).unwrap().insert("total_size".to_owned(), json!(128));
        fake.play().files.insert(id.to_owned(), files);
    }
    let mut client = fake.client();
    let Ok(ClientChange::Full(all)) = client.poll().await else { panic!("not everything") };
    assert_eq!((all[0].content, all[0].size), (ContentState::Serving, Some(100)));
    assert_eq!(all[1].content, ContentState::Unknown);
    let calls = fake.play().calls;
    client.poll().await.unwrap();
    assert_eq!(fake.play().calls, calls + 1, "the files are asked for once");
}
