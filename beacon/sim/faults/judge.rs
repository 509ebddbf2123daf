//! Whether everything has come right that can.

use crate::{
    model::InfoHash,
    node::view::Mode,
    sim::{Scenario, Simulation},
};

impl Simulation {
    /// Whatever has not come right yet, though nothing keeps it from it; nothing where all is well.
    ///
    /// Liars may claim copies that are none, so that honest beacons may be content with as many fewer, and may promise to
    /// delete what they do not, so that as many more may stay.
    pub(super) fn unsettled(&self) -> Vec<String> {
        let mut unsettled: Vec<String> =
            (0..self.scenario.torrents.len()).filter_map(|torrent| self.unsettled_torrent(torrent)).collect();
        for (place, beacon) in self.beacons.iter().enumerate() {
            if !self.counts(place) {
                continue;
            }
            // What nobody serves is looked for outside again and again, in vain here.
            let begun = beacon.tasks.iter().find(|task| self.is_served(&task.info_hash));
            if let Some(task) = begun {
                unsettled.push(format!("beacon {place} is about to {} {}", task.kind.word(), task.info_hash));
            }
            if let Some((info_hash, _)) = beacon.disk.ledger.iter().find(|(_, leaving)| leaving.is_some()) {
                unsettled.push(format!("beacon {place} is about to be rid of {info_hash}"));
            }
            let orphans = beacon.client.marked().filter(|hash| !beacon.disk.ledger.contains_key(hash)).count();
            if orphans > 0 {
                unsettled
                    .push(format!("beacon {place} has {orphans} torrents that bear its mark and not in its ledger"));
            }
        }
        unsettled
    }

    /// Whether anyone serves it who counts.
    fn is_served(&self, info_hash: &InfoHash) -> bool {
        (0..self.beacons.len()).any(|place| self.counts(place) && self.beacons[place].client.serves(info_hash))
    }

    /// The last fetch or deletion, in words.
    pub(super) fn last_done(&self) -> String {
        let Some((at, beacon, info_hash)) = self.truth.last else { return "nothing was ever done".to_owned() };
        let torrent = (0..self.scenario.torrents.len()).find(|torrent| Scenario::info_hash(*torrent) == info_hash);
        let torrent = torrent.map_or_else(String::new, |torrent| format!(", of torrent {torrent}"));
        format!("the last at {at} by beacon {beacon}{torrent}")
    }

    fn unsettled_torrent(&self, torrent: usize) -> Option<String> {
        let spec = &self.scenario.torrents[torrent];
        let info_hash = Scenario::info_hash(torrent);
        let liars = self.scenario.beacons.iter().filter(|spec| spec.lie.is_some()).count();
        let (target, max) = (usize::from(spec.redundancy.target()), usize::from(spec.redundancy.max()));
        let places = || (0..self.beacons.len()).filter(|place| self.counts(*place));
        let serves = |place: &usize| self.beacons[*place].client.serves(&info_hash);
        let drains = |place: &usize| self.beacons[*place].disk.drain.is_some();
        let copies = places().filter(|place| serves(place) && !drains(place)).count();
        let has_source = places().any(|place| serves(&place));
        if has_source && copies + liars < target {
            let taker = places().find(|place| self.could_take(*place, &info_hash, spec.size));
            if let Some(taker) = taker {
                return Some(format!(
                    "torrent {torrent} has {copies} of {target} copies, and beacon {taker} could take it"
                ));
            }
        }
        let wanted = target + usize::from(self.scenario.reclaim.margin);
        // Who is over its budget may be about to be rid of its copy, so that others do not count on it.
        let certain = |place: &usize| serves(place) && !drains(place) && !self.is_over_budget(*place);
        let copies = places().filter(certain).count();
        let is_too_many = |place: &usize| {
            if drains(place) || self.is_over_budget(*place) {
                copies >= wanted
            } else {
                copies > max.max(wanted) + liars
            }
        };
        if let Some(place) = places().find(|place| is_too_many(place) && self.could_delete(*place, &info_hash)) {
            return Some(format!(
                "torrent {torrent} has {copies} copies, max {max}, and beacon {place} could delete its"
            ));
        }
        let fetches = places().find(|place| self.beacons[*place].client.has(&info_hash) && !serves(place));
        let at = fetches.filter(|_| has_source)?;
        Some(format!("torrent {torrent} is not complete or not served at beacon {at}"))
    }

    fn could_take(&self, place: usize, info_hash: &InfoHash, size: u64) -> bool {
        let (beacon, spec) = (&self.beacons[place], &self.scenario.beacons[place]);
        let room = spec.budget.saturating_sub(beacon.client.marked_bytes());
        spec.mode == Mode::Apply && beacon.disk.drain.is_none() && !beacon.client.has(info_hash) && room.bytes() >= size
    }

    fn could_delete(&self, place: usize, info_hash: &InfoHash) -> bool {
        let beacon = &self.beacons[place];
        self.scenario.beacons[place].mode == Mode::Apply
            && beacon.keeps(info_hash)
            && beacon.disk.ledger.contains_key(info_hash)
            && !beacon.client.is_users(info_hash)
            && !beacon.disk.pins.contains(info_hash)
    }
}
