//! What happens to copies, in the order of its time.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::absence::Step;
use crate::{census::TorrentIndex, model::Instant};

/// One thing that happens; beacons are named by their place among all lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    /// A session begins.
    Up(usize),
    /// A session ends.
    Down(usize),
    /// Others notice how long a beacon has been silent; it means nothing once another session has begun.
    Silent { beacon: usize, session: usize, step: Step },
    /// The fetch that a beacon began as its nth is complete, unless it was interrupted.
    Done { beacon: usize, turn: u64 },
    /// A torrent has had too many copies since some time, unless that is over.
    Surplus { torrent: TorrentIndex, since: Instant },
}

/// What is still to happen. Of events at one moment, that which was pushed first comes first.
#[derive(Debug, Default)]
pub(super) struct Events {
    heap: BinaryHeap<Reverse<(Instant, u64, Event)>>,
    pushed: u64,
}

impl Events {
    pub(super) fn push(&mut self, at: Instant, event: Event) {
        self.heap.push(Reverse((at, self.pushed, event)));
        self.pushed += 1;
    }

    /// The next event before `end`.
    pub(super) fn pop(&mut self, end: Instant) -> Option<(Instant, Event)> {
        let Reverse((at, _, event)) = self.heap.pop()?;
        (at < end).then_some((at, event))
    }
}
