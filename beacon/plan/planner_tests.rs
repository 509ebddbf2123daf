//! Tests of the planner.

#[path = "naive.rs"]
mod naive;

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::{
    census::Status,
    model::{
        Catalog, CatalogCollection, CatalogTorrent, CollectionId, InfoHash, InfoHashes, Liveness, ObjectHash,
        Redundancy, Source,
    },
};

const HOUR: Duration = Duration::from_hours(1);
const ROOM: u64 = 1_000_000;

/// Torrents, what each beacon says of them, and who may fetch.
#[derive(Debug, Clone)]
struct World {
    census: Census,
    catalog: Catalog,
    volunteers: Vec<Volunteer>,
    away: Vec<(BeaconId, Duration)>,
}

#[derive(Debug, Clone, Copy)]
struct Listed {
    target: u64,
    max: u64,
    size: Option<u64>,
    priority: i32,
}

const PLAIN: Listed = Listed { target: 2, max: 2, size: Some(10), priority: 0 };

fn beacon(byte: u8) -> BeaconId {
    BeaconId::new([byte; 32])
}

fn manifest() -> ObjectHash {
    ObjectHash::new([7; 32])
}

fn hash(place: usize) -> InfoHash {
    InfoHash::V1([u8::try_from(place).expect("few"); 20])
}

impl World {
    fn new(torrents: &[Listed]) -> Self {
        let torrent = |(place, listed): (usize, &Listed)| CatalogTorrent {
            info_hash: hash(place),
            hashes: InfoHashes::from(hash(place)),
            name: None,
            size: listed.size,
            redundancy: Redundancy::new(listed.target, Some(listed.max)).expect("possible"),
            priority: listed.priority,
            source: Source::Magnet(String::new()),
        };
        let collection = CatalogCollection {
            id: CollectionId::from_bytes([1; 16]),
            name: String::new(),
            redundancy: Redundancy::default(),
            torrents: torrents.iter().enumerate().map(torrent).collect(),
        };
        let catalog = Catalog { collections: vec![collection] };
        let mut census = Census::new(&catalog);
        census.learn_manifest(manifest(), catalog.collections[0].torrents.iter().map(|torrent| &torrent.info_hash));
        Self { census, catalog, volunteers: Vec::new(), away: Vec::new() }
    }

    /// A beacon with these states and room.
    fn with(mut self, id: u8, states: &[TorrentState], room: u64) -> Self {
        self = self.observer(id, states);
        let (budget, used) = (ByteSize::from_bytes(room), ByteSize::ZERO);
        self.volunteers.push(Volunteer { id: beacon(id), budget, used });
        self.volunteers.sort_by_key(|volunteer| volunteer.id);
        self
    }

    /// A beacon with these states that nobody expects to fetch.
    fn observer(mut self, id: u8, states: &[TorrentState]) -> Self {
        let collection = self.catalog.collections[0].id;
        self.census.set_status(beacon(id), &Status::new([(collection, manifest(), states.to_vec())]));
        self
    }

    fn away(mut self, id: u8, states: &[TorrentState], silent: Duration) -> Self {
        self = self.observer(id, states);
        self.census.set_liveness(&beacon(id), Liveness::Away);
        self.away.push((beacon(id), silent));
        self
    }

    fn plan(&self, me: BeaconId) -> Plan {
        let fetches = |state: &TorrentState| matches!(state, TorrentState::Fetching | TorrentState::Stalled);
        let own = self.census.holdings(&me).filter(|(_, state)| fetches(state)).map(|(index, _)| index).collect();
        self.plan_with(me, &own)
    }

    fn plan_with(&self, me: BeaconId, own_fetches: &BTreeSet<TorrentIndex>) -> Plan {
        Plan::make(&Situation {
            me,
            census: &self.census,
            volunteers: &self.volunteers,
            away: &self.away,
            repair_delay: HOUR,
            own_fetches,
            rescues: true,
            excess: ByteSize::ZERO,
            pins: &BTreeSet::new(),
            users: &BTreeSet::new(),
            domains: &BTreeMap::new(),
            draining: false,
        })
    }

