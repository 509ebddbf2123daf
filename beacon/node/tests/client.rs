//! A client that is away, checks its data, or lost much of it.

use std::time::Duration;

use crate::{
    model::{ClientChange, ContentState, TorrentState},
    node::{
        Input, Output,
        testing::{REPAIR_DELAY, World, catalog, id},
        view::ClientState,
    },
};

const MINUTES: Duration = Duration::from_mins(5);

fn world(torrents: u8, target: u64) -> World {
    let catalog = catalog(torrents, target);
    let mut world = World::of(3, 100_000, &catalog);
    catalog.collections[0].torrents.iter().for_each(|torrent| world.give(0, torrent));
    world
}

#[test]
fn trouble_with_the_client_is_never_an_empty_client() {
    let mut world = world(5, 1);
    world.run(MINUTES);
    world.clients[0].down = true;
    world.run(MINUTES);
    assert!(matches!(world.nodes[0].status(world.now).client.state, ClientState::Trouble(_)));
    assert!((0..5).all(|torrent| world.copies(1, torrent) == 1));
    assert_eq!(world.fetches(), 0);
    world.run(REPAIR_DELAY);
    assert_eq!(world.nodes[1].census().state(&id(1), 0), TorrentState::Resting, "for so long it serves nobody");
    world.clients[0].down = false;
    world.run(MINUTES);
    assert!((0..5).all(|torrent| world.copies(1, torrent) >= 1));
}

#[test]
fn before_the_client_has_answered_nothing_is_planned() {
    let mut world = world(5, 2);
    world.clients[1].down = true;
    world.run(MINUTES);
    assert!(world.fetched(1).is_empty());
    assert!(world.nodes[1].protocol().own().status().is_none(), "it does not say that it holds nothing");
    let waiting = world.nodes[1].plan_view(world.now, 0, 1_000).waiting.expect("it waits");
    assert_eq!(waiting, "the client has not answered");
}

#[test]
fn a_client_that_checks_its_data_after_a_start_says_nothing_yet() {
    let mut world = world(5, 1);
    for holding in world.clients[0].torrents.values_mut() {
        holding.content = ContentState::Unknown;
    }
    world.run(Duration::from_secs(40));
    assert!(world.nodes[0].protocol().own().status().is_none());
    assert_eq!(world.fetches(), 0, "others wait for what it has to say");
    for holding in world.clients[0].torrents.values_mut() {
        holding.content = ContentState::Serving;
    }
    world.run(MINUTES);
    assert_eq!(world.fetches(), 0);
    assert!((0..5).all(|torrent| world.copies(2, torrent) == 1));
}

#[test]
fn when_much_vanishes_at_once_nothing_is_fetched_here_for_a_while_and_the_user_is_told() {
    let mut world = world(10, 1);
    world.run(MINUTES);
    world.clients[0].torrents.clear();
    world.run(MINUTES);
    assert!(world.fetched(0).is_empty());
    let is_warning = |output: &&Output| matches!(output, Output::Note(note) if note.is_warning);
    assert_eq!(world.outputs[0].iter().filter(is_warning).count(), 1);
    assert!(world.nodes[0].plan_view(world.now, 0, 1_000).waiting.expect("it waits").contains("vanished"));
}

#[test]
fn a_complete_torrent_of_ours_that_is_stopped_is_started_and_the_users_is_not() {
    let mut world = world(3, 2);
    world.run(MINUTES);
    for client in &mut world.clients {
        client.torrents.values_mut().for_each(|holding| holding.content = ContentState::Resting);
    }
    world.run(Duration::from_secs(40));
    let started = |place: usize| world.outputs[place].iter().filter(|o| matches!(o, Output::Serve(_))).count();
    assert_eq!(started(0), 0);
    assert_eq!(started(1) + started(2), 3);
}

#[test]
fn who_fetches_is_told_where_the_holders_are() {
    let mut world = world(1, 2);
    world.run(MINUTES);
    let peers: Vec<_> = world
        .outputs
        .iter()
        .flatten()
        .filter_map(|output| if let Output::Fetch { peers, .. } = output { Some(peers.clone()) } else { None })
        .collect();
    assert_eq!(peers, [vec!["127.0.0.1:6881".parse().expect("an address")]]);
}

#[test]
fn the_users_own_download_and_its_holder_are_told_of_each_other() {
    let catalog = catalog(1, 2);
    let torrent = &catalog.collections[0].torrents[0];
    let mut world = World::of(2, 100_000, &catalog);
    world.give(0, torrent);
    world.give(1, torrent);
    let download = world.clients[1].torrents.get_mut(&torrent.info_hash).expect("given");
    (download.content, download.done) = (ContentState::Fetching, 0);
    world.run(MINUTES);
    let told = |place: usize| {
        let peers = world.outputs[place].iter().find_map(|output| match output {
            Output::AddPeers { peers, .. } => Some(peers.clone()),
            _ => None,
        });
        peers.expect("it is told").iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!((told(0), told(1)), (vec!["127.0.0.2:6881".to_owned()], vec!["127.0.0.1:6881".to_owned()]));
    assert_eq!(world.fetches(), 0);
}

#[test]
fn what_the_user_takes_out_of_the_client_is_left_to_others() {
    let mut world = world(1, 2);
    world.run(MINUTES);
    let fetcher = if world.fetched(1).is_empty() { 2 } else { 1 };
    let (_, taken) = world.clients[fetcher].torrents.pop_first().expect("fetched");
    world.hand(fetcher, Input::Client(ClientChange::Delta { changed: vec![], removed: vec![taken.hashes] }));
    world.run(MINUTES);
    assert_eq!(world.fetched(fetcher).len(), 1, "it does not put back at once what its user took out");
    assert_eq!(world.fetched(3 - fetcher).len(), 1);
    assert_eq!(world.copies(0, 0), 2);
}

#[test]
fn what_the_user_takes_out_comes_back_after_a_while_where_nobody_else_has_room() {
    let catalog = catalog(1, 2);
    let mut world = World::of(2, 100_000, &catalog);
    world.give(0, &catalog.collections[0].torrents[0]);
    world.run(MINUTES);
    let (_, taken) = world.clients[1].torrents.pop_first().expect("fetched");
    world.hand(1, Input::Client(ClientChange::Delta { changed: vec![], removed: vec![taken.hashes] }));
    world.run(Duration::from_secs(50));
    assert_eq!(world.fetched(1).len(), 1);
    world.run(MINUTES);
    assert_eq!(world.copies(0, 0), 2);
}

#[test]
fn torrents_whose_files_are_missing_are_an_error_that_is_shown() {
    let catalog = catalog(2, 1);
    let mut world = World::of(1, 1_000, &catalog);
    let torrents = &catalog.collections[0].torrents;
    for torrent in torrents {
        world.give(0, torrent);
    }
    world.run(Duration::from_secs(30));
    assert_eq!(world.nodes[0].status(world.now).notices, []);
    for holding in world.clients[0].torrents.values_mut() {
        holding.content = ContentState::Broken;
    }
    world.run(Duration::from_secs(30));
    let notices = world.nodes[0].status(world.now).notices;
    assert!(notices[0].text.contains("misses files or reports errors of torrent 1 and 1 more"), "{notices:?}");
}
