//! What the user does in the client goes first.

use std::{fs, path::PathBuf, time::Duration};

use crate::support::{
    BeaconProcess, COLLECTION, FetchWatcher, QbtVersion, RealQbittorrent, TestTorrent, World, share, throughout, until,
};

const SPREAD_TIME_MAX: Duration = Duration::from_mins(1);
const SETTLED_TIME: Duration = Duration::from_secs(8);

#[test]
fn a_users_own_download_is_helped_and_stays_theirs_and_what_they_take_out_goes_elsewhere() {
    let world = World::new();
    let begun = TestTorrent::single("begun.bin", 1_000_000, 1);
    let other = TestTorrent::single("other.bin", 100_000, 2);
    let start = |name: &str| RealQbittorrent::start(QbtVersion::Bookworm452, &world.dir().join(name));
    let clients = ["attic-client", "barn-client", "cellar-client"].map(start);
    let library = world.dir().join("library");
    for torrent in [&begun, &other] {
        torrent.write_data(&library);
        clients[0].api().add_by_hand(torrent, &library, "", "");
    }
    // The second user has half of it already and waits for the rest, with nobody to get it from.
    let downloads = world.dir().join("downloads");
    begun.write_data(&downloads);
    let half = fs::read(downloads.join("begun.bin")).expect("written")[..500_000].to_vec();
    fs::write(downloads.join("begun.bin"), [half, vec![0; 500_000]].concat()).expect("a data file");
    clients[1].api().add_by_hand(&begun, &downloads, "films", "mine");

    let names = ["attic", "barn", "cellar"];
    let beacon = |(name, client): (&str, &RealQbittorrent)| BeaconProcess::new(world.dir(), name, &client.config());
    let mut beacons: Vec<BeaconProcess> = names.into_iter().zip(&clients).map(beacon).collect();
    let (first, rest) = beacons.split_at_mut(1);
    for beacon in rest {
        beacon.points_at(&first[0]);
    }
    share(&beacons.iter().collect::<Vec<_>>(), 2, &[begun.clone(), other.clone()]);
    let watcher = FetchWatcher::start(clients.iter().map(|client| client.api().clone()).collect());
    beacons.iter_mut().for_each(BeaconProcess::start);
    until("both have two copies", SPREAD_TIME_MAX, || beacons[0].counts(COLLECTION, |_| 2));

    assert_eq!(watcher.ever_had(&begun.info_hash), [0, 1].into(), "nobody else fetched what a user was fetching");
    begun.assert_data(&downloads);
    let entry = clients[1].api().torrent(&begun).expect("the user's torrent");
    assert_eq!((&entry["category"], &entry["tags"]), (&"films".into(), &"mine".into()));
    assert_eq!(entry["save_path"].as_str().map(PathBuf::from), Some(downloads));
    assert_eq!(beacons[1].torrent(COLLECTION, &begun).expect("listed")["here"], "pinned");

    let fetcher = if watcher.ever_had(&other.info_hash).contains(&1) { 1 } else { 2 };
    clients[fetcher].api().delete_by_hand(&other);
    until("another member has fetched it", SPREAD_TIME_MAX, || {
        let holders =
            [1, 2].map(|place| clients[place].api().complete().is_ok_and(|all| all.contains(&other.info_hash)));
        if holders[2 - fetcher] && !holders[fetcher - 1] { Ok(()) } else { Err(format!("{holders:?}")) }
    });
    throughout("the user's client is left without it", SETTLED_TIME, || {
        if clients[fetcher].api().hashes()?.contains(&other.info_hash) { Err("it is back".to_owned()) } else { Ok(()) }
    });
}
