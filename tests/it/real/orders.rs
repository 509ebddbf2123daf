//! Pinning, unpinning and draining: what the user orders, and what becomes of the files.

use std::{fs, time::Duration};

use serde_json::{Value, json};

use crate::support::{
    BeaconProcess, COLLECTION, QbtVersion, RealQbittorrent, TestTorrent, World, share, throughout, until,
};

const TIME_MAX: Duration = Duration::from_mins(1);
/// How long it is watched that nothing more happens: several rounds of every timer.
const SETTLED_TIME: Duration = Duration::from_secs(8);

/// Three beacons that want two copies of one torrent, which the first one's user has.
struct Group {
    torrent: TestTorrent,
    clients: Vec<RealQbittorrent>,
    beacons: Vec<BeaconProcess>,
    /// Which of the others fetched the second copy, and which did not.
    fetcher: usize,
    other: usize,
    _world: World,
}

#[test]
fn a_surplus_copy_is_stopped_restored_by_a_pin_deleted_and_fetched_again_by_a_pin() {
    let mut group = Group::start("1h");
    let (fetcher, other) = (group.fetcher, group.other);
    let hash = group.torrent.info_hash.clone();
    assert!(group.beacons[other].order(&["pin", &hash[..8]]).expect("pinned").contains("letters is pinned"));
    group.until_state(other, &["uploading", "stalledUP"]);
    group.until_state(fetcher, &["pausedUP", "stoppedUP"]);
    group.until_action(fetcher, "pending", "delete", "stopped, its files are kept");
    assert_eq!(group.beacons[other].torrent(COLLECTION, &group.torrent).expect("listed")["here"], "pinned");
    group.torrent.assert_data(&group.save_dir(fetcher));

    group.beacons[fetcher].order(&["pin", &hash]).expect("pinned");
    group.until_state(fetcher, &["uploading", "stalledUP"]);
    until("three count", TIME_MAX, || group.beacons[0].counts(COLLECTION, |_| 3));
    throughout("nothing that is pinned goes", SETTLED_TIME, || group.beacons[0].counts(COLLECTION, |_| 3));

    group.beacons[fetcher].order(&["unpin", &hash]).expect("unpinned");
    group.until_state(fetcher, &["pausedUP", "stoppedUP"]);
    let save_dir = group.save_dir(fetcher);
    // The order outlives a restart, and so does the decision.
    group.beacons[fetcher].terminate();
    group.beacons[fetcher].config["reclaim"] = json!({ "quarantine": "0s" });
    group.beacons[fetcher].start();
    group.until_gone(fetcher);
    until("the files are gone", TIME_MAX, || {
        if save_dir.join("letters").exists() { Err("they are there".to_owned()) } else { Ok(()) }
    });
    let kept = fs::read(group.beacons[fetcher].data_dir().join(format!("metainfo/{hash}.torrent")));
    assert!(kept.is_ok_and(|kept| !kept.is_empty()), "the .torrent is kept");
    until("two are left", TIME_MAX, || group.beacons[0].counts(COLLECTION, |_| 2));

    group.beacons[fetcher].order(&["pin", &hash]).expect("pinned");
    group.until_state(fetcher, &["uploading", "stalledUP"]);
    group.torrent.assert_data(&group.save_dir(fetcher));
}

#[test]
fn what_is_drained_goes_only_after_others_have_it_and_comes_back_to_work() {
    let group = Group::start("0s");
    let (fetcher, other) = (group.fetcher, group.other);
    let beacon = &group.beacons[fetcher];
    assert_eq!(beacon.order(&["drain", "--status"]).as_deref(), Ok("this beacon is not being drained"));
    beacon.order(&["drain"]).expect("draining");
    until("the copy is gone where it was drained", TIME_MAX, || {
        let has = |place: usize| -> Result<bool, String> {
            Ok(group.clients[place].api().complete()?.contains(&group.torrent.info_hash))
        };
        // The other is asked first: what it lacks then must still be here.
        match (has(other)?, has(fetcher)?) {
            (false, false) => panic!("it was deleted before anybody else had it"),
            (_, true) => Err("it is there".to_owned()),
            (true, false) => Ok(()),
        }
    });
    group.until_gone(fetcher);
    group.torrent.assert_data(&group.save_dir(other));
    let progress = beacon.order(&["drain", "--status"]).expect("a status");
    assert!(progress.starts_with("draining: nothing is here any more"), "{progress}");
    let members = group.beacons[0].status().expect("a status")["members"].clone();
    let draining = members.as_array().expect("members").iter().filter(|member| member["draining"] == true).count();
    assert_eq!(draining, 1, "{members}");

    beacon.order(&["drain", "--stop"]).expect("stays");
    until("everyone knows", TIME_MAX, || match &group.beacons[0].status()?["members"] {
        Value::Array(members) if members.iter().all(|member| member["draining"] == false) => Ok(()),
        members => Err(members.to_string()),
    });
    assert!(beacon.order(&["drain", "--stop"]).is_err_and(|error| error.contains("not being drained")));
}

