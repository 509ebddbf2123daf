//! What really is, as no beacon can know it: to judge what beacons do.

use super::scenario::{Scenario, TorrentSpec};
use crate::model::{InfoHash, Instant};
use std::{collections::BTreeMap, time::Duration};

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
    /// The first deletions that left too few copies, for whoever looks into it.
    pub(super) incidents: Vec<Incident>,
    /// Fetches of what the same beacon had deleted less than an hour before, while there were copies enough.
    pub(super) refetches: u64,
    /// The last fetch or deletion: when, whose, and of which torrent.
    pub(super) last: Option<(Instant, usize, InfoHash)>,
    /// Fetches of what could be had somewhere.
    pub(super) sourced_fetches: u64,
    /// Commands to stop or delete what the client had said to be its user's own.
    pub(super) users_commanded: u64,
    pub(super) bytes_moved: u64,
    pub(super) bytes_needed: u64,
}

/// A deletion that left too few copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Incident {
    /// When it was decided.
    pub at: Instant,
    /// By whom.
    pub beacon: usize,
    /// Of which torrent.
    pub torrent: usize,
    /// How many complete copies of beacons that do not deceive stay.
    pub kept: usize,
}

/// The most incidents that are remembered one by one.
const INCIDENTS_MAX: usize = 10;

#[derive(Debug, Clone, Copy)]
struct Torrent {
    size: u64,
    target: u32,
    max: u32,
    /// Complete copies that are served now.
    copies: u32,
    fetching: u32,
    /// When a copy last vanished that no beacon deleted.
    hurt: Option<Instant>,
}

impl Truth {
    pub(super) fn new(torrents: &[TorrentSpec]) -> Self {
        let torrent = |spec: &TorrentSpec| Torrent {
            size: spec.size,
            target: u32::from(spec.redundancy.target()),
            max: u32::from(spec.redundancy.max()),
            copies: 0,
            fetching: 0,
            hurt: None,
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
            incidents: Vec::new(),
            refetches: 0,
            last: None,
            sourced_fetches: 0,
            users_commanded: 0,
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
        torrent.copies = torrent.copies.saturating_sub(1);
        if torrent.copies + 1 == torrent.target {
            self.lacking += 1;
        }
    }

    /// A copy has vanished that no beacon deleted.
    pub(super) fn hurt(&mut self, now: Instant, info_hash: &InfoHash) {
        if let Some(torrent) = self.find_mut(info_hash) {
            torrent.hurt = Some(now);
        }
    }

    /// A beacon has decided to delete its copy, and so many others keep theirs, which has to be enough.
    pub(super) fn judge_deletion(
        &mut self,
        now: Instant,
        grace: Duration,
        beacon: usize,
        info_hash: &InfoHash,
        kept: usize,
    ) {
        let Some(torrent) = self.places.get(info_hash).copied() else { return };
        let Torrent { target, hurt, .. } = self.torrents[torrent];
        if kept < target as usize && hurt.is_none_or(|at| now.since(at) > grace) {
            self.below_target_by_deletion += 1;
            if self.incidents.len() < INCIDENTS_MAX {
                self.incidents.push(Incident { at: now, beacon, torrent, kept });
            }
        }
    }

    /// How many torrents have no copy, too few, as many as wanted, and more than their max.
    pub(super) fn standings(&self) -> [usize; 4] {
        let mut standings = [0; 4];
        for torrent in &self.torrents {
            let standing = match torrent.copies {
                0 => 0,
                copies if copies < torrent.target => 1,
                copies if copies <= torrent.max => 2,
                _ => 3,
            };
            standings[standing] += 1;
        }
        standings
    }

    /// Whether live copies and fetches together are fewer than wanted.
    pub(super) fn is_short(&self, info_hash: &InfoHash) -> bool {
        self.find(info_hash).is_some_and(|torrent| torrent.copies + torrent.fetching < torrent.target)
    }

    /// How many copies are wanted.
    pub(super) fn target(&self, info_hash: &InfoHash) -> usize {
        self.find(info_hash).map_or(0, |torrent| torrent.target as usize)
    }

    /// A beacon has its client fetch a torrent. It is a duplicate if it is not `needed`; with `again`, the same beacon
    /// deleted the torrent a short while ago.
    pub(super) fn begin_fetch(&mut self, info_hash: &InfoHash, needed: bool, again: bool) {
        let Some(torrent) = self.find_mut(info_hash) else { return };
        let (has_source, enough) = (torrent.copies > 0, torrent.copies >= torrent.target);
        let size = torrent.size;
        torrent.fetching += 1;
        self.fetches += 1;
        self.sourced_fetches += u64::from(has_source);
        self.refetches += u64::from(again && enough && !needed);
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
