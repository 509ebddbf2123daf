//! Torrents of collections as the client and neighbors want them: with their .torrent files, wherever those are.

use std::{net::SocketAddr, sync::Arc};

use super::{
    driver::{ClientTask, NewTorrent},
    event_loop::EventLoop,
    memory::Keeper,
};
use crate::{
    client::AddSource,
    metainfo::Metainfo,
    model::{CatalogTorrent, InfoHash, LinkId, Source},
    node::Input,
};

impl EventLoop {
    pub(super) fn new_torrent(&self, info_hash: &InfoHash, peers: Vec<SocketAddr>) -> Option<NewTorrent> {
        let lists: Vec<_> = self
            .catalog
            .collections
            .iter()
            .filter_map(|collection| {
                let place = collection.torrents.binary_search_by_key(info_hash, |torrent| torrent.info_hash).ok()?;
                Some((collection, &collection.torrents[place]))
            })
            .collect();
        let (_, torrent) = lists.first()?;
        let (bytes, metainfo) = self.metainfo_of(torrent).unzip();
        let source = match (bytes, &torrent.source) {
            (Some(bytes), _) => AddSource::Metainfo(bytes),
            (None, Source::Magnet(magnet)) => AddSource::Magnet(magnet.clone()),
            (None, Source::File(_)) => AddSource::Magnet(format!("magnet:?xt=urn:{}", urn(info_hash))),
        };
        Some(NewTorrent {
            info_hash: *info_hash,
            name: torrent.name.clone().or_else(|| metainfo.as_ref().map(|metainfo: &Metainfo| metainfo.name.clone())),
            size: torrent.size.or_else(|| metainfo.map(|metainfo| metainfo.size)),
            source,
            collections: lists.iter().map(|(collection, _)| collection.name.clone()).collect(),
            peers,
        })
    }

    /// The .torrent of a torrent, from its file or from what other beacons sent; none that is of another torrent.
    pub(super) fn metainfo_of(&self, torrent: &CatalogTorrent) -> Option<(Arc<[u8]>, Metainfo)> {
        let from_file = match &torrent.source {
            Source::File(path) => std::fs::read(path).ok(),
            Source::Magnet(_) => None,
        };
        let read = |bytes: Vec<u8>| {
            let metainfo = Metainfo::read(&bytes).ok()?;
            metainfo.hashes.contains(&torrent.info_hash).then(|| (Arc::from(bytes), metainfo))
        };
        from_file.and_then(read).or_else(|| cached(&self.keeper, &torrent.info_hash))
    }

    /// A torrent of a collection, by any of its hashes.
    pub(super) fn listed(&self, info_hash: &InfoHash) -> Option<&CatalogTorrent> {
        let mut torrents = self.catalog.collections.iter().flat_map(|collection| &collection.torrents);
        torrents.find(|torrent| torrent.hashes.contains(info_hash))
    }

    /// Finds a .torrent for a neighbor: on the disk, or else in the client.
    pub(super) fn read_metainfo(&mut self, link: LinkId, info_hash: InfoHash) {
        let Some(torrent) = self.listed(&info_hash) else {
            return self.handle(Input::Metainfo { link, info_hash, bytes: None });
        };
        if let Some((bytes, _)) = self.metainfo_of(torrent) {
            return self.handle(Input::Metainfo { link, info_hash, bytes: Some(bytes) });
        }
        let (reply, answer) = tokio::sync::oneshot::channel();
        self.command(ClientTask::Metainfo(info_hash, reply));
        let found = self.found.0.clone();
        tokio::spawn(async move {
            let bytes = answer.await.ok().flatten();
            // The loop outlives this, or the beacon stops.
            let _ = found.send(Input::Metainfo { link, info_hash, bytes }).await;
        });
    }
}

/// The .torrent of a torrent as it was kept.
pub(super) fn cached(keeper: &Keeper, info_hash: &InfoHash) -> Option<(Arc<[u8]>, Metainfo)> {
    let bytes = keeper.lock().metainfo(info_hash).ok().flatten()?;
    let metainfo = Metainfo::read(&bytes).ok()?;
    metainfo.hashes.contains(info_hash).then(|| (Arc::from(bytes), metainfo))
}

fn urn(info_hash: &InfoHash) -> String {
    match info_hash {
        InfoHash::V1(_) => format!("btih:{info_hash}"),
        InfoHash::V2(_) => format!("btmh:1220{info_hash}"),
    }
}
