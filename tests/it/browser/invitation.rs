//! An invitation is made on one beacon and pasted at another: from then on they keep the archive together.

use super::{
    page::log_in_by_link,
    town::{beacon, sees},
};
use crate::support::{Browser, World, share, soon};

#[test]
fn two_beacons_meet_by_an_invitation() {
    let world = World::new();
    let mut attic = beacon(&world, "attic");
    let mut cellar = beacon(&world, "cellar");
    share(&[&attic, &cellar], 2, &[]);
    attic.start();
    cellar.start();
    assert!(sees(&cellar, "attic").is_err(), "nobody has told it");

    let browser = Browser::start();
    log_in_by_link(&browser, &attic);
    browser.open(&format!("{}/#/add/invitation", attic.page()));
    browser.press("button", "Make an invitation");
    browser.meets("button", "Copy invitation");
    let line = browser.reads("textbox", "Invitation").expect("the line");
    assert!(line.starts_with("beacon:?") && !line.contains("key="), "it tells no secret: {line}");

    let other = Browser::start();
    log_in_by_link(&other, &cellar);
    other.open(&format!("{}/#/add/invitation", cellar.page()));
    other.fill("textbox", "Paste the invitation", &line);
    other.press("button", "Join");
    soon("the attic knows the cellar", || sees(&attic, "cellar"));
    soon("the cellar knows the attic", || sees(&cellar, "attic"));
    other.press("link", "Network");
    other.shows("attic");
    cellar.terminate();
    cellar.start();
    soon("it is a neighbor still after a restart", || sees(&cellar, "attic"));
    drop(other.troubles());
}
