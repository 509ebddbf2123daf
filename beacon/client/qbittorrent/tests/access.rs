//! Being let in without ever being banned.

use super::{
    super::{Qbittorrent, QbittorrentSettings},
    fake::{Era, Fake, Fault},
};
use crate::{
    client::TorrentClient,
    model::{ClientChange, ClientProblem},
};

async fn refusal(client: &mut Qbittorrent) -> String {
    match client.poll().await {
        Err(ClientProblem::Refused { reason, .. }) => reason,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn without_a_password_no_login_is_tried() {
    let fake = Fake::start(Era::V45).await;
    let mut client = fake.client_with("admin", "wrong");
    assert_eq!(client.poll().await, Ok(ClientChange::Full(Vec::new())));
    assert_eq!(fake.play().logins, 0);
}

#[tokio::test]
async fn one_login_serves_all_versions_whatever_the_cookie_is_called() {
    for era in [Era::V45, Era::V51, Era::V52] {
        let fake = Fake::start(era).await;
        fake.play().password = Some("secret & <odd>");
        fake.play().cookie = "whatever";
        let mut client = fake.client_with("admin", "secret & <odd>");
        assert_eq!(client.poll().await, Ok(ClientChange::Full(Vec::new())), "{era:?}");
        assert!(matches!(client.poll().await, Ok(ClientChange::Delta { .. })));
        assert!(client.info().await.is_ok());
        assert_eq!(fake.play().logins, 1);
    }
}

#[tokio::test]
async fn a_wrong_password_is_tried_exactly_once() {
    for era in [Era::V45, Era::V51, Era::V52] {
        let fake = Fake::start(era).await;
        fake.play().password = Some("secret");
        let mut client = fake.client_with("admin", "wrong");
        assert!(refusal(&mut client).await.contains("password"));
        let calls = fake.play().calls;
        for _ in 0..10 {
            refusal(&mut client).await;
            assert!(client.info().await.is_err());
        }
        assert_eq!(fake.play().logins, 1, "{era:?}");
        assert_eq!(fake.play().calls, calls, "{era:?}");
    }
}

#[tokio::test]
async fn without_credentials_nothing_is_guessed() {
    let fake = Fake::start(Era::V51).await;
    fake.play().password = Some("secret");
    assert!(refusal(&mut fake.client()).await.contains("client.username"));
    assert_eq!(fake.play().logins, 0);
}

#[tokio::test]
async fn a_ban_is_named_and_sat_out() {
    let fake = Fake::start(Era::V51).await;
    fake.play().password = Some("secret");
    fake.play().banned = true;
    let mut client = fake.client_with("admin", "secret");
    for _ in 0..5 {
        assert!(matches!(client.poll().await, Err(ClientProblem::Banned { .. })));
    }
    assert_eq!(fake.play().logins, 1);
}

#[tokio::test]
async fn an_api_key_replaces_the_login() {
    let fake = Fake::start(Era::V52).await;
    fake.play().api_key = Some("qbt_right");
    let with =
        |key: &str| Qbittorrent::new(QbittorrentSettings { api_key: Some(key.to_owned()), ..fake.settings() }).unwrap();
    assert_eq!(with("qbt_right").poll().await, Ok(ClientChange::Full(Vec::new())));
    assert!(refusal(&mut with("qbt_wrong")).await.contains("API key"));
    assert_eq!(fake.play().logins, 0);
}

#[tokio::test]
async fn a_session_that_ends_is_renewed_once_and_everything_is_told_again() {
    let fake = Fake::start(Era::V51).await;
    fake.play().password = Some("secret");
    let mut client = fake.client_with("admin", "secret");
    client.poll().await.unwrap();
    fake.play().restart();
    assert_eq!(client.poll().await, Ok(ClientChange::Full(Vec::new())));
    assert_eq!(fake.play().logins, 2);
}

#[tokio::test]
async fn a_password_changed_meanwhile_is_tried_once() {
    let fake = Fake::start(Era::V51).await;
    fake.play().password = Some("secret");
    let mut client = fake.client_with("admin", "secret");
    client.poll().await.unwrap();
    fake.play().password = Some("changed");
    fake.play().restart();
    for _ in 0..5 {
        refusal(&mut client).await;
    }
    assert_eq!(fake.play().logins, 2);
}

#[tokio::test]
async fn a_session_that_is_not_kept_is_no_reason_to_log_in_for_ever() {
    let fake = Fake::start(Era::V51).await;
    fake.play().password = Some("secret");
    fake.play().fault = Fault::NoCookies;
    let mut client = fake.client_with("admin", "secret");
    for _ in 0..5 {
        assert!(refusal(&mut client).await.contains("cookies"));
    }
    assert_eq!(fake.play().logins, 1);
}

#[tokio::test]
async fn a_refused_host_name_is_told_from_wrong_credentials() {
    let fake = Fake::start(Era::V51).await;
    fake.play().password = Some("secret");
    fake.play().fault = Fault::Host;
    let mut client = fake.client_with("admin", "secret");
    assert!(matches!(client.poll().await, Err(ClientProblem::HostRefused { .. })));
    fake.play().fault = Fault::Challenge;
    assert!(refusal(&mut fake.client_with("admin", "secret")).await.contains("proxy"));
    assert_eq!(fake.play().logins, 0);
}

#[tokio::test]
async fn a_version_that_lacks_what_is_needed_is_named() {
    let fake = Fake::start(Era::V45).await;
    fake.play().api_version = "2.8.3";
    let Err(ClientProblem::TooOld { found, .. }) = fake.client().poll().await else { panic!("not too old") };
    assert_eq!(found, "Web API 2.8.3");
}
