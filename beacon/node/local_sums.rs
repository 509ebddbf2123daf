//! What the torrents of the client add up to.

use std::collections::BTreeSet;

use super::local::LocalTorrent;
use crate::model::{ByteSize, ContentState, InfoHash};

/// What the torrents of the client add up to, by adding and subtracting one after another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct LocalSums {
    pub(super) usage: Usage,
    /// How many are complete.
    pub(super) complete: usize,
    /// How many bear our mark and are not.
    pub(super) fetching: usize,
    /// Those whose files are missing or cannot be read.
    pub(super) broken: BTreeSet<InfoHash>,
}

/// Bytes of this beacon's own torrents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Usage {
    /// Of complete ones.
    pub(super) used: ByteSize,
    /// Of those on their way, as they will be.
    pub(super) reserved: ByteSize,
    /// Of both, as they are.
    pub(super) on_disk: ByteSize,
}

impl LocalSums {
    /// Counts one more.
    pub(super) fn add(&mut self, hash: InfoHash, torrent: &LocalTorrent) {
        self.complete += usize::from(torrent.is_complete());
        self.fetching += usize::from(torrent.is_marked() && !torrent.is_complete());
        if torrent.content == ContentState::Broken {
            self.broken.insert(hash);
        }
        self.change_usage(torrent, ByteSize::saturating_add);
    }

    /// Counts one less, just as it was counted.
    pub(super) fn subtract(&mut self, hash: &InfoHash, torrent: &LocalTorrent) {
        self.complete -= usize::from(torrent.is_complete());
        self.fetching -= usize::from(torrent.is_marked() && !torrent.is_complete());
        self.broken.remove(hash);
        self.change_usage(torrent, ByteSize::saturating_sub);
    }

    fn change_usage(&mut self, torrent: &LocalTorrent, change: fn(ByteSize, ByteSize) -> ByteSize) {
        if !torrent.is_own() {
            return;
        }
        let size = ByteSize::from_bytes(torrent.size.unwrap_or(0).max(torrent.done));
        self.usage.on_disk = change(self.usage.on_disk, ByteSize::from_bytes(torrent.done));
        let sum = if torrent.is_complete() { &mut self.usage.used } else { &mut self.usage.reserved };
        *sum = change(*sum, size);
    }
}
