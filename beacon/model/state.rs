//! What a beacon says of one torrent.

use std::fmt;

/// The status of one torrent at one beacon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TorrentState {
    /// Nothing here, nothing on its way.
    #[default]
    Absent,
    /// The beacon means to have it: either its client is fetching it, or soon will be (an intent).
    Fetching,
    /// The client is fetching it, but has not received anything for a long time.
    Stalled,
    /// Complete, served, and added by the beacon itself: the network may reclaim it.
    Held,
    /// Complete, served, and the user's own: counts as a copy and is never deleted.
    Pinned,
    /// Complete and served, but its beacon wants to be rid of it: others should fetch it first.
    Draining,
    /// Complete, but its client does not serve it: nobody could fetch from it, so it does not count.
    Resting,
}

impl TorrentState {
    /// Every state, in the order of its code on the wire.
    pub const ALL: [Self; 7] =
        [Self::Absent, Self::Fetching, Self::Stalled, Self::Held, Self::Pinned, Self::Draining, Self::Resting];

    /// Whether it counts towards the target: complete, served, and meant to stay.
    pub const fn is_copy(self) -> bool {
        matches!(self, Self::Held | Self::Pinned)
    }

    /// Whether others can fetch it from there.
    pub const fn is_served(self) -> bool {
        matches!(self, Self::Held | Self::Pinned | Self::Draining)
    }

    /// Whether all of it is there, served or not.
    pub const fn is_complete(self) -> bool {
        self.is_served() || matches!(self, Self::Resting)
    }

    /// Whether a copy is expected to come of it.
    pub const fn is_fetching(self) -> bool {
        matches!(self, Self::Fetching)
    }

    /// The word for it in the API and in what people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Fetching => "fetching",
            Self::Stalled => "stalled",
            Self::Held => "held",
            Self::Pinned => "pinned",
            Self::Draining => "draining",
            Self::Resting => "resting",
        }
    }
}

impl fmt::Display for TorrentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
