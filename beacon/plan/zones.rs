//! Counting copies where those of one failure domain count only up to a cap.

use std::collections::BTreeMap;

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

/// How many copies of a torrent count, of beacons that are there or late.
pub fn counted_copies(census: &Census, domains: &BTreeMap<BeaconId, Domain>, torrent: TorrentIndex) -> u16 {
    match census.torrents().at(torrent).redundancy.per_zone() {
        None => census.tally(torrent).copies,
        Some(_) => {
            ZoneCount::of(census, domains, torrent, |_, state, liveness| state.is_copy() && liveness.counts()).counted()
        }
    }
}

/// The domain of a beacon; one of its own where none is known.
pub(super) fn domain_of(domains: &BTreeMap<BeaconId, Domain>, id: &BeaconId) -> Domain {
    domains.get(id).copied().unwrap_or_else(|| Domain::new(id, "", []))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(cap: Option<u16>, domains: &[Domain]) -> ZoneCount {
        domains.iter().fold(ZoneCount::new(cap), |mut count, domain| {
            count.add(*domain);
            count
        })
    }

    #[test]
    fn copies_of_one_domain_count_up_to_the_cap() {
        let (attic, barn) = (Domain(1), Domain(2));
        let mut capped = count(Some(2), &[attic, attic, attic, barn]);
        assert_eq!(capped.counted(), 3);
        assert!(!capped.has_room(attic) && capped.has_room(barn) && capped.has_room(Domain(3)));
        capped.remove(attic);
        assert_eq!(capped.counted(), 3, "one was too many");
        capped.remove(attic);
        assert_eq!((capped.counted(), capped.has_room(attic)), (2, true));
        let all = count(None, &[attic, attic, attic]);
        assert_eq!((all.counted(), all.has_room(attic)), (3, true));
    }
}
