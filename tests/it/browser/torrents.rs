//! Finding torrents in the table, and ordering what becomes of one.

use serde_json::Value;

use super::{
    page::{lists, log_in, view_of},
    town::{Lone, Town},
};
use crate::support::{BeaconProcess, Browser, COLLECTION, TestTorrent, soon};

#[test]
fn torrents_are_narrowed_by_standing_and_by_words() {
    let town = Town::start();
    let [minutes, films, maps, letters] = &town.torrents;
    let browser = Browser::start();
    browser.open(&town.attic().page());
    browser.press("link", "Torrents");
    lists(&browser, &[minutes, films, maps, letters]);
    for (standing, only) in [("missing", minutes), ("under", films), ("met", maps), ("over", letters)] {
        browser.press("button", standing);
        lists(&browser, &[only]);
    }
    browser.press("button", "all");
    lists(&browser, &[minutes, films, maps, letters]);
    browser.fill("searchbox", "Find a torrent", "let");
    lists(&browser, &[letters]);
    browser.fill("searchbox", "Find a torrent", &films.info_hash[..8]);
    lists(&browser, &[films]);
    browser.press("link", "films");
    browser.meets("heading", "films");
    browser.script("history.back()", &[]);
    lists(&browser, &[films]);
}

#[test]
fn a_torrent_is_sorted_by_what_its_column_says() {
    let town = Town::start();
    let browser = Browser::start();
    browser.open(&format!("{}/#/torrents", town.attic().page()));
    let by_size = ["films", "maps", "minutes", "letters"];
    browser.press("link", "Size");
    soon("the largest comes first", || {
        let names = browser.try_script(
            "return [...document.querySelectorAll('tr[data-hash] th')].map((cell) => cell.innerText.trim())",
            &[],
        )?;
        if names == Value::from(by_size.to_vec()) { Ok(()) } else { Err(names.to_string()) }
    });
}

#[test]
fn a_torrent_is_pinned_and_unpinned() {
    let lone = Lone::start_with(|_| {});
    let [letters, ..] = &lone.torrents[..] else { panic!("no torrents") };
    let browser = Browser::start();
    browser.open(&view_of(&lone.beacon, letters));
    browser.press("button", "Pin");
    log_in(&browser, &lone.beacon.token());
    is_pinned(&lone.beacon, letters, true);
    browser.press("button", "Unpin");
    is_pinned(&lone.beacon, letters, false);
    browser.meets("button", "Pin");
    browser.expect_failed_requests("401");
}

fn is_pinned(beacon: &BeaconProcess, torrent: &TestTorrent, wanted: bool) {
    soon("the beacon has the order", || {
        let entry = beacon.torrent(COLLECTION, torrent)?;
        if entry["pinned"] == wanted { Ok(()) } else { Err(entry.to_string()) }
    });
}