impl Group {
    /// Waits until two have the torrent.
    fn start(quarantine: &str) -> Self {
        let world = World::new();
        let torrent = TestTorrent::folder("letters", &[("1901/a.txt", 200_000), ("index.txt", 12)], 1);
        let versions = [QbtVersion::Bookworm452, QbtVersion::Trixie510, QbtVersion::Bookworm452];
        let names = ["attic", "barn", "cellar"];
        let client = |(version, name)| RealQbittorrent::start(version, &world.dir().join(format!("{name}-client")));
        let clients: Vec<RealQbittorrent> = versions.into_iter().zip(names).map(client).collect();
        let library = world.dir().join("library");
        torrent.write_data(&library);
        clients[0].api().add_by_hand(&torrent, &library, "", "");
        let beacon = |(name, client): (&str, &RealQbittorrent)| {
            let mut beacon = BeaconProcess::new(world.dir(), name, &client.config());
            beacon.config["reclaim"] = json!({ "quarantine": quarantine });
            beacon
        };
        let mut beacons: Vec<BeaconProcess> = names.into_iter().zip(&clients).map(beacon).collect();
        let (first, rest) = beacons.split_at_mut(1);
        for beacon in rest {
            beacon.points_at(&first[0]);
        }
        share(&beacons.iter().collect::<Vec<_>>(), 2, std::slice::from_ref(&torrent));
        beacons.iter_mut().for_each(BeaconProcess::start);
        until("there are two copies", TIME_MAX, || beacons[0].counts(COLLECTION, |_| 2));
        let has = |place: usize| clients[place].api().complete().is_ok_and(|all| all.contains(&torrent.info_hash));
        let (fetcher, other) = if has(1) { (1, 2) } else { (2, 1) };
        Self { torrent, clients, beacons, fetcher, other, _world: world }
    }

    fn until_state(&self, place: usize, states: &[&str]) {
        until(&format!("the torrent is {states:?} in client {place}"), TIME_MAX, || {
            let entry = self.clients[place].api().torrent(&self.torrent)?;
            let state = entry["state"].as_str().unwrap_or_default();
            if entry["amount_left"] == 0 && states.contains(&state) { Ok(()) } else { Err(state.to_owned()) }
        });
    }

    fn until_gone(&self, place: usize) {
        until(&format!("the torrent is gone from client {place}"), TIME_MAX, || {
            let hashes = self.clients[place].api().hashes()?;
            if hashes.contains(&self.torrent.info_hash) { Err(format!("{hashes:?}")) } else { Ok(()) }
        });
    }

    fn until_action(&self, place: usize, list: &str, kind: &str, reason: &str) {
        until(&format!("{kind} is {list}"), TIME_MAX, || {
            let actions = self.beacons[place].status()?["actions"][list].clone();
            let is_it = |action: &Value| {
                action["kind"] == kind && action["reason"].as_str().is_some_and(|text| text.contains(reason))
            };
            let found = actions.as_array().is_some_and(|actions| actions.iter().any(is_it));
            if found { Ok(()) } else { Err(actions.to_string()) }
        });
    }

    fn save_dir(&self, place: usize) -> std::path::PathBuf {
        let entry = self.clients[place].api().torrent(&self.torrent).expect("the torrent");
        entry["save_path"].as_str().expect("a path").into()
    }
}
