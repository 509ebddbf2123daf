//! The README's pictures, from the real page: `docs/pictures` makes them anew.

use std::{env, fs, path::PathBuf, time::Duration};

use serde_json::json;

use super::page::{drawn, rows};
use crate::support::{BeaconProcess, Browser, Item, Look, Region, soon, until};

const BEACONS: [(&str, &str, &str); 6] = [
    ("attic", "home", "900 GB"),
    ("cellar", "home", "2 TB"),
    ("library", "town", "1 TB"),
    ("mill", "river", "600 GB"),
    ("parish", "church", "800 GB"),
    ("school", "town", "1.5 TB"),
];
const TORRENTS: usize = 1_210;
/// Of this one there are too few copies, and somebody fetches one.
const SHOWN: Item = Item(102);
/// Until whoever is to fetch something has begun.
const REPAIRED_TIME_MAX: Duration = Duration::from_mins(1);
/// So that the README loads quickly.
const BYTES_MAX: usize = 300_000;

#[test]
fn pictures_of_every_side_of_the_page_are_small() {
    let names = BEACONS.map(|(name, ..)| name);
    let region = Region::start(&names, TORRENTS, settle);
    let page = region.beacons[0].page();
    until("all that lack copies are being fetched", REPAIRED_TIME_MAX, || {
        let summary = region.beacons[0].status()?["summary"].clone();
        if summary["under"] == summary["repairing"] { Ok(()) } else { Err(summary.to_string()) }
    });
    let scratch = tempfile::tempdir().expect("a directory");
    let dir = env::var_os("BEACON_TEST_PICTURES").map_or_else(|| scratch.path().to_owned(), PathBuf::from);
    let torrent = format!("#/torrent/{}", SHOWN.info_hash());
    let browser = Browser::start_with(&["--hide-scrollbars"]);
    let keep = |name: &str| {
        let picture = browser.picture();
        assert!(picture.len() < BYTES_MAX, "{name} has {} bytes", picture.len());
        fs::write(dir.join(format!("{name}.png")), picture).expect("a picture");
    };
    for look in Look::BOTH {
        browser.prefers(look);
        browser.becomes(1_200, 820);
        browser.open(&page);
        drawn(&browser, TORRENTS);
        keep(if look == Look::Dark { "overview-dark" } else { "overview" });
    }
    browser.prefers(Look::Light);
    browser.open(&format!("{page}/{torrent}"));
    browser.meets("heading", &SHOWN.name());
    keep("torrent");
    browser.open(&format!("{page}/#/network"));
    browser.meets("heading", "Network");
    browser.shows("parish");
    keep("network");
    browser.becomes_phone(390, 844);
    browser.open(&format!("{page}/#/torrents"));
    soon("the table is there", || {
        rows(&browser).and_then(|rows| if rows.is_empty() { Err("empty".to_owned()) } else { Ok(()) })
    });
    keep("phone");
}

/// Where each beacon is, and what it gives.
fn settle(number: usize, beacon: &mut BeaconProcess) {
    let (_, zone, budget) = BEACONS[number];
    beacon.config["mode"] = json!("apply");
    beacon.config["zone"] = json!(zone);
    beacon.config["storage"]["budget"] = json!(budget);
}
