//! Surplus copies go, and never one too many.

use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
    time::Duration,
};

use beacon::store::LedgerStage;

use crate::support::{
    BeaconProcess, COLLECTION, CopiesWatcher, Dice, FetchWatcher, QbtVersion, RealQbittorrent, TestTorrent, World,
    share, throughout, until,
};

const CHECK_TIME_MAX: Duration = Duration::from_mins(1);
const DONE_TIME_MAX: Duration = Duration::from_mins(1);
const SETTLED_TIME: Duration = Duration::from_secs(10);
const SEED: u64 = 20_261_120;
/// How often the beacon that deletes is killed.
const KILLS: usize = 24;
const TARGET: u64 = 2;

fn clients(world: &World, count: usize) -> Vec<RealQbittorrent> {
    let version = |place: usize| if place.is_multiple_of(2) { QbtVersion::Bookworm452 } else { QbtVersion::Trixie510 };
    (0..count).map(|place| RealQbittorrent::start(version(place), &world.dir().join(format!("q{place}")))).collect()
}

fn beacons(world: &World, clients: &[RealQbittorrent]) -> Vec<BeaconProcess> {
    let name = |place: usize| format!("b{}", place + 1);
    let beacon =
        |(place, client): (usize, &RealQbittorrent)| BeaconProcess::new(world.dir(), &name(place), &client.config());
    let mut beacons: Vec<_> = clients.iter().enumerate().map(beacon).collect();
    for place in 1..beacons.len() {
        let (before, after) = beacons.split_at_mut(place);
        after[0].points_at(&before[place - 1]);
    }
    beacons
}

fn all_complete(clients: &[RealQbittorrent], expected: &[usize]) {
    until("the clients have checked their data", CHECK_TIME_MAX, || {
        for (client, expected) in clients.iter().zip(expected) {
            let complete = client.api().complete()?.len();
            if complete != *expected {
                return Err(format!("{complete} of {expected} are complete"));
            }
        }
        Ok(())
    });
}

#[test]
fn the_worked_example_takes_eight_fetches_and_one_deletion() {
    let world = World::new();
    let names = ["C1F1", "C1F2", "C1F3", "C1F4", "C1F5", "C2F1", "C2F2"];
    let torrents: Vec<TestTorrent> =
        names.iter().zip(1..).map(|(name, seed)| TestTorrent::single(name, 100_000, seed)).collect();
    let held: [&[usize]; 7] = [&[0], &[1], &[0, 2, 3, 4], &[5, 6], &[1, 6], &[0, 1], &[1, 6]];
    let clients = clients(&world, held.len());
    let mut beacons = beacons(&world, &clients);
    for ((beacon, client), held) in beacons.iter().zip(&clients).zip(held) {
        let held: Vec<&TestTorrent> = held.iter().map(|torrent| &torrents[*torrent]).collect();
        beacon.adopt(client.api(), &held);
    }
    all_complete(&clients, &held.map(<[usize]>::len));
    share(&beacons.iter().collect::<Vec<_>>(), 3, &torrents);
    let apis = || clients.iter().map(|client| client.api().clone()).collect::<Vec<_>>();
    let hashes = torrents.iter().map(|torrent| torrent.info_hash.clone()).collect();
    let fetches = FetchWatcher::start(apis());
    let copies = CopiesWatcher::start(apis(), hashes);
    beacons.iter_mut().for_each(BeaconProcess::start);

    let has_three_of_each = || {
        for beacon in &beacons {
            beacon.counts(COLLECTION, |_| 3)?;
        }
        let held: usize =
            clients.iter().map(|client| client.api().hashes().map(|hashes| hashes.len())).sum::<Result<_, _>>()?;
        if held == 21 { Ok(()) } else { Err(format!("{held} copies in all")) }
    };
    until("there are three copies of each", DONE_TIME_MAX, has_three_of_each);
    throughout("nothing more happens", SETTLED_TIME, has_three_of_each);

    let seen = fetches.seen();
    let ever_had: usize = seen.values().map(BTreeSet::len).sum();
    assert_eq!(ever_had, 14 + 8, "eight were fetched, by eight clients, beside the fourteen that were there: {seen:?}");
    assert_eq!(copies.fewest(&torrents[1].info_hash), 3, "of the one with four copies one went");
    for (torrent, at_first) in torrents.iter().zip([3, 4, 1, 1, 1, 1, 3]) {
        assert!(copies.fewest(&torrent.info_hash) >= at_first.min(3), "{} had too few copies", torrent.name);
    }
}

