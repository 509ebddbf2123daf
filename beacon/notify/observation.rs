//! What a beacon looks like at one moment, as far as its user may be told of it.

use std::time::Duration;

use crate::model::{BeaconId, ByteSize, CollectionId, InfoHash, Instant, ObjectHash};

/// What a beacon looks like at one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observation {
    /// Whether enough is known to trust the counts. Just after a start it is not.
    pub counts_known: bool,
    /// Torrents with fewer copies than wanted, the scarcest first; at most [`Observation::LACKING_MAX`].
    pub lacking: Vec<LackingTorrent>,
    /// How many more there are.
    pub lacking_left_out: usize,
    /// How the client is doing.
    pub client: ClientCondition,
    /// What is free on the disk, where known.
    pub disk: Option<DiskSeen>,
    /// Every collection, ordered by id.
    pub collections: Vec<CollectionSeen>,
    /// What is wrong with collection files.
    pub problems: Vec<String>,
    /// How far the beacon is with leaving; `None` where it does not.
    pub drain: Option<DrainSeen>,
    /// Members that are gone; at most [`Observation::GONE_MAX`].
    pub gone: Vec<GoneMember>,
    /// What the client could not do lately.
    pub failures: Vec<FailedAction>,
}

impl Observation {
    /// The most torrents that are looked at: with more, telling them one by one is of no use.
    pub const LACKING_MAX: usize = 10_000;
    /// The most members that are looked at.
    pub const GONE_MAX: usize = 1_000;
    /// For how long something that failed is looked at: longer than the longest wait until it is tried again.
    pub const FAILURE_AGE_MAX: Duration = Duration::from_hours(7);
}

/// A torrent with fewer copies than wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LackingTorrent {
    /// Which.
    pub info_hash: InfoHash,
    /// Its name, where known.
    pub name: Option<String>,
    /// The name of a collection that lists it.
    pub collection: String,
    /// The copies that count.
    pub copies: u16,
    /// The copies wanted.
    pub target: u16,
    /// How many beacons are fetching it.
    pub fetching: u16,
    /// Why nobody is expected to fetch it, where that is so.
    pub unplaced: Option<String>,
}

/// How the client is doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ClientCondition {
    /// Not asked yet, or not answered yet.
    #[default]
    Starting,
    /// It answers.
    Ready,
    /// It does not; the text says why.
    Trouble(String),
}

/// What is free on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskSeen {
    /// That much is free.
    pub free: ByteSize,
    /// That much is to stay free.
    pub keep_free: ByteSize,
}

/// A collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionSeen {
    /// Its id.
    pub id: CollectionId,
    /// Its name.
    pub name: String,
    /// How many torrents it lists.
    pub torrents: usize,
    /// The address of its list with the copies wanted, which differs when that does.
    pub list: ObjectHash,
}

/// How far a beacon is with leaving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrainSeen {
    /// Torrents here that others have enough copies of.
    pub safe: usize,
    /// Torrents here that others have still to take.
    pub waiting: usize,
}

/// A member that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneMember {
    /// Who.
    pub id: BeaconId,
    /// Its name.
    pub name: String,
    /// Time since its last sign of life.
    pub silent: Duration,
    /// For how long of that it has counted as gone.
    pub gone: Duration,
}

/// Something that the client could not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedAction {
    /// When.
    pub at: Instant,
    /// What, in a word.
    pub action: &'static str,
    /// To which torrent.
    pub info_hash: InfoHash,
    /// Its name, where known.
    pub name: Option<String>,
    /// What came of it.
    pub outcome: String,
}
