//! How the embedded client behaves, with real sockets and files.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use sha1::{Digest as _, Sha1};
use tokio::time::{Instant, sleep};

use super::{Embedded, EmbeddedSettings, SpeedLimits};
use crate::{
    client::{AddOutcome, AddRequest, AddSource, CommandError, Owner, Removed, TorrentClient as _},
    metainfo::Metainfo,
    model::{ClientChange, ContentState, Holding, InfoHash},
};

const PIECE: usize = 16 << 10;
const PATIENCE: Duration = Duration::from_mins(1);

/// A client with a directory of its own, and what it last told.
struct Bench {
    client: Embedded,
    dir: PathBuf,
    held: Vec<Holding>,
}

/// A torrent of three files, one of them empty and one below a directory.
struct Sample {
    bytes: Vec<u8>,
    hash: InfoHash,
    files: Vec<(&'static str, Vec<u8>)>,
}

impl Sample {
    fn new(seed: u8) -> Self {
        let noise = |length: usize, salt: u8| {
            let mut block = Sha1::digest([seed, salt]).to_vec();
            while block.len() < length {
                block.extend_from_within(..);
                let next = Sha1::digest(&block);
                block.extend_from_slice(&next);
            }
            block.truncate(length);
            block
        };
        let files =
            vec![("a.bin", noise(5 * PIECE + 77, 1)), ("deep/b.bin", noise(3 * PIECE, 2)), ("empty", Vec::new())];
        let all: Vec<u8> = files.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        let pieces: Vec<u8> = all.chunks(PIECE).flat_map(|piece| Sha1::digest(piece).to_vec()).collect();
        let mut bytes = b"d4:infod5:filesl".to_vec();
        for (path, content) in &files {
            bytes.extend(format!("d6:lengthi{}e4:pathl", content.len()).bytes());
            for part in path.split('/') {
                bytes.extend(format!("{}:{part}", part.len()).bytes());
            }
            bytes.extend(b"ee");
        }
        bytes.extend(format!("e4:name6:sample12:piece lengthi{PIECE}e6:pieces{}:", pieces.len()).bytes());
        bytes.extend(pieces);
        bytes.extend(b"ee");
        let hash = Metainfo::read(&bytes).expect("a torrent").info_hash();
        Self { bytes, hash, files }
    }

    fn write(&self, dir: &Path) {
        for (path, content) in &self.files {
            let path = dir.join("sample").join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            fs::write(path, content).expect("written");
        }
    }

    fn is_whole(&self, dir: &Path) -> bool {
        self.files
            .iter()
            .all(|(path, content)| fs::read(dir.join("sample").join(path)).is_ok_and(|found| found == *content))
    }

    fn request(&self, dir: &Path, peers: Vec<SocketAddr>) -> AddRequest {
        AddRequest {
            info_hash: self.hash,
            owner: Owner::Beacon,
            source: AddSource::Metainfo(self.bytes.clone().into()),
            save_dir: dir.to_owned(),
            collections: Vec::new(),
            peers,
        }
    }
}

impl Bench {
    async fn start(dir: &Path) -> Self {
        let settings = EmbeddedSettings {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            state_dir: dir.join("state"),
            tracker: None,
            dht: false,
            limits: SpeedLimits::default(),
        };
        let client = Embedded::start(&settings, 1).await.expect("starts");
        Self { client, dir: dir.to_owned(), held: Vec::new() }
    }

    async fn address(&mut self) -> SocketAddr {
        let port = self.client.info().await.expect("told").listen_port.expect("a port");
        SocketAddr::from((Ipv4Addr::LOCALHOST, port))
    }

    async fn poll(&mut self) -> &[Holding] {
        match self.client.poll().await.expect("told") {
            ClientChange::Full(all) => self.held = all,
            ClientChange::Delta { changed, removed } => {
                let is_new = |held: &Holding| changed.iter().all(|holding| holding.hashes != held.hashes);
                self.held.retain(|held| is_new(held) && !removed.contains(&held.hashes));
                self.held.extend(changed);
            }
        }
        &self.held
    }

    /// Polls until the only torrent is in this state.
    async fn wait_for(&mut self, content: ContentState) -> Holding {
        let begun = Instant::now();
        loop {
            if let [holding] = self.poll().await
                && holding.content == content
            {
                return holding.clone();
            }
            assert!(begun.elapsed() < PATIENCE, "never {content:?}: {:?}", self.held);
            sleep(Duration::from_millis(50)).await;
        }
    }

