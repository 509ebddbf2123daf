//! The promise of the whole: the right number of copies, no fetch too many, and repair when someone is lost.

use std::{collections::BTreeSet, time::Duration};

use serde_json::Value;

use crate::support::{
    BeaconProcess, COLLECTION, FetchWatcher, QbtVersion, RealQbittorrent, TestTorrent, World, share, throughout, until,
};

/// What the project promises for a first spread.
const SPREAD_TIME_MAX: Duration = Duration::from_mins(2);
const REPAIR_TIME_MAX: Duration = Duration::from_mins(1);
/// How long it is watched that nothing more happens: several rounds of every timer.
const SETTLED_TIME: Duration = Duration::from_secs(10);

/// Where each beacon stands in the lists.
const FIRST: usize = 0;

struct Group {
    torrents: Vec<TestTorrent>,
    /// Something of the user's that no collection lists.
    own: TestTorrent,
    clients: Vec<RealQbittorrent>,
    beacons: Vec<BeaconProcess>,
    watcher: FetchWatcher,
    _world: World,
}

#[test]
fn two_copies_each_then_repair_then_return() {
    let mut group = Group::start();
    let own_before: Vec<Value> = group.own_torrents();

    until("every torrent has two copies", SPREAD_TIME_MAX, || {
        group.never_more_than(2).expect("no third fetch");
        group.copies_are(&[0, 1, 2], |_| 2)
    });
    throughout("nothing more is fetched", SETTLED_TIME, || {
        group.never_more_than(2)?;
        group.copies_are(&[0, 1, 2], |_| 2)
    });
    group.assert_data_is_identical();

    let (lost, survivor) = if group.held_by(1).is_empty() { (2, 1) } else { (1, 2) };
    let lost_torrents = group.held_by(lost);
    let survivor_torrents = group.held_by(survivor);
    group.beacons[lost].kill9();
    group.clients[lost].kill9();
    until("the lost copies are made again", REPAIR_TIME_MAX, || group.copies_are(&[FIRST, survivor], |_| 2));
    let all: BTreeSet<String> = group.torrents.iter().map(|torrent| torrent.info_hash.clone()).collect();
    assert_eq!(group.held_by(survivor), all, "only the survivor could make them");
    assert!(survivor_torrents.is_disjoint(&lost_torrents), "the torrents were spread without overlap");

    let seen = group.watcher.seen();
    group.clients[lost].start_again();
    group.beacons[lost].start();
    let copies = |hash: &str| if lost_torrents.contains(hash) { 3 } else { 2 };
    until("the copies of who came back count again", REPAIR_TIME_MAX, || group.copies_are(&[0, 1, 2], copies));
    throughout("nothing is fetched and nothing deleted", SETTLED_TIME, || group.copies_are(&[0, 1, 2], copies));
    assert_eq!(group.watcher.seen(), seen, "a fetch began though no copy was lacking");
    assert_eq!(group.held_by(lost), lost_torrents);
    assert_eq!(group.held_by(survivor), all);
    let over = group.beacons[FIRST].status().expect("a status")["collections"][0]["over"].clone();
    assert_eq!(over, lost_torrents.len(), "surplus is shown");
    group.assert_data_is_identical();

    assert_eq!(group.own_torrents(), own_before, "the user's own torrent is as it was");
}

