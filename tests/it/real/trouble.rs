//! A client that does not answer is unknown, never empty, and its user is told.

use std::time::Duration;

use serde_json::Value;

use crate::support::{
    BeaconProcess, COLLECTION, FetchWatcher, PASSWORD, QbtVersion, RealQbittorrent, TestTorrent, World, share,
    throughout, until,
};

const NOTICE_TIME_MAX: Duration = Duration::from_secs(20);
const SPREAD_TIME_MAX: Duration = Duration::from_mins(1);
/// Many polls and plans long, so that a mistake would have its effect, and shorter than the repair delay: who serves
/// nobody for longer than that is replaced like one that is away.
const DOWN_TIME: Duration = Duration::from_secs(12);
const REPAIR_DELAY: &str = "30s";

fn client_state_is(beacon: &BeaconProcess, state: &str) -> Result<Value, String> {
    let status = beacon.status()?;
    if status["client"]["state"] == state { Ok(status) } else { Err(status["client"].to_string()) }
}

#[test]
fn copies_of_a_client_that_is_down_stay_until_it_is_back() {
    let world = World::new();
    let torrents = [TestTorrent::single("letters.zip", 100_000, 1), TestTorrent::single("maps.zip", 200_000, 2)];
    let names = ["attic", "barn", "cellar"];
    let start = |name| RealQbittorrent::start(QbtVersion::Bookworm452, &world.dir().join(format!("{name}-client")));
    let mut clients: Vec<RealQbittorrent> = names.into_iter().map(start).collect();
    for (client, name) in clients.iter().zip(names).take(2) {
        for torrent in &torrents {
            let dir = world.dir().join(format!("{name}-library"));
            torrent.write_data(&dir);
            client.api().add_by_hand(torrent, &dir, "", "");
        }
    }
    let beacon = |(name, client): (&str, &RealQbittorrent)| BeaconProcess::new(world.dir(), name, &client.config());
    let mut beacons: Vec<BeaconProcess> = names.into_iter().zip(&clients).map(beacon).collect();
    let (first, rest) = beacons.split_at_mut(1);
    for beacon in rest {
        beacon.points_at(&first[0]);
    }
    for beacon in &mut beacons {
        beacon.config["timing"]["repair_delay"] = REPAIR_DELAY.into();
    }
    share(&beacons.iter().collect::<Vec<_>>(), 2, &torrents);
    let watcher = FetchWatcher::start(vec![clients[2].api().clone()]);
    // The third starts last: before it knows of both holders it might fetch with good reason.
    beacons[..2].iter_mut().for_each(BeaconProcess::start);
    until("two copies are counted", SPREAD_TIME_MAX, || beacons[0].counts(COLLECTION, |_| 2));
    beacons[2].start();
    until("all count two copies", SPREAD_TIME_MAX, || beacons[2].counts(COLLECTION, |_| 2));

    clients[1].kill9();
    let status = until("the trouble is shown", NOTICE_TIME_MAX, || client_state_is(&beacons[1], "trouble"));
    assert!(
        status["client"]["problem"].as_str().is_some_and(|problem| problem.contains("cannot be reached")),
        "{status}"
    );
    assert_ne!(status["notices"], Value::Array(Vec::new()), "the user is told");
    throughout("its copies still count, and nobody fetches", DOWN_TIME, || {
        beacons[0].counts(COLLECTION, |_| 2)?;
        beacons[1].counts(COLLECTION, |_| 2)?;
        beacons[2].counts(COLLECTION, |_| 2)
    });
    assert!(watcher.seen().is_empty(), "the third fetched {:?}", watcher.seen());

    clients[1].start_again();
    until("the client is found again", SPREAD_TIME_MAX, || client_state_is(&beacons[1], "ready"));
    until("all count two copies still", SPREAD_TIME_MAX, || beacons[1].counts(COLLECTION, |_| 2));
}

#[test]
fn a_wrong_password_is_said_and_does_not_get_the_beacon_banned() {
    for (version, name) in [(QbtVersion::Bookworm452, "old"), (QbtVersion::Trixie510, "new")] {
        let world = World::new();
        let client = RealQbittorrent::start_with_password(version, &world.dir().join(name));
        let mut attic = BeaconProcess::new(world.dir(), "attic", &client.config());
        share(&[&attic], 1, &[TestTorrent::single("letters.zip", 1_000, 1)]);
        attic.config["client"]["username"] = "admin".into();
        attic.config["client"]["password"] = "wrong".into();
        attic.start();
        let refused = |beacon: &BeaconProcess| {
            let status = client_state_is(beacon, "trouble")?;
            match status["client"]["problem"].as_str() {
                Some(problem) if problem.contains("refused") => Ok(()),
                problem => Err(format!("the problem is said to be {problem:?}")),
            }
        };
        until("the refusal is shown", NOTICE_TIME_MAX, || refused(&attic));
        // Twelve polls; qBittorrent bans an address after five failed logins.
        throughout("it is not banned", DOWN_TIME, || refused(&attic));

        attic.terminate();
        attic.config["client"]["password"] = PASSWORD.into();
        attic.start();
        until("with the right password it is let in", NOTICE_TIME_MAX, || client_state_is(&attic, "ready"));
    }
}
