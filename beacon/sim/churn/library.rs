//! The torrents of a year: one collection that everyone follows.

use super::scenario::ChurnScenario;
use crate::{
    census::{Census, Status},
    collection::Manifest,
    model::{
        ByteSize, Catalog, CatalogCollection, CatalogTorrent, CollectionId, InfoHash, InfoHashes, ObjectHash,
        Redundancy, Rng, Source, TorrentState, mix,
    },
};

/// The torrents, with what is needed to count their copies.
#[derive(Debug)]
pub(super) struct Library {
    collection: CollectionId,
    manifest: ObjectHash,
    empty: Census,
    sizes: Vec<u64>,
}

impl Library {
    /// The torrents of a scenario as a rule has them that keeps so many copies.
    pub(super) fn new(scenario: &ChurnScenario, redundancy: Redundancy) -> Self {
        let mut rng = Rng::new(mix(!scenario.seed));
        let mut torrents: Vec<_> =
            (0..scenario.torrents).map(|_| torrent(scenario.median_size, redundancy, &mut rng)).collect();
        torrents.sort_by_key(|torrent| torrent.info_hash);
        torrents.dedup_by_key(|torrent| torrent.info_hash);
        let sizes = torrents.iter().map(|torrent| torrent.size.unwrap_or(0)).collect();
        let collection = CollectionId::from_bytes([1; 16]);
        let listed = CatalogCollection { id: collection, name: String::new(), redundancy, torrents };
        let manifest = Manifest::of(&listed);
        let mut empty = Census::new(&Catalog { collections: vec![listed] });
        empty.learn_manifest(manifest.hash(), manifest.entries().iter().map(|(hash, _)| hash));
        Self { collection, manifest: manifest.hash(), empty, sizes }
    }

    /// A census of these torrents in which nobody is known.
    pub(super) fn census(&self) -> Census {
        self.empty.clone()
    }

    /// The size of each torrent in bytes, in the order of the census.
    pub(super) fn sizes(&self) -> &[u64] {
        &self.sizes
    }

    /// What a beacon says that has the torrents in these states.
    pub(super) fn status(&self, states: &[TorrentState]) -> Status {
        Status::new([(self.collection, self.manifest, states.to_vec())])
    }
}

fn torrent(median_size: ByteSize, redundancy: Redundancy, rng: &mut Rng) -> CatalogTorrent {
    let mut hash = [0; 20];
    hash[..8].copy_from_slice(&rng.next_u64().to_be_bytes());
    let info_hash = InfoHash::V1(hash);
    // Seven sizes equally often, each twice the one before.
    let size = (median_size.bytes() / 8).max(1) << rng.below(7);
    CatalogTorrent {
        info_hash,
        hashes: InfoHashes::from(info_hash),
        name: None,
        size: Some(size),
        redundancy,
        priority: 0,
        source: Source::Magnet(String::new()),
    }
}
