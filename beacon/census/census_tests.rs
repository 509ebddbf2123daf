//! Tests of the census.

use proptest::{prelude::*, sample::select};

use super::*;
use crate::model::{CatalogCollection, CatalogTorrent, CollectionId, InfoHash, InfoHashes, Redundancy, Source};

fn collection(id: u8, torrents: impl IntoIterator<Item = u8>) -> CatalogCollection {
    let torrent = |byte| CatalogTorrent {
        info_hash: InfoHash::V1([byte; 20]),
        hashes: InfoHashes::from(InfoHash::V1([byte; 20])),
        name: None,
        size: Some(1),
        redundancy: Redundancy::default(),
        priority: 0,
        source: Source::Magnet(String::new()),
    };
    CatalogCollection {
        id: CollectionId::from_bytes([id; 16]),
        name: String::new(),
        redundancy: Redundancy::default(),
        torrents: torrents.into_iter().map(torrent).collect(),
    }
}

fn beacon(byte: u8) -> BeaconId {
    BeaconId::new([byte; 32])
}

fn manifest(collection: &CatalogCollection) -> ObjectHash {
    ObjectHash::of("test", format!("{:?}", collection.torrents).as_bytes())
}

fn learn(census: &mut Census, collection: &CatalogCollection) {
    census.learn_manifest(manifest(collection), collection.torrents.iter().map(|torrent| &torrent.info_hash));
}

fn status(collection: &CatalogCollection, states: &[TorrentState]) -> Status {
    Status::new([(collection.id, manifest(collection), states.to_vec())])
}

fn census_of(collections: &[CatalogCollection]) -> Census {
    let mut census = Census::new(&Catalog { collections: collections.to_vec() });
    for collection in collections {
        learn(&mut census, collection);
    }
    census
}

#[test]
fn only_live_complete_served_torrents_are_copies() {
    let list = collection(1, 0..7);
    let mut census = census_of(std::slice::from_ref(&list));
    assert_eq!(census.set_status(beacon(1), &status(&list, &TorrentState::ALL)), vec![]);
    let copies: Vec<_> = census.tallies().iter().map(|tally| tally.copies).collect();
    assert_eq!(copies, [0, 0, 0, 1, 1, 0, 0]);
    let served: Vec<_> = census.tallies().iter().map(|tally| tally.served).collect();
    assert_eq!(served, [0, 0, 0, 1, 1, 1, 0]);

    census.set_liveness(&beacon(1), Liveness::Away);
    assert_eq!(census.tally(3), Tally { away: 1, ..Tally::default() });
    assert_eq!(census.tally(1), Tally::default(), "a fetcher that is away is not expected to finish");
    census.set_liveness(&beacon(1), Liveness::Alive);
    assert_eq!(census.tally(3).copies, 1);
    census.forget(&beacon(1));
    assert!(census.tallies().iter().all(|tally| *tally == Tally::default()));
}

#[test]
fn a_status_by_another_manifest_is_counted_by_info_hash() {
    let ours = collection(1, [2, 4, 6]);
    let theirs = collection(1, [1, 2, 3, 4]);
    let mut census = census_of(std::slice::from_ref(&ours));
    let status = status(&theirs, &[TorrentState::Held; 4]);
    let unknown = census.set_status(beacon(1), &status);
    assert_eq!(unknown, vec![manifest(&theirs)]);
    assert_eq!(census.tally(0).copies, 0);

    learn(&mut census, &theirs);
    assert_eq!(census.set_status(beacon(1), &status), vec![]);
    assert_eq!(census.tallies().iter().map(|tally| tally.copies).collect::<Vec<_>>(), [1, 1, 0]);
    let member = census.member(&beacon(1)).expect("its status is known");
    assert!(member.follows(0));
    assert!(!member.follows(2), "it does not list the third");
}

#[test]
fn a_torrent_of_two_collections_is_one_copy() {
    let (one, two) = (collection(1, [5]), collection(2, [5]));
    let mut census = census_of(&[one.clone(), two.clone()]);
    let both = [&one, &two].map(|list| (list.id, manifest(list), vec![TorrentState::Held]));
    census.set_status(beacon(1), &Status::new(both));
    assert_eq!(census.tally(0).copies, 1);
}

#[test]
fn what_another_census_has_read_is_taken_over_where_both_count_the_same() {
    let list = collection(1, 0..7);
    let blank = census_of(std::slice::from_ref(&list));
    let (mut one, mut other) = (blank.clone(), blank);
    one.set_status(beacon(1), &status(&list, &TorrentState::ALL));
    assert!(other.adopt(&beacon(1), Liveness::Away, &one));
    other.set_liveness(&beacon(1), Liveness::Alive);
    assert_eq!(other.tallies(), one.tallies());
    assert!(!other.adopt(&beacon(2), Liveness::Alive, &one), "nothing is known of it");

    let mut apart = census_of(std::slice::from_ref(&list));
    assert!(!apart.adopt(&beacon(1), Liveness::Alive, &one), "its torrents may be numbered differently");
    apart.set_status(beacon(1), &status(&list, &[TorrentState::Held; 7]));
    apart.share(&beacon(1), &one);
    assert_eq!(apart.state(&beacon(1), 0), TorrentState::Held, "only what is equal is shared");
}

#[test]
fn a_census_knows_whether_something_said_again_is_news() {
    let list = collection(1, 0..7);
    let mut census = census_of(std::slice::from_ref(&list));
    assert!(!census.says(&beacon(1), &[TorrentState::Absent; 7]), "nothing was said yet");
    census.set_status(beacon(1), &status(&list, &TorrentState::ALL));
    assert!(census.says(&beacon(1), &TorrentState::ALL));
    assert!(!census.says(&beacon(1), &[TorrentState::Held; 7]));
    assert!(!census.is_met(), "most have no copy");
}

proptest! {
    /// Counting by differences gives what counting everything anew gives, whatever order things came in.
    #[test]
    fn the_order_of_news_does_not_matter(
        news in proptest::collection::vec((0_u8..5, proptest::collection::vec(select(&TorrentState::ALL[..]), 6),
            select(&[Liveness::Alive, Liveness::Suspect, Liveness::Away, Liveness::Gone][..])), 0..40),
    ) {
        let list = collection(1, 0..6);
        let mut census = census_of(std::slice::from_ref(&list));
        let mut last = BTreeMap::new();
        for (id, states, liveness) in &news {
            census.set_status(beacon(*id), &status(&list, states));
            census.set_liveness(&beacon(*id), *liveness);
            last.insert(*id, (states, *liveness));
        }
        let mut fresh = census_of(std::slice::from_ref(&list));
        for (id, (states, liveness)) in last.into_iter().rev() {
            fresh.set_status(beacon(id), &status(&list, states));
            fresh.set_liveness(&beacon(id), liveness);
        }
        prop_assert_eq!(census.tallies(), fresh.tallies());
    }
}
