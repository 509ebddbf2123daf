//! Who fetches what, and who does not.

use std::{sync::Arc, time::Duration};

use crate::{
    model::{ByteSize, InfoHash, InfoHashes, TorrentState},
    node::{
        Input, NodeSettings, Output,
        testing::{PLAN, REPAIR_DELAY, World, catalog, id, settings},
        view::{ActionKind, Mode},
    },
};

const MINUTES: Duration = Duration::from_mins(5);

/// A world in which the first node holds everything.
fn world(nodes: u8, torrents: u8, target: u64) -> World {
    let catalog = catalog(torrents, target);
    let mut world = World::of(nodes, 100_000, &catalog);
    catalog.collections[0].torrents.iter().for_each(|torrent| world.give(0, torrent));
    world
}

#[test]
fn every_torrent_gets_its_copies_and_nothing_is_fetched_twice() {
    let mut world = world(4, 20, 2);
    world.run(MINUTES);
    for torrent in 0..20 {
        for place in 0..4 {
            assert_eq!(world.copies(place, torrent), 2);
        }
    }
    assert_eq!(world.fetches(), 20);
    let shares: Vec<_> = (1..4).map(|place| world.fetched(place).len()).collect();
    assert!(shares.iter().all(|share| *share > 0), "{shares:?}");
    world.run(MINUTES);
    assert_eq!(world.fetches(), 20, "and then there is peace");
}

#[test]
fn a_fetch_is_announced_for_a_round_before_it_begins() {
    let mut world = world(2, 1, 2);
    let mut announced_at = None;
    while world.fetches() == 0 {
        world.run(Duration::from_secs(1));
        if world.nodes[0].census().state(&id(2), 0) == TorrentState::Fetching {
            announced_at.get_or_insert(world.now);
        }
        assert!(world.now.as_millis() < 1_000_200_000, "it begins some time");
    }
    let stood = world.now.since(announced_at.expect("the other heard of it first"));
    assert!(stood + Duration::from_secs(4) >= PLAN, "{stood:?}");
}

#[test]
fn nodes_that_plan_the_same_without_knowing_of_each_other_settle_it_before_fetching() {
    let catalog = catalog(10, 1);
    let mut world = World::of(2, 100_000, &catalog);
    world.add(3, settings(3, 100_000, Mode::Apply), &catalog);
    world.run(Duration::from_secs(16));
    assert_eq!(world.fetches(), 0);
    world.join(2, 0);
    world.run(MINUTES);
    let mut all: Vec<_> = (0..3).flat_map(|place| world.fetched(place)).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), world.fetches(), "none by two");
}

#[test]
fn a_dry_run_shows_the_plan_and_does_nothing() {
    let catalog = catalog(3, 2);
    let mut world = World::of(1, 0, &catalog);
    world.add(2, settings(2, 100_000, Mode::DryRun), &catalog);
    world.join(1, 0);
    catalog.collections[0].torrents.iter().for_each(|torrent| world.give(0, torrent));
    world.run(MINUTES);
    let acts = |output: &&Output| {
        matches!(output, Output::Fetch { .. } | Output::Cancel(_) | Output::Serve(_) | Output::AddPeers { .. })
    };
    assert_eq!(world.outputs[1].iter().filter(acts).count(), 0);
    let plan = world.nodes[1].plan_view(world.now, 0, 1_000);
    assert_eq!(plan.actions.len(), 3);
    assert!(plan.actions.iter().all(|action| action.kind == ActionKind::Fetch));
    assert!(world.nodes[0].plan_view(world.now, 0, 1_000).unplaced.len() == 3, "nobody counts on an observer");
}

#[test]
fn who_is_alone_though_it_knows_others_plans_nothing() {
    let mut world = world(2, 3, 2);
    world.run(Duration::from_secs(20));
    world.isolate(1);
    world.run(REPAIR_DELAY / 2);
    assert_eq!(world.fetches(), 0, "what was announced waits until somebody can object");
    let waiting = world.nodes[1].plan_view(world.now, 0, 1_000).waiting.expect("it waits");
    assert!(waiting.contains("no neighbor"), "{waiting}");
}

#[test]
fn a_member_that_returns_in_time_brings_its_copies_back_and_nothing_is_fetched() {
    let mut world = world(4, 10, 3);
    world.run(MINUTES);
    let before = world.fetches();
    world.off[0] = true;
    world.isolate(0);
    world.join(2, 1);
    world.join(3, 1);
    world.run(MINUTES * 11);
    assert_eq!(world.copies(1, 0), 2, "its copies do not count while it is away");
    assert_eq!(world.fetches(), before);
    world.off[0] = false;
    world.join(0, 1);
    world.run(REPAIR_DELAY);
    assert_eq!(world.copies(1, 0), 3);
    assert_eq!(world.fetches(), before);
}

#[test]
fn a_member_that_stays_away_is_replaced_after_the_repair_delay() {
    let mut world = world(3, 10, 2);
    world.run(MINUTES);
    let before = world.fetches();
    world.off[0] = true;
    world.isolate(0);
    world.join(2, 1);
    world.run(REPAIR_DELAY + MINUTES);
    assert_eq!(world.fetches(), before + 10);
    assert!((0..10).all(|torrent| world.copies(1, torrent) == 2));
}

