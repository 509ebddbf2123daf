//! The embedded client as the beacon drives it.

use std::{
    collections::BTreeSet,
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::{task::JoinHandle, time::Instant};

use super::{
    EmbeddedError, EmbeddedSettings,
    engine::{Engine, NO_METAINFO},
    entry::{Entry, Known, Place, is_checking},
    gate::Gate,
    magnet,
    record::{Record, Wish},
};
use crate::{
    client::{AddOutcome, AddRequest, AddSource, CommandError, Owner, Removed, TorrentClient},
    metainfo::{Metainfo, Version},
    model::{ByteSize, ClientChange, ClientInfo, ClientProblem, ClientTraffic, Holding, InfoHash, InfoHashes},
};

/// A BitTorrent client within the beacon.
///
/// It keeps what it knows on the disk before it acts, so that it can be killed at any moment, and a second start finds
/// everything as it was.
pub struct Embedded {
    pub(super) engine: Arc<Engine>,
    port: u16,
    gate: JoinHandle<()>,
    /// Torrents that were told and are gone since.
    gone: Vec<InfoHashes>,
    has_told: bool,
}

/// Said of torrents that the engine cannot fetch.
pub(super) const V2_ONLY: &str = "it is for v2 (BEP 52) only, which the embedded client does not speak; qBittorrent does: set \"client\": { \"type\": \"qbittorrent\", ... }";
/// Warnings that are listed one by one.
const WARNINGS_MAX: usize = 10;

impl Embedded {
    /// Opens the door for peers and starts the engine. `seed` decides about pauses, nothing secret.
    pub async fn start(settings: &EmbeddedSettings, seed: u64) -> Result<Self, EmbeddedError> {
        let gate = Gate::open(settings.listen).await?;
        let port = gate.port;
        let engine = Arc::new(Engine::start(settings, port, seed).await?);
        let (unresolved, lost): (Vec<_>, Vec<_>) = {
            let entries = engine.entries();
            let unknown = entries.iter().filter(|(_, entry)| entry.known.is_none());
            unknown.map(|(key, entry)| (*key, entry.record.magnet.is_some())).partition(|(_, has_link)| *has_link)
        };
        for (key, _) in unresolved {
            magnet::resolve(&engine, key);
        }
        for (key, _) in lost {
            engine.note_failure(&key, NO_METAINFO.to_owned());
        }
        let gate = tokio::spawn(gate.serve(Arc::clone(&engine)));
        let mut client = Self { engine, port, gate, gone: Vec::new(), has_told: false };
        client.finish_removals().await;
        Ok(client)
    }

    /// Brings to their end what an earlier run had begun to remove.
    async fn finish_removals(&mut self) {
        let begun: Vec<[u8; 20]> = {
            let entries = self.engine.entries();
            entries.iter().filter(|(_, entry)| entry.record.wish == Wish::Leave).map(|(key, _)| *key).collect()
        };
        for key in begun {
            if let Err(error) = self.finish_removal(&key).await {
                tracing::warn!("{error}");
            }
        }
    }

    fn key(&self, hash: &InfoHash) -> Result<[u8; 20], CommandError> {
        self.engine.find(hash).ok_or(CommandError::NoSuchTorrent(*hash))
    }

    /// The key of a torrent that the beacon added.
    fn own(&self, hash: &InfoHash) -> Result<[u8; 20], CommandError> {
        let key = self.key(hash)?;
        let is_ours = self.engine.entries().get(&key).is_some_and(|entry| entry.record.ours);
        if is_ours { Ok(key) } else { Err(CommandError::NotOurs(*hash)) }
    }

    /// Begins with a torrent, on the disk first.
    async fn take(&mut self, record: Record, peers: Vec<SocketAddr>) -> Result<(), CommandError> {
        let hash = record.info_hash;
        let rejected = |reason: String| CommandError::Rejected { info_hash: hash, reason };
        self.engine.shelf.put(&record).map_err(|error| rejected(error.to_string()))?;
        let known = self.engine.metainfo(&hash).map(|(_, metainfo)| Known::of(&metainfo));
        let is_known = known.is_some();
        let key = hash.truncated();
        let mut entry = Entry::new(record, known, Instant::now());
        entry.peers = peers;
        self.engine.entries().insert(key, entry);
        if !is_known {
            magnet::resolve(&self.engine, key);
        } else if let Err(reason) = self.engine.wake(&key).await {
            self.engine.note_failure(&key, reason);
        }
        Ok(())
    }

    /// What the metainfo or the link names, if the engine can fetch it; a .torrent is kept.
    fn accept(&self, request: &AddRequest) -> Result<(InfoHashes, Option<String>), String> {
        match &request.source {
            AddSource::Magnet(link) => Ok((magnet::can_be_found(link)?, Some(link.clone()))),
            AddSource::Metainfo(bytes) => {
                let metainfo = Metainfo::read(bytes).map_err(|error| error.to_string())?;
                if metainfo.version == Version::V2 {
                    return Err(V2_ONLY.to_owned());
                }
                if !metainfo.hashes.contains(&request.info_hash) {
                    return Err("the .torrent is another's".to_owned());
                }
                let hash = metainfo.info_hash();
                self.engine.shelf.put_metainfo(&hash, bytes).map_err(|error| error.to_string())?;
                Ok((metainfo.hashes, None))
            }
        }
    }

    /// The paths of this torrent that another one has too, wherever links lead. A neighbor of which it cannot be told is an error.
    fn shared_paths(&self, record: &Record, metainfo: &Metainfo) -> Result<BTreeSet<PathBuf>, String> {
        let own_dir = real(&record.save_dir);
        let near: Vec<Record> = {
            let entries = self.engine.entries();
            let others = entries.values().map(|entry| &entry.record);
            let others = others.filter(|other| other.info_hash != record.info_hash && other.magnet.is_none());
            others.filter(|other| are_near(&real(&other.save_dir), &own_dir)).cloned().collect()
        };
        let mut taken = BTreeSet::new();
        for other in &near {
            let Some((_, metainfo)) = self.engine.metainfo(&other.info_hash) else {
                return Err(format!(
                    "torrent {} may have files of it, and its .torrent cannot be read",
                    other.info_hash
                ));
            };
            taken.extend(metainfo.files.iter().map(|file| real(&other.save_dir.join(&file.path))));
        }
        let own = metainfo.files.iter().map(|file| record.save_dir.join(&file.path));
        Ok(own.filter(|path| taken.contains(&real(path))).collect())
    }

    /// Takes a torrent away whose record says so.
    async fn finish_removal(&mut self, key: &[u8; 20]) -> Result<Removed, CommandError> {
        self.engine.unload(key).await;
        let Some(record) = self.engine.entries().get(key).map(|entry| entry.record.clone()) else {
            return Ok(Removed::WithFiles);
        };
        let hash = record.info_hash;
        let failed = |reason: String| CommandError::Rejected { info_hash: hash, reason };
        // Without a .torrent it is not known which files are its own; before one came there were none.
        let mut removed = if record.magnet.is_some() { Removed::WithFiles } else { Removed::FilesKept };
        if let Some((_, metainfo)) = self.engine.metainfo(&hash) {
            let shared = self.shared_paths(&record, &metainfo).map_err(failed)?;
            removed = if shared.is_empty() { Removed::WithFiles } else { Removed::FilesKept };
            let files = self.engine.plan_files(&record, &metainfo).map_err(failed)?;
            let deleted = tokio::task::spawn_blocking(move || files.delete(&shared)).await;
            let deleted = deleted.unwrap_or_else(|error| Err(std::io::Error::other(error)));
            deleted.map_err(|error| failed(format!("its files cannot be deleted: {error}")))?;
        }
        self.engine.shelf.remove(&hash).map_err(|error| failed(error.to_string()))?;
        if let Some(entry) = self.engine.entries().remove(key)
            && entry.told.is_some()
        {
            self.gone.push(entry.hashes());
        }
        Ok(removed)
    }

    /// Everything that changed since it was last told.
    fn changes(&mut self) -> ClientChange {
        let mut changed = Vec::new();
        for entry in self.engine.entries().values_mut() {
            // What sleeps does not change by itself.
            let holding = entry.holding();
            if entry.told.as_ref() != Some(&holding) {
                entry.told = Some(holding.clone());
                changed.push(holding);
            }
        }
        let removed = std::mem::take(&mut self.gone);
        if std::mem::replace(&mut self.has_told, true) {
            let is_back = |hashes: &InfoHashes| changed.iter().any(|holding: &Holding| holding.hashes == *hashes);
            let removed = removed.into_iter().filter(|hashes| !is_back(hashes)).collect();
            ClientChange::Delta { changed, removed }
        } else {
            ClientChange::Full(changed)
        }
    }

    fn warnings(&self) -> Vec<String> {
        let entries = self.engine.entries();
        let troubled = entries.values().filter_map(|entry| Some((entry.name(), entry.retry.as_ref()?)));
        let mut warnings: Vec<String> = troubled
            .map(|(name, retry)| format!("torrent {name}: {}; it is tried again by itself", retry.reason))
            .collect();
        let more = warnings.len().saturating_sub(WARNINGS_MAX);
        warnings.truncate(WARNINGS_MAX);
        if more > 0 {
            warnings.push(format!("{more} more torrents are in trouble"));
        }
        warnings
    }
}

/// Whether torrents in two directories could have a file in common.
fn are_near(one: &Path, other: &Path) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// A path without links, as far as it is there.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_not_there| path.to_owned())
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedded").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.gate.abort();
        self.engine.session.cancellation_token().cancel();
    }
}