    /// Who would fetch what, by everyone's own plan.
    fn placement(&self) -> BTreeMap<TorrentIndex, BTreeSet<BeaconId>> {
        let mut placement: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for volunteer in &self.volunteers {
            for (index, _) in self.plan(volunteer.id).fetch {
                placement.entry(index).or_default().insert(volunteer.id);
            }
        }
        placement
    }
}

fn any_listed() -> impl Strategy<Value = Listed> {
    (1_u64..5, 0_u64..3, proptest::option::weighted(0.8, 1_u64..40), -1_i32..2)
        .prop_map(|(target, more, size, priority)| Listed { target, max: target + more, size, priority })
}

prop_compose! {
    fn any_world()(
        torrents in vec(any_listed(), 1..8),
        beacons in vec((vec(select(&TorrentState::ALL[..]), 8), 0_u64..120, any::<bool>()), 1..9),
    ) -> World {
        let mut world = World::new(&torrents);
        for (id, (states, room, willing)) in (1..).zip(&beacons) {
            let states = &states[..torrents.len()];
            world = if *willing { world.with(id, states, *room) } else { world.observer(id, states) };
        }
        world
    }
}

proptest! {
    #[test]
    fn everyone_computes_the_placement_of_the_naive_planner(world in any_world()) {
        prop_assert_eq!(world.placement(), world.naive_placement());
    }

    #[test]
    fn what_is_asked_of_all_torrents_at_once_is_what_is_asked_of_each(
        world in any_world(),
        away in vec((vec(select(&TorrentState::ALL[..]), 8), 0_u64..70), 0..5),
    ) {
        let torrents = world.census.torrents().entries().len();
        let world = (100..).zip(&away).fold(world, |world, (id, (states, minutes))| {
            world.away(id, &states[..torrents], Duration::from_mins(*minutes))
        });
        let plan = world.plan(world.volunteers.first().map_or(beacon(1), |volunteer| volunteer.id));
        let placed = world.placement();
        for index in (0..).take(torrents) {
            let lacking = lacks(&world.census, &BTreeMap::new(), &world.away, HOUR, index);
            let unplaced = plan.unplaced.iter().filter(|(torrent, ..)| *torrent == index).map(|(_, copies, _)| *copies);
            let takers = placed.get(&index).map_or(0, BTreeSet::len);
            prop_assert_eq!(usize::from(lacking), takers + usize::from(unplaced.sum::<u16>()));
        }
    }

    #[test]
    fn what_is_lacking_is_placed_or_said_to_be_impossible(world in any_world()) {
        let placement = world.placement();
        let plans: Vec<Plan> = world.volunteers.iter().map(|volunteer| world.plan(volunteer.id)).collect();
        for plan in &plans {
            prop_assert_eq!(&plan.unplaced, &plans[0].unplaced, "all see the same");
        }
        for (index, tally) in (0..).zip(world.census.tallies()) {
            let waiting = if tally.served == 0 { tally.stalled } else { 0 };
            let target = world.census.torrents().at(index).redundancy.target();
            let lacking = target.saturating_sub(tally.copies + tally.fetching + waiting);
            let placed = placement.get(&index).map_or(0, BTreeSet::len);
            if let Some(plan) = plans.first() {
                let unplaced = plan.unplaced.iter().find(|(torrent, _, _)| *torrent == index);
                let unplaced = unplaced.map_or(0, |(_, copies, _)| usize::from(*copies));
                prop_assert_eq!(placed + unplaced, usize::from(lacking));
            }
        }
    }

    #[test]
    fn nobody_takes_more_than_fits(world in any_world()) {
        for volunteer in &world.volunteers {
            let sizes = world.plan(volunteer.id).fetch.into_iter();
            let sum: u64 = sizes.map(|(index, _)| world.census.torrents().at(index).size.unwrap_or(0)).sum();
            prop_assert!(sum <= volunteer.budget.bytes());
        }
    }

    #[test]
    fn of_too_many_fetchers_exactly_the_surplus_gives_up(fetchers in 1_u8..9, copies in 0_u8..4, target in 1_u64..6) {
        let mut world = World::new(&[Listed { target, max: target, ..PLAIN }]);
        for id in 1..=fetchers {
            world = world.with(id, &[TorrentState::Fetching], ROOM);
        }
        for id in 100..100 + copies {
            world = world.with(id, &[TorrentState::Held], ROOM);
        }
        let gives_up: Vec<bool> = (1..=fetchers).map(|id| !world.plan(beacon(id)).cancel.is_empty()).collect();
        let surplus = (u64::from(fetchers + copies)).saturating_sub(target).min(u64::from(fetchers));
        prop_assert_eq!(gives_up.iter().filter(|gives_up| **gives_up).count() as u64, surplus);

        // Those who stay are satisfied with each other once the rest is gone.
        let mut after = World::new(&[Listed { target, max: target, ..PLAIN }]);
        for (id, gives_up) in (1..).zip(gives_up) {
            let state = if gives_up { TorrentState::Absent } else { TorrentState::Fetching };
            after = after.with(id, &[state], ROOM);
        }
        for id in 100..100 + copies {
            after = after.with(id, &[TorrentState::Held], ROOM);
        }
        for volunteer in &after.volunteers {
            let plan = after.plan(volunteer.id);
            prop_assert!(plan.cancel.is_empty());
            prop_assert!(plan.fetch.is_empty() || u64::from(fetchers + copies) < target);
        }
    }
}

