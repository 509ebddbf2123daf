//! What really is, as no beacon can know it: to judge what beacons do.

use super::scenario::{Scenario, TorrentSpec};
use crate::model::{InfoHash, Instant};
use std::collections::BTreeMap;

/// Copies that are there, fetches that are under way, and what was done.
#[derive(Debug)]
pub(super) struct Truth {
    places: BTreeMap<InfoHash, usize>,
    torrents: Vec<Torrent>,
    /// Torrents with fewer copies than wanted.
    lacking: usize,
    pub(super) met_at: Option<Instant>,
    pub(super) fetches: u64,
    pub(super) duplicate_fetches: u64,
    pub(super) cancels: u64,
    pub(super) deletions: u64,
    pub(super) below_target_by_deletion: u64,
    pub(super) bytes_moved: u64,
    pub(super) bytes_needed: u64,
}

#[derive(Debug, Clone, Copy)]
struct Torrent {
    size: u64,
    target: u32,
    /// Complete copies that are served now.
    copies: u32,
    /// Complete copies on disks, of beacons that run or not, but for those on their way out.
    kept: u32,
    fetching: u32,
}

impl Truth {
    pub(super) fn new(torrents: &[TorrentSpec]) -> Self {
        let torrent = |spec: &TorrentSpec| Torrent {
            size: spec.size,
            target: u32::from(spec.redundancy.target()),
            copies: 0,
            kept: 0,
            fetching: 0,
        };
        Self {
            places: (0..torrents.len()).map(|place| (Scenario::info_hash(place), place)).collect(),
            torrents: torrents.iter().map(torrent).collect(),
            lacking: torrents.len(),
            met_at: None,
            fetches: 0,
            duplicate_fetches: 0,
            cancels: 0,
            deletions: 0,
            below_target_by_deletion: 0,
            bytes_moved: 0,
            bytes_needed: 0,
        }
    }

    pub(super) fn size(&self, info_hash: &InfoHash) -> u64 {
        self.find(info_hash).map_or(0, |torrent| torrent.size)
    }

    /// The live copies of each torrent, in the order of the scenario.
    pub(super) fn copies(&self) -> impl Iterator<Item = u32> {
        self.torrents.iter().map(|torrent| torrent.copies)
    }

    /// How many torrents have fewer live copies than wanted.
    pub(super) const fn lacking(&self) -> usize {
        self.lacking
    }

    pub(super) fn gain_copy(&mut self, now: Instant, info_hash: &InfoHash) {
        let Some(torrent) = self.find_mut(info_hash) else { return };
        torrent.copies += 1;
        if torrent.copies == torrent.target {
            self.lacking -= 1;
            if self.lacking == 0 {
                self.met_at.get_or_insert(now);
            }
        }
    }

    pub(super) fn lose_copy(&mut self, info_hash: &InfoHash) {
        let Some(torrent) = self.find_mut(info_hash) else { return };
        torrent.copies -= 1;
        if torrent.copies + 1 == torrent.target {
            self.lacking += 1;
        }
    }

    /// A complete copy has come to be on a disk, or is not on its way out any more.
    pub(super) fn keep_copy(&mut self, info_hash: &InfoHash) {
        if let Some(torrent) = self.find_mut(info_hash) {
            torrent.kept += 1;
        }
    }

    /// A beacon has decided to delete its copy: what others keep has to be enough.
    pub(super) fn give_up_copy(&mut self, info_hash: &InfoHash) {
        let Some(torrent) = self.find_mut(info_hash) else { return };
        torrent.kept = torrent.kept.saturating_sub(1);
        if torrent.kept < torrent.target {
            self.below_target_by_deletion += 1;
        }
    }

    /// A beacon has its client fetch a torrent. That is a duplicate if enough copies are there or on their way already.
    pub(super) fn begin_fetch(&mut self, info_hash: &InfoHash) {
        let Some(torrent) = self.find_mut(info_hash) else { return };
        let needed = torrent.copies + torrent.fetching < torrent.target;
        let size = torrent.size;
        torrent.fetching += 1;
        self.fetches += 1;
        if needed {
            self.bytes_needed += size;
        } else {
            self.duplicate_fetches += 1;
        }
    }

    /// A fetch is complete, given up, or cut off.
    pub(super) fn end_fetch(&mut self, info_hash: &InfoHash) {
        if let Some(torrent) = self.find_mut(info_hash) {
            torrent.fetching = torrent.fetching.saturating_sub(1);
        }
    }

    /// A fetch that a restarted client takes up again.
    pub(super) fn resume_fetch(&mut self, info_hash: &InfoHash) {
        if let Some(torrent) = self.find_mut(info_hash) {
            torrent.fetching += 1;
        }
    }

    fn find(&self, info_hash: &InfoHash) -> Option<&Torrent> {
        self.places.get(info_hash).map(|place| &self.torrents[*place])
    }

    fn find_mut(&mut self, info_hash: &InfoHash) -> Option<&mut Torrent> {
        let place = self.places.get(info_hash)?;
        self.torrents.get_mut(*place)
    }
}
