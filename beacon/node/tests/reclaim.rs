//! Being rid of copies, and what keeps them.

use std::{sync::Arc, time::Duration};

use crate::{
    model::{ByteSize, Catalog, CatalogTorrent, ContentState, InfoHash, TorrentState},
    node::{
        Leaving, Memory, Order, OrderError, Output, ReclaimSettings,
        testing::{World, catalog, id, settings},
        view::{ActionKind, Drain, Mode},
    },
};

const HOUR: Duration = Duration::from_hours(1);
const MINUTES: Duration = Duration::from_mins(5);

/// Nodes of which each has these torrents of the catalog as its own, and so a right to delete them.
struct Holders {
    catalog: Arc<Catalog>,
    reclaim: ReclaimSettings,
    held: Vec<Vec<u8>>,
}

impl Holders {
    fn of(target: u64, held: &[&[u8]]) -> Self {
        let most = held.iter().flat_map(|held| held.iter()).max().copied().unwrap_or(1);
        Self {
            catalog: catalog(most, target),
            reclaim: ReclaimSettings { delay: HOUR, ..ReclaimSettings::default() },
            held: held.iter().map(|held| held.to_vec()).collect(),
        }
    }

    fn world(&self) -> World {
        let mut world = World::empty();
        for (place, held) in self.held.iter().enumerate() {
            let byte = u8::try_from(place + 1).expect("few");
            let ledger = held.iter().map(|torrent| hash(*torrent)).collect();
            self.add(&mut world, byte, Mode::Apply, Memory { ledger, ..Memory::default() });
            for torrent in held {
                world.hold(place, self.torrent(*torrent));
            }
            if place > 0 {
                world.join(place, place - 1);
            }
        }
        world
    }

    fn add(&self, world: &mut World, byte: u8, mode: Mode, memory: Memory) {
        let settings = settings(byte, 100_000, mode);
        world.add_with(byte, super::super::NodeSettings { reclaim: self.reclaim, ..settings }, &self.catalog, memory);
    }

    fn torrent(&self, torrent: u8) -> &CatalogTorrent {
        &self.catalog.collections[0].torrents[usize::from(torrent - 1)]
    }
}

pub(super) fn hash(torrent: u8) -> InfoHash {
    InfoHash::V1([torrent; 20])
}

pub(super) fn at_once() -> ReclaimSettings {
    ReclaimSettings { delay: Duration::ZERO, quarantine: Duration::ZERO, ..ReclaimSettings::default() }
}

pub(super) fn deletions(world: &World) -> usize {
    (0..world.nodes.len()).map(|place| world.deleted(place).len()).sum()
}

fn quarantined(world: &World, place: usize) -> usize {
    world.outputs[place].iter().filter(|output| matches!(output, Output::Quarantine(_))).count()
}

#[test]
fn a_surplus_that_has_stood_for_long_is_stopped_kept_for_a_while_and_then_deleted_by_one_beacon() {
    let holders = Holders::of(2, &[&[1], &[1], &[1]]);
    let mut world = holders.world();
    world.run(MINUTES * 11);
    assert_eq!((0..3).map(|place| quarantined(&world, place)).sum::<usize>(), 0, "it has not stood for long");
    world.run(MINUTES * 2);
    assert_eq!((0..3).map(|place| quarantined(&world, place)).sum::<usize>(), 1);
    assert_eq!((world.copies(0, 0), deletions(&world)), (2, 0), "what is stopped does not count");
    world.run(HOUR * 23);
    assert_eq!(deletions(&world), 0);
    world.run(HOUR + MINUTES);
    assert_eq!((world.copies(0, 0), deletions(&world), world.fetches()), (2, 1, 0));
    world.run(HOUR * 3);
    assert_eq!((deletions(&world), world.fetches()), (1, 0), "that is the end of it");
}

#[test]
fn a_surplus_is_not_reclaimed_without_grants() {
    let mut holders = Holders::of(2, &[&[1], &[1], &[1]]);
    holders.reclaim = at_once();
    let mut world = holders.world();
    // All believe that the others are there, but nobody gets an answer.
    world.run(Duration::from_secs(5));
    world.drop_grants = true;
    world.run(MINUTES * 4);
    assert_eq!(world.copies(0, 0), 3);
    assert_eq!(deletions(&world), 0);
    world.drop_grants = false;
    world.run(MINUTES * 4);
    assert_eq!((world.copies(0, 0), deletions(&world)), (2, 1));
}

