//! Tests of what a beacon should be rid of, over all small cases.

use std::{collections::BTreeSet, time::Duration};

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::{
    census::{Census, Status},
    model::{
        Catalog, CatalogCollection, CatalogTorrent, CollectionId, InfoHash, InfoHashes, ObjectHash, Redundancy, Source,
    },
    plan::{Plan, Volunteer},
};

const MANIFEST: ObjectHash = ObjectHash::new([7; 32]);

fn beacon(byte: u8) -> BeaconId {
    BeaconId::new([byte; 32])
}

/// Beacons with these states of torrents of ten bytes each.
fn census(redundancy: Redundancy, beacons: &[Vec<TorrentState>]) -> Census {
    let torrent = |place: usize| {
        let info_hash = InfoHash::V1([u8::try_from(place).expect("few"); 20]);
        CatalogTorrent {
            info_hash,
            hashes: InfoHashes::from(info_hash),
            name: None,
            size: Some(10),
            redundancy,
            priority: 0,
            source: Source::Magnet(String::new()),
        }
    };
    let id = CollectionId::from_bytes([1; 16]);
    let torrents: Vec<_> = (0..beacons[0].len()).map(torrent).collect();
    let collection = CatalogCollection { id, name: String::new(), redundancy, torrents };
    let catalog = Catalog { collections: vec![collection] };
    let mut census = Census::new(&catalog);
    census.learn_manifest(MANIFEST, catalog.collections[0].torrents.iter().map(|torrent| &torrent.info_hash));
    for (byte, states) in (0..).zip(beacons) {
        census.set_status(beacon(byte), &Status::new([(id, MANIFEST, states.clone())]));
    }
    census
}

fn plan(census: &Census, me: u8, beacons: usize, excess: u64, users: &BTreeSet<TorrentIndex>) -> Plan {
    let budget = ByteSize::from_bytes(1_000);
    let volunteer = |byte| Volunteer { id: beacon(byte), budget, used: budget };
    let volunteers: Vec<_> = (0..u8::try_from(beacons).expect("few")).map(volunteer).collect();
    Plan::make(&Situation {
        me: beacon(me),
        census,
        volunteers: &volunteers,
        away: &[],
        repair_delay: Duration::from_hours(1),
        own_fetches: &BTreeSet::new(),
        rescues: true,
        excess: ByteSize::from_bytes(excess),
        pins: &BTreeSet::new(),
        users,
        domains: &BTreeMap::new(),
        draining: false,
    })
}

fn nothing() -> BTreeSet<TorrentIndex> {
    BTreeSet::new()
}

#[test]
fn a_beacon_that_may_be_late_is_not_counted_on() {
    let redundancy = Redundancy::new(2, None).expect("possible");
    let mut census = census(redundancy, &vec![vec![TorrentState::Held]; 3]);
    let wants = |census: &Census| (0..3).filter(|me| !plan(census, *me, 3, 0, &nothing()).reclaim.is_empty()).count();
    assert_eq!(wants(&census), 1);
    census.set_liveness(&beacon(2), Liveness::Suspect);
    assert_eq!((0..2).filter(|me| !plan(&census, *me, 3, 0, &nothing()).reclaim.is_empty()).count(), 0);
}

#[test]
fn what_is_to_go_for_want_of_room_is_what_most_others_have() {
    let (held, absent) = (TorrentState::Held, TorrentState::Absent);
    let redundancy = Redundancy::new(5, None).expect("possible");
    let beacons = [vec![held, held, held], vec![absent, held, held], vec![absent, absent, held]];
    let census = census(redundancy, &beacons);
    let drained = |excess, users: &[TorrentIndex]| {
        plan(&census, 0, 3, excess, &users.iter().copied().collect()).drain.into_iter().collect::<Vec<_>>()
    };
    assert!(drained(0, &[]).is_empty());
    assert_eq!(drained(10, &[]), [2]);
    assert_eq!(drained(11, &[]), [1, 2]);
    assert_eq!(drained(1_000, &[]), [0, 1, 2]);
    assert_eq!(drained(10, &[2]), [1], "the user's own is left out");
}

proptest! {
    #[test]
    fn all_together_delete_exactly_the_surplus_that_may_be_deleted(
        target in 1_u64..4,
        more in 0_u64..2,
        states in vec(vec(select(&TorrentState::ALL[..]), 3), 1..7),
    ) {
        let redundancy = Redundancy::new(target, Some(target + more)).expect("possible");
        let census = census(redundancy, &states);
        let mut deleted = [0_usize; 3];
        for me in 0..states.len() {
            for (index, reason) in plan(&census, u8::try_from(me).expect("few"), states.len(), 0, &nothing()).reclaim {
                if !reason.is_wanted() {
                    prop_assert_eq!(states[me][index as usize], TorrentState::Held);
                    deleted[index as usize] += 1;
                }
            }
        }
        for (torrent, deleted) in deleted.into_iter().enumerate() {
            let count = |is: fn(&TorrentState) -> bool| states.iter().filter(|of| is(&of[torrent])).count();
            let surplus = count(|state| state.is_copy()).saturating_sub(usize::try_from(target + more).expect("small"));
            prop_assert_eq!(deleted, surplus.min(count(|state| *state == TorrentState::Held)));
        }
    }

    #[test]
    fn what_is_draining_goes_exactly_where_others_have_enough(
        target in 1_u64..4,
        states in vec(select(&TorrentState::ALL[..]), 1..7),
    ) {
        let redundancy = Redundancy::new(target, None).expect("possible");
        let states: Vec<_> = [TorrentState::Draining].into_iter().chain(states).map(|state| vec![state]).collect();
        let census = census(redundancy, &states);
        let others = states[1..].iter().filter(|of| of[0].is_copy()).count() as u64;
        let goes = !plan(&census, 0, states.len(), 0, &nothing()).reclaim.is_empty();
        prop_assert_eq!(goes, others >= target);
        prop_assert!(plan(&census, 0, states.len(), 0, &BTreeSet::from([0])).reclaim.is_empty(), "the user's own stays");
    }
}
