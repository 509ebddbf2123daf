//! The engine, and every torrent of the embedded client.

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use librqbit::{
    AddTorrent, AddTorrentOptions, DhtSessionConfig, ListenerOptions, ManagedTorrent, PeerConnectionOptions, Session,
    SessionOptions, SessionPersistenceConfig, limits::LimitsConfig, storage::StorageFactoryExt as _,
};
use tokio::time::Instant;

use super::{
    EmbeddedError, EmbeddedSettings,
    entry::{Entry, Known, Loaded, Place, is_checking},
    journal::{Journal, forget_after_power_cut},
    open_files::OpenFiles,
    pieces::remove,
    record::{Record, Wish},
    retry::Retry,
    shelf::Shelf,
    storage::Storage,
    tending::ROUND,
    torrent_files::{TorrentFiles, poisonless},
};
use crate::{
    metainfo::{Metainfo, wrap_info},
    model::{InfoHash, Rng},
};

/// The engine and the torrents, shared by who commands and by who lets peers in.
pub(super) struct Engine {
    pub(super) session: Arc<Session>,
    pub(super) shelf: Shelf,
    pub(super) dht: bool,
    pub(super) rng: Mutex<Rng>,
    entries: Mutex<Entries>,
    open: Arc<OpenFiles>,
    /// The directory of the engine's own lists, which are made anew from ours at each start.
    pub(super) lists: PathBuf,
    may_list: Arc<AtomicBool>,
    /// One torrent at a time is handed to the engine.
    handing: tokio::sync::Mutex<()>,
}

/// Every torrent by the hash that peers use.
pub(super) type Entries = BTreeMap<[u8; 20], Entry>;

/// What is asked of a peer in one request.
const BLOCK_BYTES: u64 = 16 << 10;
/// One peer is asked for this part of a torrent at once.
const WINDOW_SHARE: u64 = 8;
/// Blocks that are asked of one peer at once: at the least, so that a far one is not idle between two;
const WINDOW_MIN: usize = 4;
/// and at the most, which is the engine's own number: 2 MiB, or 20 MB/s from a peer that is 100 ms away.
const WINDOW_MAX: usize = 128;

/// Files that are open at once, of all torrents.
const OPEN_FILES: usize = 256;

impl Engine {
    /// Starts the engine without any torrent in it, and reads what is remembered. Peers reach it at `port`.
    pub(super) async fn start(settings: &EmbeddedSettings, port: u16, seed: u64) -> Result<Self, EmbeddedError> {
        let shelf = Shelf::open(settings.state_dir.join("torrents"))?;
        let lists = settings.state_dir.join("engine");
        let list = lists.join("session.json");
        remove(&list).map_err(|reason| EmbeddedError::File { path: list, reason })?;
        let boot = settings.state_dir.join("boot");
        forget_after_power_cut(&boot, [shelf.dir(), &lists])
            .map_err(|reason| EmbeddedError::File { path: settings.state_dir.clone(), reason })?;
        if let Err(error) = librqbit::try_increase_nofile_limit() {
            tracing::debug!("the limit of open files stays as it is: {error:#}");
        }
        let session = Session::new_with_opts(lists.clone(), session_options(settings, &lists, port)?);
        let session = session.await.map_err(|error| EmbeddedError::Engine(format!("{error:#}")))?;
        let engine = Self {
            session,
            dht: settings.dht,
            rng: Mutex::new(Rng::new(seed)),
            entries: Mutex::default(),
            open: Arc::new(OpenFiles::new(OPEN_FILES)),
            lists,
            may_list: Arc::default(),
            handing: tokio::sync::Mutex::default(),
            shelf,
        };
        engine.recall()?;
        Ok(engine)
    }