#[test]
fn the_scarcest_come_first_then_priority_then_the_hash() {
    let torrents = [PLAIN, PLAIN, Listed { priority: 1, ..PLAIN }, Listed { target: 3, max: 3, ..PLAIN }];
    let held = [TorrentState::Held, TorrentState::Absent, TorrentState::Absent, TorrentState::Absent];
    let world = World::new(&torrents).observer(9, &held).with(1, &[TorrentState::Absent; 4], ROOM);
    let order: Vec<_> = world.plan(beacon(1)).fetch.into_iter().map(|(index, _)| index).collect();
    assert_eq!(order, [2, 1, 3, 0]);
    let cramped = World::new(&torrents).observer(9, &held).with(1, &[TorrentState::Absent; 4], 25);
    let order: Vec<_> = cramped.plan(beacon(1)).fetch.into_iter().map(|(index, _)| index).collect();
    assert_eq!(order, [2, 1], "what fits is fetched, the most urgent first");
}

#[test]
fn who_holds_fetches_drains_or_does_not_take_part_is_not_chosen() {
    let states = [TorrentState::Held, TorrentState::Fetching, TorrentState::Draining, TorrentState::Resting];
    for state in states {
        let listed = Listed { target: 5, max: 5, ..PLAIN };
        let world = World::new(&[listed]).with(1, &[state], ROOM).observer(2, &[TorrentState::Absent]);
        let plan = world.plan(beacon(1));
        assert_eq!(plan.fetch, vec![], "{state}");
        assert_eq!(plan.unplaced[0].2, UnplacedReason::NobodyElse);
    }
    let mut world = World::new(&[PLAIN]);
    world.census.set_status(beacon(1), &Status::new([]));
    world.volunteers.push(Volunteer { id: beacon(1), budget: ByteSize::from_bytes(ROOM), used: ByteSize::ZERO });
    assert_eq!(world.plan(beacon(1)).fetch, vec![], "it follows no collection");
    world.volunteers[0].id = beacon(2);
    assert_eq!(world.plan(beacon(2)).fetch, vec![], "its status is not known");
}

#[test]
fn between_target_and_max_nothing_happens() {
    let listed = Listed { target: 1, max: 3, ..PLAIN };
    let mut world = World::new(&[listed]).with(9, &[TorrentState::Absent], ROOM);
    for id in 1..=3 {
        world = world.with(id, &[TorrentState::Held], ROOM);
        for volunteer in &world.volunteers {
            assert_eq!(world.plan(volunteer.id), Plan::default());
        }
    }
}

#[test]
fn a_beacon_that_is_away_is_waited_for_while_patience_lasts() {
    let listed = Listed { target: 3, max: 3, ..PLAIN };
    let minutes = Duration::from_mins;
    let world = |copies: u8, silent| {
        let mut world = World::new(&[listed]).with(50, &[TorrentState::Absent], ROOM);
        for id in 1..=copies {
            world = world.with(id, &[TorrentState::Held], ROOM);
        }
        for id in copies + 1..=3 {
            world = world.away(id, &[TorrentState::Held], silent);
        }
        world
    };
    assert_eq!(world(2, minutes(59)).plan(beacon(50)).fetch, vec![]);
    assert_eq!(world(2, minutes(60)).plan(beacon(50)).fetch.len(), 1);
    assert_eq!(world(1, minutes(3)).plan(beacon(50)).fetch, vec![]);
    let fetch = world(1, minutes(4)).plan(beacon(50)).fetch;
    assert_eq!(fetch.len(), 1, "two copies are in doubt: a sixteenth of the patience");
}

