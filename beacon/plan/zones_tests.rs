//! Tests of counting by failure domain, and of placing by it.

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::{
    census::Status,
    model::{
        ByteSize, Catalog, CatalogCollection, CatalogTorrent, CollectionId, InfoHash, InfoHashes, ObjectHash,
        Redundancy, Source,
    },
    plan::{
        Volunteer,
        candidate::{Candidate, best, best_of_zones, share_out},
    },
};

const TORRENTS: usize = 4;
const MANIFEST: ObjectHash = ObjectHash::new([7; 32]);

/// Beacons with these states of torrents of ten bytes each, of which two copies in a domain count.
fn census(beacons: &[(Vec<TorrentState>, Liveness)]) -> Census {
    let redundancy = Redundancy::new(3, None).and_then(|plain| plain.with_per_zone(Some(2))).expect("possible");
    let torrent = |place: u8| {
        let info_hash = InfoHash::V1([place; 20]);
        let (hashes, source) = (InfoHashes::from(info_hash), Source::Magnet(String::new()));
        CatalogTorrent { info_hash, hashes, name: None, size: Some(10), redundancy, priority: 0, source }
    };
    let id = CollectionId::from_bytes([1; 16]);
    let torrents: Vec<_> = (0..).take(TORRENTS).map(torrent).collect();
    let collection = CatalogCollection { id, name: String::new(), redundancy, torrents };
    let mut census = Census::new(&Catalog { collections: vec![collection.clone()] });
    census.learn_manifest(MANIFEST, collection.torrents.iter().map(|torrent| &torrent.info_hash));
    for (byte, (states, liveness)) in (0..).zip(beacons) {
        let beacon = BeaconId::new([byte; 32]);
        census.set_status(beacon, &Status::new([(id, MANIFEST, states.clone())]));
        census.set_liveness(&beacon, *liveness);
    }
    census
}

prop_compose! {
    fn any_beacon()(
        states in vec(select(TorrentState::ALL.to_vec()), TORRENTS),
        liveness in select(vec![Liveness::Alive, Liveness::Suspect, Liveness::Away]),
        domain in 0_u64..4,
    ) -> ((Vec<TorrentState>, Liveness), Option<Domain>) {
        // Of some nothing is known.
        ((states, liveness), (domain > 0).then_some(Domain(domain)))
    }
}

proptest! {
    #[test]
    fn all_torrents_at_once_are_counted_and_placed_as_each_alone(beacons in vec(any_beacon(), 1..12), count in 1_usize..5) {
        let (said, known): (Vec<_>, Vec<_>) = beacons.into_iter().unzip();
        let census = census(&said);
        let known = (0_u8..).zip(known).filter_map(|(byte, domain)| Some((BeaconId::new([byte; 32]), domain?)));
        let domains = known.collect();
        let coming = Coming::of_all(&census, &domains);
        let (budget, used) = (ByteSize::from_bytes(100), ByteSize::from_bytes(50));
        let ids = (0_u8..).take(said.len()).map(|byte| BeaconId::new([byte; 32]));
        let volunteers: Vec<_> = ids.map(|id| Volunteer { id, budget, used }).collect();
        let mut candidates = Candidate::all(&volunteers, &census, &domains);
        share_out(&mut candidates, 30);
        let counted = all_counted_copies(&census, &domains);
        for (index, torrent) in (0..).zip(census.torrents().entries()) {
            prop_assert_eq!(counted[index as usize], counted_copies(&census, &domains, index));
            let mut zones = coming_by_zone(&census, &domains, index);
            prop_assert_eq!(&coming.count(index, Some(2)), &zones);
            let takers = best_of_zones(&candidates, torrent, index, count, zones.clone());
            let mut expected = best(&candidates, torrent, index, candidates.len());
            expected.retain(|place| {
                let counts = zones.has_room(candidates[*place].domain);
                zones.add(candidates[*place].domain);
                counts
            });
            expected.truncate(count);
            prop_assert_eq!(takers, expected);
        }
    }
}

fn count(cap: Option<u16>, domains: &[Domain]) -> ZoneCount {
    domains.iter().fold(ZoneCount::new(cap), |mut count, domain| {
        count.add(*domain);
        count
    })
}

#[test]
fn copies_of_one_domain_count_up_to_the_cap() {
    let (attic, barn) = (Domain(1), Domain(2));
    let mut capped = count(Some(2), &[attic, attic, attic, barn]);
    assert_eq!(capped.counted(), 3);
    assert!(!capped.has_room(attic) && capped.has_room(barn) && capped.has_room(Domain(3)));
    capped.remove(attic);
    assert_eq!(capped.counted(), 3, "one was too many");
    capped.remove(attic);
    assert_eq!((capped.counted(), capped.has_room(attic)), (2, true));
    let all = count(None, &[attic, attic, attic]);
    assert_eq!((all.counted(), all.has_room(attic)), (3, true));
}