#[test]
fn a_surplus_stands_through_rounds_in_which_nothing_can_be_planned() {
    let holders = Holders::of(2, &[&[1], &[1], &[1]]);
    let mut world = holders.world();
    world.run(MINUTES * 10);
    // What a newcomer holds is not known for a while, since its client does not answer.
    holders.add(&mut world, 4, Mode::Apply, Memory::default());
    world.clients[3].down = true;
    world.join(3, 0);
    world.run(Duration::from_secs(20));
    assert!(world.nodes[0].plan_view(world.now, 0, 1_000).waiting.is_some());
    world.run(MINUTES * 3);
    assert_eq!((0..3).map(|place| quarantined(&world, place)).sum::<usize>(), 1, "it has stood for more than an hour");
}

#[test]
fn what_the_user_added_is_never_deleted() {
    let mut holders = Holders::of(1, &[&[], &[], &[]]);
    holders.reclaim = at_once();
    holders.catalog = catalog(1, 1);
    let mut world = holders.world();
    (0..3).for_each(|place| world.give(place, holders.torrent(1)));
    world.run(HOUR);
    assert_eq!((world.copies(0, 0), deletions(&world)), (3, 0));
    assert!(world.nodes[1].order(world.now, Order::Drain(Drain { until: None })).is_ok());
    world.run(HOUR);
    assert_eq!(world.copies(0, 0), 2, "who leaves is not counted on");
    assert_eq!(deletions(&world), 0);
    assert_eq!(world.nodes[1].order(world.now, Order::Unpin(hash(1))), Err(OrderError::YourOwn(hash(1))));
}

#[test]
fn several_surplus_copies_go_until_the_max_is_left() {
    let mut holders = Holders::of(2, &[&[1], &[1], &[1], &[1]]);
    holders.reclaim = at_once();
    let mut world = holders.world();
    world.run(MINUTES * 2);
    assert_eq!((world.copies(0, 0), deletions(&world)), (2, 2));
}

#[test]
fn a_margin_asks_for_more_grants_than_the_target() {
    let mut holders = Holders::of(2, &[&[1], &[1], &[1], &[1]]);
    holders.reclaim = ReclaimSettings { margin: 1, ..at_once() };
    let mut world = holders.world();
    world.run(HOUR);
    assert_eq!((world.copies(0, 0), deletions(&world)), (3, 1), "three grants are needed, so three copies stay");
}

#[test]
fn a_pin_restores_what_is_stopped_and_keeps_it() {
    let mut holders = Holders::of(2, &[&[1], &[1], &[1]]);
    holders.reclaim.delay = Duration::ZERO;
    let mut world = holders.world();
    world.run(MINUTES);
    let place = (0..3).find(|place| quarantined(&world, *place) == 1).expect("one is stopped");
    assert_eq!(world.clients[place].torrents[&hash(1)].content, ContentState::Resting);
    world.nodes[place].order(world.now, Order::Pin(hash(1))).expect("listed");
    world.run(MINUTES);
    assert_eq!(world.clients[place].torrents[&hash(1)].content, ContentState::Serving);
    assert_eq!(world.nodes[place].census().state(&world.nodes[place].id(), 0), TorrentState::Pinned);
    world.run(HOUR * 26);
    assert!(world.clients[place].torrents.contains_key(&hash(1)));
    assert_eq!(world.copies(0, 0), 2, "another one went");
    assert!(world.explain(place, holders.torrent(1)).contains("met: 2 of 2 copies"));
}

#[test]
fn a_pin_fetches_what_nobody_needs_and_an_unpin_lets_it_go_again() {
    let mut holders = Holders::of(1, &[&[1], &[]]);
    holders.reclaim = at_once();
    let mut world = holders.world();
    world.run(MINUTES);
    assert_eq!(world.fetches(), 0);
    world.nodes[1].order(world.now, Order::Pin(hash(1))).expect("listed");
    world.run(MINUTES);
    assert_eq!(world.fetched(1), [hash(1)]);
    assert_eq!(world.deleted(0), [hash(1)], "one copy was wanted");
    world.nodes[1].order(world.now, Order::Unpin(hash(1))).expect("pinned");
    assert_eq!(world.nodes[1].order(world.now, Order::Unpin(hash(1))), Err(OrderError::NotPinned(hash(1))));
    assert_eq!(world.nodes[1].order(world.now, Order::Pin(hash(9))), Err(OrderError::NotListed(hash(9))));
    world.run(HOUR);
    assert_eq!((world.copies(0, 0), deletions(&world)), (1, 1));
}