impl TorrentClient for Embedded {
    async fn poll(&mut self) -> Result<ClientChange, ClientProblem> {
        self.engine.tend().await;
        Ok(self.changes())
    }

    async fn info(&mut self) -> Result<ClientInfo, ClientProblem> {
        Ok(ClientInfo {
            kind: "embedded",
            version: format!("librqbit {}", librqbit::version()),
            listen_port: Some(self.port),
            free: None,
            warnings: self.warnings(),
        })
    }

    fn traffic(&self) -> Option<ClientTraffic> {
        let counted = self.engine.session.stats_snapshot().counters;
        let size = ByteSize::from_bytes;
        Some(ClientTraffic { received: size(counted.fetched_bytes), sent: size(counted.uploaded_bytes) })
    }

    async fn add(&mut self, request: &AddRequest) -> Result<AddOutcome, CommandError> {
        let rejected = |reason| CommandError::Rejected { info_hash: request.info_hash, reason };
        let (hashes, link) = self.accept(request).map_err(rejected)?;
        let known = hashes.iter().chain([request.info_hash]).find_map(|hash| self.engine.find(&hash));
        if let Some(key) = known {
            let entries = self.engine.entries();
            let is_ours = entries.get(&key).is_some_and(|entry| entry.record.ours && entry.record.wish != Wish::Leave);
            return Ok(if is_ours { AddOutcome::Added } else { AddOutcome::AlreadyThere });
        }
        let record = Record {
            info_hash: hashes.canonical().unwrap_or(request.info_hash),
            save_dir: request.save_dir.clone(),
            ours: request.owner == Owner::Beacon,
            wish: Wish::Work,
            complete: false,
            begun: false,
            magnet: link,
        };
        self.take(record, request.peers.clone()).await?;
        Ok(AddOutcome::Added)
    }

