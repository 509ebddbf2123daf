//! A page that is open while its beacon restarts.

use super::{page::is_linked, town::Lone};
use crate::support::{Browser, TestTorrent, share};

#[test]
fn a_page_follows_its_beacon_through_a_restart() {
    let mut lone = Lone::start_with(|_| {});
    let browser = Browser::start();
    browser.open(&lone.beacon.page());
    is_linked(&browser, "live");
    browser.shows("None of the 2 torrents");
    browser.script("window.stayed = true", &[]);

    lone.beacon.terminate();
    is_linked(&browser, "away");
    lone.torrents.push(TestTorrent::single("films", 1_000, 3));
    share(&[&lone.beacon], 2, &lone.torrents);
    lone.beacon.start();
    browser.shows("None of the 3 torrents");
    is_linked(&browser, "live");
    assert_eq!(browser.script("return window.stayed", &[]), true, "it was never loaded anew");
    browser.expect_failed_requests("ERR_CONNECTION_REFUSED");
}
