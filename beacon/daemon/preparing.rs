//! Making what the collection files say ready for the node, beside the loop: for a hundred thousand torrents that takes
//! longer than anybody who asks the loop should wait.

use std::sync::Arc;

use tokio::{
    sync::{mpsc, watch},
    task::spawn_blocking,
};

use super::{collections::CatalogState, memory::Keeper, torrents::cached};
use crate::{
    model::{Catalog, CatalogTorrent, InfoHash},
    node::Listing,
};

/// What the collection files say, made ready.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) state: CatalogState,
    /// The collections; `None` where only what is wrong with their files has changed.
    pub(super) listing: Option<Arc<Listing>>,
}

/// Makes ready what there is now, and whatever there is later, one after another, until nobody wants it any more.
pub(super) fn prepare_all(keeper: Keeper, mut states: watch::Receiver<CatalogState>) -> mpsc::Receiver<Prepared> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        // Kept here, the last one is also dropped beside the loop.
        let mut last: Option<(Arc<Catalog>, Arc<Listing>)> = None;
        loop {
            let state = states.borrow_and_update().clone();
            let (keeper, before) = (keeper.clone(), last.clone());
            let Ok((listing, changed)) = spawn_blocking({
                let catalog = Arc::clone(&state.catalog);
                move || prepare(&keeper, &catalog, before)
            })
            .await
            else {
                return;
            };
            last = Some((Arc::clone(&state.catalog), Arc::clone(&listing)));
            let prepared = Prepared { state, listing: changed.then_some(listing) };
            if sender.send(prepared).await.is_err() {
                return;
            }
            tokio::select! {
                () = sender.closed() => return,
                changed = states.changed() => if changed.is_err() { return },
            }
        }
    });
    receiver
}

/// The listing of a catalog, and whether it is another than before.
fn prepare(
    keeper: &Keeper,
    catalog: &Arc<Catalog>,
    before: Option<(Arc<Catalog>, Arc<Listing>)>,
) -> (Arc<Listing>, bool) {
    match before {
        Some((before, listing)) if before == *catalog => (listing, false),
        _ => (Arc::new(Listing::new(with_cached_facts(keeper, catalog))), true),
    }
}

/// The catalog with what .torrent files from other beacons told in earlier runs.
fn with_cached_facts(keeper: &Keeper, catalog: &Arc<Catalog>) -> Arc<Catalog> {
    let is_unknown = |torrent: &CatalogTorrent| torrent.size.is_none();
    if !catalog.collections.iter().any(|collection| collection.torrents.iter().any(is_unknown)) {
        return Arc::clone(catalog);
    }
    let mut catalog = Catalog::clone(catalog);
    let mut read: Vec<(InfoHash, String, u64)> = Vec::new();
    let torrents = catalog.collections.iter_mut().flat_map(|collection| &mut collection.torrents);
    for torrent in torrents.filter(|torrent| is_unknown(torrent)) {
        let known = keeper.lock().facts(&torrent.info_hash).ok().flatten();
        // Earlier versions kept the .torrent alone.
        let found = known.or_else(|| {
            let (_, metainfo) = cached(keeper, &torrent.info_hash)?;
            read.push((torrent.info_hash, metainfo.name.clone(), metainfo.size));
            Some((metainfo.name, metainfo.size))
        });
        if let Some((name, size)) = found {
            torrent.size = Some(size);
            torrent.name.get_or_insert(name);
        }
    }
    if !read.is_empty()
        && let Err(error) = keeper.lock().put_facts(&read)
    {
        tracing::warn!("what .torrent files say cannot be written down: {error}");
    }
    Arc::new(catalog)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{CatalogCollection, CollectionId, Redundancy, Source},
        store::Store,
    };

    fn catalog(torrents: &[(InfoHash, Option<&str>, Option<u64>)]) -> Arc<Catalog> {
        let torrent = |(info_hash, name, size): &(InfoHash, Option<&str>, Option<u64>)| CatalogTorrent {
            info_hash: *info_hash,
            hashes: (*info_hash).into(),
            name: name.map(str::to_owned),
            size: *size,
            redundancy: Redundancy::default(),
            priority: 0,
            source: Source::Magnet(String::new()),
        };
        let collection = CatalogCollection {
            id: CollectionId::from_bytes([1; 16]),
            name: "Town".to_owned(),
            redundancy: Redundancy::default(),
            torrents: torrents.iter().map(torrent).collect(),
        };
        Arc::new(Catalog { collections: vec![collection] })
    }

    fn facts(catalog: &Catalog) -> Vec<(Option<&str>, Option<u64>)> {
        let torrents = catalog.collections.iter().flat_map(|collection| &collection.torrents);
        torrents.map(|torrent| (torrent.name.as_deref(), torrent.size)).collect()
    }

    #[test]
    fn what_torrent_files_told_before_is_taken_over_and_files_are_read_once() {
        let dir = tempfile::tempdir().expect("a directory");
        let keeper = Keeper::new(Store::open(dir.path()).expect("opens"));
        let bytes = b"d4:infod6:lengthi7e4:name4:maps12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee".to_vec();
        let hash = crate::metainfo::Metainfo::read(&bytes).expect("a torrent").hashes.canonical().expect("a hash");
        let (noted, unknown) = (InfoHash::V1([1; 20]), InfoHash::V1([2; 20]));
        keeper.lock().put_metainfo(&hash, &bytes).expect("kept");
        keeper.lock().put_facts(&[(noted, "letters".to_owned(), 5)]).expect("kept");
        let given = catalog(&[(noted, None, None), (unknown, None, None), (hash, Some("Maps"), None)]);
        let expected = [(Some("letters"), Some(5)), (None, None), (Some("Maps"), Some(7))];
        assert_eq!(facts(&with_cached_facts(&keeper, &given)), expected);
        keeper.lock().remove_metainfo(&hash).expect("removed");
        assert_eq!(facts(&with_cached_facts(&keeper, &given)), expected, "noted when it was read");
        let known = catalog(&[(noted, Some("x"), Some(9))]);
        assert!(Arc::ptr_eq(&with_cached_facts(&keeper, &known), &known));
    }

    #[tokio::test]
    async fn only_another_catalog_is_made_ready_anew() {
        let dir = tempfile::tempdir().expect("a directory");
        let keeper = Keeper::new(Store::open(dir.path()).expect("opens"));
        let state = |name| CatalogState {
            catalog: catalog(&[(InfoHash::V1([1; 20]), Some(name), None)]),
            ..CatalogState::default()
        };
        let (sender, states) = watch::channel(state("a"));
        let mut prepared = prepare_all(keeper, states);
        assert!(prepared.recv().await.expect("the first").listing.is_some());
        sender.send_replace(state("a"));
        assert!(prepared.recv().await.expect("the same").listing.is_none());
        sender.send_replace(state("b"));
        assert!(prepared.recv().await.expect("another").listing.is_some());
        drop(prepared);
        sender.closed().await;
    }
}