#[test]
fn what_does_not_fit_any_more_is_given_up_most_copied_first_and_no_more_than_that() {
    let torrents = [Listed { target: 3, max: 3, ..PLAIN }; 4];
    let fetching = [TorrentState::Fetching, TorrentState::Fetching, TorrentState::Fetching, TorrentState::Absent];
    let held = [TorrentState::Absent, TorrentState::Held, TorrentState::Absent, TorrentState::Absent];
    let mut world = World::new(&torrents).with(1, &fetching, 25).with(2, &held, 0);
    world.volunteers[0].used = ByteSize::from_bytes(30);
    let plan = world.plan(beacon(1));
    assert_eq!(plan.cancel, [(1, CancelReason::OverBudget)]);
    assert_eq!(plan.fetch, vec![]);
}

#[test]
fn what_is_given_up_as_surplus_counts_as_room_that_comes_free() {
    let torrents = [Listed { target: 1, max: 1, ..PLAIN }, PLAIN];
    let mut world = World::new(&torrents).with(1, &[TorrentState::Fetching; 2], 15).with(
        2,
        &[TorrentState::Held, TorrentState::Absent],
        0,
    );
    world.volunteers[0].used = ByteSize::from_bytes(20);
    let plan = world.plan(beacon(1));
    assert_eq!(plan.cancel.len(), 1, "{:?}", plan.cancel);
    assert_eq!(plan.cancel[0].0, 0);
}

#[test]
fn what_the_user_fetches_is_never_given_up() {
    let torrents = [Listed { target: 1, max: 1, ..PLAIN }; 2];
    let mut world = World::new(&torrents).with(1, &[TorrentState::Fetching; 2], 5).with(2, &[TorrentState::Held; 2], 0);
    world.volunteers[0].used = ByteSize::from_bytes(10);
    let plan = world.plan_with(beacon(1), &BTreeSet::from([1]));
    assert_eq!(plan.cancel.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [1]);
}

#[test]
fn what_does_not_move_is_given_up_only_for_copies_that_are_there() {
    let listed = Listed { target: 1, max: 1, ..PLAIN };
    let hoped = World::new(&[listed]).with(1, &[TorrentState::Stalled], ROOM).with(2, &[TorrentState::Fetching], ROOM);
    assert_eq!(hoped.plan(beacon(1)).cancel, vec![]);
    let there = World::new(&[listed]).with(1, &[TorrentState::Stalled], ROOM).with(2, &[TorrentState::Held], ROOM);
    assert_eq!(there.plan(beacon(1)).cancel.len(), 1);
}

#[test]
fn a_torrent_that_cannot_be_placed_says_why() {
    let listed = Listed { size: Some(100), ..PLAIN };
    let absent = [TorrentState::Absent];
    let reason = |world: World| world.plan(world.volunteers[0].id).unplaced[0];
    let (size, largest) = (ByteSize::from_bytes(100), ByteSize::from_bytes(60));
    let small = World::new(&[listed]).with(1, &absent, 40).with(2, &absent, 60);
    assert_eq!(reason(small), (0, 2, UnplacedReason::NoRoom { size, largest }));
    let alone = World::new(&[listed]).with(1, &absent, 150);
    assert_eq!(reason(alone), (0, 1, UnplacedReason::NobodyElse), "its one taker has no second copy to give");
    let full = World::new(&[listed]).with(1, &absent, 0);
    assert_eq!(reason(full), (0, 2, UnplacedReason::Full));
}

#[test]
fn a_full_beacon_takes_nothing_of_unknown_size() {
    let unknown = Listed { size: None, ..PLAIN };
    let world = World::new(&[unknown]).with(1, &[TorrentState::Absent], 0).with(2, &[TorrentState::Absent], 1);
    assert_eq!(world.placement(), BTreeMap::from([(0, BTreeSet::from([beacon(2)]))]));
}