/// One of three holders may delete, one torrent more each time it is started, and is killed somewhere on the way.
#[test]
fn kills_at_any_stage_of_a_deletion_never_leave_too_few_copies_and_it_is_done_in_the_end() {
    let world = World::new();
    let torrents: Vec<TestTorrent> =
        (0..KILLS as u64).map(|seed| TestTorrent::single(&format!("box-{seed}.bin"), 20_000, seed)).collect();
    let clients = clients(&world, 3);
    let mut beacons = beacons(&world, &clients);
    for (place, (beacon, client)) in beacons.iter_mut().zip(&clients).enumerate() {
        beacon.adopt(client.api(), &torrents.iter().collect::<Vec<_>>());
        beacon.config["timing"] = serde_json::json!({
            "heartbeat": "1s", "poll": "1s", "plan": "1s", "repair_delay": "1h", "reclaim_delay": "1s"
        });
        // A beacon that gives little is last in line for everything, and so the one that deletes.
        beacon.config["storage"]["budget"] = if place == 2 { "10 MB" } else { "10 TB" }.into();
        beacon.config["reclaim"] = serde_json::json!({ "quarantine": "1s", "torrents_per_day": 0 });
    }
    all_complete(&clients, &[KILLS; 3]);
    share(&beacons.iter().collect::<Vec<_>>(), TARGET, &torrents);
    let apis = clients.iter().map(|client| client.api().clone()).collect();
    let watcher = CopiesWatcher::start(apis, torrents.iter().map(|torrent| torrent.info_hash.clone()).collect());
    let never_too_few = || {
        let fewest = torrents.iter().map(|torrent| watcher.fewest(&torrent.info_hash)).min();
        if fewest >= Some(2) { Ok(()) } else { Err(format!("{fewest:?} copies of some torrent")) }
    };
    let mut deleter = beacons.pop().expect("three");
    beacons.iter_mut().for_each(BeaconProcess::start);

    let mut dice = Dice::new(SEED);
    let mut stages: BTreeMap<Option<LedgerStage>, usize> = BTreeMap::new();
    for kill in 0..KILLS {
        deleter.config["reclaim"]["torrents_per_day"] = (kill + 1).into();
        deleter.start();
        until("it is about to delete something", DONE_TIME_MAX, || is_reclaiming(&deleter));
        // The moment of the kill is what is tested, so here nothing is waited for.
        thread::sleep(Duration::from_millis(dice.between(0, 3_000)));
        deleter.kill9();
        let leaving = deleter.ledger_stages().into_iter().max().filter(|stage| *stage > LedgerStage::Added);
        *stages.entry(leaving).or_default() += 1;
        never_too_few().expect("enough copies");
    }

    deleter.config["reclaim"]["torrents_per_day"] = 1_000.into();
    deleter.start();
    until("all surplus is gone", DONE_TIME_MAX, || {
        let left = clients[2].api().hashes()?;
        if left.is_empty() { Ok(()) } else { Err(format!("{} are left", left.len())) }
    });
    throughout("nothing more happens", SETTLED_TIME, || {
        deleter.counts(COLLECTION, |_| TARGET)?;
        never_too_few()
    });
    report(&format!(
        "killed {KILLS} times, with what furthest on its way out: {stages:?}; looked {} times",
        watcher.looks()
    ));
    assert!(stages.contains_key(&Some(LedgerStage::Quarantined)), "no kill hit a quarantine: {stages:?}");
    let left = std::fs::read_dir(deleter.storage_dir()).expect("its directory").flat_map(|folder| {
        std::fs::read_dir(folder.expect("a folder").path()).expect("readable").map(|file| file.expect("a file").path())
    });
    assert_eq!(left.count(), 0, "files are left behind");
}

#[expect(clippy::print_stderr, reason = "figures for whoever runs the test by itself")]
fn report(figures: &str) {
    eprintln!("{figures}");
}

/// `Ok` once some torrent is on its way out.
fn is_reclaiming(beacon: &BeaconProcess) -> Result<(), String> {
    let actions = beacon.status()?["actions"].clone();
    let on_its_way = ["pending", "running"]
        .iter()
        .filter_map(|list| actions[*list].as_array())
        .flatten()
        .any(|action| ["reclaim", "quarantine", "delete"].iter().any(|kind| action["kind"] == *kind));
    if on_its_way { Ok(()) } else { Err(format!("nothing is on its way out: {actions}")) }
}
