//! A beacon that shows everything and lets nobody change anything, not even who knows the token.

use serde_json::{Value, json};

use super::{page::view_of, town::Lone};
use crate::support::Browser;

/// What a reader could order something with: fields to fill in, but not those that only choose what is shown.
const CONTROLS: &str = "
return [...document.querySelectorAll('main button, main form, main textarea, main input')]
  .filter((control) => control.checkVisibility())
  .map((control) => control.computedName || control.outerHTML)
  .filter((name) => !arguments[0].some((shown) => name.startsWith(shown)));
";

#[test]
fn nothing_that_orders_is_shown_and_nothing_that_is_ordered_is_done() {
    let lone = Lone::start_with(|beacon| beacon.config["read_only"] = json!(true));
    let letters = &lone.torrents[0];
    let browser = Browser::start();
    browser.open(&view_of(&lone.beacon, letters));
    browser.meets("heading", "letters");
    for order in ["Pin", "Unpin", "Request", "Drain", "Log in"] {
        assert!(browser.find("button", order).is_err(), "{order}");
    }
    for view in ["beacon", "add"] {
        browser.open(&format!("{}/#/{view}", lone.beacon.page()));
        browser.meets("heading", "");
        browser.shows("read only");
        let left = browser.script(CONTROLS, &[json!(["Copy", "copy", "all", "debug", "info", "warn", "error"])]);
        assert_eq!(left, Value::Array(Vec::new()), "{view}");
    }
    let hash = &letters.info_hash;
    for (method, path) in [
        ("POST", format!("torrents/{hash}/pin")),
        ("DELETE", format!("torrents/{hash}/pin")),
        ("POST", "drain".to_owned()),
        ("POST", "mode".to_owned()),
        ("POST", "collections".to_owned()),
        ("POST", "neighbors".to_owned()),
        ("POST", "invitation".to_owned()),
        ("POST", "session".to_owned()),
        ("POST", "torrents/create".to_owned()),
    ] {
        let refused = lone.beacon.send(method, &format!("/api/v1/{path}"), &json!({})).expect_err(&path);
        assert!(refused.contains("answered 404") || refused.contains("answered 405"), "{method} {path}: {refused}");
    }
}
