//! What the page is shown of: three beacons with the client within.

use std::{fs, time::Duration};

use serde_json::{Value, json};

use crate::support::{BeaconProcess, COLLECTION, TestTorrent, World, share, until};

const START_TIME_MAX: Duration = Duration::from_mins(1);
/// Copies wanted of everything.
const TARGET: u64 = 2;

/// A town's archive. Of its torrents there are 3, 2, 1 and no copies, and so it stays: the beacons only watch.
pub(super) struct Town {
    /// Attic, cellar and loft. The page is looked at in the attic.
    pub(super) beacons: Vec<BeaconProcess>,
    /// By how many copies there are: `minutes`, `films`, `maps`, `letters`.
    pub(super) torrents: [TestTorrent; 4],
    _world: World,
}

impl Town {
    /// Starts it, and waits until the attic has counted everything.
    pub(super) fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// The same, after something was changed in the beacons' configurations.
    pub(super) fn start_with(change: impl Fn(&mut BeaconProcess)) -> Self {
        let world = World::new();
        let named = [("minutes", 40_000), ("films", 90_000), ("maps", 60_000), ("letters", 20_000)];
        let torrents = named.map(|(name, bytes)| TestTorrent::single(name, bytes, bytes as u64));
        let mut beacons = Vec::from(["attic", "cellar", "loft"].map(|name| beacon(&world, name)));
        let (attic, others) = beacons.split_first_mut().expect("three");
        for other in others {
            other.points_at(attic);
        }
        beacons.iter_mut().for_each(&change);
        share(&beacons.iter().collect::<Vec<_>>(), TARGET, &torrents);
        beacons.iter_mut().for_each(BeaconProcess::start);
        let town = Self { beacons, torrents, _world: world };
        town.hand_out();
        until("the attic counts 0, 1, 2 and 3 copies", START_TIME_MAX, || {
            town.attic().counts(COLLECTION, |hash| {
                let place = town.torrents.iter().position(|torrent| torrent.info_hash == hash);
                place.expect("it is of the town") as u64
            })
        });
        town
    }

    /// The beacon whose page is looked at.
    pub(super) fn attic(&self) -> &BeaconProcess {
        &self.beacons[0]
    }

    /// Gives each beacon what it has of its own: one torrent to all, one to two, one to the last.
    fn hand_out(&self) {
        for (place, torrent) in self.torrents.iter().enumerate() {
            for beacon in &self.beacons[self.beacons.len() - place..] {
                let dir = beacon.storage_dir().with_file_name("own");
                fs::create_dir_all(&dir).expect("a directory");
                torrent.write_data(&dir);
                let path = format!("/api/v1/torrents/{}/share", torrent.info_hash);
                until("it is shared", START_TIME_MAX, || {
                    beacon.send("POST", &path, &json!({ "path": dir.join(&torrent.name) }))
                });
            }
        }
    }
}

/// A beacon alone, with the town's torrents and nothing of them.
pub(super) struct Lone {
    pub(super) beacon: BeaconProcess,
    pub(super) torrents: Vec<TestTorrent>,
    _world: World,
}

impl Lone {
    /// Starts it with a collection of two torrents, after something was changed in its configuration.
    pub(super) fn start_with(change: impl Fn(&mut BeaconProcess)) -> Self {
        let world = World::new();
        let mut beacon = beacon(&world, "attic");
        change(&mut beacon);
        let torrents = vec![TestTorrent::single("letters", 20_000, 1), TestTorrent::single("maps", 60_000, 2)];
        share(&[&beacon], TARGET, &torrents);
        beacon.start();
        until("the collection is read", START_TIME_MAX, || beacon.torrent(COLLECTION, &torrents[0]));
        Self { beacon, torrents, _world: world }
    }
}

/// One that only watches, with the client within.
pub(super) fn beacon(world: &World, name: &str) -> BeaconProcess {
    let client = json!({ "type": "embedded", "listen": "127.0.0.1:0", "dht": false });
    let mut beacon = BeaconProcess::new(world.dir(), name, &client);
    beacon.config["mode"] = json!("dry-run");
    beacon
}

/// `Ok` when a beacon hears from another one.
pub(super) fn sees(beacon: &BeaconProcess, name: &str) -> Result<(), String> {
    let status = beacon.status()?;
    let alive = |member: &Value| member["name"] == name && member["state"] == "alive";
    let is_there = status["members"].as_array().is_some_and(|members| members.iter().any(alive));
    if is_there { Ok(()) } else { Err(status["members"].to_string()) }
}
