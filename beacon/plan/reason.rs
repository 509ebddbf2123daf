//! Why something is planned, or is not: said so that people understand it.

use std::fmt;

use crate::model::ByteSize;

/// Why a torrent is fetched here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchReason {
    /// It lacks copies.
    Lacking {
        /// The copies there are.
        copies: u16,
        /// The copies wanted.
        target: u16,
        /// Others that fetch it.
        fetching: u16,
        /// Where this beacon stands among those that could take it, from 1.
        rank: u16,
    },
    /// The user of this beacon wants it here.
    Pinned,
}

/// Why fetching a torrent ends before it is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelReason {
    /// With all who fetch it there would be more copies than wanted.
    Surplus {
        /// The copies there are.
        copies: u16,
        /// All who fetch it, this beacon among them.
        fetching: u16,
        /// The copies wanted.
        target: u16,
    },
    /// The budget was lowered, or the torrent turned out larger than what is left.
    OverBudget,
    /// This beacon leaves.
    Draining,
}

/// Why a complete copy is to be deleted here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReclaimReason {
    /// There are more copies than the max, and this beacon is among the last in line for the torrent.
    Surplus {
        /// The copies of beacons that are surely there.
        copies: u16,
        /// The copies above which surplus is reclaimed.
        max: u16,
    },
    /// This beacon leaves, or its budget was lowered, and others have enough.
    Unneeded {
        /// The copies of others that are surely there.
        copies: u16,
        /// The copies wanted.
        target: u16,
    },
}

/// Why a torrent below its target is left there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnplacedReason {
    /// Nobody else takes part in a collection that lists it.
    NobodyElse,
    /// Those who could take it lack the room.
    NoRoom {
        /// Its size.
        size: ByteSize,
        /// The most that any of them has left.
        largest: ByteSize,
    },
    /// Those who could take it have no room left at all.
    Full,
    /// Those who could take it are where there are enough already.
    Zones {
        /// The most copies of one failure domain that count.
        cap: u16,
    },
}

impl fmt::Display for FetchReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Lacking { copies, target, fetching, rank } = self else {
            return write!(f, "it is pinned here");
        };
        write!(f, "{copies} of {target} copies")?;
        if *fetching > 0 {
            write!(f, ", {fetching} on their way elsewhere")?;
        }
        match rank {
            1 => write!(f, "; this beacon is first in line for it"),
            _ => write!(f, "; this beacon is number {rank} in line for it"),
        }
    }
}

impl fmt::Display for CancelReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Surplus { copies, fetching, target } => {
                write!(
                    f,
                    "{copies} copies and {fetching} on their way are more than the {target} wanted, and others come before this beacon"
                )
            }
            Self::OverBudget => write!(f, "it does not fit this beacon's budget"),
            Self::Draining => write!(f, "this beacon is being drained"),
        }
    }
}

impl ReclaimReason {
    /// Whether the user of this beacon wants it gone: then it neither waits nor counts against what may be deleted in a day.
    pub const fn is_wanted(self) -> bool {
        matches!(self, Self::Unneeded { .. })
    }
}

impl fmt::Display for ReclaimReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Surplus { copies, max } => {
                write!(
                    f,
                    "{copies} copies are more than the max of {max}, and this beacon is among the last in line for it"
                )
            }
            Self::Unneeded { copies, target } => {
                write!(f, "this beacon is to be rid of it, and others have {copies} of {target} copies")
            }
        }
    }
}

impl fmt::Display for UnplacedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NobodyElse => {
                write!(f, "every beacon that takes part in its collections and may fetch has it or is fetching it")
            }
            Self::NoRoom { size, largest } => {
                write!(f, "it needs {size}, and the most that any beacon has left for it is {largest}")
            }
            Self::Zones { cap } => {
                write!(f, "every beacon that has room for it is in a zone that has {cap} already, the most that count")
            }
            Self::Full => write!(f, "every other beacon that could take it is full"),
        }
    }
}