    fn recall(&self) -> Result<(), EmbeddedError> {
        let now = Instant::now();
        for record in self.shelf.records()? {
            let known = self.metainfo(&record.info_hash).map(|(_, metainfo)| Known::of(&metainfo));
            let mut entry = Entry::new(record, known, now);
            // Trackers and the DHT have not forgotten them yet; all at once would make a rush.
            let part = u32::try_from(poisonless(&self.rng).below(1_000)).unwrap_or(0);
            entry.round = now + ROUND * part / 1_000;
            self.entries().insert(entry.record.info_hash.truncated(), entry);
        }
        Ok(())
    }

    pub(super) fn entries(&self) -> MutexGuard<'_, Entries> {
        poisonless(&self.entries)
    }

    /// The key of a torrent by any of its hashes.
    pub(super) fn find(&self, hash: &InfoHash) -> Option<[u8; 20]> {
        let entries = self.entries();
        let direct = Some(hash.truncated()).filter(|key| entries.get(key).is_some_and(|entry| entry.is(hash)));
        direct.or_else(|| entries.iter().find(|(_, entry)| entry.is(hash)).map(|(key, _)| *key))
    }

    /// The .torrent that is kept of a torrent; `None` where there is none, or it is another's.
    pub(super) fn metainfo(&self, hash: &InfoHash) -> Option<(Vec<u8>, Metainfo)> {
        let bytes = self.shelf.metainfo(hash).ok().flatten()?;
        let metainfo = Metainfo::read(&bytes).ok().filter(|metainfo| metainfo.hashes.contains(hash))?;
        Some((bytes, metainfo))
    }

    /// Changes what is remembered of a torrent: on the disk first.
    pub(super) fn remember(&self, key: &[u8; 20], change: impl FnOnce(&mut Record)) -> io::Result<()> {
        let mut entries = self.entries();
        let Some(entry) = entries.get_mut(key) else { return Ok(()) };
        let mut record = entry.record.clone();
        change(&mut record);
        if record != entry.record {
            self.shelf.put(&record)?;
            entry.record = record;
        }
        Ok(())
    }

    /// Notes that something is wrong with a torrent; it is said once, and tried again later.
    pub(super) fn note_failure(&self, key: &[u8; 20], reason: String) {
        let mut entries = self.entries();
        let Some(entry) = entries.get_mut(key) else { return };
        if entry.retry.as_ref().is_none_or(|retry| retry.reason != reason) {
            tracing::warn!("torrent {}: {reason}", entry.name());
        }
        let retry = Retry::after(entry.retry.as_ref(), reason, Instant::now(), &mut poisonless(&self.rng));
        entry.retry = Some(retry);
    }

    /// Makes everything due that waits to be tried again or looked at.
    #[cfg(test)]
    pub(super) fn hasten(&self) {
        let now = Instant::now();
        for entry in self.entries().values_mut() {
            entry.look = now;
            if let Some(retry) = &mut entry.retry {
                retry.hasten(now);
            }
        }
    }

    /// Sees that a torrent takes and gives data, since somebody wants something of it.
    pub(super) async fn wake(&self, key: &[u8; 20]) -> Result<(), String> {
        let _handing = self.handing.lock().await;
        let handle = {
            let mut entries = self.entries();
            let entry = entries.get_mut(key).ok_or("it is not here")?;
            if entry.record.wish != Wish::Work {
                return Err("it is stopped".to_owned());
            }
            entry.wanted = Instant::now();
            match &entry.place {
                Place::Loaded(loaded) => Some(Arc::clone(&loaded.handle)),
                Place::Asleep => None,
                Place::Resolving(_) => return Err("its .torrent is still being looked for".to_owned()),
            }
        };
        match handle {
            // One that was paused while it was checked can be awake all the same.
            Some(handle) if handle.is_paused() && handle.live().is_none() => {
                self.session.unpause(&handle).await.map_err(|error| format!("{error:#}"))?;
            }
            Some(_) => {}
            None => self.load(key).await?,
        }
        if let Some(entry) = self.entries().get_mut(key) {
            entry.retry = None;
        }
        Ok(())
    }

    /// Lets a torrent rest in the engine, where it costs next to nothing.
    pub(super) async fn pause(&self, handle: &Arc<ManagedTorrent>) {
        // What is paused or in error already needs no pause.
        if let Err(error) = self.session.pause(handle).await {
            tracing::debug!("torrent {}: {error:#}", handle.info_hash().as_string());
        }
    }

    /// Takes a torrent out of the engine; its files and what is remembered of it stay.
    pub(super) async fn unload(&self, key: &[u8; 20]) {
        let _handing = self.handing.lock().await;
        self.take_out(key).await;
    }

    /// Lets a torrent neither take nor give data.
    pub(super) async fn rest(&self, key: &[u8; 20]) {
        let _handing = self.handing.lock().await;
        let handle = match self.entries().get(key).map(|entry| &entry.place) {
            Some(Place::Loaded(loaded)) => Arc::clone(&loaded.handle),
            Some(Place::Asleep | Place::Resolving(_)) | None => return,
        };
        // A check cannot be relied on to end in the state that was asked for meanwhile.
        if is_checking(&handle.stats()) {
            self.take_out(key).await;
        } else {
            self.pause(&handle).await;
        }
    }

    async fn take_out(&self, key: &[u8; 20]) {
        let (loaded, is_complete) = {
            let mut entries = self.entries();
            let Some(entry) = entries.get_mut(key) else { return };
            match std::mem::replace(&mut entry.place, Place::Asleep) {
                Place::Loaded(loaded) => (loaded, entry.record.complete),
                Place::Resolving(task) => return task.abort(),
                Place::Asleep => return,
            }
        };
        // With the torrent the engine throws away its own list of pieces.
        let pieces = if is_complete { Vec::new() } else { self.gather_pieces(&loaded) };
        if let Err(error) = self.session.delete(loaded.handle.id().into(), false).await {
            tracing::debug!("torrent {}: {error:#}", loaded.handle.info_hash().as_string());
        }
        self.open.close(key);
        if let Err(error) = loaded.files.journal.replace(&pieces) {
            tracing::debug!("torrent {}: {error}", loaded.handle.info_hash().as_string());
        }
    }

    /// The files of a torrent as they are planned on the disk.
    pub(super) fn plan_files(&self, record: &Record, metainfo: &Metainfo) -> Result<TorrentFiles, String> {
        let journal = Journal::begin(self.shelf.pieces(&record.info_hash));
        TorrentFiles::plan(record, metainfo, Arc::clone(&self.open), journal)
            .ok_or_else(|| "two of its files differ only in bytes that are no text, and would be one here".to_owned())
    }

    /// Hands a torrent to the engine. Who calls holds the right to.
    async fn load(&self, key: &[u8; 20]) -> Result<(), String> {
        let (record, peers) = match self.entries().get(key) {
            Some(entry) => (entry.record.clone(), entry.peers.clone()),
            None => return Err("it is not here".to_owned()),
        };
        let (bytes, metainfo) = self.metainfo(&record.info_hash).ok_or(NO_METAINFO)?;
        let files = Arc::new(self.plan_files(&record, &metainfo)?);
        must_be_there(&record, &files).await?;
        let hash = metainfo.hashes.v1.ok_or("it is for v2 (BEP 52) only, which the embedded client does not speak")?;
        let is_resumed = self
            .prepare_pieces(&record, hash, Known::of(&metainfo).pieces)
            .map_err(|error| format!("the list of its pieces cannot be written: {error}"))?;
        let options = AddTorrentOptions {
            overwrite: true,
            // Never used as a path: the storage knows better.
            output_folder: Some(record.save_dir.to_string_lossy().into_owned()),
            initial_peers: Some(peers),
            peer_opts: Some(PeerConnectionOptions {
                max_request_window: Some(request_window(metainfo.size)),
                ..PeerConnectionOptions::default()
            }),
            storage_factory: Some(Storage::new(Arc::clone(&files), Arc::clone(&self.may_list)).boxed()),
            ..AddTorrentOptions::default()
        };
        let bytes = with_usable_trackers(bytes, &metainfo);
        self.may_list.store(true, Ordering::SeqCst);
        let added = self.session.add_torrent(AddTorrent::from_bytes(bytes), Some(options)).await;
        self.may_list.store(false, Ordering::SeqCst);
        let handle = added.map_err(|error| format!("{error:#}"))?.into_handle().ok_or("the engine does not take it")?;
        let is_wanted = self.entries().get_mut(key).is_some_and(|entry| {
            entry.known = Some(Known::of(&metainfo));
            let handle = Arc::clone(&handle);
            entry.place = Place::Loaded(Loaded { handle, files, is_resumed, settling: None });
            entry.record.wish == Wish::Work
        });
        if !is_wanted {
            self.pause(&handle).await;
        }
        Ok(())
    }
}

