//! Tests of what a client holds.

use super::*;
use crate::model::{ByteSize, Catalog, CatalogCollection, CatalogTorrent, CollectionId, Redundancy, Source};

const V1: InfoHash = InfoHash::V1([1; 20]);

fn at(secs: u64) -> Instant {
    Instant::from_millis(secs * 1_000)
}

fn holding(content: ContentState) -> Holding {
    Holding {
        hashes: InfoHashes::from(V1),
        name: "letters".to_owned(),
        size: Some(100),
        done: if matches!(content, ContentState::Serving | ContentState::Resting) { 100 } else { 40 },
        content,
        marked: true,
        keep: false,
        outside_seeders: None,
    }
}

fn full(holdings: impl IntoIterator<Item = Holding>) -> ClientChange {
    ClientChange::Full(holdings.into_iter().collect())
}

fn delta(holding: Holding) -> ClientChange {
    ClientChange::Delta { changed: vec![holding], removed: vec![] }
}

fn catalog(hashes: InfoHashes) -> Torrents {
    let torrent = CatalogTorrent {
        info_hash: hashes.canonical().expect("a hash"),
        hashes,
        name: None,
        size: None,
        redundancy: Redundancy::default(),
        priority: 0,
        source: Source::Magnet(String::new()),
    };
    let collection = CatalogCollection {
        id: CollectionId::from_bytes([1; 16]),
        name: String::new(),
        redundancy: Redundancy::default(),
        torrents: vec![torrent],
    };
    Torrents::of(&Catalog { collections: vec![collection] })
}

fn ours() -> Local {
    Local::new([V1])
}

fn state(local: &Local, now: Instant) -> TorrentState {
    let torrents = catalog(InfoHashes::from(V1));
    local.find(&torrents, 0).map_or(TorrentState::Absent, |torrent| local.state(now, &V1, torrent))
}

#[test]
fn every_state_of_the_client_has_its_word() {
    let cases = [
        (ContentState::Serving, TorrentState::Held),
        (ContentState::Resting, TorrentState::Resting),
        (ContentState::Fetching, TorrentState::Fetching),
        (ContentState::Paused, TorrentState::Stalled),
        (ContentState::Partial, TorrentState::Stalled),
        (ContentState::Broken, TorrentState::Stalled),
        (ContentState::Unknown, TorrentState::Fetching),
    ];
    for (content, expected) in cases {
        let mut local = ours();
        local.apply(at(0), full([holding(content)]));
        assert_eq!(state(&local, at(0)), expected, "{content:?}");
    }
}

#[test]
fn while_the_client_checks_what_was_known_stays() {
    let mut local = ours();
    local.apply(at(0), full([holding(ContentState::Serving)]));
    let before = local.usage();
    local.apply(at(5), delta(Holding { done: 0, ..holding(ContentState::Unknown) }));
    assert_eq!(state(&local, at(5)), TorrentState::Held);
    assert_eq!(local.usage(), before, "nothing has left the disk");
    assert!(!local.has_unknown(&catalog(InfoHashes::from(V1))));

    let mut fresh = ours();
    fresh.apply(at(0), full([holding(ContentState::Unknown)]));
    assert!(fresh.has_unknown(&catalog(InfoHashes::from(V1))));
}

#[test]
fn what_the_client_checks_before_it_fetches_is_on_its_way_but_not_for_long_and_not_the_users() {
    let unknown = holding(ContentState::Unknown);
    let mut local = ours();
    local.apply(at(0), full([unknown.clone()]));
    assert_eq!(state(&local, at(599)), TorrentState::Fetching);
    assert_eq!(state(&local, at(600)), TorrentState::Stalled);
    let mut local = ours();
    local.apply(at(0), full([Holding { marked: false, ..unknown }]));
    assert_eq!(state(&local, at(1)), TorrentState::Stalled);
}

#[test]
fn a_removed_mark_a_keep_tag_or_a_missing_ledger_entry_make_it_the_users() {
    let kept = Holding { keep: true, ..holding(ContentState::Serving) };
    let unmarked = Holding { marked: false, ..holding(ContentState::Serving) };
    for released in [kept, unmarked] {
        let mut local = ours();
        local.apply(at(0), full([holding(ContentState::Serving)]));
        assert_eq!(local.usage().used, ByteSize::from_bytes(100));
        local.apply(at(1), delta(released));
        assert_eq!(state(&local, at(1)), TorrentState::Pinned);
        assert_eq!(local.usage(), Usage::default(), "it no longer counts against the budget");
    }
    let mut stranger = Local::new([]);
    stranger.apply(at(0), full([holding(ContentState::Serving)]));
    assert_eq!(state(&stranger, at(0)), TorrentState::Pinned);
}