#[test]
fn files_that_are_kept_are_used_again_when_another_copy_is_lost() {
    let mut holders = Holders::of(2, &[&[1], &[1], &[1]]);
    holders.reclaim.delay = Duration::ZERO;
    let mut world = holders.world();
    world.run(MINUTES);
    let place = (0..3).find(|place| quarantined(&world, *place) == 1).expect("one is stopped");
    let other = (place + 1) % 3;
    world.clients[other].torrents.clear();
    world.run(MINUTES);
    assert_eq!(world.clients[place].torrents[&hash(1)].content, ContentState::Serving);
    assert_eq!((world.copies(place, 0), world.fetches()), (2, 0), "nothing had to be fetched");
}

#[test]
fn who_drains_is_rid_of_everything_once_others_have_it() {
    let mut holders = Holders::of(2, &[&[1, 2], &[1], &[2], &[]]);
    holders.reclaim.quarantine = Duration::ZERO;
    let mut world = holders.world();
    world.run(MINUTES);
    assert_eq!(world.fetches(), 0);
    world.nodes[0].order(world.now, Order::Drain(Drain { until: None })).expect("it can");
    world.run(Duration::from_secs(20));
    let view = world.nodes[0].status(world.now).drain.expect("it drains");
    assert_eq!((view.safe, view.waiting, view.waiting_bytes), (0, 2, ByteSize::from_bytes(200)));
    world.run(MINUTES * 2);
    assert_eq!(world.fetches(), 2);
    assert_eq!(world.deleted(0).len(), 2);
    assert_eq!((world.copies(3, 0), world.copies(3, 1)), (2, 2));
    world.nodes[0].order(world.now, Order::Stay).expect("it drains");
    assert_eq!(world.nodes[0].order(world.now, Order::Stay), Err(OrderError::NotDraining));
    world.run(MINUTES);
    assert_eq!(world.fetches(), 2, "coming back moves nothing");
}

#[test]
fn what_is_pinned_stays_in_a_drain() {
    let mut holders = Holders::of(1, &[&[1], &[1]]);
    holders.reclaim = ReclaimSettings { delay: HOUR * 100, ..at_once() };
    let mut world = holders.world();
    world.nodes[0].order(world.now, Order::Pin(hash(1))).expect("listed");
    world.nodes[0].order(world.now, Order::Drain(Drain { until: None })).expect("it can");
    world.run(HOUR);
    assert_eq!((world.deleted(0), world.copies(1, 0)), (vec![], 1), "it is not counted on, and it stays");
}

#[test]
fn a_command_that_fails_is_given_again_but_less_and_less() {
    let mut holders = Holders::of(1, &[&[1], &[1]]);
    holders.reclaim = at_once();
    let mut world = holders.world();
    world.clients.iter_mut().for_each(|client| client.fails = true);
    world.run(HOUR);
    let tries = deletions(&world);
    assert!((5..20).contains(&tries), "{tries} in an hour");
    assert_eq!(world.copies(0, 0), 1, "what is given up does not count");
    world.clients.iter_mut().for_each(|client| client.fails = false);
    world.run(HOUR);
    assert_eq!(world.clients.iter().filter(|client| client.torrents.is_empty()).count(), 1);
}

#[test]
fn a_drain_ends_by_itself() {
    let holders = Holders::of(2, &[&[1], &[1], &[]]);
    let mut world = holders.world();
    world.run(MINUTES);
    let past = Order::Drain(Drain { until: Some(world.now) });
    assert_eq!(world.nodes[0].order(world.now, past), Err(OrderError::Past));
    let until = Some(world.now + Duration::from_secs(20));
    world.nodes[0].order(world.now, Order::Drain(Drain { until })).expect("it can");
    assert!(world.nodes[0].status(world.now).drain.is_some());
    world.run(MINUTES);
    assert_eq!(world.nodes[0].status(world.now).drain, None);
    assert!(world.outputs[0].contains(&Output::SaveDrain(None)));
}

