//! Lists of torrents, the map of a collection, and what it all adds up to.

use std::{sync::Arc, time::Duration};

use crate::{
    model::{ByteSize, Catalog, CatalogCollection, CollectionId, InfoHash, Redundancy, TorrentState},
    node::{
        Order,
        testing::{World, catalog},
        view::{Cell, Page, Standing, TorrentFilter, TorrentOrder},
    },
};

const TOWN: CollectionId = CollectionId::from_bytes([1; 16]);
const RIVER: CollectionId = CollectionId::from_bytes([2; 16]);

/// Six torrents in the town's collection, of which 1 has no copy, 2 and 3 have one, 4 has two and 5 has three, where two are
/// wanted; 6 is wanted twice and has one. The river's collection lists 5 and 6. Nobody has room to fetch anything.
fn world() -> World {
    let mut town = Catalog::clone(&catalog(6, 2)).collections.remove(0);
    for (torrent, (name, size)) in town.torrents.iter_mut().zip([
        ("Maps", 700),
        ("letters", 100),
        ("Été", 300),
        ("", 0),
        ("zoo", 500),
        ("films", 400),
    ]) {
        torrent.name = Some(name.to_owned()).filter(|name| !name.is_empty());
        torrent.size = Some(size).filter(|size| *size > 0);
        torrent.redundancy = Redundancy::new(2, Some(2)).expect("possible");
    }
    let (id, name) = (RIVER, "River".to_owned());
    let river = CatalogCollection { id, name, torrents: town.torrents[4..].to_vec(), ..town.clone() };
    let catalog = Arc::new(Catalog { collections: vec![town.clone(), river] });
    let mut world = World::of(3, 0, &catalog);
    for (place, torrents) in [(0, &[2, 4, 5, 6][..]), (1, &[3, 4, 5]), (2, &[5])] {
        for number in torrents {
            world.give(place, &town.torrents[number - 1]);
        }
    }
    world.run(Duration::from_mins(5));
    world
}

/// The numbers of the torrents on a page, and how many match in all.
fn shown(world: &mut World, filter: &TorrentFilter, page: Page) -> (Vec<u8>, usize) {
    let view = world.nodes[0].torrents(filter, page).expect("known collections");
    let number = |info_hash: &InfoHash| info_hash.as_bytes()[0];
    (view.torrents.iter().map(|torrent| number(&torrent.info_hash)).collect(), view.total)
}

fn in_town() -> TorrentFilter {
    TorrentFilter { collection: Some(TOWN), ..TorrentFilter::default() }
}

const ALL: Page = Page { order: None, descending: false, offset: 0, limit: 100 };

#[test]
fn torrents_are_shown_in_every_order() {
    let mut world = world();
    for (order, rising, falling) in [
        (TorrentOrder::Manifest, [1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]),
        (TorrentOrder::Name, [3, 6, 2, 1, 5, 4], [4, 5, 1, 2, 6, 3]),
        (TorrentOrder::Size, [2, 4, 3, 6, 5, 1], [1, 5, 6, 3, 2, 4]),
        (TorrentOrder::Copies, [1, 3, 6, 2, 4, 5], [5, 4, 3, 6, 2, 1]),
        (TorrentOrder::Lacking, [5, 4, 3, 6, 2, 1], [1, 3, 6, 2, 5, 4]),
        (TorrentOrder::Holders, [1, 3, 6, 2, 4, 5], [5, 4, 3, 6, 2, 1]),
    ] {
        let page = Page { order: Some(order), ..ALL };
        assert_eq!(shown(&mut world, &in_town(), page), (rising.to_vec(), 6), "{order:?}");
        let turned = Page { descending: true, ..page };
        assert_eq!(shown(&mut world, &in_town(), turned), (falling.to_vec(), 6), "{order:?}");
        let middle = Page { offset: 2, limit: 3, ..turned };
        assert_eq!(shown(&mut world, &in_town(), middle), (falling[2..5].to_vec(), 6), "{order:?}");
    }
    assert_eq!(shown(&mut world, &in_town(), ALL).0, [1, 2, 3, 4, 5, 6], "a collection's own order");
    assert_eq!(shown(&mut world, &TorrentFilter::default(), ALL).0, [3, 6, 2, 1, 5, 4], "by name, each once");
}