#[test]
fn what_one_client_refuses_others_take_over() {
    let mut world = world(3, 10, 2);
    world.clients[1].refuses = true;
    world.run(MINUTES);
    assert!((0..10).all(|torrent| world.copies(0, torrent) == 2));
    assert!(world.clients[1].torrents.is_empty());
    assert_eq!(world.clients[2].torrents.len(), 10);
}

#[test]
fn a_small_budget_takes_exactly_what_fits() {
    let catalog = catalog(5, 2);
    let mut world = World::of(1, 0, &catalog);
    world.add(2, settings(2, 199, Mode::Apply), &catalog);
    world.join(1, 0);
    catalog.collections[0].torrents.iter().for_each(|torrent| world.give(0, torrent));
    world.run(MINUTES);
    assert_eq!(world.fetched(1).len(), 1);
    let plan = world.nodes[1].plan_view(world.now, 0, 1_000);
    assert_eq!(plan.unplaced.len(), 4);
    assert!(plan.unplaced[0].reason.contains("99 B"), "{}", plan.unplaced[0].reason);
}

#[test]
fn a_torrent_that_leaves_the_collection_is_not_begun_and_what_is_new_is() {
    let mut world = world(2, 4, 2);
    world.run(Duration::from_secs(20));
    assert_eq!(world.fetches(), 0, "announced only");
    let fewer = catalog(2, 2);
    for place in 0..2 {
        let input = Input::Catalog { catalog: Arc::clone(&fewer), problems: vec![] };
        world.hand(place, input);
    }
    world.run(MINUTES);
    assert_eq!(world.fetched(1).len(), 2);
    let more = catalog(6, 2);
    more.collections[0].torrents.iter().for_each(|torrent| world.give(0, torrent));
    world.hand(0, Input::Catalog { catalog: Arc::clone(&more), problems: vec![] });
    world.hand(1, Input::Catalog { catalog: more, problems: vec![] });
    world.run(MINUTES);
    assert_eq!(world.fetched(1).len(), 6);
    assert!((0..6).all(|torrent| world.copies(0, torrent) == 2));
}

#[test]
fn collections_that_differ_are_counted_by_info_hash() {
    let mut world = world(2, 4, 2);
    world.hand(1, Input::Catalog { catalog: catalog(3, 2), problems: vec![] });
    world.run(MINUTES);
    assert_eq!(world.fetched(1).len(), 3);
    assert!((0..3).all(|torrent| world.copies(0, torrent) == 2 && world.copies(1, torrent) == 2));
    assert_eq!(world.copies(0, 3), 1, "the other does not take part in it");
}

#[test]
fn a_hybrid_counts_by_whichever_hash_a_client_knows() {
    let mut catalog = catalog(1, 2);
    let torrent = &mut Arc::get_mut(&mut catalog).expect("not shared yet").collections[0].torrents[0];
    torrent.hashes.v2 = Some([9; 32]);
    let mut world = World::of(2, 100_000, &catalog);
    let mut by_v2 = catalog.collections[0].torrents[0].clone();
    by_v2.info_hash = InfoHash::V2([9; 32]);
    by_v2.hashes = InfoHashes::from(by_v2.info_hash);
    world.give(0, &by_v2);
    world.give(1, &catalog.collections[0].torrents[0]);
    world.run(MINUTES);
    assert_eq!(world.copies(0, 0), 2);
    assert_eq!(world.fetches(), 0);
}

#[test]
fn a_restarted_node_does_not_fetch_what_members_that_it_remembers_hold() {
    let mut world = world(2, 5, 1);
    world.run(MINUTES);
    let remembered = world.nodes[1].protocol().members().find(&id(1)).expect("known");
    let memory = crate::node::Memory {
        incarnation: 2,
        marks: vec![(id(1), remembered.hello().version())],
        members: vec![(Arc::clone(remembered.hello()), remembered.heard())],
        ..crate::node::Memory::default()
    };
    world.isolate(1);
    let signer = crate::wire::Signer::simulated(id(2));
    let settings = settings(2, 100_000, Mode::Apply);
    world.nodes[1] = crate::node::Node::new(world.now, settings, signer, memory, 7);
    world.hand(1, Input::Catalog { catalog: catalog(5, 1), problems: vec![] });
    world.join(1, 0);
    assert!((0..5).all(|torrent| world.copies(1, torrent) == 1), "without waiting for its next hello");
    world.run(MINUTES);
    assert_eq!(world.fetches(), 0);
}

#[test]
fn who_fetches_nothing_for_want_of_free_disk_says_so() {
    let catalog = catalog(1, 2);
    let mut world = World::of(1, 100_000, &catalog);
    let keeping = NodeSettings { keep_free: ByteSize::from_bytes(5_000), ..settings(2, 100_000, Mode::Apply) };
    world.add(2, keeping, &catalog);
    world.join(1, 0);
    world.give(0, &catalog.collections[0].torrents[0]);
    world.hand(1, Input::DiskFree(ByteSize::from_bytes(4_000)));
    world.run(MINUTES);
    assert_eq!(world.fetches(), 0);
    let says = |world: &mut World| {
        let notices = world.nodes[1].status(world.now).notices;
        notices.iter().any(|notice| notice.text.contains("lower `storage.keep_free`"))
    };
    assert!(says(&mut world));
    world.hand(1, Input::DiskFree(ByteSize::from_bytes(9_000)));
    world.run(MINUTES);
    assert_eq!(world.fetches(), 1);
    assert!(!says(&mut world));
}
