//! Making torrents and collections, and changing these.

use std::fs;

use serde_json::json;

use super::{
    page::{lists, log_in, log_in_by_link, rows},
    town::Lone,
};
use crate::support::{Browser, COLLECTION, TestTorrent, soon};

#[test]
fn a_torrent_is_made_of_a_folder_and_listed() {
    let photos = TestTorrent::folder("photos", &[("1901/june.jpg", 40_000), ("1902.jpg", 30_000)], 7);
    let lone =
        Lone::start_with(|beacon| beacon.config["create_from"] = json!([beacon.storage_dir().with_file_name("mine")]));
    let mine = lone.beacon.storage_dir().with_file_name("mine");
    photos.write_data(&mine);
    let browser = Browser::start();
    log_in_by_link(&browser, &lone.beacon);
    browser.press("link", "Add");
    browser.meets("heading", "Add");
    browser.fill("textbox", "File or directory", &mine.join("photos").display().to_string());
    browser.choose("Put it into", "Town archive");
    browser.press("button", "Make the torrent");
    browser.shows("Magnet link");
    browser.press("link", "Torrents");
    soon("the table shows it", || match rows(&browser)?.len() {
        3 => Ok(()),
        others => Err(format!("{others} torrents")),
    });
    browser.meets("link", "photos");
    let listed = lone.beacon.torrents(COLLECTION).expect("listed");
    assert!(listed.iter().any(|entry| entry["name"] == "photos"), "{listed:?}");
}

#[test]
fn what_may_not_be_read_is_refused_and_what_was_typed_stays() {
    let lone =
        Lone::start_with(|beacon| beacon.config["create_from"] = json!([beacon.storage_dir().with_file_name("mine")]));
    let browser = Browser::start();
    log_in_by_link(&browser, &lone.beacon);
    browser.open(&format!("{}/#/add/torrent", lone.beacon.page()));
    browser.fill("textbox", "File or directory", "/etc");
    browser.press("button", "Make the torrent");
    browser.shows("create_from");
    assert_eq!(browser.reads("textbox", "File or directory").as_deref(), Ok("/etc"));
    drop(browser.troubles());
}

#[test]
fn a_collection_is_made_even_where_the_reader_first_mistypes_the_token() {
    let lone = Lone::start_with(|_| {});
    let browser = Browser::start();
    browser.open(&format!("{}/#/add/collection", lone.beacon.page()));
    browser.fill("textbox", "Name", "Harbour archive");
    browser.fill("textbox", "Copies wanted", "2");
    browser.press("button", "Make it");
    log_in(&browser, "beacon1-0000");
    browser.shows("token");
    browser.press("button", "Cancel");
    assert_eq!(browser.reads("textbox", "Name").as_deref(), Ok("Harbour archive"), "what was typed is still there");
    assert_eq!(lone.beacon.fetch("/api/v1/collections").expect("told").as_array().map_or(1, Vec::len), 1);

    browser.press("button", "Make it");
    log_in(&browser, &lone.beacon.token());
    browser.meets("heading", "Change Harbour archive");
    soon("the beacon has it", || {
        let status = lone.beacon.status()?;
        let all = status["collections"].as_array().cloned().unwrap_or_default();
        match all.iter().find(|collection| collection["name"] == "Harbour archive") {
            Some(collection) if collection["torrents"] == 0 => Ok(()),
            other => Err(format!("{other:?}")),
        }
    });
    browser.press("link", "Torrents");
    browser.meets("link", "Harbour archive");
    browser.expect_failed_requests("401");
}

#[test]
fn a_torrent_is_added_by_its_magnet_link_and_taken_off_again() {
    let lone = Lone::start_with(|_| {});
    let films = TestTorrent::single("films", 5_000, 9);
    let link = format!("magnet:?xt=urn:btih:{}&dn=films", films.info_hash);
    let browser = Browser::start();
    log_in_by_link(&browser, &lone.beacon);
    browser.open(&format!("{}/#/add/collection/{COLLECTION}", lone.beacon.page()));
    browser.fill("textbox", "Magnet link", &link);
    browser.press("button", "Add");
    let count = |wanted: usize| {
        soon(&format!("the beacon lists {wanted}"), || match lone.beacon.torrents(COLLECTION)?.len() {
            found if found == wanted => Ok(()),
            found => Err(format!("it lists {found}")),
        });
    };
    count(3);
    browser.press("button", "Remove … films");
    browser.press("button", "Remove");
    count(2);
    browser.press("link", "Torrents");
    lists(&browser, &[&lone.torrents[0], &lone.torrents[1]]);
}

#[test]
fn a_mistake_in_a_collection_file_is_shown_where_it_is_and_saves_nothing() {
    let lone = Lone::start_with(|_| {});
    let path = lone.beacon.collections_dir().join("town.json");
    let before = fs::read_to_string(&path).expect("the file");
    let browser = Browser::start();
    log_in_by_link(&browser, &lone.beacon);
    browser.open(&format!("{}/#/add/collection/{COLLECTION}", lone.beacon.page()));
    soon("the file is read", || match browser.reads("textbox", "Collection file")? {
        text if text == before => Ok(()),
        text => Err(text),
    });
    let write = |text: &str| browser.fill("textbox", "Collection file", text);
    write(&format!("{{\n  \"id\": \"{COLLECTION}\",\n  \"nmae\": \"Harbour\"\n}}"));
    browser.shows("line 3, column 3");
    let save = browser.meets("button", "Save the file");
    assert_eq!(browser.script("return arguments[0].disabled", &[save]), true, "it cannot be saved");
    assert_eq!(fs::read_to_string(&path).expect("the file"), before, "nothing is saved");
    browser.press("button", "line 3, column 3");
    let marked = browser
        .script("return document.activeElement.value.slice(document.activeElement.selectionStart).slice(0, 6)", &[]);
    assert_eq!(marked, "\"nmae\"", "the fault leads to where it is");

    write(&before.replace("Town archive", "Harbour archive"));
    browser.shows("It reads well");
    browser.press("button", "Save the file");
    soon("the beacon reads it", || match lone.beacon.status()?["collections"][0]["name"].as_str() {
        Some("Harbour archive") => Ok(()),
        other => Err(format!("{other:?}")),
    });
    assert_eq!(fs::read_to_string(&path).expect("the file"), before.replace("Town archive", "Harbour archive"));
    browser.shows("Harbour archive");
}