    fn data(&self) -> PathBuf {
        self.dir.join("data")
    }
}

/// A client that shares a sample, and the place of everything.
async fn sharing(sample: &Sample) -> (Bench, tempfile::TempDir) {
    let dir = tempfile::tempdir().expect("a directory");
    sample.write(&dir.path().join("mine"));
    let mut bench = Bench::start(dir.path()).await;
    let request = AddRequest { owner: Owner::User, ..sample.request(&dir.path().join("mine"), Vec::new()) };
    assert_eq!(bench.client.add(&request).await, Ok(AddOutcome::Added));
    bench.wait_for(ContentState::Serving).await;
    (bench, dir)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torrent_is_fetched_from_who_shares_it_and_found_after_a_restart() {
    let sample = Sample::new(1);
    let (mut source, _place) = sharing(&sample).await;
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    let request = sample.request(&bench.data(), vec![source.address().await]);
    assert_eq!(bench.client.add(&request).await, Ok(AddOutcome::Added));
    assert_eq!(bench.client.add(&request).await, Ok(AddOutcome::Added), "asked twice");
    let holding = bench.wait_for(ContentState::Serving).await;
    assert!(sample.is_whole(&bench.data()));
    assert!(holding.marked);
    assert_eq!(Some(holding.done), holding.size);

    drop((bench, source));
    let mut bench = Bench::start(dir.path()).await;
    let [holding] = bench.poll().await else { panic!("one torrent") };
    assert_eq!(holding.content, ContentState::Serving, "at once, without another look at the data");
    assert_eq!(bench.client.metainfo(&sample.hash).await, Ok(Some(sample.bytes.clone())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sleeping_torrent_serves_who_knocks() {
    let sample = Sample::new(2);
    let (source, place) = sharing(&sample).await;
    drop(source);
    // After the restart it is complete, and so not even in the engine.
    let mut source = Bench::start(place.path()).await;
    source.poll().await;
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    bench.client.add(&sample.request(&bench.data(), vec![source.address().await])).await.expect("added");
    bench.wait_for(ContentState::Serving).await;
    assert!(sample.is_whole(&bench.data()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_users_files_are_never_written_even_where_they_are_wrong() {
    let sample = Sample::new(12);
    let (mut source, _place) = sharing(&sample).await;
    let dir = tempfile::tempdir().expect("a directory");
    sample.write(&dir.path().join("mine"));
    let changed = dir.path().join("mine/sample/deep/b.bin");
    let mut letter = sample.files[1].1.clone();
    letter[..8].copy_from_slice(b"my notes");
    fs::write(&changed, &letter).expect("written");
    let mut bench = Bench::start(dir.path()).await;
    let peers = vec![source.address().await];
    let request = AddRequest { owner: Owner::User, ..sample.request(&dir.path().join("mine"), peers) };
    bench.client.add(&request).await.expect("added");
    bench.wait_for(ContentState::Broken).await;
    sleep(Duration::from_millis(500)).await;
    assert_eq!(fs::read(&changed).expect("read"), letter);
    let warnings = bench.client.info().await.expect("told").warnings;
    assert!(warnings[0].contains("not what the torrent says"), "{warnings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_torrent_rests_and_is_started_again() {
    let sample = Sample::new(3);
    let (mut source, _place) = sharing(&sample).await;
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    bench.client.add(&sample.request(&bench.data(), vec![source.address().await])).await.expect("added");
    bench.wait_for(ContentState::Serving).await;
    bench.client.stop(&sample.hash).await.expect("stopped");
    bench.wait_for(ContentState::Resting).await;
    drop(bench);
    let mut bench = Bench::start(dir.path()).await;
    bench.wait_for(ContentState::Resting).await;
    bench.client.start(&sample.hash).await.expect("started");
    bench.wait_for(ContentState::Serving).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_beacon_added_is_removed_with_its_files_and_nothing_else() {
    let sample = Sample::new(4);
    let (mut source, place) = sharing(&sample).await;
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    bench.client.add(&sample.request(&bench.data(), vec![source.address().await])).await.expect("added");
    bench.wait_for(ContentState::Serving).await;
    fs::write(bench.data().join("sample/deep/note.txt"), "mine").expect("written");

    assert_eq!(bench.client.remove(&sample.hash).await, Ok(Removed::WithFiles));
    assert!(bench.poll().await.is_empty());
    assert!(!bench.data().join("sample/a.bin").exists() && !bench.data().join("sample/deep/b.bin").exists());
    assert!(bench.data().join("sample/deep/note.txt").exists(), "what is not the torrent's stays");
    assert_eq!(bench.client.remove(&sample.hash).await, Err(CommandError::NoSuchTorrent(sample.hash)));

    assert_eq!(source.client.remove(&sample.hash).await, Err(CommandError::NotOurs(sample.hash)));
    assert!(sample.is_whole(&place.path().join("mine")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_was_cut_off_is_brought_to_its_end() {
    let sample = Sample::new(5);
    let (mut source, _place) = sharing(&sample).await;
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    bench.client.add(&sample.request(&bench.data(), vec![source.address().await])).await.expect("added");
    bench.wait_for(ContentState::Serving).await;
    drop(bench);
    let record = dir.path().join(format!("state/torrents/{}.json", sample.hash));
    let text = fs::read_to_string(&record).expect("read").replace("\"work\"", "\"leave\"");
    fs::write(&record, text).expect("written");
    fs::remove_file(dir.path().join("data/sample/a.bin")).expect("some of it is gone already");

    let mut bench = Bench::start(dir.path()).await;
    assert!(bench.poll().await.is_empty());
    assert!(!bench.data().exists() && !record.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_files_are_told_and_never_fetched_over() {
    let sample = Sample::new(6);
    let (bench, place) = sharing(&sample).await;
    drop(bench);
    fs::rename(place.path().join("mine"), place.path().join("unmounted")).expect("moved");
    let mut bench = Bench::start(place.path()).await;
    bench.wait_for(ContentState::Broken).await;
    let woken = bench.client.engine.wake(&sample.hash.truncated()).await;
    assert!(woken.is_err_and(|reason| reason.contains("a.bin")), "it cannot be served either");
    assert!(!place.path().join("mine").exists(), "nothing was made in its place");
    let warnings = bench.client.info().await.expect("told").warnings;
    assert!(matches!(&warnings[..], [warning] if warning.contains("a.bin")), "{warnings:?}");

    fs::rename(place.path().join("unmounted"), place.path().join("mine")).expect("moved back");
    bench.client.engine.hasten();
    bench.wait_for(ContentState::Serving).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_is_told_and_tried_again() {
    let sample = Sample::new(13);
    let (mut source, _place) = sharing(&sample).await;
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    fs::write(bench.data(), "a file where a directory should be").expect("written");
    bench.client.add(&sample.request(&bench.data(), vec![source.address().await])).await.expect("taken");
    bench.wait_for(ContentState::Broken).await;
    let warnings = bench.client.info().await.expect("told").warnings;
    assert!(warnings[0].contains("sample") && warnings[0].contains("tried again"), "{warnings:?}");
    assert!(matches!(bench.client.remove(&sample.hash).await, Err(CommandError::NotNow { .. })));

    fs::remove_file(bench.data()).expect("removed");
    bench.client.engine.hasten();
    bench.wait_for(ContentState::Serving).await;
    assert!(sample.is_whole(&bench.data()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_noted_is_not_fetched_again() {
    let sample = Sample::new(7);
    let (mut source, _place) = sharing(&sample).await;
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    // Nobody is there to fetch from; four pieces came before, and the beacon was killed.
    bench.client.add(&sample.request(&bench.data(), Vec::new())).await.expect("added");
    bench.wait_for(ContentState::Fetching).await;
    drop(bench);
    fs::create_dir_all(dir.path().join("data/sample")).expect("made");
    fs::write(dir.path().join("data/sample/a.bin"), &sample.files[0].1[..4 * PIECE]).expect("written");
    fs::write(dir.path().join(format!("state/torrents/{}.pieces", sample.hash)), [0xf0]).expect("written");

    let mut bench = Bench::start(dir.path()).await;
    let begun = Instant::now();
    while bench.poll().await.first().is_none_or(|holding| holding.done != 4 * PIECE as u64) {
        assert!(begun.elapsed() < PATIENCE, "{:?}", bench.held);
        sleep(Duration::from_millis(50)).await;
    }
    let address = source.address().await;
    bench.client.add_peers(&sample.hash, &[address]).await.expect("told");
    bench.client.stop(&sample.hash).await.expect("stopped");
    bench.client.engine.unload(&sample.hash.truncated()).await;
    bench.client.start(&sample.hash).await.expect("started");
    bench.wait_for(ContentState::Serving).await;
    assert!(sample.is_whole(&bench.data()));
    let fetched = source.client.engine.session.stats_snapshot().counters.uploaded_bytes;
    assert_eq!(fetched, 8 * PIECE as u64 + 77 - 4 * PIECE as u64, "and not more than was missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_noted_and_is_wrong_is_found_before_anybody_is_told_of_a_copy() {
    let sample = Sample::new(14);
    let (mut source, _place) = sharing(&sample).await;
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    bench.client.add(&sample.request(&bench.data(), Vec::new())).await.expect("added");
    bench.wait_for(ContentState::Fetching).await;
    drop(bench);
    // The disk has lost what was written, though not how long it was.
    fs::create_dir_all(dir.path().join("data/sample")).expect("made");
    fs::write(dir.path().join("data/sample/a.bin"), vec![0; 4 * PIECE]).expect("written");
    fs::write(dir.path().join(format!("state/torrents/{}.pieces", sample.hash)), [0xf0]).expect("written");
    let mut bench = Bench::start(dir.path()).await;
    let address = source.address().await;
    bench.client.add_peers(&sample.hash, &[address]).await.expect("told");
    bench.wait_for(ContentState::Serving).await;
    assert!(sample.is_whole(&bench.data()));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_go_while_it_is_served_are_missed() {
    let sample = Sample::new(15);
    let (mut bench, place) = sharing(&sample).await;
    fs::remove_file(place.path().join("mine/sample/a.bin")).expect("removed");
    bench.client.engine.hasten();
    bench.wait_for(ContentState::Broken).await;
    sample.write(&place.path().join("mine"));
    bench.client.engine.hasten();
    bench.wait_for(ContentState::Serving).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_metainfo_a_torrent_is_told_as_broken() {
    let sample = Sample::new(16);
    let (bench, place) = sharing(&sample).await;
    drop(bench);
    fs::remove_file(place.path().join(format!("state/torrents/{}.torrent", sample.hash))).expect("removed");
    let mut bench = Bench::start(place.path()).await;
    bench.wait_for(ContentState::Broken).await;
    let warnings = bench.client.info().await.expect("told").warnings;
    assert!(warnings[0].contains(".torrent"), "{warnings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_magnet_finds_its_torrent_at_a_holder() {
    let sample = Sample::new(8);
    let (mut source, _place) = sharing(&sample).await;
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    let request = AddRequest {
        source: AddSource::Magnet(format!("magnet:?xt=urn:btih:{}", sample.hash)),
        ..sample.request(&bench.data(), vec![source.address().await])
    };
    assert_eq!(bench.client.add(&request).await, Ok(AddOutcome::Added));
    assert_eq!(bench.client.metainfo(&sample.hash).await, Ok(None), "not yet known");
    bench.wait_for(ContentState::Serving).await;
    assert!(sample.is_whole(&bench.data()));
}

#[tokio::test(flavor = "multi_thread")]
async fn v2_only_and_foreign_torrents_are_refused_with_the_reason() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    let sample = Sample::new(9);
    let other = AddRequest { info_hash: InfoHash::V1([9; 20]), ..sample.request(&bench.data(), Vec::new()) };
    assert!(matches!(bench.client.add(&other).await, Err(CommandError::Rejected { .. })));
    let hash = InfoHash::V2([7; 32]);
    let link = AddSource::Magnet(format!("magnet:?xt=urn:btmh:1220{hash}"));
    let v2 = AddRequest { info_hash: hash, source: link, ..sample.request(&bench.data(), Vec::new()) };
    let refusal = bench.client.add(&v2).await.expect_err("refused").to_string();
    assert!(refusal.contains("v2") && refusal.contains("qBittorrent"), "{refusal}");
    assert!(bench.poll().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_named() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    let settings = EmbeddedSettings {
        listen: bench.address().await,
        state_dir: dir.path().join("other"),
        tracker: None,
        dht: false,
        limits: SpeedLimits::default(),
    };
    let error = Embedded::start(&settings, 1).await.expect_err("taken").to_string();
    assert!(error.contains("client.listen") && error.contains("127.0.0.1"), "{error}");
}
