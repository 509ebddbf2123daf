//! Small catalogs for tests.

use std::sync::Arc;

use super::Names;
use crate::{
    census::{TorrentIndex, Torrents},
    model::{Catalog, CatalogCollection, CatalogTorrent, CollectionId, InfoHash, InfoHashes, Redundancy, Source},
};

/// A hybrid whose v1 hash is this byte and whose v2 hash is its complement, half as large.
fn torrent(byte: u8, name: &str) -> CatalogTorrent {
    CatalogTorrent {
        info_hash: InfoHash::V1([byte; 20]),
        hashes: InfoHashes { v1: Some([byte; 20]), v2: Some([u8::MAX - byte; 32]) },
        name: (!name.is_empty()).then(|| name.to_owned()),
        size: None,
        redundancy: Redundancy::default(),
        priority: 0,
        source: Source::Magnet(String::new()),
    }
}

/// Collections with their torrents, ordered by their bytes.
pub(super) fn catalog(collections: &[(&str, &[(u8, &str)])]) -> Catalog {
    let mut catalog = Catalog::default();
    for (id, (name, torrents)) in (1..).zip(collections) {
        let mut torrents: Vec<_> = torrents.iter().map(|(byte, name)| torrent(*byte, name)).collect();
        torrents.sort_by_key(|torrent| torrent.info_hash);
        catalog.collections.push(CatalogCollection {
            id: CollectionId::from_bytes([id; 16]),
            name: (*name).to_owned(),
            redundancy: Redundancy::default(),
            torrents,
        });
    }
    catalog
}

/// What is needed to look through a catalog.
pub(super) fn names_of(catalog: &Catalog) -> (Torrents, Names) {
    let torrents = Torrents::of(catalog);
    let index = |torrent: &CatalogTorrent| torrents.find(&torrent.info_hash).expect("listed");
    let list =
        |collection: &CatalogCollection| -> Arc<[TorrentIndex]> { collection.torrents.iter().map(index).collect() };
    let lists: Vec<_> = catalog.collections.iter().map(list).collect();
    let names = Names::new(catalog, &torrents, lists);
    (torrents, names)
}
