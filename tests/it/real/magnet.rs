//! Any client fetches from the holders with nothing but the link that a beacon gives: no tracker, no DHT, no beacon of its own.

use std::time::Duration;

use crate::support::{BeaconProcess, COLLECTION, QbtVersion, RealQbittorrent, TestTorrent, World, share, until};

const TIME_MAX: Duration = Duration::from_mins(1);
/// A client that loses its first connection tries the same address again after a minute, and then after two.
const FETCH_TIME_MAX: Duration = Duration::from_mins(4);

fn fetches_from_a_magnet_link(version: QbtVersion) {
    let world = World::new();
    let torrents = [
        TestTorrent::folder("Été & letters", &[("1901/a.txt", 200_000), ("index.txt", 12)], 1),
        TestTorrent::single("maps", 70_000, 2),
    ];
    let holder = RealQbittorrent::start(version, &world.dir().join("holder"));
    let stranger = RealQbittorrent::start(version, &world.dir().join("stranger"));
    let library = world.dir().join("library");
    torrents[0].write_data(&library);
    holder.api().add_by_hand(&torrents[0], &library, "", "");
    let mut attic = BeaconProcess::new(world.dir(), "attic", &holder.config());
    attic.config["zone"] = "hill".into();
    // It has no holder itself: what it says is of its neighbor's client.
    let idle = RealQbittorrent::start(version, &world.dir().join("idle"));
    let mut barn = BeaconProcess::new(world.dir(), "barn", &idle.config());
    barn.points_at(&attic);
    barn.config["mode"] = "dry-run".into();
    share(&[&attic, &barn], 1, &torrents);
    attic.start();
    barn.start();
    until("the copy is known", TIME_MAX, || {
        let torrent = barn.torrent(COLLECTION, &torrents[0])?;
        if torrent["copies"] == 1 { Ok(()) } else { Err(torrent.to_string()) }
    });

    let found = barn.order(&["find", "town", "ETE"]).expect("found");
    assert!(found.contains("Été & letters") && found.contains("1 of 1") && !found.contains("maps"), "{found}");
    let who = barn.order(&["who", "letters"]).expect("it is held");
    assert!(who.contains("attic") && who.contains("pinned") && who.contains("hill"), "{who}");
    let none = barn.order(&["find", "photos"]).expect_err("there are none");
    assert!(none.contains("called `photos`"), "{none}");

    let magnet = barn.order(&["magnet", "letters"]).expect("a link");
    assert!(magnet.contains("&x.pe=127.") && !magnet.contains("&tr="), "{magnet}");
    let downloads = world.dir().join("downloads");
    stranger.api().add_magnet(&magnet, &downloads);
    until("the stranger has all of it", FETCH_TIME_MAX, || {
        let entry = stranger.api().torrent(&torrents[0])?;
        let complete = stranger.api().complete()?.contains(&torrents[0].info_hash);
        if complete { Ok(()) } else { Err(entry.to_string()) }
    });
    torrents[0].assert_data(&downloads);

    // The same link says to a beacon what is to be fetched.
    barn.order(&["pin", &magnet]).expect("pinned");
    assert!(barn.order(&["pin", "magnet:?xt=urn:btih:0123456789012345678901234567890123456789"]).is_err());
    assert!(barn.order(&["unpin", "ete"]).expect("it was pinned").contains("is not pinned any more"));
}

#[test]
fn a_link_is_enough_for_version_4_5() {
    fetches_from_a_magnet_link(QbtVersion::Bookworm452);
}

#[test]
fn a_link_is_enough_for_version_5_1() {
    fetches_from_a_magnet_link(QbtVersion::Trixie510);
}
