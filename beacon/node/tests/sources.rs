//! From where a torrent is fetched, where there is a choice.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use crate::{
    census::Status,
    model::{BeaconId, Catalog, CatalogCollection, InfoHash, InfoHashes, Liveness, Source, TorrentState},
    node::{
        Asker, Input, Node, NodeSettings,
        testing::{World, catalog, id, settings},
        view::{Mode, Page, TorrentFilter},
    },
};

const HASH: InfoHash = InfoHash::V1([1; 20]);

fn address(byte: u8) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, byte], 6881))
}

fn in_millis((id, millis): (BeaconId, u64)) -> (BeaconId, Duration) {
    (id, Duration::from_millis(millis))
}

/// A chain of so many nodes; all but the first hold the one torrent, and all of them are wanted to.
fn world(count: u8, zone_of: impl Fn(u8) -> &'static str) -> World {
    let catalog = catalog(1, u64::from(count));
    let mut world = World::empty();
    for byte in 1..=count {
        let zone = zone_of(byte).to_owned();
        world.add(byte, NodeSettings { zone, ..settings(byte, 100_000, Mode::Apply) }, &catalog);
    }
    (1..usize::from(count)).for_each(|place| world.join(place, place - 1));
    let torrent = &catalog.collections[0].torrents[0];
    (1..usize::from(count)).for_each(|place| world.give(place, torrent));
    world.run(Duration::from_secs(20));
    assert_eq!(world.copies(0, 0), u16::from(count) - 1);
    world
}

/// Makes a node believe that another says this of the torrent.
fn say(node: &mut Node, byte: u8, state: TorrentState) {
    let (manifest, collection) = (node.lists[0].0.hash(), node.catalog.collections[0].id);
    node.census.set_status(id(byte), &Status::new([(collection, manifest, vec![state])]));
}

#[test]
fn few_holders_are_all_told() {
    let world = world(4, |_| "");
    assert_eq!(world.nodes[0].peers_of(0, true), BTreeSet::from([2, 3, 4].map(address)));
}

#[test]
fn of_many_holders_some_are_told_and_another_one_only_when_one_goes() {
    let mut world = world(40, |_| "");
    let now = world.now;
    let node = &mut world.nodes[0];
    let first = node.peers_of(0, true);
    assert_eq!(first.len(), 20);
    node.told.insert(HASH, (now, first.clone()));
    let beyond = (2..=40).find(|byte| !first.contains(&address(*byte))).expect("not all are told");
    node.latencies = BTreeMap::from([(id(beyond), 0), (id(1), 500), (id(41), 500)].map(in_millis));
    assert_eq!(node.peers_of(0, true), first, "that another is better now changes nothing under way");

    let gone = (2..=40).find(|byte| first.contains(&address(*byte))).expect("some are told");
    node.census.set_liveness(&id(gone), Liveness::Away);
    let then = node.peers_of(0, true);
    assert_eq!(then.len(), 20);
    let new: Vec<_> = then.difference(&first).copied().collect();
    assert_eq!(new, [address(beyond)], "the best comes in its place");
    assert!(!then.contains(&address(gone)));
}

#[test]
fn who_gets_nothing_from_those_who_were_chosen_is_told_of_all() {
    let mut world = world(40, |_| "");
    world.clients[0].torrents.clear();
    let node = &mut world.nodes[0];
    assert_eq!(node.peers_of(0, true).len(), 20);
    say(node, 1, TorrentState::Stalled);
    assert_eq!(node.peers_of(0, true).len(), 39);
}

#[test]
fn who_wants_it_is_told_of_others_who_do_and_who_serves_it_only_of_these() {
    let mut world = world(40, |_| "");
    let node = &mut world.nodes[0];
    (2..=31).for_each(|byte| say(node, byte, TorrentState::Fetching));
    say(node, 32, TorrentState::Stalled);
    let wanting: BTreeSet<_> = (2..=32).map(address).collect();
    assert_eq!(node.peers_of(0, false), wanting);
    let told = node.peers_of(0, true);
    assert_eq!((told.len(), told.intersection(&wanting).count()), (28, 20), "all eight holders are among them");

    (2..=32).filter(|byte| *byte > 6).for_each(|byte| say(node, byte, TorrentState::Held));
    let told = node.peers_of(0, false);
    assert!(told.len() == 4 && told.is_subset(&(2..=6).map(address).collect()), "35 serve five: {told:?}");
    (2..=6).for_each(|byte| say(node, byte, TorrentState::Stalled));
    assert_eq!(node.peers_of(0, false).len(), 5, "whoever is stuck is told of by all");
}

#[test]
fn holders_choose_each_other_evenly() {
    let world = world(40, |_| "");
    let mut chosen = BTreeMap::new();
    for node in &world.nodes {
        for peer in node.sources(&HASH, Asker::This, 10) {
            *chosen.entry(peer).or_insert(0_u32) += 1;
        }
    }
    let (total, most) = (chosen.values().sum::<u32>(), chosen.values().max().expect("some"));
    assert_eq!(total, 400);
    assert!(chosen.len() == 39 && *most <= 20, "{most} at most, ten in the mean");
}

