//! What is told to whoever looks on, and that nothing is where nothing happens.

use std::time::Duration;

use crate::node::{
    News, Order,
    testing::{World, catalog},
};

/// What the nodes have to tell since this was last asked.
fn news(world: &mut World) -> Vec<News> {
    world.nodes.iter_mut().map(crate::node::Node::take_news).collect()
}

#[test]
fn where_nothing_happens_there_is_no_news_though_heartbeats_and_polls_go_on() {
    let catalog = catalog(5, 2);
    let mut world = World::of(3, 100_000, &catalog);
    catalog.collections[0].torrents.iter().for_each(|torrent| world.give(0, torrent));
    world.run(Duration::from_mins(10));
    let busy = news(&mut world);
    assert!(busy.iter().all(|news| news.torrents && news.members && news.actions && news.collections), "{busy:?}");
    world.run(Duration::from_mins(10));
    assert_eq!(news(&mut world), vec![News::default(); 3]);
}

#[test]
fn orders_losses_and_partings_are_news() {
    let catalog = catalog(5, 2);
    let mut world = World::of(3, 100_000, &catalog);
    let torrents = &catalog.collections[0].torrents;
    for torrent in torrents {
        world.give(0, torrent);
    }
    world.run(Duration::from_mins(10));
    news(&mut world);

    let now = world.now;
    world.nodes[1].order(now, Order::Pin(torrents[0].info_hash)).expect("listed");
    let told = world.nodes[1].take_news();
    assert!(told.status && told.torrents && told.actions && !told.members && !told.collections, "{told:?}");

    world.run(Duration::from_mins(5));
    news(&mut world);
    world.clients[0].torrents.remove(&torrents[1].info_hash);
    world.run(Duration::from_secs(20));
    assert!(news(&mut world).iter().all(|news| news.torrents), "the others hear of it");

    world.run(Duration::from_mins(5));
    news(&mut world);
    world.isolate(2);
    world.run(Duration::from_secs(1));
    assert!(world.nodes[2].take_news().members);
}
