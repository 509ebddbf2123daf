//! From where a torrent is fetched, where there is a choice.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use crate::{
    model::{BeaconId, InfoHash, Liveness, TorrentState},
    node::{
        Asker, Input, Node, NodeSettings,
        testing::{World, catalog, id, settings},
        view::Mode,
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
    let all = |node: &Node| node.peers_of(0, true).len();
    assert_eq!(all(node), 20);
    let mut status = vec![TorrentState::Absent; 1];
    status[0] = TorrentState::Stalled;
    let manifest = node.lists[0].0.hash();
    let collection = node.catalog.collections[0].id;
    let status = crate::census::Status::new([(collection, manifest, status)]);
    node.census.set_status(id(1), &status);
    assert_eq!(all(node), 39);
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