#[test]
fn those_of_the_same_zone_or_subnet_come_first() {
    let world = world(12, |byte| if byte % 4 == 1 { "hill" } else { "" });
    let first: BTreeSet<_> = world.nodes[0].sources(&HASH, Asker::This, 2).into_iter().collect();
    assert_eq!(first, BTreeSet::from([5, 9].map(address)));
    let mut world = world;
    let here: SocketAddr = "192.168.7.2:6881".parse().expect("an address");
    world.hand(6, Input::Addresses { beacon: vec![], client: vec![here] });
    world.run(Duration::from_secs(5));
    let asker = Asker::Client(IpAddr::from([192, 168, 7, 99]));
    assert_eq!(world.nodes[0].sources(&HASH, asker, 12)[0], here);
}

#[test]
fn every_holder_is_told_before_the_second_address_of_any() {
    let mut world = world(4, |_| "");
    let second: SocketAddr = "[2001:db8::7]:6881".parse().expect("an address");
    world.hand(2, Input::Addresses { beacon: vec![], client: vec![address(3), second] });
    world.run(Duration::from_secs(5));
    let told = world.nodes[1].sources(&HASH, Asker::Anyone, 10);
    assert_eq!((told.len(), told[3]), (4, second), "the asking node holds it too: {told:?}");
    assert_eq!(world.nodes[1].sources(&HASH, Asker::Anyone, 2).len(), 2);
    assert!(!world.nodes[1].sources(&HASH, Asker::This, 10).contains(&address(2)));
    assert_eq!(world.nodes[1].sources(&InfoHash::V1([9; 20]), Asker::Anyone, 10), []);
}

#[test]
fn a_magnet_link_has_all_hashes_the_trackers_and_the_holders() {
    let mut torrent = catalog(1, 3).collections[0].torrents[0].clone();
    torrent.hashes = InfoHashes { v1: Some([1; 20]), v2: Some([2; 32]) };
    torrent.name = Some("Été & co".to_owned());
    torrent.source = Source::Magnet(format!("magnet:?xt=urn:btih:{HASH}&tr=udp://t.example:1&x.pe=192.0.2.1:1"));
    let collection = CatalogCollection { torrents: vec![torrent.clone()], ..catalog(1, 3).collections[0].clone() };
    let catalog = Arc::new(Catalog { collections: vec![collection] });
    let mut world = World::of(3, 100_000, &catalog);
    let v6: SocketAddr = "[2001:db8::7]:6881".parse().expect("an address");
    world.hand(2, Input::Addresses { beacon: vec![], client: vec![v6] });
    world.give(2, &torrent);
    world.run(Duration::from_secs(10));
    let detail = world.nodes[0].torrent(world.now, &InfoHash::V2([2; 32])).expect("listed by either hash");
    assert_eq!(
        detail.magnet,
        format!(
            "magnet:?xt=urn:btih:{HASH}&xt=urn:btmh:1220{}&dn=%C3%89t%C3%A9%20%26%20co&xl=100&tr=udp%3A%2F%2Ft.example%3A1\
             &x.pe=[2001:db8::7]:6881",
            "02".repeat(32)
        )
    );
    let [holder] = &detail.holder_details[..] else { panic!("one has it: {:?}", detail.holder_details) };
    assert_eq!((&holder.client_addresses[..], holder.progress, holder.latency), (&[v6][..], Some(1.0), None));
    assert!(!holder.this && holder.last_heard < Duration::from_mins(1));

    let link = world.nodes[1].protocol().links().iter().find(|(_, link)| link.beacon == id(3)).expect("joined").0;
    world.hand(1, Input::RoundTrips(vec![(link, Duration::from_millis(7))]));
    let latency = |world: &World| world.nodes[1].torrent(world.now, &HASH).expect("listed").holder_details[0].latency;
    assert_eq!(latency(&world), Some(Duration::from_millis(7)));
    world.isolate(2);
    assert_eq!(latency(&world), None);
}

#[test]
fn torrents_are_found_by_name_with_how_they_stand() {
    let mut world = world(3, |_| "");
    let mut find = |text: &str, offset| {
        let filter = TorrentFilter { sought: Some(text.parse().expect("words")), ..TorrentFilter::default() };
        let page = Page { offset, limit: 10, ..Page::default() };
        world.nodes[0].torrents(&filter, page).expect("all collections")
    };
    let found = find("TORRENT 1", 0);
    assert_eq!((found.total, found.meant), (1, Some(HASH)));
    assert_eq!((found.torrents[0].copies, found.torrents[0].fetching), (2, 1));
    let beyond = find("torrent", 1);
    assert_eq!((beyond.total, beyond.torrents), (1, vec![]));
}