#[test]
fn a_fetch_without_a_byte_for_ten_minutes_is_stalled_until_bytes_come() {
    let mut local = ours();
    local.apply(at(0), full([holding(ContentState::Fetching)]));
    local.apply(at(599), delta(holding(ContentState::Fetching)));
    assert_eq!(state(&local, at(599)), TorrentState::Fetching);
    assert_eq!(state(&local, at(600)), TorrentState::Stalled);
    local.apply(at(700), delta(Holding { done: 41, ..holding(ContentState::Fetching) }));
    assert_eq!(state(&local, at(700)), TorrentState::Fetching);
}

#[test]
fn what_vanished_is_counted() {
    let many = |count: u8| {
        (0..count).map(|byte| Holding {
            hashes: InfoHashes::from(InfoHash::V1([byte; 20])),
            ..holding(ContentState::Serving)
        })
    };
    let mut local = ours();
    local.apply(at(0), full(many(8)));
    let applied = local.apply(at(1), full(many(2)));
    assert_eq!((applied.vanished, applied.complete_before), (6, 8));
    assert_eq!(applied.taken_out, [], "a client that starts anew may have lost more than its user took out");
    let gone = ClientChange::Delta { changed: vec![], removed: vec![InfoHashes::from(InfoHash::V1([1; 20]))] };
    let applied = local.apply(at(2), gone);
    assert_eq!(applied, Applied { vanished: 1, complete_before: 2, taken_out: vec![V1], is_news: true });
}

#[test]
fn a_hybrid_of_which_the_other_hash_is_learnt_is_still_one_torrent() {
    let both = InfoHashes { v1: Some([1; 20]), v2: Some([2; 32]) };
    let v2_only = InfoHashes { v1: None, v2: Some([2; 32]) };
    for change in [
        delta(Holding { hashes: both, ..holding(ContentState::Serving) }),
        full([Holding { hashes: both, ..holding(ContentState::Serving) }]),
    ] {
        let mut local = ours();
        local.apply(at(0), full([Holding { hashes: v2_only, ..holding(ContentState::Serving) }]));
        assert!(local.find(&catalog(both), 0).is_some(), "it is found by its alias");
        let applied = local.apply(at(1), change);
        assert_eq!(applied.vanished, 0);
        assert_eq!(local.listed(&catalog(both)).count(), 1);
        for known in [both, v2_only, InfoHashes::from(V1)] {
            assert!(local.find(&catalog(known), 0).is_some(), "whichever hash the catalog has: {known:?}");
        }
        assert_eq!(local.usage().used, ByteSize::from_bytes(100));
        local.apply(at(2), ClientChange::Delta { changed: vec![], removed: vec![both] });
        assert!(local.find(&catalog(v2_only), 0).is_none(), "what is removed is not found by its other hash either");
    }
}

#[test]
fn sums_are_what_all_torrents_together_come_to_whatever_happens() {
    let mut rng = crate::model::Rng::new(5);
    let mut local = Local::new([InfoHash::V1([1; 20]), InfoHash::V1([2; 20])]);
    let states = [
        ContentState::Serving,
        ContentState::Resting,
        ContentState::Fetching,
        ContentState::Broken,
        ContentState::Unknown,
        ContentState::Paused,
    ];
    let mut holding = |byte: u8| Holding {
        hashes: InfoHashes { v1: Some([byte; 20]), v2: byte.is_multiple_of(2).then_some([byte; 32]) },
        name: String::new(),
        size: Some(10 * u64::from(byte)),
        done: rng.below(100) as u64,
        content: *rng.choose(&states).expect("some"),
        marked: rng.below(3) > 0,
        keep: rng.below(5) == 0,
        outside_seeders: None,
    };
    for turn in 0..500_u32 {
        let byte = (turn * 7 % 6) as u8 + 1;
        let hash = InfoHash::V1([byte; 20]);
        match turn % 9 {
            0 => {
                local.apply(Instant::ZERO, ClientChange::Full((1..=6).map(&mut holding).collect()));
            }
            1 => local.enter(hash),
            2 => local.strike(&hash),
            3 => local.forget(&hash),
            4 if byte.is_multiple_of(2) => local.enter(InfoHash::V2([byte; 32])),
            5 => {
                let change = ClientChange::Delta { changed: vec![], removed: vec![holding(byte).hashes] };
                local.apply(Instant::ZERO, change);
            }
            _ => {
                let change = ClientChange::Delta { changed: vec![holding(byte)], removed: vec![] };
                local.apply(Instant::ZERO, change);
            }
        }
        let mut sums = LocalSums::default();
        for (hash, torrent) in &local.torrents {
            let entered = torrent.hashes.iter().any(|hash| local.ledger.contains(&hash));
            assert_eq!(torrent.entered, entered, "turn {turn}");
            sums.add(*hash, torrent);
        }
        assert_eq!(local.sums, sums, "turn {turn}");
    }
}
