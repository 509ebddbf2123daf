//! What people read of a torrent.

use std::time::Duration;

use crate::node::{
    Memory, NodeSettings, Order, ReclaimSettings,
    testing::{World, catalog, settings},
    view::{Drain, Mode},
};

const MINUTES: Duration = Duration::from_mins(5);

fn world(nodes: u8, budget: u64, target: u64) -> (World, crate::model::CatalogTorrent) {
    let catalog = catalog(1, target);
    let world = World::of(nodes, budget, &catalog);
    (world, catalog.collections[0].torrents[0].clone())
}

#[test]
fn met() {
    let (mut world, torrent) = world(2, 1_000, 2);
    world.give(0, &torrent);
    world.run(MINUTES);
    insta::assert_snapshot!(world.explain(0, &torrent), @r"
    met: 2 of 2 copies
    attic: pinned, a copy of the user's own, never deleted
    barn: held, a copy that the beacon keeps for the network
    nothing is to be done
    ");
}

#[test]
fn under_and_who_fetches() {
    let (mut world, torrent) = world(3, 1_000, 2);
    world.give(0, &torrent);
    world.run(Duration::from_secs(20));
    let explained: Vec<_> = (0..3).map(|place| world.explain(place, &torrent)).collect();
    insta::assert_snapshot!(explained.join("\n\n"), @r"
    under: 1 of 2 copies, one more on its way
    attic: pinned, a copy of the user's own, never deleted
    barn: fetching, on its way
    enough copies are on their way

    under: 1 of 2 copies, one more on its way
    attic: pinned, a copy of the user's own, never deleted
    barn: fetching, on its way
    this beacon is about to fetch it: 1 of 2 copies; this beacon is first in line for it

    under: 1 of 2 copies, one more on its way
    attic: pinned, a copy of the user's own, never deleted
    barn: fetching, on its way
    enough copies are on their way
    ");
}

#[test]
fn under_with_an_away_holder_that_has_time_left() {
    let (mut world, torrent) = world(3, 1_000, 3);
    (0..3).for_each(|place| world.give(place, &torrent));
    world.run(MINUTES);
    world.off[0] = true;
    world.isolate(0);
    world.join(1, 2);
    world.run(Duration::from_mins(10));
    let explained = world.explain(1, &torrent);
    let numbers: Vec<u64> = explained.split(' ').filter_map(|word| word.parse().ok()).collect();
    let [_, _, away, percent] = numbers[..] else { panic!("{explained}") };
    assert!((60..70).contains(&percent), "{percent} % after ten minutes of an hour");
    let text = explained.replace(&away.to_string(), "AWAY").replace(&percent.to_string(), "PERCENT");
    insta::assert_snapshot!(text, @r"
    under: 2 of 3 copies
    attic: pinned, but away for AWAY s; its return is PERCENT % in doubt, and each whole copy in doubt is made anew
    barn: pinned, a copy of the user's own, never deleted
    cellar: pinned, a copy of the user's own, never deleted
    a beacon that is away is given time to return
    ");
}

#[test]
fn over() {
    let (mut world, torrent) = world(2, 1_000, 1);
    world.give(0, &torrent);
    world.give(1, &torrent);
    world.run(MINUTES);
    insta::assert_snapshot!(world.explain(0, &torrent), @r"
    over: 2 copies, more than the max of 1
    attic: pinned, a copy of the user's own, never deleted
    barn: pinned, a copy of the user's own, never deleted
    all copies are users' own, which are never deleted
    ");
}

#[test]
fn missing() {
    let (mut world, torrent) = world(2, 1_000, 1);
    world.run(MINUTES);
    insta::assert_snapshot!(world.explain(0, &torrent), @r"
    missing: no live copy of the 1 wanted, one more on its way
    barn: fetching, on its way
    enough copies are on their way
    ");
}

#[test]
fn no_room() {
    let (mut world, torrent) = world(2, 60, 2);
    world.give(0, &torrent);
    world.run(MINUTES);
    insta::assert_snapshot!(world.explain(0, &torrent), @r"
    under: 1 of 2 copies
    attic: pinned, a copy of the user's own, never deleted
    one copy cannot be placed: it needs 100 B, and the most that any beacon has left for it is 60 B
    ");
}

/// Nodes that each added the torrent themselves, of which so many copies are wanted.
fn holders(count: u8, target: u64, reclaim: ReclaimSettings) -> (World, crate::model::CatalogTorrent) {
    let catalog = catalog(1, target);
    let torrent = catalog.collections[0].torrents[0].clone();
    let mut world = World::empty();
    for byte in 1..=count {
        let settings = NodeSettings { reclaim, ..settings(byte, 1_000, Mode::Apply) };
        let memory = Memory { ledger: vec![torrent.info_hash], ..Memory::default() };
        world.add_with(byte, settings, &catalog, memory);
        world.hold(usize::from(byte - 1), &torrent);
        if byte > 1 {
            world.join(usize::from(byte - 1), usize::from(byte - 2));
        }
    }
    (world, torrent)
}

#[test]
fn a_surplus_on_its_way_out() {
    let reclaim = ReclaimSettings { delay: Duration::from_hours(1), ..ReclaimSettings::default() };
    let (mut world, torrent) = holders(3, 2, reclaim);
    world.run(MINUTES * 2);
    let all = |world: &World| (0..3).map(|place| world.explain(place, &torrent)).collect::<Vec<_>>().join("\n\n");
    insta::assert_snapshot!("a_surplus_that_has_to_stand", all(&world));
    world.drop_grants = true;
    world.run(Duration::from_mins(51));
    insta::assert_snapshot!("a_surplus_that_is_asked_for", all(&world));
    world.drop_grants = false;
    world.run(Duration::from_mins(30));
    insta::assert_snapshot!("a_surplus_in_quarantine", all(&world));
}

#[test]
fn pinned_and_draining() {
    let (mut world, torrent) = holders(2, 2, ReclaimSettings::default());
    world.nodes[0].order(world.now, Order::Pin(torrent.info_hash)).expect("listed");
    world.nodes[1].order(world.now, Order::Drain(Drain { until: None })).expect("it can");
    world.run(MINUTES);
    insta::assert_snapshot!(
        "pinned_and_draining",
        format!("{}\n\n{}", world.explain(0, &torrent), world.explain(1, &torrent))
    );
}
