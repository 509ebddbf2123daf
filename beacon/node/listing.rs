//! A catalog made ready for a node: its torrents numbered, its manifests made.

use std::sync::Arc;

use crate::{
    catalog::Names,
    census::{Census, TorrentIndex},
    collection::Manifest,
    model::Catalog,
};

/// What a node needs of a catalog. It is costly to make and never changes, so that nodes which run in one process share it.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    pub(super) catalog: Arc<Catalog>,
    /// Of the catalog's torrents, before anything is known of anyone.
    pub(super) census: Census,
    /// The torrents of each collection in the order of its manifest.
    pub(super) lists: Vec<(Arc<Manifest>, Arc<[TorrentIndex]>)>,
    pub(super) names: Arc<Names>,
}

impl Listing {
    /// Makes a catalog ready.
    pub fn new(catalog: Arc<Catalog>) -> Self {
        let mut census = Census::new(&catalog);
        let mut lists = Vec::with_capacity(catalog.collections.len());
        for collection in &catalog.collections {
            let manifest = Arc::new(Manifest::of(collection));
            let hashes = manifest.entries().iter().map(|(hash, _)| hash);
            census.learn_manifest(manifest.hash(), hashes.clone());
            let torrents: Arc<[_]> = hashes.filter_map(|hash| census.torrents().find(hash)).collect();
            lists.push((manifest, torrents));
        }
        let names = Names::new(&catalog, census.torrents(), lists.iter().map(|(_, torrents)| Arc::clone(torrents)));
        Self { catalog, census, lists, names: Arc::new(names) }
    }
}
