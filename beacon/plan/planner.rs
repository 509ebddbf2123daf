//! The plan itself: from what is known of everyone to what this beacon should do.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    candidate::{Candidate, best, best_of_zones, share_out, size_of},
    patience::Absences,
    placement::torrent_key,
    reason::{CancelReason, FetchReason, ReclaimReason, UnplacedReason},
    zones::{Coming, ZoneCount, coming_by_zone},
};
use crate::{
    census::{Census, Tally, Torrent, TorrentIndex},
    model::{BeaconId, ByteSize, Domain, Liveness, TorrentState},
};

/// What the plan is made from.
#[derive(Debug, Clone)]
pub struct Situation<'a> {
    /// This beacon. Its own status is in the census like everyone's.
    pub me: BeaconId,
    /// Who holds what.
    pub census: &'a Census,
    /// Every live beacon that may fetch, in the order of their ids: neither observers nor leaving. This beacon is among
    /// them even in dry-run, so that its plan can be shown.
    pub volunteers: &'a [Volunteer],
    /// Beacons that are away, with how long they have been silent.
    pub away: &'a [(BeaconId, Duration)],
    /// How long to wait for a beacon that is away where all other copies are there; see [`Doubt`](super::Doubt).
    pub repair_delay: Duration,
    /// What this beacon itself means to fetch or is fetching: only that can be given up, never what the user fetches.
    pub own_fetches: &'a BTreeSet<TorrentIndex>,
    /// Whether torrents that nobody is known to serve are to be fetched too, from whoever may have them outside. Who has
    /// only just met the others had better wait: most often a beacon it has not heard of yet holds them.
    pub rescues: bool,
    /// By how much what this beacon holds for others is over its budget, without what is on its way out.
    pub excess: ByteSize,
    /// Torrents that the user of this beacon wants here whatever the counts.
    pub pins: &'a BTreeSet<TorrentIndex>,
    /// Complete torrents of this beacon's client that are its user's own: they are never deleted.
    pub users: &'a BTreeSet<TorrentIndex>,
    /// What each beacon shares the fate of, where it is known. Only torrents with a cap for zones look at it.
    pub domains: &'a BTreeMap<BeaconId, Domain>,
    /// Whether this beacon leaves: then it gives up what it is fetching.
    pub draining: bool,
}

/// A beacon that may fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volunteer {
    /// Who.
    pub id: BeaconId,
    /// The most that it may hold.
    pub budget: ByteSize,
    /// What of that is taken or spoken for.
    pub used: ByteSize,
}

/// What this beacon should do, and what nobody can.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Torrents to begin fetching, most urgent first.
    pub fetch: Vec<(TorrentIndex, FetchReason)>,
    /// Torrents to stop fetching.
    pub cancel: Vec<(TorrentIndex, CancelReason)>,
    /// Complete copies to delete once enough other holders grant it, those with most copies first.
    pub reclaim: Vec<(TorrentIndex, ReclaimReason)>,
    /// Complete copies that no longer fit the budget: others should take them over.
    pub drain: BTreeSet<TorrentIndex>,
    /// Torrents below target that cannot be placed, with how many copies of each.
    pub unplaced: Vec<(TorrentIndex, u16, UnplacedReason)>,
}

impl Plan {
    /// Makes the plan. The same situation gives the same plan, on every beacon but for its own share.
    pub fn make(situation: &Situation<'_>) -> Self {
        let mut plan = Self::default();
        plan.place(situation);
        plan.fetch_pinned(situation);
        plan.cancel_surplus(situation);
        plan.cancel_over_budget(situation);
        plan.find_surplus(situation);
        plan.find_excess(situation);
        plan
    }

    /// Finds takers for everything that lacks copies, and takes this beacon's share.
    fn place(&mut self, situation: &Situation<'_>) {
        let census = situation.census;
        for assignment in assign(situation, (0..).take(census.tallies().len())) {
            let Assignment { torrent, tally, takers, unplaced } = assignment;
            if let Some((rank, _)) = (1..).zip(&takers).find(|(_, taker)| **taker == situation.me) {
                let target = census.torrents().at(torrent).redundancy.target();
                let Tally { copies, fetching, .. } = tally;
                self.fetch.push((torrent, FetchReason::Lacking { copies, target, fetching, rank }));
            }
            self.unplaced.extend(unplaced.map(|(copies, reason)| (torrent, copies, reason)));
        }
    }

