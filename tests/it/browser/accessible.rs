//! Every view, in light and dark, as axe-core sees it for people who see, hear or move differently.

use super::{page::log_in_by_link, town::Town};
use crate::support::{Browser, Look};

#[test]
fn axe_core_finds_nothing_serious_in_any_view() {
    let town = Town::start();
    let browser = Browser::start();
    log_in_by_link(&browser, town.attic());
    let page = town.attic().page();
    let torrent = format!("#/torrent/{}", town.torrents[1].info_hash);
    let views = [
        ("#/", "Overview"),
        ("#/torrents", "Collections and torrents"),
        (torrent.as_str(), "films"),
        ("#/network", "Network"),
        ("#/beacon", "This beacon"),
        ("#/add", "Add"),
        ("reference.html", ""),
    ];
    let mut found = Vec::new();
    for look in Look::BOTH {
        browser.prefers(look);
        for (address, heading) in views {
            browser.open(&format!("{page}/{address}"));
            browser.meets("heading", heading);
            browser.hides("Asking");
            found.extend(browser.audit().into_iter().map(|fault| format!("{look:?} {address}: {fault:#}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn axe_core_finds_nothing_serious_on_a_phone_or_in_the_login() {
    let town = Town::start();
    let browser = Browser::start();
    browser.becomes_phone(390, 844);
    browser.open(&format!("{}/#/torrent/{}", town.attic().page(), town.torrents[1].info_hash));
    assert_eq!(browser.audit(), Vec::<serde_json::Value>::new());
    browser.press("button", "Pin");
    browser.meets("textbox", "Token");
    assert_eq!(browser.audit(), Vec::<serde_json::Value>::new());
    browser.expect_failed_requests("401");
}
