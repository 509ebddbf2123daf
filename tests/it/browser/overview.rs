//! What the page says first.

use super::town::Town;
use crate::support::{Browser, soon};

#[test]
fn the_first_sentence_tells_how_the_archive_stands() {
    let town = Town::start();
    let browser = Browser::start();
    browser.open(&town.attic().page());
    let said = soon("the sentence counts", || {
        let said = browser.reads("status", "In short")?;
        if said.contains("of 4 torrents") { Ok(said) } else { Err(said) }
    });
    for part in ["2 of 4 torrents have their 2 copies", "1 lacks copies", "1 is missing"] {
        assert!(said.contains(part), "`{part}` is true, and what is said: {said}");
    }
    for (standing, number) in [("missing", 1), ("under", 1), ("met", 1), ("over", 1)] {
        browser.meets("button", &format!("{standing} {number}"));
    }
    browser.shows("Town archive");
}
