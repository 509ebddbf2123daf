//! What the user orders beside pins and drains, and how the beacons are shown.

use std::time::Duration;

use crate::{
    model::{InfoHash, Liveness},
    node::{
        Memory, NodeSettings, Order, OrderError, Output,
        testing::{PLAN, World, catalog, id, settings},
        view::{MemberFilter, MemberOrder, Mode, ModeOrder, Undo},
    },
};

const MINUTES: Duration = Duration::from_mins(5);
const FIRST: InfoHash = InfoHash::V1([1; 20]);

/// A beacon that has the one torrent, which is wanted once, and one that has nothing.
fn satisfied() -> World {
    let catalog = catalog(1, 1);
    let mut world = World::of(2, 100_000, &catalog);
    world.give(0, &catalog.collections[0].torrents[0]);
    world.run(MINUTES);
    assert_eq!(world.fetches(), 0);
    world
}

fn saved(world: &World, place: usize) -> Vec<bool> {
    let saved = world.outputs[place].iter().filter_map(|output| match output {
        Output::SaveRequest { info_hash: FIRST, requested } => Some(*requested),
        _ => None,
    });
    saved.collect()
}

#[test]
fn what_is_asked_for_is_fetched_once_and_then_the_counts_decide() {
    let mut world = satisfied();
    let said = world.nodes[1].order(world.now, Order::Request(FIRST)).expect("listed");
    assert!(said.contains("torrent 1 is fetched"), "{said}");
    world.run(PLAN * 2);
    let actions = world.nodes[1].status(world.now).actions;
    let [fetch] = [actions.pending, actions.running].concat().try_into().expect("one action");
    assert_eq!(
        (fetch.undo, fetch.reason.as_str()),
        (Some(Undo::Unrequest), "you asked for it; once it is here, the counts decide")
    );
    world.run(MINUTES);
    assert_eq!((world.fetched(1), saved(&world, 1)), (vec![FIRST], vec![true, false]));
    assert_eq!(world.copies(0, 0), 2);
    let error = world.nodes[1].order(world.now, Order::Unrequest(FIRST));
    assert_eq!(error, Err(OrderError::NotRequested(FIRST)), "it has taken itself back");
    assert!(world.nodes[1].order(world.now, Order::Request(FIRST)).expect("listed").contains("here already"));
}

#[test]
fn a_request_can_be_taken_back_and_outlives_a_restart() {
    let mut world = satisfied();
    world.nodes[1].order(world.now, Order::Request(FIRST)).expect("listed");
    world.nodes[1].order(world.now, Order::Unrequest(FIRST)).expect("asked for");
    world.run(MINUTES);
    assert_eq!((world.fetches(), saved(&world, 1)), (0, vec![true, false]));

    let memory = Memory { requests: vec![FIRST], incarnation: 1, ..Memory::default() };
    world.add_with(3, settings(3, 100_000, Mode::Apply), &catalog(1, 1), memory);
    world.join(2, 0);
    world.run(MINUTES);
    assert_eq!(world.fetched(2), [FIRST]);
}

#[test]
fn the_mode_is_changed_by_order_and_told_to_others() {
    let catalog = catalog(1, 2);
    let mut world = World::of(1, 100_000, &catalog);
    world.add(2, settings(2, 100_000, Mode::DryRun), &catalog);
    world.join(1, 0);
    world.give(0, &catalog.collections[0].torrents[0]);
    world.run(MINUTES);
    let is_observer = |world: &mut World| {
        let members = world.nodes[0].status(world.now).members;
        members.iter().any(|member| member.id == id(2) && member.observer)
    };
    assert!(is_observer(&mut world) && world.fetches() == 0);

    let said = world.nodes[1].order(world.now, Order::Mode(Mode::Apply)).expect("possible");
    assert!(said.contains("acts from now on, until `mode`"), "{said}");
    world.run(MINUTES);
    assert!(!is_observer(&mut world));
    assert_eq!((world.fetched(1), world.nodes[1].status(world.now).beacon.mode_is_ordered), (vec![FIRST], true));

    world.nodes[1].order(world.now, Order::Mode(Mode::DryRun)).expect("possible");
    world.run(MINUTES);
    assert!(is_observer(&mut world));
    let orders: Vec<_> =
        world.outputs[1].iter().filter(|output| matches!(output, Output::SaveMode(_))).cloned().collect();
    let first = ModeOrder { ordered: Mode::Apply, configured: Mode::DryRun };
    assert_eq!(orders, [Output::SaveMode(Some(first)), Output::SaveMode(None)]);
}

#[test]
fn who_is_told_to_only_look_gives_up_what_has_not_begun() {
    let catalog = catalog(1, 2);
    let mut world = World::of(2, 100_000, &catalog);
    world.give(0, &catalog.collections[0].torrents[0]);
    for _ in 0..600 {
        world.run(Duration::from_secs(1));
        if !world.nodes[1].status(world.now).actions.pending.is_empty() {
            break;
        }
    }
    world.nodes[1].order(world.now, Order::Mode(Mode::DryRun)).expect("possible");
    world.run(MINUTES);
    assert_eq!(world.fetches(), 0);
    assert_eq!(world.nodes[0].census().tally(0).fetching, 0, "nobody counts on it");
}

#[test]
fn beacons_are_shown_in_pages() {
    let catalog = catalog(2, 1);
    let mut world = World::empty();
    for (byte, zone, budget) in [(1, "hill", 300), (2, "valley", 100), (3, "hill", 200)] {
        let zone = zone.to_owned();
        world.add(byte, NodeSettings { zone, ..settings(byte, budget, Mode::Apply) }, &catalog);
    }
    world.join(1, 0);
    world.join(2, 1);
    world.give(2, &catalog.collections[0].torrents[0]);
    world.run(MINUTES);
    let names = |filter: MemberFilter| {
        let view = world.nodes[0].members(world.now, &MemberFilter { limit: 10, ..filter });
        (view.total, view.members.into_iter().map(|member| member.name).collect::<Vec<_>>())
    };
    let all = MemberFilter::default();
    assert_eq!(names(all.clone()), (3, ["attic", "barn", "cellar"].map(str::to_owned).to_vec()));
    let by_budget = MemberFilter { order: MemberOrder::Budget, ..all.clone() };
    assert_eq!(names(by_budget.clone()).1, ["barn", "cellar", "attic"]);
    assert_eq!(names(MemberFilter { descending: true, offset: 1, ..by_budget }).1, ["cellar", "barn"]);
    assert_eq!(names(MemberFilter { text: "HILL".to_owned(), ..all.clone() }).1, ["attic", "cellar"]);
    assert_eq!(names(MemberFilter { text: "0303".to_owned(), ..all.clone() }).1, ["cellar"]);
    assert_eq!(names(MemberFilter { state: Some(Liveness::Gone), ..all }), (0, vec![]));

    let far = world.nodes[0].member(world.now, &id(3)).expect("known");
    assert_eq!((far.member.via, far.member.neighbor, far.member.collections), (Some(id(2)), false, Some(1)));
    assert_eq!(far.counts.values().sum::<usize>(), 1);
    assert_eq!(world.nodes[0].member(world.now, &id(9)), None);
    let links = world.nodes[0].link_views(world.now);
    assert_eq!((links.len(), links[0].beacon, links[0].name.as_str(), links[0].dialed), (1, id(2), "barn", false));
}
