//! Whether who fetches is sent to the right ones: near, quick and idle first, and not all to the same.

use std::{collections::BTreeMap, time::Duration};

use super::*;
use crate::{
    census::Status,
    collection::Manifest,
    model::{
        Catalog, CatalogCollection, CatalogTorrent, CollectionId, ObjectHash, Redundancy, Rng, Source, TorrentState,
    },
};

const TORRENT: InfoHash = InfoHash::V1([7; 20]);

fn id(number: u64) -> BeaconId {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&mix(number).to_le_bytes());
    BeaconId::new(bytes)
}

fn supplier(number: u64, latency_ms: u64) -> Supplier {
    Supplier { id: id(number), near: false, latency: Duration::from_millis(latency_ms), load: Load::default() }
}

/// How often each of the suppliers is among the first `count` of so many askers.
fn chosen(suppliers: &[Supplier], askers: u64, count: usize) -> BTreeMap<BeaconId, u32> {
    let mut chosen: BTreeMap<_, _> = suppliers.iter().map(|supplier| (supplier.id, 0)).collect();
    for asker in 0..askers {
        let mut ranked = suppliers.to_vec();
        rank_sources(&TORRENT, mix(asker), &mut ranked);
        for supplier in &ranked[..count] {
            *chosen.entry(supplier.id).or_default() += 1;
        }
    }
    chosen
}

#[test]
fn the_order_does_not_depend_on_the_order_given() {
    let mut suppliers: Vec<_> = (0..50).map(|number| supplier(number, number)).collect();
    let mut shuffled = suppliers.clone();
    Rng::new(3).shuffle(&mut shuffled);
    rank_sources(&TORRENT, 1, &mut suppliers);
    rank_sources(&TORRENT, 1, &mut shuffled);
    assert_eq!(suppliers, shuffled);
    rank_sources(&TORRENT, 2, &mut shuffled);
    assert_ne!(suppliers, shuffled, "another asker draws others");
}

#[test]
fn whoever_is_near_comes_before_all_others() {
    let near = |number| Supplier { near: true, load: Load(9_000), ..supplier(number, 500) };
    let mut suppliers: Vec<_> = (0..50).map(|number| supplier(number, 1)).chain([near(50), near(51)]).collect();
    rank_sources(&TORRENT, 1, &mut suppliers);
    assert!(suppliers[..2].iter().all(|supplier| supplier.near));
}

/// Five hundred askers with twenty places each and two hundred holders: fifty choices for each holder in the mean.
#[test]
fn equal_holders_are_chosen_equally_often() {
    let suppliers: Vec<_> = (0..200).map(|number| supplier(number, 50)).collect();
    let chosen = chosen(&suppliers, 500, 20);
    let (least, most) = (chosen.values().min().expect("some"), chosen.values().max().expect("some"));
    assert!(*least >= 28 && *most <= 80, "from {least} to {most} of a mean of 50");
}

#[test]
fn the_close_and_the_idle_are_chosen_more_often() {
    let far = (0..100).map(|number| supplier(number, 190));
    let close = (100..200).map(|number| supplier(number, 10));
    let busy = (200..300).map(|number| Supplier { load: Load(4_000), ..supplier(number, 10) });
    let suppliers: Vec<_> = far.chain(close).chain(busy).collect();
    let chosen = chosen(&suppliers, 500, 20);
    let of = |numbers: std::ops::Range<u64>| numbers.map(|number| chosen[&id(number)]).sum::<u32>();
    let [far, close, busy] = [of(0..100), of(100..200), of(200..300)];
    // Their weights are as 1 to 10 to 2.
    assert!(close > 7_000 && far < 1_100 && busy > far && busy < close / 3, "{far}, {close}, {busy}");
    let most = (100..200).map(|number| chosen[&id(number)]).max().expect("some");
    assert!(most <= 110, "{most} of {close} / 100: the close share it evenly");
}

#[test]
fn who_leaves_changes_nothing_for_those_who_did_not_choose_it() {
    let suppliers: Vec<_> = (0..60).map(|number| supplier(number, 50)).collect();
    let mut ranked = suppliers.clone();
    rank_sources(&TORRENT, 5, &mut ranked);
    let left = ranked.pop().expect("some").id;
    let mut without: Vec<_> = suppliers.into_iter().filter(|supplier| supplier.id != left).collect();
    rank_sources(&TORRENT, 5, &mut without);
    assert_eq!(ranked, without);
}

/// Two holders: one of a torrent that four fetch from it alone, and one that shares another torrent with the first.
#[test]
fn a_load_is_what_others_are_likely_to_fetch_from_there() {
    let hashes = [InfoHash::V1([1; 20]), InfoHash::V1([2; 20]), InfoHash::V1([3; 20])];
    let (catalog, manifest, collection) = catalog(&hashes);
    let mut census = Census::new(&catalog);
    census.learn_manifest(manifest, &hashes);
    let mut say = |number, states: [TorrentState; 3]| {
        census.set_status(id(number), &Status::new([(collection, manifest, states.to_vec())]));
    };
    let (absent, held, fetching) = (TorrentState::Absent, TorrentState::Held, TorrentState::Fetching);
    say(1, [held, held, held]);
    say(2, [absent, held, held]);
    for number in 3..7 {
        say(number, [fetching, if number == 3 { fetching } else { absent }, absent]);
    }
    let loads = Loads::of(&census);
    let load = |number| loads.at(census.member(&id(number)).expect("known"));
    assert_eq!([load(1), load(2), load(3)], [Load(4_500), Load(500), Load(0)]);
    assert_eq!(Loads::default().at(census.member(&id(1)).expect("known")), Load(0));
}

#[test]
fn of_many_fetches_some_stand_for_all() {
    let hash = |number: u32| InfoHash::V1(std::array::from_fn(|place| number.to_be_bytes()[place % 4]));
    let hashes: Vec<InfoHash> = (0..1_000).map(hash).collect();
    let (catalog, manifest, collection) = catalog(&hashes);
    let mut census = Census::new(&catalog);
    census.learn_manifest(manifest, &hashes);
    for (number, state) in [(1, TorrentState::Held), (2, TorrentState::Fetching)] {
        census.set_status(id(number), &Status::new([(collection, manifest, vec![state; 1_000])]));
    }
    let holder = census.member(&id(1)).expect("known");
    assert_eq!(Loads::of(&census).at(holder), Load(1_000_000));
}

fn catalog(hashes: &[InfoHash]) -> (Catalog, ObjectHash, CollectionId) {
    let torrent = |info_hash: &InfoHash| CatalogTorrent {
        info_hash: *info_hash,
        hashes: (*info_hash).into(),
        name: None,
        size: Some(100),
        redundancy: Redundancy::default(),
        priority: 0,
        source: Source::Magnet(String::new()),
    };
    let collection = CatalogCollection {
        id: CollectionId::from_bytes([1; 16]),
        name: "Town archive".to_owned(),
        redundancy: Redundancy::default(),
        torrents: hashes.iter().map(torrent).collect(),
    };
    let manifest = Manifest::of(&collection).hash();
    (Catalog { collections: vec![collection] }, manifest, CollectionId::from_bytes([1; 16]))
}