    /// Fetches what the user wants here, as far as there is room.
    fn fetch_pinned(&mut self, situation: &Situation<'_>) {
        let Some(me) = situation.volunteers.iter().find(|volunteer| volunteer.id == situation.me) else { return };
        let census = situation.census;
        let sizes = self.fetch.iter().map(|(index, _)| size_of(census.torrents().at(*index)));
        let mut room = sizes.fold(me.budget.saturating_sub(me.used), ByteSize::saturating_sub);
        for index in situation.pins {
            let size = size_of(census.torrents().at(*index));
            let planned = self.fetch.iter().any(|(planned, _)| planned == index);
            if census.state(&situation.me, *index) != TorrentState::Absent || planned {
                continue;
            }
            if size <= room && room > ByteSize::ZERO {
                room = room.saturating_sub(size);
                self.fetch.insert(0, (*index, FetchReason::Pinned));
            } else {
                self.unplaced.push((*index, 1, UnplacedReason::NoRoom { size, largest: room }));
            }
        }
    }

    /// Gives up what others fetch too, where this beacon comes last.
    fn cancel_surplus(&mut self, situation: &Situation<'_>) {
        let census = situation.census;
        let own = census.holdings(&situation.me).filter(|(index, _)| situation.own_fetches.contains(index));
        let mut candidates = None;
        for (index, state) in own {
            let tally = census.tally(index);
            let torrent = census.torrents().at(index);
            let target = torrent.redundancy.target();
            if situation.draining {
                self.cancel.push((index, CancelReason::Draining));
                continue;
            }
            if situation.pins.contains(&index) {
                continue;
            }
            let gives_up = match state {
                TorrentState::Fetching if tally.copies + tally.fetching > target => {
                    let candidates = candidates
                        .get_or_insert_with(|| Candidate::all(situation.volunteers, census, situation.domains));
                    is_surplus_fetch(candidates, situation, torrent, index)
                }
                // What does not move is given up only for copies that are there, not for hopes of others.
                TorrentState::Stalled => tally.copies >= target,
                _ => false,
            };
            if gives_up {
                let fetching = tally.fetching;
                self.cancel.push((index, CancelReason::Surplus { copies: tally.copies, fetching, target }));
            }
        }
    }

    /// Gives up what is on its way where it no longer fits: what has most copies first.
    fn cancel_over_budget(&mut self, situation: &Situation<'_>) {
        let Some(me) = situation.volunteers.iter().find(|volunteer| volunteer.id == situation.me) else { return };
        let mut excess = me.used.saturating_sub(me.budget);
        if excess == ByteSize::ZERO {
            return;
        }
        let census = situation.census;
        let given_up: BTreeSet<TorrentIndex> = self.cancel.iter().map(|(index, _)| *index).collect();
        for index in &given_up {
            excess = excess.saturating_sub(size_of(census.torrents().at(*index)));
        }
        let mut on_their_way: Vec<TorrentIndex> = census
            .holdings(&situation.me)
            .filter(|(_, state)| matches!(state, TorrentState::Fetching | TorrentState::Stalled))
            .map(|(index, _)| index)
            .filter(|index| situation.own_fetches.contains(index) && !given_up.contains(index))
            .collect();
        on_their_way.sort_by_key(|index| std::cmp::Reverse((census.tally(*index).copies, *index)));
        for index in on_their_way {
            let size = size_of(census.torrents().at(index));
            if excess > ByteSize::ZERO && size > ByteSize::ZERO {
                excess = excess.saturating_sub(size);
                self.cancel.push((index, CancelReason::OverBudget));
            }
        }
        self.fetch.clear();
    }
}

/// A torrent that lacks copies, and who takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The torrent.
    pub torrent: TorrentIndex,
    /// What all beacons have of it.
    pub tally: Tally,
    /// Those who take it, best first.
    pub takers: Vec<BeaconId>,
    /// How many copies nobody can take, and why.
    pub unplaced: Option<(u16, UnplacedReason)>,
}

/// Finds takers for those of `torrents` that lack copies, scarcest first: everyone's share at once.
pub fn assign(situation: &Situation<'_>, torrents: impl IntoIterator<Item = TorrentIndex>) -> Vec<Assignment> {
    let census = situation.census;
    let absences = Absences::new(census, situation.away, situation.repair_delay).of_all(census.tallies().len());
    let coming = Coming::of_all(census, situation.domains);
    let coming = |index| coming.count(index, census.torrents().at(index).redundancy.per_zone());
    let lacks = |index| Lacking::find(situation, &absences, coming, index);
    let mut lacking: Vec<Lacking> = torrents.into_iter().filter_map(lacks).collect();
    lacking.sort_unstable_by_key(|lacking| {
        let torrent = census.torrents().at(lacking.torrent);
        (lacking.tally.copies, std::cmp::Reverse(torrent.priority), lacking.torrent)
    });
    if lacking.is_empty() {
        return Vec::new();
    }
    let mut candidates = Candidate::all(situation.volunteers, census, situation.domains);
    let bytes = |lacking: &Lacking| {
        u128::from(size_of(census.torrents().at(lacking.torrent)).bytes()) * u128::from(lacking.copies)
    };
    share_out(&mut candidates, lacking.iter().map(bytes).sum());
    let assign = |Lacking { torrent: index, tally, copies }| {
        let torrent = census.torrents().at(index);
        let takers = if torrent.redundancy.per_zone().is_none() {
            best(&candidates, torrent, index, usize::from(copies))
        } else {
            best_of_zones(&candidates, torrent, index, usize::from(copies), coming(index))
        };
        for taker in &takers {
            candidates[*taker].take(size_of(torrent));
        }
        let missing = copies - u16::try_from(takers.len()).unwrap_or(copies);
        let unplaced = (missing > 0).then(|| (missing, why_unplaced(&candidates, &takers, torrent, index)));
        let takers = takers.into_iter().map(|taker| candidates[taker].id).collect();
        Assignment { torrent: index, tally, takers, unplaced }
    };
    lacking.into_iter().map(assign).collect()
}

