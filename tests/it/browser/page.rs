//! What several tests do with the page: going to a torrent, logging in, reading the table and the map.

use serde_json::{Value, json};

use crate::support::{BeaconProcess, Browser, TestTorrent, soon};

/// The address of a torrent's own view.
pub(super) fn view_of(beacon: &BeaconProcess, torrent: &TestTorrent) -> String {
    format!("{}/#/torrent/{}", beacon.page(), torrent.info_hash)
}

/// Answers the question for the token.
pub(super) fn log_in(browser: &Browser, token: &str) {
    browser.fill("textbox", "Token", token);
    browser.press("button", "Log in");
}

/// Logs in by a link that is good once, and comes out at the overview.
pub(super) fn log_in_by_link(browser: &Browser, beacon: &BeaconProcess) {
    let code = beacon.send("POST", "/api/v1/session/codes", &json!({})).expect("a code");
    browser.open(&format!("{}/#login={}", beacon.page(), code["code"].as_str().expect("text")));
    is_logged_in(browser, true);
}

/// Waits until the page is logged in, or is not.
pub(super) fn is_logged_in(browser: &Browser, wanted: bool) {
    soon("the beacon knows the session", || match session(browser)? {
        session if session["logged_in"] == wanted => Ok(()),
        session => Err(session.to_string()),
    });
}

/// What the page is told of its session.
fn session(browser: &Browser) -> Result<Value, String> {
    const ASK: &str = "
        const done = arguments[arguments.length - 1];
        fetch('/api/v1/session').then((answer) => answer.json()).then(done, (error) => done(`${error}`));";
    match browser.script_later(ASK, &[]) {
        Value::String(error) => Err(error),
        session => Ok(session),
    }
}

/// Waits until the page says of its connection to the beacon that it is `live` or `away`.
pub(super) fn is_linked(browser: &Browser, wanted: &str) {
    soon(&format!("the connection is {wanted}"), || {
        let told = browser.try_script("return document.querySelector('[data-link]')?.dataset.link", &[])?;
        if told == wanted { Ok(()) } else { Err(told.to_string()) }
    });
}

/// The info-hashes of the rows that the table of torrents shows.
pub(super) fn rows(browser: &Browser) -> Result<Vec<String>, String> {
    let hashes = browser
        .try_script("return [...document.querySelectorAll('tr[data-hash]')].map((row) => row.dataset.hash)", &[])?;
    serde_json::from_value(hashes).map_err(|error| error.to_string())
}

/// Waits until the table shows these torrents and no others, in any order.
pub(super) fn lists(browser: &Browser, torrents: &[&TestTorrent]) {
    let mut wanted: Vec<&str> = torrents.iter().map(|torrent| torrent.info_hash.as_str()).collect();
    wanted.sort_unstable();
    soon("the table shows what was asked for", || {
        let mut shown = rows(browser)?;
        shown.sort();
        if shown == wanted { Ok(()) } else { Err(format!("{shown:?} instead of {wanted:?}")) }
    });
}

/// Waits until every cell of the map is drawn.
pub(super) fn drawn(browser: &Browser, cells: usize) {
    soon("the map is drawn", || {
        let map = browser.try_script("return {...document.querySelector('[data-map]')?.dataset}", &[])?;
        let drawn = map["drawn"].as_str().and_then(|text| text.parse::<usize>().ok());
        if drawn == Some(cells) { Ok(()) } else { Err(map.to_string()) }
    });
}

/// The middle of a torrent's cell, in CSS pixels of the window. `place` is where the collection lists it.
pub(super) fn cell(browser: &Browser, place: usize) -> (f64, f64) {
    soon("the cell has a place in the window", || {
        let center = browser
            .try_script("return document.querySelector('[data-map]').cellCenter(arguments[0])", &[json!(place)])?;
        center["x"].as_f64().zip(center["y"].as_f64()).ok_or_else(|| center.to_string())
    })
}
