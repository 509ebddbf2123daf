//! What waits for its time.

use super::act::Act;
use crate::{
    model::{DialAddress, InfoHash, Instant},
    node::view::ActionKind,
    wire::Message,
};

/// One thing that happens at one moment.
#[derive(Debug, Clone)]
pub(super) enum Event {
    /// Something from outside.
    Act(Act),
    /// A message arrives at one end of a connection.
    Deliver {
        /// At which end.
        end: End,
        /// What.
        message: Message,
    },
    /// A handshake is over, one way or the other.
    Dialed {
        /// Who dialed.
        by: Life,
        /// What.
        address: DialAddress,
        /// When it began.
        since: Instant,
    },
    /// One end of a connection learns that the other is closed.
    Down(End),
    /// One end of a connection has not heard from the other for too long, unless packets come through again.
    Idle(End),
    /// A node asked to be woken.
    Wake(Life),
    /// A client is asked what is new.
    Poll(Life),
    /// A client has carried out a command.
    Command {
        /// Whose client.
        of: Life,
        /// What it was told.
        kind: ActionKind,
        /// About which torrent.
        info_hash: InfoHash,
    },
}

/// One run of a beacon from its start to its end; what it began does not reach the next run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Life {
    /// Which beacon, by its place in the scenario.
    pub(super) beacon: usize,
    /// How often it had been started.
    pub(super) starts: u64,
}

/// One end of a connection: the dialer's is even, the other odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct End(pub(super) u64);

impl End {
    /// The two ends of a connection.
    pub(super) const fn both(connection: u64) -> [Self; 2] {
        [Self(connection * 2), Self(connection * 2 + 1)]
    }

    /// The end at the other beacon.
    pub(super) const fn other(self) -> Self {
        Self(self.0 ^ 1)
    }
}
