//! A client with a directory of its own, and torrents to put into it.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use sha1::{Digest as _, Sha1};
use tokio::time::{Instant, sleep};

use crate::{
    client::embedded::{Embedded, EmbeddedSettings, SpeedLimits},
    client::{AddOutcome, AddRequest, AddSource, Owner, TorrentClient as _},
    metainfo::Metainfo,
    model::{ClientChange, ContentState, Holding, InfoHash},
};

pub(super) const PIECE: usize = 16 << 10;
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// A client with a directory of its own, and what it last told.
pub(super) struct Bench {
    pub(super) client: Embedded,
    pub(super) dir: PathBuf,
    pub(super) held: Vec<Holding>,
}

/// A torrent of three files, one of them empty and one below a directory.
pub(super) struct Sample {
    pub(super) bytes: Vec<u8>,
    pub(super) hash: InfoHash,
    pub(super) files: Vec<(&'static str, Vec<u8>)>,
}

impl Sample {
    pub(super) fn new(seed: u8) -> Self {
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

    pub(super) fn write(&self, dir: &Path) {
        for (path, content) in &self.files {
            let path = dir.join("sample").join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            fs::write(path, content).expect("written");
        }
    }

    pub(super) fn is_whole(&self, dir: &Path) -> bool {
        self.files
            .iter()
            .all(|(path, content)| fs::read(dir.join("sample").join(path)).is_ok_and(|found| found == *content))
    }

    pub(super) fn request(&self, dir: &Path, peers: Vec<SocketAddr>) -> AddRequest {
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
    pub(super) async fn start(dir: &Path) -> Self {
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

    pub(super) async fn address(&mut self) -> SocketAddr {
        let port = self.client.info().await.expect("told").listen_port.expect("a port");
        SocketAddr::from((Ipv4Addr::LOCALHOST, port))
    }

    pub(super) async fn poll(&mut self) -> &[Holding] {
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
    pub(super) async fn wait_for(&mut self, content: ContentState) -> Holding {
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

    pub(super) fn data(&self) -> PathBuf {
        self.dir.join("data")
    }
}

/// A client that shares a sample, and the place of everything.
pub(super) async fn sharing(sample: &Sample) -> (Bench, tempfile::TempDir) {
    let dir = tempfile::tempdir().expect("a directory");
    sample.write(&dir.path().join("mine"));
    let mut bench = Bench::start(dir.path()).await;
    let request = AddRequest { owner: Owner::User, ..sample.request(&dir.path().join("mine"), Vec::new()) };
    assert_eq!(bench.client.add(&request).await, Ok(AddOutcome::Added));
    bench.wait_for(ContentState::Serving).await;
    (bench, dir)
}

/// A client that has fetched a sample, and the place of everything.
pub(super) async fn fetched(sample: &Sample, source: &mut Bench) -> (Bench, tempfile::TempDir) {
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    bench.client.add(&sample.request(&bench.data(), vec![source.address().await])).await.expect("added");
    bench.wait_for(ContentState::Serving).await;
    (bench, dir)
}
