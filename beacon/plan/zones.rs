//! Counting copies where those of one failure domain count only up to a cap.

use std::collections::BTreeMap;

use super::by_torrent::ByTorrent;
use crate::{
    census::{Census, TorrentIndex},
    model::{BeaconId, Domain, Liveness, TorrentState},
};

/// How many copies of each failure domain there are of one torrent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ZoneCount {
    cap: Option<u16>,
    by_domain: BTreeMap<Domain, u16>,
}

impl ZoneCount {
    /// Nothing yet; of each domain no more than `cap` count.
    pub fn new(cap: Option<u16>) -> Self {
        Self { cap, by_domain: BTreeMap::new() }
    }

    /// Counts the holdings of a torrent for which `counts` speaks. A beacon of which no domain is known is its own.
    pub fn of(
        census: &Census,
        domains: &BTreeMap<BeaconId, Domain>,
        torrent: TorrentIndex,
        counts: impl Fn(&BeaconId, TorrentState, Liveness) -> bool,
    ) -> Self {
        let mut count = Self::new(census.torrents().at(torrent).redundancy.per_zone());
        for (id, state, liveness) in census.holders(torrent) {
            if counts(&id, state, liveness) {
                count.add(domain_of(domains, &id));
            }
        }
        count
    }

    /// Counts one more.
    pub fn add(&mut self, domain: Domain) {
        *self.by_domain.entry(domain).or_default() += 1;
    }

    /// Counts one less.
    pub fn remove(&mut self, domain: Domain) {
        if let Some(count) = self.by_domain.get_mut(&domain) {
            *count = count.saturating_sub(1);
        }
    }

    /// Whether one more of this domain would count.
    pub fn has_room(&self, domain: Domain) -> bool {
        self.cap.is_none_or(|cap| self.by_domain.get(&domain).is_none_or(|count| *count < cap))
    }

    /// How many count.
    pub fn counted(&self) -> u16 {
        let cap = self.cap.unwrap_or(u16::MAX);
        self.by_domain.values().fold(0, |sum: u16, count| sum.saturating_add(cap.min(*count)))
    }
}

/// Where copies are or are on their way to, of all torrents of which only some of a failure domain count.
#[derive(Debug)]
pub(super) struct Coming(Holders);

impl Coming {
    /// Goes through all that everyone holds.
    pub(super) fn of_all(census: &Census, domains: &BTreeMap<BeaconId, Domain>) -> Self {
        Self(Holders::of_all(census, domains, is_coming))
    }

    /// Those of one torrent, counted.
    pub(super) fn count(&self, torrent: TorrentIndex, cap: Option<u16>) -> ZoneCount {
        self.0.count(torrent, cap)
    }
}

/// The domains of those that have something of torrents of which only some of a failure domain count.
#[derive(Debug)]
struct Holders(ByTorrent<Domain>);

impl Holders {
    fn of_all(census: &Census, domains: &BTreeMap<BeaconId, Domain>, is_meant: fn(TorrentState) -> bool) -> Self {
        if !census.torrents().are_capped() {
            return Self(ByTorrent::new(0, std::iter::empty()));
        }
        let torrents = census.torrents().entries();
        let there = census.members().filter(|(_, liveness, _)| liveness.counts());
        let members: Vec<_> = there.map(|(id, _, view)| (domain_of(domains, id), view)).collect();
        let counts = |torrent: TorrentIndex, state| {
            is_meant(state) && torrents[torrent as usize].redundancy.per_zone().is_some()
        };
        let meant = members.iter().flat_map(|(domain, view)| {
            let counted = view.holdings().filter(|(torrent, state)| counts(*torrent, *state));
            counted.map(|(torrent, _)| (torrent, *domain))
        });
        Self(ByTorrent::new(torrents.len(), meant))
    }

    fn count(&self, torrent: TorrentIndex, cap: Option<u16>) -> ZoneCount {
        let mut count = ZoneCount::new(cap);
        self.0.of(torrent).iter().for_each(|domain| count.add(*domain));
        count
    }
}

/// Copies of one torrent that there are or that are on their way, by failure domain.
pub(super) fn coming_by_zone(
    census: &Census,
    domains: &BTreeMap<BeaconId, Domain>,
    torrent: TorrentIndex,
) -> ZoneCount {
    ZoneCount::of(census, domains, torrent, |_, state, liveness| liveness.counts() && is_coming(state))
}

fn is_coming(state: TorrentState) -> bool {
    state.is_copy() || state.is_fetching()
}

/// How many copies of a torrent count, of beacons that are there or late.
pub fn counted_copies(census: &Census, domains: &BTreeMap<BeaconId, Domain>, torrent: TorrentIndex) -> u16 {
    match census.torrents().at(torrent).redundancy.per_zone() {
        None => census.tally(torrent).copies,
        Some(_) => {
            ZoneCount::of(census, domains, torrent, |_, state, liveness| state.is_copy() && liveness.counts()).counted()
        }
    }
}

/// How many copies of each torrent count, in their order: the same as asking for each, in one pass over all that everyone holds.
pub fn all_counted_copies(census: &Census, domains: &BTreeMap<BeaconId, Domain>) -> Vec<u16> {
    let mut counted: Vec<u16> = census.tallies().iter().map(|tally| tally.copies).collect();
    if census.torrents().are_capped() {
        let copies = Holders::of_all(census, domains, TorrentState::is_copy);
        for ((index, torrent), counted) in (0..).zip(census.torrents().entries()).zip(&mut counted) {
            if let Some(cap) = torrent.redundancy.per_zone() {
                *counted = copies.count(index, Some(cap)).counted();
            }
        }
    }
    counted
}

/// The domain of a beacon; one of its own where none is known.
pub(super) fn domain_of(domains: &BTreeMap<BeaconId, Domain>, id: &BeaconId) -> Domain {
    domains.get(id).copied().unwrap_or_else(|| Domain::new(id, "", []))
}

#[cfg(test)]
#[path = "zones_tests.rs"]
mod tests;
