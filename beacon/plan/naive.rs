//! The placement by the rules as they are written, without any cleverness: what the planner is compared with.

use std::collections::{BTreeMap, BTreeSet};

use super::World;
use crate::{
    census::TorrentIndex,
    model::{BeaconId, ByteSize, TorrentState},
    plan::{Volunteer, beacon_key, score, torrent_key},
};

impl World {
    /// Who should fetch what.
    pub(super) fn naive_placement(&self) -> BTreeMap<TorrentIndex, BTreeSet<BeaconId>> {
        let mut room: BTreeMap<BeaconId, u64> = self
            .volunteers
            .iter()
            .map(|volunteer| (volunteer.id, volunteer.budget.saturating_sub(volunteer.used).bytes()))
            .collect();
        let count = |index, wanted: fn(TorrentState) -> bool| {
            self.census.holders(index).filter(|(_, state, live)| live.counts() && wanted(*state)).count()
        };
        let listed = &self.catalog.collections[0].torrents;
        let mut order: Vec<TorrentIndex> = (0..).take(listed.len()).collect();
        order.sort_by_key(|&index| {
            let torrent = &listed[index as usize];
            (count(index, TorrentState::is_copy), -i64::from(torrent.priority), torrent.info_hash)
        });
        let lacking = |index| {
            let torrent = &listed[index as usize];
            let mut coming = count(index, |state| state.is_copy() || state.is_fetching());
            if count(index, TorrentState::is_served) == 0 {
                coming += count(index, |state| state == TorrentState::Stalled);
            }
            usize::from(torrent.redundancy.target()).saturating_sub(coming)
        };
        let bytes: u64 =
            order.iter().map(|&index| lacking(index) as u64 * listed[index as usize].size.unwrap_or(0)).sum();
        let sum = |of: fn(&Volunteer) -> ByteSize| self.volunteers.iter().map(|v| of(v).bytes()).sum::<u64>();
        let load = |volunteer: &Volunteer| -> u64 {
            let is_load = |state| matches!(state, TorrentState::Held | TorrentState::Fetching | TorrentState::Draining);
            let own = self.census.holdings(&volunteer.id).filter(|(_, state)| is_load(*state));
            own.map(|(index, _)| listed[index as usize].size.unwrap_or(0)).sum()
        };
        let (budgets, loads) = (sum(|volunteer| volunteer.budget), self.volunteers.iter().map(load).sum::<u64>());
        let bound = |volunteer: &Volunteer| volunteer.budget.bytes() * (loads + bytes) / budgets.max(1) * 120 / 100;
        let mut share: BTreeMap<BeaconId, u64> =
            self.volunteers.iter().map(|v| (v.id, bound(v).saturating_sub(load(v)))).collect();
        let mut placement: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for index in order {
            let torrent = &listed[index as usize];
            let size = torrent.size.unwrap_or(1).max(1);
            let mut fit: Vec<&Volunteer> = self
                .volunteers
                .iter()
                .filter(|volunteer| self.census.state(&volunteer.id, index) == TorrentState::Absent)
                .filter(|volunteer| room[&volunteer.id] >= size)
                .collect();
            let key = torrent_key(&torrent.info_hash);
            fit.sort_by(|a, b| {
                let half = torrent.size.unwrap_or(0) / 2;
                let of = |volunteer: &Volunteer| {
                    (share[&volunteer.id] >= half, score(beacon_key(&volunteer.id), volunteer.budget, key))
                };
                of(b).partial_cmp(&of(a)).expect("finite")
            });
            for taker in fit.into_iter().take(lacking(index)) {
                *room.get_mut(&taker.id).expect("a volunteer") -= torrent.size.unwrap_or(0);
                let share = share.get_mut(&taker.id).expect("a volunteer");
                *share = share.saturating_sub(torrent.size.unwrap_or(0));
                placement.entry(index).or_default().insert(taker.id);
            }
        }
        placement
    }
}
