//! Other people's clients with a beacon's tracker as the only source.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::Path,
    time::Duration,
};

use serde_json::{Value, json};

use crate::support::{
    BeaconProcess, QbtVersion, RealAria2, RealQbittorrent, RealTransmission, TestTorrent, World, machine_address,
    share, until,
};

const FETCH_TIME_MAX: Duration = Duration::from_mins(1);

/// The `client` part of the configuration of a beacon whose client never answers, and what keeps it silent.
fn no_client() -> (TcpListener, Value) {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let url = format!("http://{}", silent.local_addr().expect("bound"));
    (silent, json!({ "type": "qbittorrent", "url": url }))
}

fn counts_are(beacon: &BeaconProcess, torrent: &TestTorrent, what: &str, expected: [u64; 3]) {
    until(what, FETCH_TIME_MAX, || match beacon.scrape(torrent)? {
        counts if counts == expected => Ok(()),
        counts => Err(format!("complete, incomplete and downloaded are {counts:?}, not {expected:?}")),
    });
}

fn has_data(torrent: &TestTorrent, dir: &Path) {
    until(&format!("{} is complete", torrent.name), FETCH_TIME_MAX, || {
        if torrent.has_data(dir) { Ok(()) } else { Err(format!("not in {}", dir.display())) }
    });
}

/// One fetches from the other, through both doors of the tracker. The door decides by which of this machine's addresses a
/// client comes, and is then told to the others: Transmission connects to none of loopback, these qBittorrents to no other.
#[test]
fn clients_of_every_kind_find_each_other_through_it_and_are_counted() {
    let world = World::new();
    let (_silent, config) = no_client();
    let ip = machine_address();
    let mut beacon = BeaconProcess::new(world.dir(), "attic", &config);
    beacon.config["tracker"] = json!({ "listen": format!("{ip}:0") });
    let letters = TestTorrent::single("letters.bin", 3_000_000, 1);
    let maps = TestTorrent::single("maps.bin", 300_000, 2);
    share(&[&beacon], 2, &[letters.clone(), maps.clone()]);
    beacon.start();
    until("the collection is read", FETCH_TIME_MAX, || beacon.scrape(&letters));
    let status = beacon.status().expect("a status");
    let listener = format!("http://{}/announce", status["tracker"]["listen"].as_str().expect("it is open"));
    let at_page = letters.clone().with_tracker(status["tracker"]["announce_url"].as_str().expect("a URL"));
    let at_listener = letters.with_tracker(&listener);
    let dir = |name: &str| world.dir().join(name);
    let count = |what: &str, expected| counts_are(&beacon, &at_page, what, expected);

    at_page.write_data(&dir("first"));
    let first = RealTransmission::start(ip, &dir("first"), &at_listener);
    count("Transmission has it", [1, 0, 0]);
    let second = RealAria2::start(&dir("second"), &at_listener);
    has_data(&at_page, &dir("second"));
    count("aria2 has it from Transmission", [2, 0, 1]);

    // This Transmission never takes leave of trackers, so it is counted until its time has passed.
    drop(first);
    let third = RealAria2::start(&dir("third"), &at_page);
    has_data(&at_page, &dir("third"));
    count("another aria2 has it from aria2", [3, 0, 2]);
    second.stop();
    count("the first aria2 has gone", [2, 0, 2]);

    let fourth = RealQbittorrent::start(QbtVersion::Trixie510, &dir("fourth"));
    fourth.api().add_by_hand(&at_page, &dir("fourth-data"), "", "");
    has_data(&at_page, &dir("fourth-data"));
    count("qBittorrent 5.1 has it from aria2", [3, 0, 3]);
    third.stop();
    count("the second aria2 has gone", [2, 0, 3]);

    let fifth = RealQbittorrent::start(QbtVersion::Bookworm452, &dir("fifth"));
    fifth.api().add_by_hand(&at_page, &dir("fifth-data"), "", "");
    has_data(&at_page, &dir("fifth-data"));
    count("qBittorrent 4.5 has it from qBittorrent 5.1", [3, 0, 4]);

    // For Transmission one IP address is one peer, so it gets a torrent that only one other client has.
    let maps = maps.with_tracker(&listener);
    maps.write_data(&dir("sixth"));
    let _sixth = RealAria2::start(&dir("sixth"), &maps);
    counts_are(&beacon, &maps, "aria2 has it", [1, 0, 0]);
    let _seventh = RealTransmission::start(ip, &dir("seventh"), &maps);
    has_data(&maps, &dir("seventh"));
    counts_are(&beacon, &maps, "Transmission has it from aria2", [2, 0, 1]);
}

#[test]
fn a_client_beside_any_beacon_finds_holders_that_never_announced() {
    let world = World::new();
    let (_silent, no_client) = no_client();
    let holder = RealQbittorrent::start(QbtVersion::Bookworm452, &world.dir().join("holder"));
    let torrent = TestTorrent::single("photos.bin", 1_000_000, 2);
    torrent.write_data(&world.dir().join("library"));
    holder.api().add_by_hand(&torrent, &world.dir().join("library"), "", "");
    let mut attic = BeaconProcess::new(world.dir(), "attic", &holder.config());
    let mut barn = BeaconProcess::new(world.dir(), "barn", &no_client);
    barn.points_at(&attic);
    share(&[&attic, &barn], 1, std::slice::from_ref(&torrent));
    attic.start();
    barn.start();
    for beacon in [&attic, &barn] {
        counts_are(beacon, &torrent, "the holder is known", [1, 0, 0]);
    }

    let status = barn.status().expect("a status");
    assert_eq!(status["tracker"]["listen"], Value::Null);
    let torrent = torrent.with_tracker(status["tracker"]["announce_url"].as_str().expect("a URL"));
    let taken = world.dir().join("taken");
    let fetcher = RealAria2::start(&taken, &torrent);
    has_data(&torrent, &taken);
    counts_are(&barn, &torrent, "both are counted", [2, 0, 1]);
    counts_are(&attic, &torrent, "aria2 announced to the other one only", [1, 0, 0]);
    fetcher.stop();
    counts_are(&barn, &torrent, "aria2 has gone", [1, 0, 1]);
}
