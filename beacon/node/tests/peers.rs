//! What the tracker is told of other beacons' clients.

use std::time::Duration;

use crate::{
    model::InfoHash,
    node::testing::{World, catalog},
    tracker::KnownPeer,
};

#[test]
fn a_tracker_hears_of_live_holders_and_of_this_beacons_own_client() {
    let catalog = catalog(1, 2);
    let mut world = World::of(3, 100_000, &catalog);
    let torrent = &catalog.collections[0].torrents[0];
    world.give(0, torrent);
    let short = torrent.info_hash.truncated();
    let peer = |byte: u8, is_own| KnownPeer {
        addresses: vec![format!("127.0.0.{byte}:6881").parse().expect("an address")],
        is_complete: true,
        is_own,
    };
    world.run(Duration::from_mins(5));
    let fetcher = if world.fetched(1).is_empty() { 2 } else { 1 };
    let bytes = |place: usize| u8::try_from(place + 1).expect("small");
    for asked in 0..3 {
        let known = world.nodes[asked].known_peers(&short).expect("listed");
        let holders = [0, fetcher].map(|place| peer(bytes(place), place == asked));
        assert_eq!(known.peers, holders, "asked {asked}");
        assert_eq!(known.own, peer(bytes(asked), true).addresses);
    }
    assert_eq!(world.nodes[0].known_peers(&InfoHash::V1([0xff; 20]).truncated()), None);

    world.isolate(0);
    world.run(Duration::from_mins(10));
    let known = world.nodes[fetcher].known_peers(&short).expect("listed");
    assert!(!known.peers.contains(&peer(1, false)), "who is away serves nobody");
}