impl Group {
    /// Three beacons in a chain, each beside its own client; only the first client has anything of the collection.
    fn start() -> Self {
        let world = World::new();
        let torrents = six_torrents();
        let own = TestTorrent::single("holiday.mkv", 200_000, 99);
        let versions = [QbtVersion::Bookworm452, QbtVersion::Trixie510, QbtVersion::Bookworm452];
        let names = ["attic", "barn", "cellar"];
        let client = |(version, name)| RealQbittorrent::start(version, &world.dir().join(format!("{name}-client")));
        let clients: Vec<RealQbittorrent> = versions.into_iter().zip(names).map(client).collect();
        for (client, name) in clients.iter().zip(names) {
            let dir = world.dir().join(format!("{name}-own"));
            own.write_data(&dir);
            client.api().add_by_hand(&own, &dir, "films", "mine");
        }
        for (index, torrent) in torrents.iter().enumerate() {
            let dir = world.dir().join(format!("library/{index}"));
            torrent.write_data(&dir);
            clients[FIRST].api().add_by_hand(torrent, &dir, "", "");
        }
        let expected = [torrents.len() + 1, 1, 1];
        until("the clients have checked what is theirs", Duration::from_mins(1), || {
            for (client, expected) in clients.iter().zip(expected) {
                let complete = client.api().complete()?.len();
                if complete != expected {
                    return Err(format!("{complete} of {expected} are complete"));
                }
            }
            Ok(())
        });

        let beacon = |(name, client): (&str, &RealQbittorrent)| BeaconProcess::new(world.dir(), name, &client.config());
        let mut beacons: Vec<BeaconProcess> = names.into_iter().zip(&clients).map(beacon).collect();
        for beacon in &mut beacons {
            // What is too much after a return is another test's.
            beacon.config["timing"]["reclaim_delay"] = "1h".into();
        }
        for index in 1..beacons.len() {
            let (before, after) = beacons.split_at_mut(index);
            after[0].points_at(&before[index - 1]);
        }
        share(&beacons.iter().collect::<Vec<_>>(), 2, &torrents);
        let watcher = FetchWatcher::start(clients.iter().map(|client| client.api().clone()).collect());
        beacons.iter_mut().for_each(BeaconProcess::start);
        Self { torrents, own, clients, beacons, watcher, _world: world }
    }

    /// `Ok` when the named beacons and their clients agree that each torrent has so many copies.
    fn copies_are(&self, running: &[usize], copies: impl Fn(&str) -> u64) -> Result<(), String> {
        for index in running {
            self.beacons[*index].counts(COLLECTION, &copies)?;
        }
        let complete: Vec<BTreeSet<String>> =
            running.iter().map(|index| self.clients[*index].api().complete()).collect::<Result<_, _>>()?;
        for torrent in &self.torrents {
            let hash = &torrent.info_hash;
            let found = complete.iter().filter(|complete| complete.contains(hash)).count();
            if found as u64 != copies(hash) {
                return Err(format!("{} is complete in {found} clients, expected {}", torrent.name, copies(hash)));
            }
        }
        Ok(())
    }

    /// `Ok` while no torrent was ever in more clients than that.
    fn never_more_than(&self, clients: usize) -> Result<(), String> {
        for torrent in &self.torrents {
            let had = self.watcher.ever_had(&torrent.info_hash);
            if had.len() > clients {
                return Err(format!("{} was fetched by {had:?}", torrent.name));
            }
        }
        Ok(())
    }

    /// The collection's torrents that are complete at one client.
    fn held_by(&self, index: usize) -> BTreeSet<String> {
        let complete = self.clients[index].api().complete().expect("a client that answers");
        complete.into_iter().filter(|hash| *hash != self.own.info_hash).collect()
    }

    /// Every copy that a beacon made lies in its own directory and has the bytes of the original.
    fn assert_data_is_identical(&self) {
        for (client, beacon) in self.clients.iter().zip(&self.beacons).skip(1) {
            for torrent in &self.torrents {
                let Ok(entry) = client.api().torrent(torrent) else { continue };
                let save_dir = std::path::PathBuf::from(entry["save_path"].as_str().expect("a path"));
                assert!(save_dir.starts_with(beacon.storage_dir()), "{} went to {}", torrent.name, save_dir.display());
                assert_eq!(entry["category"], "beacon");
                torrent.assert_data(&save_dir);
            }
        }
    }

    /// What each client says of the user's own torrent, as far as a beacon could have changed it.
    fn own_torrents(&self) -> Vec<Value> {
        let fields = ["state", "category", "tags", "save_path", "content_path", "auto_tmm", "amount_left", "added_on"];
        let own = |client: &RealQbittorrent| {
            let entry = client.api().torrent(&self.own).expect("the user's torrent");
            fields.iter().map(|field| entry[*field].clone()).collect()
        };
        self.clients.iter().map(own).collect()
    }
}

/// Files and folders, a name that occurs twice, a last piece that is short, an empty file.
fn six_torrents() -> Vec<TestTorrent> {
    vec![
        TestTorrent::single("letters.zip", 1 << 20, 1),
        TestTorrent::single("letters.zip", 300_001, 2),
        TestTorrent::single("Böhme – 1917.pdf", 65_537, 3),
        TestTorrent::folder("photos", &[("1901/a.jpg", 200_000), ("1902/b.jpg", 150_003), ("index.txt", 12)], 4),
        TestTorrent::folder("films", &[("reel 1.mpg", 900_000), ("empty", 0)], 5),
        TestTorrent::single("tiny.txt", 5, 6),
    ]
}