#[test]
fn torrents_are_shown_by_how_they_stand_and_what_they_are_here() {
    let mut world = world();
    for (standing, numbers) in
        [(Standing::Missing, &[1][..]), (Standing::Under, &[2, 3, 6]), (Standing::Met, &[4]), (Standing::Over, &[5])]
    {
        let filter = TorrentFilter { standing: Some(standing), ..in_town() };
        assert_eq!(shown(&mut world, &filter, ALL), (numbers.to_vec(), numbers.len()), "{standing:?}");
    }
    let here = |here| TorrentFilter { here: Some(here), ..in_town() };
    assert_eq!(shown(&mut world, &here(TorrentState::Pinned), ALL).0, [2, 4, 5, 6]);
    assert_eq!(shown(&mut world, &here(TorrentState::Absent), ALL).0, [1, 3]);
    let both = TorrentFilter { standing: Some(Standing::Under), ..here(TorrentState::Pinned) };
    assert_eq!(shown(&mut world, &both, ALL).0, [2, 6]);
    let sought = TorrentFilter { sought: Some("s".parse().expect("a word")), ..both };
    assert_eq!(shown(&mut world, &sought, ALL).0, [6, 2]);
    let river = TorrentFilter { collection: Some(RIVER), ..sought };
    assert_eq!(shown(&mut world, &river, ALL).0, [6]);
    let unknown = TorrentFilter { collection: Some(CollectionId::from_bytes([9; 16])), ..TorrentFilter::default() };
    assert_eq!(world.nodes[0].torrents(&unknown, ALL), None);
}

#[test]
fn the_map_says_of_each_torrent_what_a_page_draws() {
    let mut world = world();
    let cell = |copies, flags| Cell { copies, target: 2, max: 2, flags };
    let mine = Cell::COMPLETE_HERE + Cell::PINNED_HERE;
    world.nodes[0].order(world.now, Order::Pin(InfoHash::V1([3; 20]))).expect("pinned");
    let map = world.nodes[0].map(TOWN, 0, 100).expect("known");
    let expected = [cell(0, 0), cell(1, mine), cell(1, Cell::PINNED_HERE), cell(2, mine), cell(3, mine), cell(1, mine)];
    assert_eq!((map.total, map.offset, &map.cells[..]), (6, 0, &expected[..]));
    let part = world.nodes[0].map(TOWN, 3, 2).expect("known");
    assert_eq!((part.total, part.revision, &part.cells[..]), (6, map.revision, &expected[3..5]));
    let river = world.nodes[0].map(RIVER, 0, 100).expect("known");
    assert_eq!((river.total, &river.cells[..]), (2, &expected[4..]));
    assert_ne!(river.revision, map.revision);
    assert_eq!(world.nodes[0].map(RIVER, 7, 1).expect("known").cells, []);
    assert_eq!(world.nodes[0].map(CollectionId::from_bytes([9; 16]), 0, 1), None);
}

#[test]
fn places_are_those_of_the_map() {
    let mut world = world();
    let under = TorrentFilter { standing: Some(Standing::Under), ..TorrentFilter::default() };
    let places = world.nodes[0].places(TOWN, &under, 100).expect("known");
    assert_eq!((places.total, &places.places[..]), (3, &[1, 2, 5][..]));
    let first = world.nodes[0].places(TOWN, &under, 1).expect("known");
    assert_eq!((first.total, &first.places[..]), (3, &[1][..]));
    assert_eq!(world.nodes[0].places(RIVER, &under, 100).expect("known").places, [1]);
    assert_eq!(world.nodes[0].places(CollectionId::from_bytes([9; 16]), &under, 1), None);
}

#[test]
fn collections_and_all_torrents_are_added_up_anew_when_something_changes() {
    let mut world = world();
    let status = world.nodes[0].status(world.now);
    let [river, town] = &status.collections[..] else { panic!("two: {:?}", status.collections) };
    assert_eq!((town.torrents, town.missing, town.under, town.met, town.over), (6, 1, 3, 1, 1));
    assert_eq!((river.torrents, river.missing, river.under, river.met, river.over), (2, 0, 1, 0, 1));
    assert_eq!((town.copies_histogram.as_slice(), town.members, town.target), (&[1, 3, 1, 1][..], 3, 3));
    let bytes = |view: &[ByteSize]| view.iter().map(|size| size.bytes()).collect::<Vec<_>>();
    assert_eq!(
        bytes(&[town.bytes_total, town.bytes_wanted, town.bytes_stored, town.bytes_mirrored, town.bytes_here]),
        [2_100, 4_200, 2_500, 6_300, 1_100]
    );
    let all = status.summary;
    assert_eq!((all.torrents, all.missing, all.under, all.met, all.over, all.repairing), (6, 1, 3, 1, 1, 0));
    assert_eq!(
        bytes(&[all.bytes_total, all.bytes_wanted, all.bytes_stored, all.bytes_mirrored, all.bytes_here]),
        [2_100, 4_200, 2_500, 6_300, 1_100],
        "what two collections list is counted once"
    );
    world.clients[1].torrents.clear();
    world.run(Duration::from_mins(1));
    assert_eq!(world.nodes[0].status(world.now).summary.missing, 2);
}
