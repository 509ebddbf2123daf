//! Readers without a mouse.

use fantoccini::key::Key;

use super::{page::log_in_by_link, town::Lone};
use crate::support::{Browser, COLLECTION, soon};

/// More stops than any view has.
const STOPS_MAX: usize = 150;
const FOCUS: &str = "
const here = document.activeElement;
return { role: here.computedRole, name: here.computedName, seen: here.matches(':focus-visible') };
";

/// Goes from stop to stop until it is where it wants to be; every stop on the way shows where the reader is.
fn go_to(browser: &Browser, role: &str, name: &str) {
    let mut passed = Vec::new();
    for _ in 0..STOPS_MAX {
        browser.keys(&[Key::Tab]);
        let stop = browser.script(FOCUS, &[]);
        assert_eq!(stop["seen"], true, "the reader sees where the focus is: {stop}");
        let called = stop["name"].as_str().unwrap_or_default();
        if stop["role"] == role && called.contains(name) {
            return;
        }
        passed.push(format!("{} {called}", stop["role"]));
    }
    panic!("no {role} `{name}` on the way: {passed:#?}");
}

#[test]
fn a_torrent_is_found_and_pinned_without_a_mouse() {
    let lone = Lone::start_with(|_| {});
    let maps = &lone.torrents[1];
    let browser = Browser::start();
    log_in_by_link(&browser, &lone.beacon);
    browser.meets("heading", "Overview");
    go_to(&browser, "link", "Torrents");
    browser.keys(&[Key::Enter]);
    browser.meets("heading", "Collections and torrents");
    go_to(&browser, "searchbox", "Find a torrent");
    browser.types("map");
    browser.loses("link", "letters");
    go_to(&browser, "link", "maps");
    browser.keys(&[Key::Enter]);
    browser.meets("heading", "maps");
    go_to(&browser, "button", "Pin");
    browser.keys(&[Key::Enter]);
    soon("the beacon has the order", || match lone.beacon.torrent(COLLECTION, maps)? {
        entry if entry["pinned"] == true => Ok(()),
        entry => Err(entry.to_string()),
    });
}

#[test]
fn the_first_stop_skips_to_the_content() {
    let lone = Lone::start_with(|_| {});
    let browser = Browser::start();
    browser.open(&lone.beacon.page());
    browser.meets("heading", "Overview");
    browser.keys(&[Key::Tab]);
    let stop = browser.script(FOCUS, &[]);
    assert!(stop["name"].as_str().is_some_and(|name| name.contains("Skip")), "{stop}");
    browser.keys(&[Key::Enter]);
    assert_eq!(browser.script("return document.activeElement.tagName", &[]), "MAIN");
}
