//! Finding the .torrent of a magnet link: the engine asks peers for it (BEP 9).

use std::sync::Arc;

use librqbit::{AddTorrent, AddTorrentOptions, AddTorrentResponse};
use tokio::time::Instant;

use super::{
    engine::Engine,
    entry::{Known, Place},
    torrent_files::poisonless,
};
use crate::{
    metainfo::{Magnet, Metainfo},
    model::{InfoHash, InfoHashes},
};

/// Whether the engine can find what a link names: it knows v1 hashes only.
pub(super) fn can_be_found(magnet: &str) -> Result<InfoHashes, String> {
    let magnet = Magnet::parse(magnet).map_err(|error| error.to_string())?;
    match magnet.hashes.v1 {
        Some(_) => Ok(magnet.hashes),
        None => Err(super::client::V2_ONLY.to_owned()),
    }
}

/// Looks for the .torrent of a torrent that was added by its link, until it is found or the torrent is taken away.
pub(super) fn resolve(engine: &Arc<Engine>, key: [u8; 20]) {
    let task = tokio::spawn(find(Arc::clone(engine), key));
    if let Some(entry) = engine.entries().get_mut(&key) {
        entry.place = Place::Resolving(task.abort_handle());
    }
}

async fn find(engine: Arc<Engine>, key: [u8; 20]) {
    let mut retry = None;
    loop {
        let reason = match try_once(&engine, &key).await {
            Ok(()) => return,
            Err(reason) => reason,
        };
        tracing::debug!("no .torrent yet: {reason}");
        let pause = {
            let next = super::retry::Retry::after(retry.as_ref(), reason, Instant::now(), &mut poisonless(&engine.rng));
            retry.insert(next).due()
        };
        tokio::time::sleep_until(pause).await;
    }
}

async fn try_once(engine: &Engine, key: &[u8; 20]) -> Result<(), String> {
    let (magnet, hash, peers) = {
        let entries = engine.entries();
        let entry = entries.get(key).ok_or("it is gone")?;
        (entry.record.magnet.clone().ok_or("it has no link")?, entry.record.info_hash, entry.peers.clone())
    };
    let options = AddTorrentOptions { list_only: true, initial_peers: Some(peers), ..AddTorrentOptions::default() };
    let found = engine.session.add_torrent(AddTorrent::from_url(magnet), Some(options)).await;
    let found = match found.map_err(|error| format!("{error:#}"))? {
        AddTorrentResponse::ListOnly(found) => found,
        AddTorrentResponse::Added(..) | AddTorrentResponse::AlreadyManaged(..) => return Err("it is there".to_owned()),
    };
    take(engine, key, &hash, &found.torrent_bytes)
}

/// Keeps what was found, and lets the torrent begin.
fn take(engine: &Engine, key: &[u8; 20], hash: &InfoHash, bytes: &[u8]) -> Result<(), String> {
    let metainfo = Metainfo::read(bytes).map_err(|error| error.to_string())?;
    if !metainfo.hashes.contains(hash) {
        return Err("what was found is another torrent".to_owned());
    }
    engine.shelf.put_metainfo(hash, bytes).map_err(|error| error.to_string())?;
    engine.remember(key, |record| record.magnet = None).map_err(|error| error.to_string())?;
    if let Some(entry) = engine.entries().get_mut(key) {
        entry.known = Some(Known::of(&metainfo));
        entry.place = Place::Asleep;
    }
    Ok(())
}
