//! The embedded client in the test's own process.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use beacon::{
    client::{
        AddOutcome, AddRequest, AddSource, Owner, TorrentClient as _,
        embedded::{Embedded, EmbeddedSettings, SpeedLimits},
    },
    model::{ClientChange, ContentState, Holding},
};
use tokio::time::{sleep, timeout};

use crate::support::TestTorrent;

/// One embedded client with a directory of its own.
pub(super) struct Fetcher {
    client: Embedded,
    dir: PathBuf,
    pub(super) address: SocketAddr,
    last: Option<Holding>,
}

const POLL: Duration = Duration::from_millis(100);

impl Fetcher {
    pub(super) async fn start(dir: &Path) -> Self {
        let settings = EmbeddedSettings {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            state_dir: dir.join("state"),
            tracker: None,
            dht: false,
            limits: SpeedLimits::default(),
        };
        let mut client = Embedded::start(&settings, 1).await.expect("starts");
        let port = client.info().await.expect("told").listen_port.expect("a port");
        Self { client, dir: dir.to_owned(), address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)), last: None }
    }

    /// One that has a torrent already, as its user's own.
    pub(super) async fn sharing(dir: &Path, torrent: &TestTorrent) -> Self {
        let mut source = Self::start(dir).await;
        torrent.write_data(&source.files());
        source.add(torrent, Owner::User, Vec::new()).await;
        source.complete(Duration::from_mins(1)).await;
        source
    }

    pub(super) async fn fetch(&mut self, torrent: &TestTorrent, peers: Vec<SocketAddr>) {
        self.add(torrent, Owner::Beacon, peers).await;
    }

    async fn add(&mut self, torrent: &TestTorrent, owner: Owner, peers: Vec<SocketAddr>) {
        let request = AddRequest {
            info_hash: torrent.info_hash.parse().expect("an info-hash"),
            owner,
            source: AddSource::Metainfo(torrent.metainfo.clone().into()),
            save_dir: self.files(),
            collections: Vec::new(),
            peers,
        };
        assert_eq!(self.client.add(&request).await, Ok(AddOutcome::Added));
    }

    /// Waits until its only torrent is complete.
    pub(super) async fn complete(&mut self, limit: Duration) {
        let complete = async {
            while self.last.as_ref().is_none_or(|held| held.content != ContentState::Serving) {
                self.poll().await;
                sleep(POLL).await;
            }
        };
        assert!(timeout(limit, complete).await.is_ok(), "not complete after {limit:?}: {:?}", self.last);
    }

    /// Looks after its torrent, as a beacon does every few seconds.
    pub(super) async fn poll(&mut self) {
        let (ClientChange::Full(changed) | ClientChange::Delta { changed, .. }) =
            self.client.poll().await.expect("told");
        self.last = changed.into_iter().next().or(self.last.take());
    }

    /// Where its data is.
    pub(super) fn files(&self) -> PathBuf {
        self.dir.join("files")
    }
}