#[test]
fn a_lowered_budget_lets_go_what_most_others_have_first() {
    let mut holders = Holders::of(2, &[&[1, 2, 3], &[1, 2], &[1, 3], &[]]);
    holders.reclaim.quarantine = Duration::ZERO;
    let mut world = World::empty();
    for (place, held) in holders.held.iter().enumerate() {
        let byte = u8::try_from(place + 1).expect("few");
        let budget = if place == 0 { 150 } else { 100_000 };
        let memory = Memory { ledger: held.iter().map(|torrent| hash(*torrent)).collect(), ..Memory::default() };
        let reclaim = holders.reclaim;
        let settings = super::super::NodeSettings { reclaim, ..settings(byte, budget, Mode::Apply) };
        world.add_with(byte, settings, &holders.catalog, memory);
        for torrent in held {
            world.hold(place, holders.torrent(*torrent));
        }
        if place > 0 {
            world.join(place, place - 1);
        }
    }
    world.run(MINUTES * 2);
    assert_eq!(world.deleted(0).len(), 2, "two of three had to go");
    assert_eq!(world.deleted(0)[0], hash(1), "the one that two others had went first");
    assert_eq!((0..3).map(|torrent| world.copies(3, torrent)).collect::<Vec<_>>(), [2, 2, 2]);
    assert_eq!(world.fetches(), 1, "only the second had to be taken over");
}

#[test]
fn so_many_torrents_are_deleted_in_a_day() {
    let mut holders = Holders::of(1, &[&[1, 2, 3, 4], &[1, 2, 3, 4]]);
    holders.reclaim = ReclaimSettings { torrents_per_day: 1, ..at_once() };
    let mut world = holders.world();
    world.run(HOUR * 2);
    assert!((0..2).all(|place| world.deleted(place).len() <= 1), "{}", deletions(&world));
    world.run(HOUR * 24);
    assert!((0..2).all(|place| world.deleted(place).len() <= 2));
    assert!(deletions(&world) > 1);
}

#[test]
fn a_dry_run_shows_what_it_would_delete_and_deletes_nothing() {
    let mut holders = Holders::of(1, &[&[], &[1]]);
    holders.reclaim = at_once();
    let mut world = World::empty();
    holders.add(&mut world, 1, Mode::DryRun, Memory { ledger: vec![hash(1)], ..Memory::default() });
    world.hold(0, holders.torrent(1));
    holders.add(&mut world, 2, Mode::Apply, Memory::default());
    world.give(1, holders.torrent(1));
    world.join(1, 0);
    world.run(HOUR);
    assert_eq!((deletions(&world), world.copies(1, 0)), (0, 2));
    let planned = world.nodes[0].plan_view(world.now, 0, 1_000).actions;
    assert_eq!(planned.iter().map(|action| action.kind).collect::<Vec<_>>(), [ActionKind::Reclaim]);
}

#[test]
fn after_a_restart_a_deletion_goes_on_and_nothing_is_granted_for_it() {
    let mut holders = Holders::of(1, &[&[], &[1]]);
    holders.reclaim = at_once();
    let mut world = World::empty();
    let memory = Memory { ledger: vec![hash(1)], leaving: vec![(hash(1), Leaving::Deleting)], ..Memory::default() };
    holders.add(&mut world, 1, Mode::Apply, memory);
    world.hold(0, holders.torrent(1));
    world.clients[0].refuses = true;
    holders.add(&mut world, 2, Mode::Apply, Memory { ledger: vec![hash(1)], ..Memory::default() });
    world.hold(1, holders.torrent(1));
    world.join(1, 0);
    world.run(MINUTES);
    assert_eq!(world.copies(1, 0), 1, "what is being deleted does not count");
    assert_eq!(world.deleted(1), []);
    assert_eq!(world.deleted(0), [hash(1)], "the command is given again");
}

#[test]
fn a_torrent_that_the_user_took_over_while_it_was_stopped_is_left_alone() {
    let mut holders = Holders::of(2, &[&[1], &[1], &[1]]);
    holders.reclaim.delay = Duration::ZERO;
    let mut world = holders.world();
    world.run(MINUTES);
    let place = (0..3).find(|place| quarantined(&world, *place) == 1).expect("one is stopped");
    world.clients[place].torrents.get_mut(&hash(1)).expect("there").marked = false;
    world.run(HOUR * 26);
    assert!(world.clients[place].torrents.contains_key(&hash(1)));
    assert!(world.outputs[place].contains(&Output::LedgerRemove(hash(1))));
    assert_eq!(world.deleted(place), []);
    assert_eq!(id(1), world.nodes[0].id());
}
