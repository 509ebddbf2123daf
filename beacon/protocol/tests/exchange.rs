//! Statuses and manifests on their way.

use std::{sync::Arc, time::Duration};

use crate::{
    collection::Manifest,
    model::{CatalogCollection, CatalogTorrent, CollectionId, InfoHash, InfoHashes, LinkId, Redundancy, Source},
    protocol::{
        ProtocolEvent,
        testing::{Net, hello_with, id, status},
    },
    wire::Message,
};

fn wants_status(message: &Message) -> bool {
    matches!(message, Message::WantStatus { .. })
}

/// A chain of three: what the first says comes to the third through the second.
fn chain() -> Net {
    let mut net = Net::of(3);
    net.run(Duration::from_secs(1));
    net.join(1, 0);
    net.join(2, 1);
    net
}

fn has_status(net: &Net, at: usize, of: u8, root: crate::model::ObjectHash) -> bool {
    let member = net.beacons[at].members().find(&id(of));
    member.and_then(|member| member.status()).is_some_and(|status| status.root() == root)
}

#[test]
fn a_status_reaches_those_who_are_no_neighbors_and_then_only_what_changed_travels() {
    let mut net = chain();
    let large = status(60_000, 1);
    net.beacons[0].own_mut().set_status(Arc::clone(&large));
    net.run(Duration::from_secs(20));
    assert!(has_status(&net, 2, 1, large.root()));
    assert!(net.told[2].contains(&ProtocolEvent::Status(id(1))));

    net.sent.clear();
    let mut states: Vec<_> = Vec::new();
    for page in &large.collections()[0].pages {
        let mut of_page = vec![crate::model::TorrentState::Absent; page.torrents()];
        page.present().iter().for_each(|(place, state)| of_page[usize::from(*place)] = *state);
        states.extend(of_page);
    }
    states[30_000] = crate::model::TorrentState::ALL[(states[30_000] as usize + 1) % 7];
    let collection = &large.collections()[0];
    let changed = Arc::new(crate::census::Status::new([(collection.collection, collection.manifest, states)]));
    net.beacons[0].own_mut().set_status(Arc::clone(&changed));
    net.run(Duration::from_secs(20));
    assert!(has_status(&net, 2, 1, changed.root()));
    let is_status = |message: &&Message| matches!(message, Message::Status { .. });
    let bytes: usize =
        net.sent.iter().map(|(_, _, message)| message).filter(is_status).map(Message::size_estimate).sum();
    assert!(bytes < large.bytes_len() / 2, "{bytes} of {} bytes for both links", large.bytes_len());
}

/// A beacon with three neighbors that say nothing, of which the first brought a hello with a status.
fn pulling() -> (Net, Vec<LinkId>, Arc<crate::census::Status>) {
    let mut net = Net::of(1);
    let links: Vec<_> = (1..=3).map(LinkId).collect();
    for link in &links {
        let neighbor = id(u8::try_from(link.0).expect("small") + 50);
        net.beacons[0].link_up(net.now, *link, neighbor, crate::protocol::testing::address(5), None);
    }
    let status = status(100, 1);
    let hello = hello_with(9, 1, 0, |hello| hello.root = Some(status.root()));
    net.beacons[0].receive(net.now, links[0], Message::Hellos(vec![hello]));
    net.settle();
    (net, links, status)
}

fn asked(net: &Net) -> Vec<LinkId> {
    net.sent.iter().filter(|(_, _, message)| wants_status(message)).map(|(_, link, _)| *link).collect()
}

#[test]
fn who_does_not_answer_or_does_not_have_it_is_passed_over_for_others() {
    let (mut net, links, status) = pulling();
    assert_eq!(asked(&net), [links[0]]);
    let no = Message::NoStatus { beacon: id(9), root: status.root() };
    net.beacons[0].receive(net.now, links[1], no.clone());
    net.settle();
    assert_eq!(asked(&net), [links[0]], "only who was asked can say no");
    net.beacons[0].receive(net.now, links[0], no);
    net.run(Duration::from_secs(30));
    assert!(asked(&net).contains(&links[1]) && asked(&net).contains(&links[2]), "{:?}", asked(&net));
    let parts = status.parts(&[]);
    net.beacons[0].receive(net.now, links[2], Message::Status { beacon: id(9), root: status.root(), parts });
    net.settle();
    assert!(has_status(&net, 0, 9, status.root()));
}

