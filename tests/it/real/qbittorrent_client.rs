//! The library's own qBittorrent client beside both qBittorrents.

use std::{net::SocketAddr, path::Path, time::Duration};

use beacon::{
    client::{
        AddOutcome, AddRequest, AddSource, CommandError, Owner, Removed, TorrentClient,
        qbittorrent::{Qbittorrent, QbittorrentSettings},
    },
    model::{ClientChange, ClientProblem, ContentState, Holding, InfoHash},
};
use tokio::runtime::{Builder, Runtime};

use crate::support::{PASSWORD, QbtVersion, RealQbittorrent, TestTorrent, World, until};

const TIME_MAX: Duration = Duration::from_secs(40);
const BOTH: [QbtVersion; 2] = [QbtVersion::Bookworm452, QbtVersion::Trixie510];

/// The client with something to run it on, and all that it has told.
struct Driven {
    runtime: Runtime,
    client: Qbittorrent,
    known: Vec<Holding>,
}

impl Driven {
    fn new(real: &RealQbittorrent, username: &str, password: &str) -> Self {
        let settings = QbittorrentSettings {
            username: username.to_owned(),
            password: password.to_owned(),
            ..QbittorrentSettings::at(text(real, "url"))
        };
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { runtime, client: Qbittorrent::new(settings).expect("usable settings"), known: Vec::new() }
    }

    fn poll(&mut self) -> Result<(), ClientProblem> {
        match self.runtime.block_on(self.client.poll())? {
            ClientChange::Full(all) => self.known = all,
            ClientChange::Delta { changed, removed } => {
                let replaced = |old: &Holding| changed.iter().any(|new| new.hashes == old.hashes);
                self.known.retain(|old| !removed.contains(&old.hashes) && !replaced(old));
                self.known.extend(changed);
            }
        }
        Ok(())
    }

    fn until_content(&mut self, torrent: &TestTorrent, content: ContentState) -> Holding {
        until(&format!("{} is {content:?}", torrent.name), TIME_MAX, || {
            self.poll().map_err(|problem| problem.to_string())?;
            let found = self.known.iter().find(|holding| holding.hashes.contains(&hash(torrent)));
            found.filter(|holding| holding.content == content).cloned().ok_or_else(|| format!("{:?}", self.known))
        })
    }

    fn add(&mut self, torrent: &TestTorrent, dir: &Path, peers: Vec<SocketAddr>) -> Result<AddOutcome, CommandError> {
        let request = AddRequest {
            info_hash: hash(torrent),
            source: AddSource::Metainfo(torrent.metainfo.clone().into()),
            owner: Owner::Beacon,
            save_dir: dir.to_owned(),
            collections: vec!["Town, archive".to_owned()],
            peers,
        };
        self.runtime.block_on(self.client.add(&request))
    }

    fn start(&mut self, torrent: &TestTorrent) {
        self.runtime.block_on(self.client.start(&hash(torrent))).expect("started");
    }

    fn stop(&mut self, torrent: &TestTorrent) {
        self.runtime.block_on(self.client.stop(&hash(torrent))).expect("stopped");
    }

    fn remove(&mut self, torrent: &TestTorrent) -> Result<Removed, CommandError> {
        self.runtime.block_on(self.client.remove(&hash(torrent)))
    }
}

fn text(real: &RealQbittorrent, key: &str) -> String {
    real.config()[key].as_str().expect("a text").to_owned()
}

fn peer_address(real: &RealQbittorrent) -> SocketAddr {
    text(real, "peer_address").parse().expect("an address")
}

fn hash(torrent: &TestTorrent) -> InfoHash {
    torrent.info_hash.parse().expect("an info-hash")
}

fn a_torrent_lives_from_adding_to_removing(ours: QbtVersion, theirs: QbtVersion) {
    let world = World::new();
    let user = RealQbittorrent::start(theirs, &world.dir().join("user"));
    let real = RealQbittorrent::start(ours, &world.dir().join("ours"));
    let torrent = TestTorrent::folder("letters", &[("a.txt", 70_000), ("old/b.txt", 90_000)], 7);
    let library = world.dir().join("library");
    torrent.write_data(&library);
    user.api().add_by_hand(&torrent, &library, "", "");
    // A client that cannot connect to a peer tries it again only after a minute.
    until("the user's client serves it", TIME_MAX, || match user.api().complete()?.len() {
        1 => Ok(()),
        _ => Err("it is being checked".to_owned()),
    });
    let mut driven = Driven::new(&real, "", "");
    driven.poll().expect("an answer");
    assert_eq!(driven.known, []);

    let dir = world.dir().join("storage/letters");
    let peers = vec![peer_address(&user)];
    assert_eq!(driven.add(&torrent, &dir, peers.clone()), Ok(AddOutcome::Added));
    let holding = driven.until_content(&torrent, ContentState::Serving);
    assert_eq!((holding.size, holding.done, holding.marked), (Some(160_000), 160_000, true));
    torrent.assert_data(&dir);
    let seen = real.api().torrent(&torrent).expect("the torrent");
    assert_eq!((&seen["category"], &seen["tags"]), (&"beacon".into(), &"beacon, beacon:Town archive".into()));
    assert_eq!(driven.add(&torrent, &dir, peers), Ok(AddOutcome::Added), "as after a lost answer");

    let exported = driven.runtime.block_on(driven.client.metainfo(&hash(&torrent))).expect("an answer");
    let info = &torrent.metainfo["d".len()..torrent.metainfo.len() - 1];
    assert!(exported.expect("metainfo").windows(info.len()).any(|part| part == info), "`info` is as it was");
    driven.stop(&torrent);
    driven.until_content(&torrent, ContentState::Resting);
    driven.start(&torrent);
    driven.until_content(&torrent, ContentState::Serving);

    assert_eq!(driven.remove(&torrent), Ok(Removed::WithFiles));
    driven.poll().expect("an answer");
    assert_eq!(driven.known, []);
    let gone = || if dir.join("letters").exists() { Err("they are there".to_owned()) } else { Ok(()) };
    until("the files are gone", TIME_MAX, gone);
    let info = driven.runtime.block_on(driven.client.info()).expect("an answer");
    assert_eq!(info.listen_port, Some(peer_address(&real).port()));
}

