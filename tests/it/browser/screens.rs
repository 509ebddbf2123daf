//! Screens and preferences: dark, light, and a phone.

use serde_json::Value;

use super::{page::view_of, town::Town};
use crate::support::{Browser, Look};

/// How light a color is, from 0 to 1; of its red, green and blue as the browser computes them.
const LIGHTNESS: &str = "
const color = getComputedStyle(document.querySelector(arguments[0]))[arguments[1]];
const [red, green, blue] = color.match(/[\\d.]+/g).map(Number);
return (red * 0.3 + green * 0.59 + blue * 0.11) / 255;
";

/// What reaches out of the screen at its right side.
const TOO_WIDE: &str = "
const width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth <= width) return [];
return [...document.querySelectorAll('body *')]
  .filter((element) => element.getBoundingClientRect().right > width + 1)
  .map((element) => `${element.tagName}.${element.className}`).slice(0, 10);
";

#[test]
fn colors_are_as_the_reader_prefers() {
    let town = Town::start();
    let browser = Browser::start();
    let lightness = |what: &str| {
        let told = browser.script(LIGHTNESS, &["body".into(), what.into()]);
        told.as_f64().unwrap_or_else(|| panic!("no number: {told}"))
    };
    browser.prefers(Look::Light);
    browser.open(&town.attic().page());
    browser.shows("Town archive");
    let (ground, ink) = (lightness("backgroundColor"), lightness("color"));
    assert!(ground > 0.8 && ink < 0.3, "dark on light: {ink} on {ground}");
    browser.prefers(Look::Dark);
    let (ground, ink) = (lightness("backgroundColor"), lightness("color"));
    assert!(ground < 0.2 && ink > 0.7, "light on dark, without loading anew: {ink} on {ground}");
}

#[test]
fn a_phone_shows_every_view_without_scrolling_sideways() {
    let town = Town::start();
    let browser = Browser::start();
    browser.becomes_phone(390, 844);
    browser.open(&town.attic().page());
    browser.shows("Town archive");
    let fits = |view: &str| {
        browser.hides("Asking");
        assert_eq!(browser.script(TOO_WIDE, &[]), Value::Array(Vec::new()), "{view}");
    };
    fits("Overview");
    for (link, heading) in [
        ("Torrents", "Collections and torrents"),
        ("Network", "Network"),
        ("This beacon", "This beacon"),
        ("Add", "Add"),
    ] {
        browser.press("link", link);
        browser.meets("heading", heading);
        fits(link);
    }
    browser.open(&view_of(town.attic(), &town.torrents[2]));
    browser.meets("heading", "maps");
    fits("a torrent");
}