    /// The beacon's own tracker tells the engine, who asks it every few seconds for what it lacks. A sleeping torrent that
    /// others want is woken, so that it finds those who cannot find it.
    async fn add_peers(&mut self, torrent: &InfoHash, peers: &[SocketAddr]) -> Result<(), CommandError> {
        let key = self.key(torrent)?;
        let is_wanted = self.engine.entries().get_mut(&key).is_some_and(|entry| {
            entry.peers = peers.to_vec();
            entry.record.complete && entry.record.wish == Wish::Work && entry.retry.is_none()
        });
        if is_wanted && let Err(reason) = self.engine.wake(&key).await {
            self.engine.note_failure(&key, reason);
        }
        Ok(())
    }

    async fn start(&mut self, torrent: &InfoHash) -> Result<(), CommandError> {
        let key = self.own(torrent)?;
        let rejected = |reason: String| CommandError::Rejected { info_hash: *torrent, reason };
        self.engine.remember(&key, |record| record.wish = Wish::Work).map_err(|error| rejected(error.to_string()))?;
        let is_needed = self.engine.entries().get(&key).is_some_and(|entry| !entry.record.complete);
        if is_needed && let Err(reason) = self.engine.wake(&key).await {
            self.engine.note_failure(&key, reason);
        }
        Ok(())
    }

    async fn stop(&mut self, torrent: &InfoHash) -> Result<(), CommandError> {
        let key = self.own(torrent)?;
        let rejected = |reason: String| CommandError::Rejected { info_hash: *torrent, reason };
        self.engine.remember(&key, |record| record.wish = Wish::Rest).map_err(|error| rejected(error.to_string()))?;
        self.engine.rest(&key).await;
        Ok(())
    }

    async fn remove(&mut self, torrent: &InfoHash) -> Result<Removed, CommandError> {
        let key = self.own(torrent)?;
        let trouble = self.engine.entries().get(&key).and_then(|entry| match &entry.place {
            _ if entry.retry.is_some() => Some("missing files or an error"),
            Place::Loaded(loaded) if is_checking(&loaded.handle.stats()) => Some("that it is being checked"),
            _ => None,
        });
        if let Some(state) = trouble {
            return Err(CommandError::NotNow { info_hash: *torrent, state });
        }
        let rejected = |reason: String| CommandError::Rejected { info_hash: *torrent, reason };
        self.engine.remember(&key, |record| record.wish = Wish::Leave).map_err(|error| rejected(error.to_string()))?;
        self.finish_removal(&key).await
    }

    async fn metainfo(&mut self, torrent: &InfoHash) -> Result<Option<Vec<u8>>, CommandError> {
        let key = self.key(torrent)?;
        let hash = self.engine.entries().get(&key).map(|entry| entry.record.info_hash);
        Ok(hash.and_then(|hash| self.engine.metainfo(&hash)).map(|(bytes, _)| bytes))
    }
}