/// A torrent that lacks copies.
#[derive(Debug, Clone, Copy)]
struct Lacking {
    torrent: TorrentIndex,
    tally: Tally,
    copies: u16,
}

impl Lacking {
    fn find(
        situation: &Situation<'_>,
        absences: &Absences<'_>,
        coming_by_zone: impl Fn(TorrentIndex) -> ZoneCount,
        torrent: TorrentIndex,
    ) -> Option<Self> {
        let tally = situation.census.tally(torrent);
        if tally.served == 0 && !situation.rescues {
            return None;
        }
        let copies = lacks_now(situation.census, absences, coming_by_zone, torrent);
        (copies > 0).then_some(Self { torrent, tally, copies })
    }
}

/// How many copies a torrent lacks, with those that are on their way or waited for.
pub fn lacks(
    census: &Census,
    domains: &BTreeMap<BeaconId, Domain>,
    away: &[(BeaconId, Duration)],
    repair_delay: Duration,
    torrent: TorrentIndex,
) -> u16 {
    let coming = |torrent| coming_by_zone(census, domains, torrent);
    lacks_now(census, &Absences::new(census, away, repair_delay), coming, torrent)
}

fn lacks_now(
    census: &Census,
    absences: &Absences<'_>,
    coming_by_zone: impl Fn(TorrentIndex) -> ZoneCount,
    torrent: TorrentIndex,
) -> u16 {
    let tally = census.tally(torrent);
    let target = census.torrents().at(torrent).redundancy.target();
    // Where nobody serves it, whoever waits for it is as good as any other who would.
    let waiting = if tally.served == 0 { tally.stalled } else { 0 };
    let coming = match census.torrents().at(torrent).redundancy.per_zone() {
        None => tally.copies + tally.fetching,
        Some(_) => coming_by_zone(torrent).counted(),
    };
    let coming = coming + waiting;
    if coming >= target {
        return 0;
    }
    let expected_back = if tally.away > 0 { absences.expected_back(torrent, target) } else { 0 };
    target.saturating_sub(coming + expected_back)
}

/// Why nobody but `takers` takes the torrent.
fn why_unplaced(
    candidates: &[Candidate<'_>],
    takers: &[usize],
    torrent: &Torrent,
    index: TorrentIndex,
) -> UnplacedReason {
    let others = candidates.iter().enumerate().filter(|(place, _)| !takers.contains(place));
    let able = others.filter(|(_, other)| other.could_take(index)).map(|(_, other)| other);
    if let Some(cap) = torrent.redundancy.per_zone()
        && able.clone().any(|other| other.room >= size_of(torrent) && other.room > ByteSize::ZERO)
    {
        return UnplacedReason::Zones { cap };
    }
    let rooms = able.map(|other| other.room);
    match (rooms.max(), torrent.size) {
        (None, _) => UnplacedReason::NobodyElse,
        (Some(largest), Some(size)) if largest > ByteSize::ZERO => {
            UnplacedReason::NoRoom { size: ByteSize::from_bytes(size), largest }
        }
        (Some(_), _) => UnplacedReason::Full,
    }
}

/// Whether enough others that fetch the torrent come before this beacon. Of each failure domain only those count that its
/// cap allows.
fn is_surplus_fetch(
    candidates: &[Candidate<'_>],
    situation: &Situation<'_>,
    torrent: &Torrent,
    index: TorrentIndex,
) -> bool {
    let key = torrent_key(&torrent.info_hash);
    let Some(mine) = candidates.iter().find(|candidate| candidate.id == situation.me) else { return false };
    let counts = |_: &BeaconId, state: TorrentState, liveness: Liveness| liveness.counts() && state.is_copy();
    let mut zones = ZoneCount::of(situation.census, situation.domains, index, counts);
    let before = candidates
        .iter()
        .filter(|other| other.rank(key) > mine.rank(key) && situation.census.state(&other.id, index).is_fetching());
    before.for_each(|other| zones.add(other.domain));
    zones.counted() >= torrent.redundancy.target() || !zones.has_room(mine.domain)
}

#[cfg(test)]
#[path = "planner_tests.rs"]
mod tests;
