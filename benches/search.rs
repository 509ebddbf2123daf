//! How long it takes to find torrents by words.

#[path = "parts/words.rs"]
mod words;

use std::{hint::black_box, sync::Arc};

use beacon::{
    catalog::{Names, Sought},
    census::Torrents,
    model::{Catalog, CatalogCollection, CatalogTorrent, CollectionId, InfoHash, Redundancy, Rng, Source},
};
use criterion::{Criterion, criterion_group, criterion_main};
use words::WORDS;

/// Torrents of five words and a year each, in ten collections.
fn catalog(torrents: u32) -> Catalog {
    let mut rng = Rng::new(1);
    let mut name = |number: u32| {
        let words = [(); 5].map(|()| *rng.choose(&WORDS).expect("some"));
        Some(format!("{} {}", words.join("_"), 1_800 + number % 200))
    };
    let mut torrent = |number: u32| {
        let mut hash = [7; 20];
        hash[..4].copy_from_slice(&number.to_be_bytes());
        let info_hash = InfoHash::V1(hash);
        CatalogTorrent {
            info_hash,
            hashes: info_hash.into(),
            name: name(number),
            size: Some(1_000),
            redundancy: Redundancy::default(),
            priority: 0,
            source: Source::Magnet(String::new()),
        }
    };
    let mut collection = |id: u8| CatalogCollection {
        id: CollectionId::from_bytes([id; 16]),
        name: format!("Archive {id}"),
        redundancy: Redundancy::default(),
        torrents: (0..torrents / 10).map(|place| torrent(u32::from(id) * torrents / 10 + place)).collect(),
    };
    Catalog { collections: (0..10).map(&mut collection).collect() }
}

fn searches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("search");
    group.sample_size(10);
    for torrents in [100_000, 1_000_000] {
        let catalog = catalog(torrents);
        let counted = Torrents::of(&catalog);
        let list = |collection: &CatalogCollection| {
            let found = collection.torrents.iter().map(|torrent| counted.find(&torrent.info_hash).expect("listed"));
            found.collect::<Arc<[_]>>()
        };
        let names = Names::new(&catalog, &counted, catalog.collections.iter().map(list));
        for (what, text) in [
            ("three words", "council 1901 ete"),
            ("all of them", "1"),
            ("a magnet", "magnet:?xt=urn:btih:0000000007070707070707070707070707070707"),
        ] {
            let sought: Sought = text.parse().expect(text);
            group.bench_function(format!("{what} in {torrents} torrents"), |bencher| {
                bencher.iter(|| black_box(&names).search(&counted, &sought, None));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, searches);
criterion_main!(benches);
