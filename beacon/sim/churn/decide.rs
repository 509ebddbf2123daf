//! What beacons decide: everyone's plan, made by the rules that run in a beacon.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{event::Event, play::Play, policy::Patience};
use crate::{
    census::TorrentIndex,
    model::{BeaconId, ByteSize, Domain, Liveness, TorrentState},
    plan::{Assignment, Plan, Situation, Volunteer, assign},
};

/// No pins, nothing of the user's own.
static NOTHING: BTreeSet<TorrentIndex> = BTreeSet::new();
/// Zones play no part.
static NOWHERE: BTreeMap<BeaconId, Domain> = BTreeMap::new();

impl Play<'_> {
    /// Looks at torrents of which something has changed, and at those that could not be helped before.
    pub(super) fn review(&mut self, mut torrents: BTreeSet<TorrentIndex>) {
        torrents.append(&mut self.pending);
        if torrents.is_empty() {
            return;
        }
        let (volunteers, away) = (self.volunteers(), self.away());
        let nothing = BTreeSet::new();
        let situation = self.situation(BeaconId::new([0; 32]), &volunteers, &away, &nothing);
        let mut began: BTreeSet<usize> = BTreeSet::new();
        for Assignment { torrent, takers, unplaced, .. } in assign(&situation, torrents.iter().copied()) {
            let mut all_began = unplaced.is_none();
            for taker in takers {
                let place = self.place_of(&taker);
                // Others do not know yet that it is away; it does nothing, and they will find out.
                if self.beacons[place].up {
                    self.begin_fetch(place, torrent);
                    began.insert(place);
                } else {
                    all_began = false;
                }
            }
            if !all_began {
                self.pending.insert(torrent);
            }
        }
        for place in &began {
            self.tell(*place);
        }
        self.give_up_surplus(&torrents);
        for place in began {
            self.pump(place);
        }
        self.watch_surplus(&torrents);
    }

    /// Who would hold what, had all been fetched by those who are there.
    pub(super) fn first_holders(&self) -> Vec<(TorrentIndex, Vec<usize>)> {
        let volunteers = self.volunteers();
        let nothing = BTreeSet::new();
        let mut situation = self.situation(BeaconId::new([0; 32]), &volunteers, &[], &nothing);
        situation.rescues = true;
        let assignments = assign(&situation, (0..).take(self.library.sizes().len()));
        let places = |takers: Vec<BeaconId>| takers.iter().map(|taker| self.place_of(taker)).collect();
        assignments.into_iter().map(|assignment| (assignment.torrent, places(assignment.takers))).collect()
    }

    /// Deletes copies beyond those that may stay, where their beacons' own plans say so and enough others that are up keep
    /// theirs: they are asked first.
    pub(super) fn reclaim(&mut self, torrent: TorrentIndex) {
        let Some((max, _)) = self.reclaims() else { return };
        let (volunteers, away, nothing) = (self.volunteers(), self.away(), BTreeSet::new());
        let deletes = |place: &usize| {
            let beacon = &self.beacons[*place];
            beacon.up && beacon.states[torrent as usize] == TorrentState::Held && {
                let plan = Plan::make(&self.situation(self.lives[*place].id, &volunteers, &away, &nothing));
                plan.reclaim.iter().any(|(planned, _)| *planned == torrent)
            }
        };
        let deleting: Vec<usize> = (0..self.beacons.len()).filter(deletes).collect();
        for place in deleting {
            if self.copies.live(torrent) > max {
                self.beacons[place].states[torrent as usize] = TorrentState::Absent;
                self.beacons[place].used -= self.library.sizes()[torrent as usize];
                self.copies.sleep(torrent, true);
                self.figures.deleted += 1;
                self.tell(place);
            }
        }
    }

    fn begin_fetch(&mut self, place: usize, torrent: TorrentIndex) {
        let size = self.library.sizes()[torrent as usize];
        let beacon = &mut self.beacons[place];
        beacon.states[torrent as usize] = TorrentState::Fetching;
        beacon.used += size;
        beacon.line.add(torrent, size);
        self.fetchers.entry(torrent).or_default().insert(place);
        self.figures.fetches += 1;
    }

    /// Ends fetches that are not needed any more, where their beacons' own plans say so.
    fn give_up_surplus(&mut self, torrents: &BTreeSet<TorrentIndex>) {
        let target = self.scenario.redundancy.target();
        let mut asked: BTreeSet<usize> = BTreeSet::new();
        for torrent in torrents {
            let tally = self.census.tally(*torrent);
            if tally.copies + tally.fetching > target {
                asked.extend(self.fetchers.get(torrent).into_iter().flatten());
            }
        }
        asked.retain(|place| self.beacons[*place].up);
        if asked.is_empty() {
            return;
        }
        let (volunteers, away) = (self.volunteers(), self.away());
        let mut given_up: Vec<(usize, TorrentIndex)> = Vec::new();
        for place in asked {
            let own: BTreeSet<TorrentIndex> = self.beacons[place].line.torrents().collect();
            let plan = Plan::make(&self.situation(self.lives[place].id, &volunteers, &away, &own));
            given_up.extend(plan.cancel.into_iter().map(|(torrent, _)| (place, torrent)));
        }
        for (place, torrent) in given_up {
            // What was received is accounted for before it is forgotten.
            self.settle(place);
            self.forget_fetch(place, torrent);
            self.beacons[place].states[torrent as usize] = TorrentState::Absent;
            self.beacons[place].used -= self.library.sizes()[torrent as usize];
            self.figures.cancelled += 1;
            self.tell(place);
            self.pump(place);
        }
    }

    /// Notes since when there are too many copies, where that is to have consequences.
    fn watch_surplus(&mut self, torrents: &BTreeSet<TorrentIndex>) {
        let Some((max, after)) = self.reclaims() else { return };
        for torrent in torrents {
            if self.census.tally(*torrent).copies <= max {
                self.surplus_since.remove(torrent);
            } else if !self.surplus_since.contains_key(torrent) {
                let (torrent, since) = (*torrent, self.now);
                self.surplus_since.insert(torrent, since);
                self.events.push(since + after, Event::Surplus { torrent, since });
            }
        }
    }

    fn situation<'b>(
        &'b self,
        me: BeaconId,
        volunteers: &'b [Volunteer],
        away: &'b [(BeaconId, Duration)],
        own_fetches: &'b BTreeSet<TorrentIndex>,
    ) -> Situation<'b> {
        let repair_delay = match self.policy.patience {
            Patience::Scaled(delay) => delay,
            // Whoever is not gone yet is waited for.
            Patience::Oracle | Patience::Fixed(_) => self.scenario.lasts(),
        };
        Situation {
            me,
            census: &self.census,
            volunteers,
            away,
            repair_delay,
            own_fetches,
            rescues: false,
            excess: ByteSize::ZERO,
            pins: &NOTHING,
            users: &NOTHING,
            domains: &NOWHERE,
            draining: false,
        }
    }

    fn volunteers(&self) -> Vec<Volunteer> {
        let alive = self.lives.iter().zip(&self.beacons).filter(|(_, beacon)| beacon.liveness == Liveness::Alive);
        let volunteer = |(life, beacon): (&super::lives::Life, &super::play::Beacon)| Volunteer {
            id: life.id,
            budget: life.budget,
            used: ByteSize::from_bytes(beacon.used),
        };
        alive.map(volunteer).collect()
    }

    fn away(&self) -> Vec<(BeaconId, Duration)> {
        let away = self.lives.iter().zip(&self.beacons).filter(|(_, beacon)| beacon.liveness == Liveness::Away);
        let silent = |heard| match self.policy.patience {
            Patience::Scaled(_) => self.now.since(heard),
            // However long: when it is not waited for any longer it is gone.
            Patience::Oracle | Patience::Fixed(_) => Duration::ZERO,
        };
        away.map(|(life, beacon)| (life.id, silent(beacon.heard))).collect()
    }

    fn place_of(&self, id: &BeaconId) -> usize {
        self.lives.binary_search_by_key(id, |life| life.id).expect("only lives volunteer")
    }
}
