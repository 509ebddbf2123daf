//! Copies that share a zone.

use std::{sync::Arc, time::Duration};

use super::reclaim::{at_once, deletions, hash};
use crate::{
    model::Catalog,
    node::{
        Memory, NodeSettings,
        testing::{World, catalog, settings},
        view::Mode,
    },
};

const MINUTES: Duration = Duration::from_mins(5);

/// Nodes in these zones, of a torrent of which two copies are wanted and one of each zone counts.
fn zoned(zones: &[&str], holding: &[usize]) -> World {
    let mut catalog = Catalog::clone(&catalog(1, 2));
    let torrent = &mut catalog.collections[0].torrents[0];
    torrent.redundancy = torrent.redundancy.with_per_zone(Some(1)).expect("possible");
    let torrent = torrent.clone();
    let catalog = Arc::new(catalog);
    let mut world = World::empty();
    for (place, zone) in zones.iter().enumerate() {
        let byte = u8::try_from(place + 1).expect("few");
        let ledger = if holding.contains(&place) { vec![hash(1)] } else { vec![] };
        let plain = settings(byte, 100_000, Mode::Apply);
        let settings = NodeSettings { zone: (*zone).to_owned(), reclaim: at_once(), ..plain };
        world.add_with(byte, settings, &catalog, Memory { ledger, ..Memory::default() });
        if holding.contains(&place) {
            world.hold(place, &torrent);
        }
        if place > 0 {
            world.join(place, place - 1);
        }
    }
    world
}

#[test]
fn a_second_copy_in_a_zone_does_not_count_so_another_is_made_elsewhere_and_it_goes() {
    let mut world = zoned(&["house", "house", "house", "school"], &[0, 1]);
    world.run(MINUTES * 2);
    assert_eq!(world.fetched(3), [hash(1)], "the school is the only other zone");
    assert_eq!((world.fetches(), deletions(&world)), (1, 1));
    assert_eq!(world.copies(3, 0), 2);
    assert!(world.deleted(0).len() + world.deleted(1).len() == 1, "one of the house's went");
}

#[test]
fn where_every_zone_has_its_copies_that_is_said() {
    let mut world = zoned(&["house", "house", "house"], &[0, 1]);
    world.run(MINUTES);
    assert_eq!((world.fetches(), deletions(&world)), (0, 0));
    let torrent = world.nodes[0].listed(0).clone();
    let explained = world.explain(2, &torrent);
    assert!(explained.starts_with("under: 1 of 2 copies\nthere are 2 copies, but of one zone"), "{explained}");
    assert!(
        explained.contains("one copy cannot be placed: every beacon that has room for it is in a zone"),
        "{explained}"
    );
}
