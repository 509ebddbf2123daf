//! How long a beacon thinks: rounds of planning, statuses counted, pages packed.

use std::{collections::BTreeSet, hint::black_box, time::Duration};

use beacon::{
    census::{Census, Status, StatusPage},
    collection::Manifest,
    model::{
        BeaconId, ByteSize, Catalog, CatalogCollection, CatalogTorrent, CollectionId, InfoHash, InfoHashes, Redundancy,
        Source, TorrentState, mix,
    },
    plan::{Plan, Situation, Volunteer},
};
use criterion::{Criterion, criterion_group, criterion_main};

/// A collection with its manifest; each torrent of a gigabyte and with three copies wanted.
fn catalog(torrents: u64) -> Catalog {
    let redundancy = Redundancy::new(3, None).expect("possible");
    let torrent = |place: u64| {
        let mut hash = [0; 20];
        hash[..8].copy_from_slice(&mix(place).to_be_bytes());
        let info_hash = InfoHash::V1(hash);
        CatalogTorrent {
            info_hash,
            hashes: InfoHashes::from(info_hash),
            name: None,
            size: Some(1_000_000_000),
            redundancy,
            priority: 0,
            source: Source::Magnet(String::new()),
        }
    };
    let mut torrents: Vec<_> = (0..torrents).map(torrent).collect();
    torrents.sort_by_key(|torrent| torrent.info_hash);
    let id = CollectionId::from_bytes([1; 16]);
    Catalog { collections: vec![CatalogCollection { id, name: String::new(), redundancy, torrents }] }
}

fn beacon(place: u64) -> BeaconId {
    let mut id = [0; 32];
    id[..8].copy_from_slice(&mix(!place).to_be_bytes());
    BeaconId::new(id)
}

/// What one of `beacons` holds where each torrent has three copies, but one in a hundred lacks one.
fn states(torrents: u64, beacons: u64, me: u64) -> Vec<TorrentState> {
    let holds = |torrent: u64| {
        let copies = if torrent.is_multiple_of(100) { 2 } else { 3 };
        (0..copies).any(|copy| (mix(torrent) + copy * (beacons / 3).max(1)) % beacons == me)
    };
    (0..torrents).map(|torrent| if holds(torrent) { TorrentState::Held } else { TorrentState::Absent }).collect()
}

fn census(torrents: u64, beacons: u64) -> (Census, Vec<Volunteer>) {
    let catalog = catalog(torrents);
    let manifest = Manifest::of(&catalog.collections[0]);
    let mut census = Census::new(&catalog);
    census.learn_manifest(manifest.hash(), manifest.entries().iter().map(|(hash, _)| hash));
    for place in 0..beacons {
        let status = Status::new([(catalog.collections[0].id, manifest.hash(), states(torrents, beacons, place))]);
        census.set_status(beacon(place), &status);
    }
    let used = ByteSize::from_bytes(torrents * 3 / beacons * 1_000_000_000);
    let volunteer = |place| Volunteer { id: beacon(place), budget: used.saturating_add(used), used };
    let mut volunteers: Vec<_> = (0..beacons).map(volunteer).collect();
    volunteers.sort_unstable_by_key(|volunteer| volunteer.id);
    (census, volunteers)
}

fn planning(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    for (torrents, beacons) in [(20_000, 50), (100_000, 100), (1_000_000, 1_000)] {
        let (census, volunteers) = census(torrents, beacons);
        let repair_delay = Duration::from_hours(1);
        let situation = Situation {
            me: volunteers[0].id,
            census: &census,
            volunteers: &volunteers,
            away: &[],
            repair_delay,
            own_fetches: &BTreeSet::new(),
            rescues: true,
            excess: ByteSize::ZERO,
            pins: &BTreeSet::new(),
            users: &BTreeSet::new(),
            domains: &std::collections::BTreeMap::new(),
            draining: false,
        };
        group.bench_function(format!("{torrents} torrents, {beacons} beacons, 1 % under target"), |bencher| {
            bencher.iter(|| Plan::make(black_box(&situation)));
        });
    }
    group.finish();
}

fn counting(criterion: &mut Criterion) {
    let (mut census, volunteers) = census(20_000, 50);
    let catalog = catalog(20_000);
    let manifest = Manifest::of(&catalog.collections[0]);
    let of = |place| Status::new([(catalog.collections[0].id, manifest.hash(), states(20_000, 50, place))]);
    let statuses = [of(0), of(1)];
    let mut turn = 0;
    criterion.bench_function("count a status of 20000 torrents", |bencher| {
        bencher.iter(|| {
            turn = 1 - turn;
            census.set_status(volunteers[0].id, black_box(&statuses[turn]))
        });
    });
    let states = states(20_000, 50, 0);
    let page = &states[..StatusPage::TORRENTS_MAX];
    criterion.bench_function("pack a page of 8192 torrents", |bencher| {
        bencher.iter(|| StatusPage::new(black_box(page)));
    });
    let packed = StatusPage::new(page);
    criterion.bench_function("read a page of 8192 torrents", |bencher| {
        bencher.iter(|| StatusPage::decode(black_box(packed.bytes())));
    });
}

criterion_group!(benches, planning, counting);
criterion_main!(benches);
