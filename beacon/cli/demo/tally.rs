//! What has been done since the demo began: fetches, deletions and bytes, each counted once.

use std::collections::BTreeSet;

use super::scene::Scene;
use crate::{
    model::{InfoHash, Instant},
    node::view::ActionKind,
};

/// What has been done since the demo began.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    ended: BTreeSet<(usize, ActionKind, InfoHash, Instant)>,
    received: Vec<Received>,
}

/// What one beacon has received, over all its runs.
#[derive(Debug, Clone, Copy, Default)]
struct Received {
    earlier: u64,
    this_run: u64,
}

/// What a tally comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Totals {
    /// Fetches that came to an end, also those that were given up.
    pub(super) fetches: usize,
    /// Copies that were deleted.
    pub(super) deletions: usize,
    /// Bytes of files that came from others.
    pub(super) moved: u64,
}

impl Tally {
    /// Takes in what the beacons say.
    pub(super) fn note(&mut self, scene: &Scene) {
        self.received.resize(scene.beacons.len(), Received::default());
        for (place, seen) in scene.beacons.iter().enumerate() {
            self.ended.extend(seen.ended.iter().map(|(kind, info_hash, at)| (place, *kind, *info_hash, *at)));
            let received = &mut self.received[place];
            let now = seen.received.bytes();
            // A new run begins at nothing.
            if now < received.this_run {
                received.earlier += received.this_run;
            }
            received.this_run = now;
        }
    }

    /// What it comes to by now.
    pub(super) fn totals(&self) -> Totals {
        let count = |kinds: &[ActionKind]| self.ended.iter().filter(|(_, kind, ..)| kinds.contains(kind)).count();
        Totals {
            fetches: count(&[ActionKind::Fetch, ActionKind::Cancel]),
            deletions: count(&[ActionKind::Delete]),
            moved: self.received.iter().map(|received| received.earlier + received.this_run).sum(),
        }
    }
}

impl Totals {
    /// What came since.
    pub(super) fn since(self, before: Self) -> Self {
        Self {
            fetches: self.fetches - before.fetches,
            deletions: self.deletions - before.deletions,
            moved: self.moved - before.moved,
        }
    }
}
