//! Who may order something: the token, links that log in once, and what happens to those who know neither.

use super::{
    page::{is_logged_in, log_in, log_in_by_link, view_of},
    town::Lone,
};
use crate::support::{Browser, COLLECTION, soon};

#[test]
fn a_wrong_token_is_refused_and_the_right_one_still_taken() {
    let lone = Lone::start_with(|_| {});
    let letters = &lone.torrents[0];
    let browser = Browser::start();
    browser.open(&view_of(&lone.beacon, letters));
    browser.press("button", "Pin");
    log_in(&browser, "beacon1-0000");
    let said = soon("the refusal is said", || match browser.reads("alert", "") {
        Ok(said) if !said.trim().is_empty() => Ok(said),
        other => Err(format!("{other:?}")),
    });
    assert!(said.contains("token"), "it says what was wrong: {said}");
    assert_eq!(browser.reads("textbox", "Token").as_deref(), Ok("beacon1-0000"), "what was typed is still there");
    assert_eq!(lone.beacon.torrent(COLLECTION, letters).expect("listed")["pinned"], false);
    log_in(&browser, &lone.beacon.token());
    browser.meets("button", "Unpin");
    browser.expect_failed_requests("401");
}

#[test]
fn a_link_logs_in_once_and_the_session_outlives_the_beacon() {
    let mut lone = Lone::start_with(|_| {});
    let code = lone.beacon.send("POST", "/api/v1/session/codes", &serde_json::json!({})).expect("a code");
    let link = format!("{}/#login={}", lone.beacon.page(), code["code"].as_str().expect("text"));
    let browser = Browser::start();
    browser.open(&link);
    is_logged_in(&browser, true);
    soon("the code is out of the address", || match browser.address() {
        address if address.contains("login") => Err(address),
        _ => Ok(()),
    });
    lone.beacon.terminate();
    lone.beacon.start();
    is_logged_in(&browser, true);
    browser.open(&view_of(&lone.beacon, &lone.torrents[0]));
    browser.press("button", "Pin");
    browser.meets("button", "Unpin");
    drop(browser.troubles());

    let late = Browser::start();
    late.open(&link);
    late.shows("code");
    is_logged_in(&late, false);
    late.expect_failed_requests("401");
}

#[test]
fn who_logs_out_may_order_nothing() {
    let lone = Lone::start_with(|_| {});
    let browser = Browser::start();
    log_in_by_link(&browser, &lone.beacon);
    browser.press("button", "Log out");
    is_logged_in(&browser, false);
}
