//! What this beacon should be rid of: its share of what there is too much of, and what its user wants gone.

use std::{
    cmp::{Ordering, Reverse},
    collections::BTreeMap,
};

use super::{
    Plan, Situation,
    candidate::size_of,
    placement::{beacon_key, score, torrent_key},
    reason::ReclaimReason,
    zones::{ZoneCount, domain_of},
};
use crate::{
    census::{Census, Torrent, TorrentIndex},
    model::{BeaconId, ByteSize, Domain, Liveness, TorrentState},
};

impl Plan {
    /// Finds this beacon's copies that others can do without. Who is not surely there counts for nothing here.
    pub(super) fn find_surplus(&mut self, situation: &Situation<'_>) {
        let census = situation.census;
        for (index, state) in census.holdings(&situation.me) {
            let torrent = census.torrents().at(index);
            let reason = match state {
                TorrentState::Held => surplus(situation, torrent, index),
                TorrentState::Draining if !stays(situation, index) => unneeded(situation, torrent, index),
                _ => None,
            };
            self.reclaim.extend(reason.map(|reason| (index, reason)));
        }
        // What most others have goes first, so that the rarest goes last.
        self.reclaim.sort_by_key(|(index, _)| (Reverse(census.tally(*index).copies), *index));
    }

    /// Chooses what no longer fits the budget: what others have most copies of beyond its target first, and last what they
    /// have fewest of. Else a torrent that everyone has, but too few are there to have, would stand in the way for ever.
    pub(super) fn find_excess(&mut self, situation: &Situation<'_>) {
        let census = situation.census;
        let mut excess = situation.excess;
        if excess == ByteSize::ZERO {
            return;
        }
        for (index, _) in &self.cancel {
            excess = excess.saturating_sub(size_of(census.torrents().at(*index)));
        }
        let held = census.holdings(&situation.me);
        let mut own: Vec<(i32, TorrentIndex)> = held
            .filter(|(_, state)| matches!(state, TorrentState::Held | TorrentState::Draining))
            .filter(|(index, _)| !stays(situation, *index))
            .map(|(index, state)| {
                let others = i32::from(census.tally(index).copies) - i32::from(state.is_copy());
                (others - i32::from(census.torrents().at(index).redundancy.target()), index)
            })
            .collect();
        own.sort_unstable_by_key(|(spare, index)| (Reverse(*spare), *index));
        for (_, index) in own {
            let size = size_of(census.torrents().at(index));
            if excess > ByteSize::ZERO && size > ByteSize::ZERO {
                excess = excess.saturating_sub(size);
                self.drain.insert(index);
            }
        }
    }
}

/// Whether a copy stays whatever the beacon is about: it is its user's own, or its user wants it here.
fn stays(situation: &Situation<'_>, index: TorrentIndex) -> bool {
    situation.users.contains(&index) || situation.pins.contains(&index)
}

fn surplus(situation: &Situation<'_>, torrent: &Torrent, index: TorrentIndex) -> Option<ReclaimReason> {
    let max = torrent.redundancy.max();
    if situation.census.tally(index).copies <= max {
        return None;
    }
    let (copies, deleters) = deleters(situation, index);
    deleters.contains(&situation.me).then_some(ReclaimReason::Surplus { copies, max })
}

/// How many copies of a torrent count, and who should delete theirs since that is more than the max: of those who may, the
/// ones that would be the last to fetch it, and only as long as enough copies count without them.
pub fn deleters(situation: &Situation<'_>, index: TorrentIndex) -> (u16, Vec<BeaconId>) {
    let torrent = situation.census.torrents().at(index);
    let max = torrent.redundancy.max();
    let is_there = |state: TorrentState, liveness| liveness == Liveness::Alive && state.is_copy();
    let mut zones =
        ZoneCount::of(situation.census, situation.domains, index, |_, state, liveness| is_there(state, liveness));
    let key = torrent_key(&torrent.info_hash);
    let rank = |id: BeaconId| {
        let volunteer = situation.volunteers.binary_search_by_key(&id, |volunteer| volunteer.id).ok()?;
        let volunteer = &situation.volunteers[volunteer];
        Some((score(beacon_key(&id), volunteer.budget, key), id))
    };
    let holders = situation.census.holders(index);
    let held = holders.filter(|(_, state, liveness)| is_there(*state, *liveness) && *state == TorrentState::Held);
    let mut able: Vec<_> = held.filter_map(|(id, _, _)| rank(id)).collect();
    able.sort_unstable_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
    let copies = zones.counted();
    let goes = |(_, id): &(_, BeaconId)| {
        let domain = domain_of(situation.domains, id);
        zones.remove(domain);
        let can_go = zones.counted() >= max;
        if !can_go {
            zones.add(domain);
        }
        can_go
    };
    (copies, able.into_iter().filter(goes).map(|(_, id)| id).collect())
}

/// Whether others have enough of what this beacon is to be rid of.
fn unneeded(situation: &Situation<'_>, torrent: &Torrent, index: TorrentIndex) -> Option<ReclaimReason> {
    let target = torrent.redundancy.target();
    let copies = copies_elsewhere(situation.census, situation.domains, &situation.me, index);
    (copies >= target).then_some(ReclaimReason::Unneeded { copies, target })
}

/// How many copies of beacons other than this one count, of those that are surely there.
pub fn copies_elsewhere(
    census: &Census,
    domains: &BTreeMap<BeaconId, Domain>,
    me: &BeaconId,
    torrent: TorrentIndex,
) -> u16 {
    let elsewhere =
        |id: &BeaconId, state: TorrentState, liveness| id != me && liveness == Liveness::Alive && state.is_copy();
    ZoneCount::of(census, domains, torrent, elsewhere).counted()
}

#[cfg(test)]
#[path = "surplus_tests.rs"]
mod tests;
