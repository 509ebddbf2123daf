//! The map: a cell for each torrent, that says what it is and leads to it.

use fantoccini::key::Key;

use super::{
    page::{cell, drawn},
    town::Town,
};
use crate::support::{Browser, COLLECTION, soon};

/// Torrents by their places in the map, which is their place in the collection as beacons compare it.
fn by_place(town: &Town) -> Vec<String> {
    let listed = town.attic().torrents(COLLECTION).expect("listed");
    let mut hashes: Vec<String> =
        listed.iter().filter_map(|entry| entry["info_hash"].as_str().map(str::to_owned)).collect();
    hashes.sort();
    hashes
}

#[test]
fn a_cell_says_what_it_is_and_leads_to_its_torrent() {
    let town = Town::start();
    let browser = Browser::start();
    browser.open(&town.attic().page());
    drawn(&browser, 4);
    for (place, hash) in by_place(&town).iter().enumerate() {
        let torrent = town.torrents.iter().find(|torrent| torrent.info_hash == *hash).expect("of the town");
        let (x, y) = cell(&browser, place);
        browser.point(x, y);
        browser.shows(&torrent.name);
        browser.click_at(x, y);
        browser.meets("heading", &torrent.name);
        assert!(browser.address().contains(hash), "the address is the torrent's: {}", browser.address());
        browser.script("history.back()", &[]);
        browser.meets("heading", "Overview");
        drawn(&browser, 4);
    }
}

#[test]
fn colors_of_cells_differ_by_how_many_copies_there_are() {
    let town = Town::start();
    let browser = Browser::start();
    browser.open(&town.attic().page());
    drawn(&browser, 4);
    let colors = soon("every cell has a color of its own", || {
        let mut colors: Vec<String> = (0..4).map(|place| color(&browser, place)).collect();
        colors.sort();
        colors.dedup();
        if colors.len() == 4 { Ok(colors) } else { Err(format!("{colors:?}")) }
    });
    assert!(!colors.contains(&"0,0,0,0".to_owned()), "all are drawn: {colors:?}");
}

/// The color in the middle of a cell.
fn color(browser: &Browser, place: usize) -> String {
    const PIXEL: &str = "
        const [place] = arguments;
        const map = document.querySelector('[data-map]');
        const { x, y } = map.cellCenter(place);
        const canvas = map.matches('canvas') ? map : map.querySelector('canvas');
        const box = canvas.getBoundingClientRect();
        const scale = [canvas.width / box.width, canvas.height / box.height];
        const [left, top] = [Math.floor((x - box.left) * scale[0]), Math.floor((y - box.top) * scale[1])];
        return canvas.getContext('2d').getImageData(left, top, 1, 1).data.join(',');";
    let color = browser.script(PIXEL, &[place.into()]);
    color.as_str().expect("numbers").to_owned()
}

#[test]
fn the_map_is_walked_through_with_the_keyboard() {
    let town = Town::start();
    let browser = Browser::start();
    browser.open(&town.attic().page());
    drawn(&browser, 4);
    browser.script("document.querySelector('[data-map]').focus()", &[]);
    let places = by_place(&town);
    browser.keys(&[Key::Home, Key::Right, Key::Enter]);
    soon("the second torrent is open", || {
        let address = browser.address();
        if address.contains(&places[1]) { Ok(()) } else { Err(address) }
    });
}
