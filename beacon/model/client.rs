//! What a BitTorrent client says of its torrents, whichever client it is.

use thiserror::Error;

use super::{ByteSize, InfoHashes};

/// One torrent as the client has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Every info-hash the client tells.
    pub hashes: InfoHashes,
    /// The name the client shows.
    pub name: String,
    /// Bytes of all files; `None` without metadata.
    pub size: Option<u64>,
    /// Bytes that are here and checked.
    pub done: u64,
    /// What state its data is in.
    pub content: ContentState,
    /// Whether it bears the mark (category or tag) that this beacon gives to what it adds. A user who removes the mark
    /// has taken the torrent over.
    pub marked: bool,
    /// Whether the user asked that it is left alone (`beacon-keep`).
    pub keep: bool,
    /// Seeders outside the beacons as trackers or the DHT guess them; never a ground for deleting anything.
    pub outside_seeders: Option<u32>,
}

/// What state a torrent's data is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContentState {
    /// Complete and served to others.
    Serving,
    /// Complete, but stopped: nobody can fetch from it.
    Resting,
    /// Incomplete and on its way.
    Fetching,
    /// Incomplete, and stopped by the user or in error-free rest.
    Paused,
    /// Complete for what the user selected, which is not all: neither a copy nor on its way to be one.
    Partial,
    /// Being checked, moved, or in a state not known here: nothing can be said, so what was known before stays.
    Unknown,
    /// Files are missing or the client reports an error: not a copy, and often an unmounted disk.
    Broken,
}

/// What changed in the client since it was last asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientChange {
    /// Everything the client has; what is not named is not there.
    Full(Vec<Holding>),
    /// Only what is new, changed or gone. No torrent is named in both lists.
    Delta {
        /// New or changed torrents.
        changed: Vec<Holding>,
        /// Torrents that are no longer in the client.
        removed: Vec<InfoHashes>,
    },
}

impl ClientChange {
    /// Whether it says that nothing has changed. A full account is news even where the client has nothing.
    pub const fn is_empty(&self) -> bool {
        match self {
            Self::Full(_) => false,
            Self::Delta { changed, removed } => changed.is_empty() && removed.is_empty(),
        }
    }
}

/// What the client is, for the status page and for warnings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientInfo {
    /// `qbittorrent` or `embedded`.
    pub kind: &'static str,
    /// The client's own version text.
    pub version: String,
    /// The port on which it takes BitTorrent connections, where known.
    pub listen_port: Option<u16>,
    /// Free bytes on the volume that the beacon's torrents go to, where known.
    pub free: Option<ByteSize>,
    /// Settings of the client that work against the beacon, each with the way out.
    pub warnings: Vec<String>,
}

/// Payload that a client has moved since it was started: data of torrents, without what protocols cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClientTraffic {
    /// What came from others.
    pub received: ByteSize,
    /// What went to others.
    pub sent: ByteSize,
}

/// Why nothing is known of the client at present. An unreachable client is unknown, never empty.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClientProblem {
    /// No answer, or a connection that failed.
    #[error("the client cannot be reached at {url}: {reason}")]
    Unreachable {
        /// Where it was looked for.
        url: String,
        /// What the connection said.
        reason: String,
    },
    /// The credentials are wrong; nothing is tried again until they change.
    #[error("the client at {url} refused the credentials: {reason}")]
    Refused {
        /// Where it was asked.
        url: String,
        /// What to change.
        reason: String,
    },
    /// The client has banned this address for too many failed logins.
    #[error(
        "the client at {url} has banned this address after failed logins; it lifts the ban after an hour, or when it is restarted"
    )]
    Banned {
        /// Where it was asked.
        url: String,
    },
    /// The client refused the host name by which it is called, as qBittorrent does behind a remapped port.
    #[error(
        "the client at {url} refuses that address: turn off \"Enable Host header validation\" in its Web UI settings, or use the port that it listens on itself"
    )]
    HostRefused {
        /// Where it was asked.
        url: String,
    },
    /// An answer that cannot be understood.
    #[error("the client at {url} gave an answer that cannot be understood: {reason}")]
    Garbage {
        /// Where it was asked.
        url: String,
        /// What was wrong with it.
        reason: String,
    },
    /// A version that lacks what the beacon needs.
    #[error("the client at {url} is too old: {found}; needed is {needed}")]
    TooOld {
        /// Where it was asked.
        url: String,
        /// What it is.
        found: String,
        /// What it would have to be.
        needed: &'static str,
    },
}