#[test]
fn asking_ends_when_nobody_has_it() {
    let (mut net, _, _) = pulling();
    net.run(Duration::from_mins(10));
    let tries = asked(&net).len();
    assert!(tries <= 12, "{tries} tries");
    assert_eq!(net.beacons[0].exchange.next_timeout(), crate::model::Instant::FAR_FUTURE);
}

#[test]
fn a_link_that_goes_down_while_it_is_asked_is_replaced_at_once() {
    let (mut net, links, _) = pulling();
    net.beacons[0].link_down(net.now, links[0]);
    net.run(Duration::from_millis(1));
    assert_eq!(asked(&net).len(), 2);
    assert_ne!(asked(&net)[1], links[0]);
}

#[test]
fn wrong_parts_are_an_offence_and_another_is_asked() {
    let (mut net, links, status) = pulling();
    let lie = Message::Status {
        beacon: id(9),
        root: status.root(),
        parts: crate::protocol::testing::status(100, 2).parts(&[]),
    };
    net.beacons[0].receive(net.now, links[0], lie);
    net.run(Duration::from_secs(1));
    assert_eq!(net.beacons[0].links().find(links[0]).expect("up").offences, 1);
    assert_ne!(asked(&net).last(), Some(&links[0]));
}

#[test]
fn who_asks_for_what_is_on_its_way_is_answered_when_it_is_here() {
    let (mut net, links, status) = pulling();
    let want = Message::WantStatus { beacon: id(9), root: status.root(), parts: vec![] };
    net.beacons[0].receive(net.now, links[1], want);
    net.settle();
    assert_eq!(net.count_sent(0, |message| matches!(message, Message::NoStatus { .. })), 0);
    let parts = status.parts(&[]);
    net.beacons[0].receive(net.now, links[0], Message::Status { beacon: id(9), root: status.root(), parts });
    net.settle();
    let is_answer = |message: &Message| matches!(message, Message::Status { .. });
    let answered: Vec<_> = net.sent.iter().filter(|(_, _, message)| is_answer(message)).map(|sent| sent.1).collect();
    assert_eq!(answered, [links[1]]);
}

#[test]
fn members_remembered_from_before_a_restart_have_their_statuses_pulled_on_the_first_link() {
    let mut net = chain();
    net.beacons[0].own_mut().set_status(status(100, 1));
    net.run(Duration::from_secs(20));
    let known = net.beacons[1].members().find(&id(1)).expect("known").hello().clone();
    let mut restarted = crate::protocol::testing::protocol(9, net.now);
    restarted.restore_member(net.now, known, net.now);
    net.add(restarted);
    net.join(3, 2);
    assert!(has_status(&net, 3, 1, status(100, 1).root()), "without waiting for its next hello");
}

fn manifest(byte: u8) -> Arc<Manifest> {
    let info_hash = InfoHash::V1([byte; 20]);
    let torrent = CatalogTorrent {
        info_hash,
        hashes: InfoHashes::from(info_hash),
        name: None,
        size: None,
        redundancy: Redundancy::default(),
        priority: 0,
        source: Source::Magnet(String::new()),
    };
    Arc::new(Manifest::of(&CatalogCollection {
        id: CollectionId::from_bytes([1; 16]),
        name: String::new(),
        redundancy: Redundancy::default(),
        torrents: vec![torrent],
    }))
}

#[test]
fn a_manifest_is_pulled_from_whoever_has_it_and_no_other_is_taken() {
    let mut net = chain();
    net.beacons[0].set_manifests([manifest(1)]);
    let (unasked, link) = (manifest(2), net.beacons[1].links().iter().next().expect("up").0);
    net.hand(link, Message::Manifest(Arc::clone(unasked.bytes())));
    assert!(net.beacons[1].manifest(&unasked.hash()).is_none());
    let now = net.now;
    net.beacons[1].want_manifest(now, manifest(1).hash(), &id(1));
    net.settle();
    assert!(net.told[1].contains(&ProtocolEvent::Manifest(manifest(1))));
    assert!(net.beacons[1].manifest(&manifest(1).hash()).is_some());
}

#[test]
fn manifests_of_others_that_nobody_uses_make_room() {
    let mut net = chain();
    net.beacons[0].set_manifests((0..200).map(manifest));
    for byte in 0..200 {
        let now = net.now;
        net.beacons[1].want_manifest(now, manifest(byte).hash(), &id(1));
        net.settle();
    }
    let kept = (0..200).filter(|byte| net.beacons[1].manifest(&manifest(*byte).hash()).is_some()).count();
    assert!((1..=64).contains(&kept), "{kept}");
    assert!(net.beacons[1].manifest(&manifest(199).hash()).is_some(), "the latest is among them");
}