/// Why a torrent cannot be handed to the engine whose .torrent is gone.
pub(super) const NO_METAINFO: &str = "its .torrent, in the beacon's data directory, is missing or cannot be read";

/// Whether what has come of a torrent is where it was, so that nothing is fetched into the place of a disk that is not mounted.
async fn must_be_there(record: &Record, files: &Arc<TorrentFiles>) -> Result<(), String> {
    if record.complete || !record.ours {
        let files = Arc::clone(files);
        return tokio::task::spawn_blocking(move || files.are_present())
            .await
            .unwrap_or_else(|error| Err(error.to_string()));
    }
    if record.begun && !record.save_dir.is_dir() {
        return Err(format!("{} is not there, though some of it had come", record.save_dir.display()));
    }
    Ok(())
}

/// How the engine is set up. It listens where only the gate reaches it, and tells others the gate's port.
fn session_options(
    settings: &EmbeddedSettings,
    lists: &std::path::Path,
    port: u16,
) -> Result<SessionOptions, EmbeddedError> {
    let not_a_url = |url: &String| EmbeddedError::Tracker(url.clone());
    let tracker = settings.tracker.as_ref().map(|url| url.parse().map_err(|_not_an_url| not_a_url(url)));
    Ok(SessionOptions {
        dht: settings.dht.then(|| DhtSessionConfig { persistence: None, ..DhtSessionConfig::default() }),
        disable_local_service_discovery: true,
        fastresume: true,
        persistence: Some(SessionPersistenceConfig::Json { folder: Some(lists.to_owned()) }),
        listen: Some(ListenerOptions {
            listen_addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            ipv4_only: true,
            announce_port: Some(port),
            ..ListenerOptions::default()
        }),
        ratelimits: LimitsConfig { upload_bps: settings.limits.upload, download_bps: settings.limits.download },
        trackers: tracker.transpose()?.into_iter().collect(),
        client_name_and_version: Some(format!("Beacon {}", env!("CARGO_PKG_VERSION"))),
        ..SessionOptions::default()
    })
}

/// How many blocks are asked of one peer at once. The engine's own number is more than a small torrent has, so that the first
/// peer that answers would have to give all of it while the others wait.
fn request_window(size: u64) -> usize {
    let blocks = size.div_ceil(BLOCK_BYTES);
    usize::try_from(blocks / WINDOW_SHARE).unwrap_or(WINDOW_MAX).clamp(WINDOW_MIN, WINDOW_MAX)
}

/// The engine drops the beacon's own tracker where a private torrent names several; one of them stays.
fn with_usable_trackers(bytes: Vec<u8>, metainfo: &Metainfo) -> Vec<u8> {
    if metainfo.private && metainfo.trackers.len() > 1 {
        return wrap_info(&bytes[metainfo.info.clone()], &metainfo.trackers[..1]);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_peer_is_asked_for_all_of_a_small_torrent() {
        assert_eq!(request_window(1), 4);
        assert_eq!(request_window(800_000), 6, "of 49 blocks");
        assert_eq!(request_window(16 << 20), 128);
        assert_eq!(request_window(u64::MAX), 128);
    }
}
