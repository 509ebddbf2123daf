//! .torrent files that pass from beacon to beacon, for collections of magnets.

use std::{sync::Arc, time::Duration};

use crate::{
    metainfo::Metainfo,
    model::{Catalog, InfoHash},
    node::{
        Input, Output,
        testing::{World, catalog},
    },
    wire::Message,
};

fn torrent_file() -> (Arc<[u8]>, Metainfo) {
    let bytes = b"d4:infod6:lengthi100e4:name7:letters12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee";
    (Arc::from(&bytes[..]), Metainfo::read(bytes).expect("a torrent"))
}

fn magnets() -> (Arc<Catalog>, InfoHash, Arc<[u8]>) {
    let (bytes, metainfo) = torrent_file();
    let info_hash = metainfo.hashes.canonical().expect("a hash");
    let mut catalog = catalog(1, 1);
    let torrent = &mut Arc::get_mut(&mut catalog).expect("not shared yet").collections[0].torrents[0];
    (torrent.info_hash, torrent.hashes, torrent.size) = (info_hash, metainfo.hashes, None);
    (catalog, info_hash, bytes)
}

fn saved(world: &World, place: usize) -> usize {
    world.outputs[place].iter().filter(|output| matches!(output, Output::SaveMetainfo { .. })).count()
}

#[test]
fn whoever_lacks_a_torrent_file_asks_and_checks_what_comes() {
    let (catalog, info_hash, bytes) = magnets();
    let mut world = World::of(2, 0, &catalog);
    world.run(Duration::from_secs(2));
    let asked = world.outputs[0].iter().find_map(|output| match output {
        Output::ReadMetainfo { link, info_hash } => Some((*link, *info_hash)),
        _ => None,
    });
    let (link, wanted) = asked.expect("the neighbor asked");
    assert_eq!(wanted, info_hash);
    world.hand(0, Input::Metainfo { link, info_hash, bytes: Some(bytes) });
    assert_eq!(saved(&world, 1), 1);
    assert_eq!(world.nodes[1].census().torrents().at(0).size, Some(100));
}

#[test]
fn a_torrent_file_that_nobody_asked_for_or_that_is_another_is_not_taken() {
    let (catalog, info_hash, bytes) = magnets();
    let mut world = World::of(2, 0, &catalog);
    let (link, _) = world.nodes[1].protocol().links().iter().next().expect("joined");
    world.hand(1, Input::Received(link, Message::Metainfo { info_hash, bytes }));
    assert_eq!(saved(&world, 1), 0);
    for _ in 0..4 {
        world.run(Duration::from_secs(2));
        let other = b"d4:infod6:lengthi100e4:name5:other12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee";
        let lie = Message::Metainfo { info_hash, bytes: Arc::from(&other[..]) };
        world.hand(1, Input::Received(link, lie));
    }
    assert_eq!(saved(&world, 1), 0);
    assert!(world.outputs[1].iter().any(|output| matches!(output, Output::Close { .. })), "who lies is sent away");
}
