//! Who could take a torrent, in which order, and how much each takes before it stands back.

use super::{
    Volunteer,
    placement::{Score, beacon_key, score, torrent_key},
    zones::{ZoneCount, domain_of},
};
use std::collections::BTreeMap;

use crate::{
    census::{Census, MemberView, Torrent, TorrentIndex},
    model::{BeaconId, ByteSize, Domain, TorrentState},
};

/// A volunteer with what is needed to ask much of it quickly.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    pub(super) id: BeaconId,
    key: u64,
    budget: ByteSize,
    /// What it holds and fetches for others, as its status says: of one piece with what it is counted as fetching.
    load: ByteSize,
    pub(super) room: ByteSize,
    /// What it may take before others come first, so that nobody holds much more than its share.
    share: ByteSize,
    pub(super) domain: Domain,
    view: MemberView<'a>,
}

/// How much more than its share of all that is held a beacon takes before it stands back: a fifth, in hundredths.
const SHARE_PERCENT: u128 = 120;

/// Gives each candidate a bound on its load, as a part of its budget like everyone's: consistent hashing with bounded loads
/// (Mirrokni, Thorup and Zadimoghaddam, SODA 2018). `bytes` are still to be placed.
pub(super) fn share_out(candidates: &mut [Candidate<'_>], bytes: u128) {
    let sum = |of: fn(&Candidate<'_>) -> ByteSize| candidates.iter().map(|c| u128::from(of(c).bytes())).sum::<u128>();
    let (budgets, loads) = (sum(|candidate| candidate.budget), sum(|candidate| candidate.load));
    for candidate in candidates {
        let part = u128::from(candidate.budget.bytes()) * (loads + bytes) / budgets.max(1) * SHARE_PERCENT / 100;
        let bound = ByteSize::from_bytes(u64::try_from(part).unwrap_or(u64::MAX));
        candidate.share = bound.saturating_sub(candidate.load);
    }
}

fn load(census: &Census, sizes: &[ByteSize], beacon: &BeaconId) -> ByteSize {
    let is_load = |state| matches!(state, TorrentState::Held | TorrentState::Fetching | TorrentState::Draining);
    let loads = census.holdings(beacon).filter(|(_, state)| is_load(*state));
    loads.fold(ByteSize::ZERO, |sum, (index, _)| sum.saturating_add(sizes[index as usize]))
}

impl<'a> Candidate<'a> {
    /// Every volunteer of which something is known.
    pub(super) fn all(volunteers: &[Volunteer], census: &'a Census, domains: &BTreeMap<BeaconId, Domain>) -> Vec<Self> {
        // Side by side, since most are looked up several times, all over the place.
        let sizes: Vec<ByteSize> = census.torrents().entries().iter().map(size_of).collect();
        let candidate = |volunteer: &Volunteer| Self::new(volunteer, census, &sizes, domain_of(domains, &volunteer.id));
        volunteers.iter().filter_map(candidate).collect()
    }

    /// Where it stands among those that fetch the torrent with this key. By nothing that changes: if two looked at their
    /// loads, which each knows sooner than the other, neither might give way.
    pub(super) fn rank(&self, torrent: u64) -> (Score, BeaconId) {
        (score(self.key, self.budget, torrent), self.id)
    }

    fn new(volunteer: &Volunteer, census: &'a Census, sizes: &[ByteSize], domain: Domain) -> Option<Self> {
        Some(Self {
            id: volunteer.id,
            key: beacon_key(&volunteer.id),
            budget: volunteer.budget,
            load: load(census, sizes, &volunteer.id),
            room: volunteer.budget.saturating_sub(volunteer.used),
            share: ByteSize::ZERO,
            domain,
            view: census.member(&volunteer.id)?,
        })
    }

    pub(super) fn could_take(&self, torrent: TorrentIndex) -> bool {
        self.view.follows(torrent) && self.view.state(torrent) == TorrentState::Absent
    }
}

/// The candidates that could take the torrent and have room for it, best first: those with the highest scores, but whoever
/// holds more than its share only after all others.
pub(super) fn best(candidates: &[Candidate<'_>], torrent: &Torrent, index: TorrentIndex, count: usize) -> Vec<usize> {
    best_of(candidates, torrent, count, |_, candidate| candidate.could_take(index))
}

/// The best of those for which `able` speaks.
fn best_of(
    candidates: &[Candidate<'_>],
    torrent: &Torrent,
    count: usize,
    able: impl Fn(usize, &Candidate<'_>) -> bool,
) -> Vec<usize> {
    let key = torrent_key(&torrent.info_hash);
    let size = size_of(torrent);
    // Whoever has room for half of it in its share may take it.
    let half = ByteSize::from_bytes(size.bytes() / 2);
    let mut best: Vec<((bool, Score), usize)> = Vec::with_capacity(count + 1);
    for (place, candidate) in candidates.iter().enumerate() {
        // Who is full takes nothing, not even what may turn out to be small.
        if candidate.room < size || candidate.room == ByteSize::ZERO {
            continue;
        }
        let score = (candidate.share >= half, score(candidate.key, candidate.budget, key));
        let beats_last = best.len() < count || best.last().is_some_and(|(last, _)| score > *last);
        if beats_last && able(place, candidate) {
            let at = best.partition_point(|(better, _)| *better >= score);
            best.insert(at, (score, place));
            best.truncate(count);
        }
    }
    best.into_iter().map(|(_, place)| place).collect()
}

/// The best where of each failure domain only some count: in the same order, but whoever would not count is passed over.
pub(super) fn best_of_zones(
    candidates: &[Candidate<'_>],
    torrent: &Torrent,
    index: TorrentIndex,
    count: usize,
    mut zones: ZoneCount,
) -> Vec<usize> {
    let mut takers = Vec::with_capacity(count);
    for _ in 0..count {
        let able = |place: usize, candidate: &Candidate<'_>| {
            zones.has_room(candidate.domain) && !takers.contains(&place) && candidate.could_take(index)
        };
        let Some(taker) = best_of(candidates, torrent, 1, able).pop() else { break };
        zones.add(candidates[taker].domain);
        takers.push(taker);
    }
    takers
}

impl Candidate<'_> {
    /// Notes that it takes so much more.
    pub(super) fn take(&mut self, size: ByteSize) {
        self.room = self.room.saturating_sub(size);
        self.share = self.share.saturating_sub(size);
    }
}

/// What a torrent takes; nothing where its size is not known yet.
pub(super) fn size_of(torrent: &Torrent) -> ByteSize {
    ByteSize::from_bytes(torrent.size.unwrap_or(0))
}
