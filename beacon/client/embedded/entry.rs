//! One torrent of the embedded client while it runs.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use librqbit::{ManagedTorrent, TorrentStats, TorrentStatsState};
use tokio::{
    task::{AbortHandle, JoinHandle},
    time::Instant,
};

use super::{
    record::{Record, Wish},
    redial::Redial,
    retry::Retry,
    torrent_files::TorrentFiles,
};
use crate::{
    metainfo::Metainfo,
    model::{ContentState, Holding, InfoHash, InfoHashes},
};

/// One torrent: what is remembered of it, and how far it is.
pub(super) struct Entry {
    pub(super) record: Record,
    /// What its .torrent says; `None` while there is none.
    pub(super) known: Option<Known>,
    pub(super) place: Place,
    /// What is wrong with it, and when that is looked at again.
    pub(super) retry: Option<Retry>,
    /// When its peers are dialed anew, where all of them are gone.
    pub(super) redial: Redial,
    /// When somebody last wanted something of it.
    pub(super) wanted: Instant,
    /// When it next tells trackers and the DHT that it is here, where nobody wants it.
    pub(super) round: Instant,
    /// When its files are next looked at, where nobody uses them.
    pub(super) look: Instant,
    /// Where others may have it, to begin with.
    pub(super) peers: Vec<SocketAddr>,
    /// What was last told of it.
    pub(super) told: Option<Holding>,
}

/// What a .torrent says, as far as it is needed while nothing is transferred.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) hashes: InfoHashes,
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) pieces: u32,
    /// Whether it names trackers of its own.
    pub(super) has_trackers: bool,
    pub(super) private: bool,
}

/// Where the engine has it.
pub(super) enum Place {
    /// Nowhere: nobody wants anything of it.
    Asleep,
    /// In the engine.
    Loaded(Loaded),
    /// Nowhere yet: its .torrent is being looked for.
    Resolving(AbortHandle),
}

/// A torrent that the engine has.
pub(super) struct Loaded {
    pub(super) handle: Arc<ManagedTorrent>,
    pub(super) files: Arc<TorrentFiles>,
    /// Whether the engine took our word for some of its pieces.
    pub(super) is_resumed: bool,
    /// Brings a complete torrent onto the disk for good.
    pub(super) settling: Option<JoinHandle<Result<(), String>>>,
}

/// For how long a torrent stays awake after the last peer has gone.
const LINGER: Duration = Duration::from_mins(1);

impl Known {
    pub(super) fn of(metainfo: &Metainfo) -> Self {
        let bytes: u64 = metainfo.files.iter().map(|file| file.length).sum();
        Self {
            hashes: metainfo.hashes,
            name: metainfo.name.clone(),
            size: metainfo.size,
            pieces: u32::try_from(bytes.div_ceil(metainfo.piece_length)).unwrap_or(u32::MAX),
            has_trackers: !metainfo.trackers.is_empty(),
            private: metainfo.private,
        }
    }
}

impl Entry {
    pub(super) fn new(record: Record, known: Option<Known>, now: Instant) -> Self {
        Self {
            record,
            known,
            place: Place::Asleep,
            retry: None,
            redial: Redial::default(),
            wanted: now,
            round: now,
            look: now,
            peers: Vec::new(),
            told: None,
        }
    }

    /// Every info-hash that is known of it.
    pub(super) fn hashes(&self) -> InfoHashes {
        self.known.as_ref().map_or_else(|| self.record.info_hash.into(), |known| known.hashes)
    }

    pub(super) fn is(&self, hash: &InfoHash) -> bool {
        self.record.info_hash == *hash || self.hashes().contains(hash)
    }

    /// What it is called in messages.
    pub(super) fn name(&self) -> String {
        self.known.as_ref().map_or_else(|| self.record.info_hash.to_string(), |known| known.name.clone())
    }

    /// Whether others than beacons may look for it.
    pub(super) fn is_public(&self, dht: bool) -> bool {
        self.known.as_ref().is_some_and(|known| known.has_trackers || (dht && !known.private))
    }

    /// Whether it can go to sleep: it is complete, and nobody is connected for it since a while.
    pub(super) fn is_drowsy(&self, stats: &TorrentStats, now: Instant) -> bool {
        self.record.complete && !is_checking(stats) && !has_company(stats) && now.duration_since(self.wanted) > LINGER
    }

    /// What a beacon is told of it.
    pub(super) fn holding(&self) -> Holding {
        let stats = match &self.place {
            Place::Loaded(loaded) => Some(loaded.handle.stats()),
            Place::Asleep | Place::Resolving(_) => None,
        };
        let size = self.known.as_ref().map(|known| known.size);
        let done = match (&stats, size) {
            (_, Some(size)) if self.record.complete => size,
            (Some(stats), Some(size)) if !is_checking(stats) => have(stats, size),
            _ => 0,
        };
        Holding {
            hashes: self.hashes(),
            name: self.name(),
            size,
            done,
            content: self.content(stats.as_ref()),
            marked: self.record.ours,
            keep: false,
            outside_seeders: None,
        }
    }

    fn content(&self, stats: Option<&TorrentStats>) -> ContentState {
        match (self.record.complete, self.record.wish) {
            (_, Wish::Leave) => ContentState::Unknown,
            _ if self.retry.is_some() => ContentState::Broken,
            _ if stats.is_some_and(is_checking) => ContentState::Unknown,
            (true, Wish::Rest) => ContentState::Resting,
            (true, Wish::Work) => ContentState::Serving,
            (false, Wish::Rest) => ContentState::Paused,
            (false, Wish::Work) => ContentState::Fetching,
        }
    }
}

/// Whether anybody is connected, or about to be.
pub(super) fn has_company(stats: &TorrentStats) -> bool {
    stats.live.as_ref().is_some_and(|live| {
        let peers = &live.snapshot.peer_stats;
        peers.live > 0 || peers.connecting > 0 || peers.queued > 0
    })
}

/// Whether there were peers, and all of them are gone.
pub(super) fn is_forsaken(stats: &TorrentStats) -> bool {
    let had_peers = stats.live.as_ref().is_some_and(|live| live.snapshot.peer_stats.dead > 0);
    had_peers && !stats.finished && !has_company(stats)
}

/// Whether what is on the disk is being looked at, so that nothing can be said.
pub(super) fn is_checking(stats: &TorrentStats) -> bool {
    matches!(stats.state, TorrentStatsState::Initializing { .. })
}

/// Checked bytes of files. The engine counts padding too, which is at most what is too much.
fn have(stats: &TorrentStats, size: u64) -> u64 {
    let missing = stats.total_bytes.saturating_sub(stats.progress_bytes);
    size.saturating_sub(missing)
}