#[test]
fn a_torrent_lives_from_adding_to_removing_in_4_5() {
    a_torrent_lives_from_adding_to_removing(QbtVersion::Bookworm452, QbtVersion::Trixie510);
}

#[test]
fn a_torrent_lives_from_adding_to_removing_in_5_1() {
    a_torrent_lives_from_adding_to_removing(QbtVersion::Trixie510, QbtVersion::Bookworm452);
}

#[test]
fn what_the_user_added_is_left_alone() {
    for version in BOTH {
        let world = World::new();
        let real = RealQbittorrent::start(version, &world.dir().join("client"));
        let torrent = TestTorrent::single("maps.zip", 50_000, 3);
        torrent.write_data(world.dir());
        real.api().add_by_hand(&torrent, world.dir(), "", "mine");
        let mut driven = Driven::new(&real, "", "");
        assert!(!driven.until_content(&torrent, ContentState::Serving).marked);
        let before = real.api().torrent(&torrent).expect("the torrent");
        let added = driven.add(&torrent, &world.dir().join("storage"), Vec::new());
        assert_eq!(added, Ok(AddOutcome::AlreadyThere), "{version:?}");
        assert_eq!(driven.remove(&torrent), Err(CommandError::NotOurs(hash(&torrent))));
        let after = real.api().torrent(&torrent).expect("the torrent");
        for field in ["tags", "category", "save_path", "state", "magnet_uri", "ratio_limit"] {
            assert_eq!(after[field], before[field], "{field}");
        }
        torrent.assert_data(world.dir());
    }
}

#[test]
fn files_that_another_torrent_shares_stay() {
    for version in BOTH {
        let world = World::new();
        let real = RealQbittorrent::start(version, &world.dir().join("client"));
        let ours = TestTorrent::folder("letters", &[("a.txt", 70_000)], 7);
        let theirs = TestTorrent::single("a.txt", 70_000, 7);
        let dir = world.dir().join("storage");
        ours.write_data(&dir);
        let mut driven = Driven::new(&real, "", "");
        assert_eq!(driven.add(&ours, &dir, Vec::new()), Ok(AddOutcome::Added));
        driven.until_content(&ours, ContentState::Serving);
        real.api().add_by_hand(&theirs, &dir.join("letters"), "", "");
        driven.until_content(&theirs, ContentState::Serving);
        assert_eq!(driven.remove(&ours), Ok(Removed::FilesKept), "{version:?}");
        assert_eq!(real.api().hashes().map(|hashes| hashes.len()), Ok(1));
        ours.assert_data(&dir);
    }
}

#[test]
fn logins_work_and_a_wrong_password_never_bans() {
    for version in BOTH {
        let world = World::new();
        let real = RealQbittorrent::start_with_password(version, &world.dir().join("client"));
        let mut wrong = Driven::new(&real, "admin", "guess");
        for _ in 0..12 {
            assert!(matches!(wrong.poll(), Err(ClientProblem::Refused { .. })), "{version:?}");
        }
        let mut none = Driven::new(&real, "", "");
        assert!(matches!(none.poll(), Err(ClientProblem::Refused { .. })), "{version:?}");
        let mut right = Driven::new(&real, "admin", PASSWORD);
        assert_eq!(right.poll(), Ok(()), "{version:?}");
    }
}

#[test]
fn a_restarted_client_is_known_again() {
    for version in BOTH {
        let world = World::new();
        let mut real = RealQbittorrent::start_with_password(version, &world.dir().join("client"));
        let torrent = TestTorrent::single("maps.zip", 50_000, 3);
        torrent.write_data(world.dir());
        real.api().add_by_hand(&torrent, world.dir(), "", "");
        let mut driven = Driven::new(&real, "admin", PASSWORD);
        driven.until_content(&torrent, ContentState::Serving);
        real.stop();
        assert!(matches!(driven.poll(), Err(ClientProblem::Unreachable { .. })), "{version:?}");
        real.start_again();
        driven.until_content(&torrent, ContentState::Serving);
    }
}
