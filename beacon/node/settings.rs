//! What a node is told once, at the start.

use std::{sync::Arc, time::Duration};

use super::view::{Drain, Mode};
use crate::{
    model::{BeaconId, ByteSize, DialAddress, InfoHash, Instant},
    protocol::ProtocolSettings,
    wire::SignedHello,
};

/// Settings that hold as long as the beacon runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeSettings {
    /// What the protocol is told.
    pub protocol: ProtocolSettings,
    /// Whether it acts.
    pub mode: Mode,
    /// The name its user gave it.
    pub name: String,
    /// The failure domain its user declared; empty where none.
    pub zone: String,
    /// The most that the beacon may hold.
    pub budget: ByteSize,
    /// What is to stay free on the volume.
    pub keep_free: ByteSize,
    /// The time between two rounds of planning; an intent waits for one before it is carried out.
    pub plan: Duration,
    /// How long to wait for a beacon that is away before its copies are made anew.
    pub repair_delay: Duration,
    /// How copies that are too many are deleted.
    pub reclaim: ReclaimSettings,
}

/// How copies that are too many are deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReclaimSettings {
    /// How long a surplus must have stood.
    pub delay: Duration,
    /// For how long a torrent is only stopped in the client before its files go.
    pub quarantine: Duration,
    /// The most torrents that are deleted in 24 hours, but for those that the user wants gone.
    pub torrents_per_day: u32,
    /// The most bytes that are deleted in 24 hours, but for those that the user wants gone.
    pub bytes_per_day: ByteSize,
    /// How many more holders than the target must grant a deletion: as many may lie as this.
    pub margin: u16,
}

impl Default for ReclaimSettings {
    /// A day, so that what is surplus only while those are up who sleep at night is not deleted and fetched again; a day of
    /// quarantine, and as much in a day as one could restore in one.
    fn default() -> Self {
        Self {
            delay: Duration::from_hours(24),
            quarantine: Duration::from_hours(24),
            torrents_per_day: 100,
            bytes_per_day: ByteSize::from_bytes(500_000_000_000),
            margin: 0,
        }
    }
}

impl NodeSettings {
    /// Three weeks for a beacon whose copies are the only ones in doubt: of the delays that were simulated, the shortest
    /// whose repairs cost at most 1.44 times what is unavoidable even where nobody has a server; see docs/PERFORMANCE.md.
    pub const REPAIR_DELAY: Duration = Duration::from_hours(21 * 24);
}

/// What a node remembers from before a restart.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// Its incarnation, higher than all before.
    pub incarnation: u64,
    /// The newest versions seen of other beacons' hellos.
    pub marks: Vec<(BeaconId, (u64, u64))>,
    /// The members last known, with when they were last heard.
    pub members: Vec<(Arc<SignedHello>, Instant)>,
    /// The torrents that the beacon added to its client.
    pub ledger: Vec<InfoHash>,
    /// Those of them that it was deleting.
    pub leaving: Vec<(InfoHash, Leaving)>,
    /// When it has deleted how much in the last 24 hours.
    pub deleted: Vec<(Instant, ByteSize)>,
    /// The torrents that the user wants here whatever the counts.
    pub pins: Vec<InfoHash>,
    /// The torrents that the user wants fetched once.
    pub requests: Vec<InfoHash>,
    /// What the user ordered in place of the mode of the configuration.
    pub mode: Option<Mode>,
    /// The neighbors that the user named while it ran.
    pub neighbors: Vec<DialAddress>,
    /// Whether the user is draining it.
    pub drain: Option<Drain>,
}

/// How far the deletion of a torrent was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// It is to be stopped in the client, or is; its files are there since this moment and can be restored.
    Quarantined(Instant),
    /// The client may have been told to delete it.
    Deleting,
}
