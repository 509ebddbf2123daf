//! A BitTorrent client as far as a beacon sees it.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    time::Duration,
};

use crate::model::{ByteSize, ClientChange, ContentState, Holding, InfoHash, InfoHashes, Instant};

/// The torrents of one client, and what of that it has not reported.
#[derive(Debug, Default)]
pub(super) struct Client {
    torrents: BTreeMap<InfoHash, Torrent>,
    changed: BTreeSet<InfoHash>,
    removed: BTreeSet<InfoHash>,
    reported: bool,
    moved_at: Instant,
    running: bool,
    /// Until when it checks its data; nothing is certain before.
    checks_until: Instant,
    /// Whether the last report was of a client that was checking.
    was_checking: bool,
}

#[derive(Debug)]
struct Torrent {
    size: u64,
    done: u64,
    /// Whether the beacon added it.
    marked: bool,
    stopped: bool,
    /// Other clients that it knows of.
    peers: BTreeSet<SocketAddr>,
}

/// What moved bytes.
#[derive(Debug, Default)]
pub(super) struct Moved {
    pub(super) bytes: u64,
    pub(super) completed: Vec<InfoHash>,
}

impl Client {
    /// Adds a torrent that the beacon wants fetched; false where it is there already.
    pub(super) fn add(&mut self, info_hash: InfoHash, size: u64, peers: BTreeSet<SocketAddr>) -> bool {
        self.insert(info_hash, Torrent { size, done: 0, marked: true, stopped: false, peers })
    }

    /// Adds a torrent that is complete, of the beacon's or of the user's own; false where it is there already.
    pub(super) fn put(&mut self, info_hash: InfoHash, size: u64, marked: bool) -> bool {
        self.insert(info_hash, Torrent { size, done: size, marked, stopped: false, peers: BTreeSet::new() })
    }

    fn insert(&mut self, info_hash: InfoHash, torrent: Torrent) -> bool {
        if self.torrents.contains_key(&info_hash) {
            return false;
        }
        self.torrents.insert(info_hash, torrent);
        self.changed.insert(info_hash);
        self.removed.remove(&info_hash);
        true
    }

    /// Removes a torrent; false where there was none.
    pub(super) fn remove(&mut self, info_hash: &InfoHash) -> bool {
        self.changed.remove(info_hash);
        let removed = self.torrents.remove(info_hash).is_some();
        if removed {
            self.removed.insert(*info_hash);
        }
        removed
    }

    /// Learns where others that have or want a torrent can be reached.
    pub(super) fn add_peers(&mut self, info_hash: &InfoHash, peers: impl IntoIterator<Item = SocketAddr>) {
        if let Some(torrent) = self.torrents.get_mut(info_hash) {
            torrent.peers.extend(peers);
        }
    }

    /// Whether all of a torrent is here.
    pub(super) fn is_complete(&self, info_hash: &InfoHash) -> bool {
        self.torrents.get(info_hash).is_some_and(Torrent::is_complete)
    }

    /// Whether all of a torrent is here, and others can fetch it while the client runs.
    pub(super) fn serves(&self, info_hash: &InfoHash) -> bool {
        self.torrents.get(info_hash).is_some_and(Torrent::is_served)
    }

    /// Whether a torrent is here that the user added.
    pub(super) fn is_users(&self, info_hash: &InfoHash) -> bool {
        self.torrents.get(info_hash).is_some_and(|torrent| !torrent.marked)
    }

    /// Whether the last report told of this torrent as it is now.
    pub(super) fn has_reported(&self, info_hash: &InfoHash) -> bool {
        self.reported && !self.changed.contains(info_hash)
    }

    /// Whether a torrent is here, complete or not.
    pub(super) fn has(&self, info_hash: &InfoHash) -> bool {
        self.torrents.contains_key(info_hash)
    }

    /// The torrents that the beacon added.
    pub(super) fn marked(&self) -> impl Iterator<Item = &InfoHash> {
        self.torrents.iter().filter(|(_, torrent)| torrent.marked).map(|(hash, _)| hash)
    }

    /// Bytes of the torrents that the beacon added, as they will be.
    pub(super) fn marked_bytes(&self) -> ByteSize {
        let sizes = self.torrents.values().filter(|torrent| torrent.marked).map(|torrent| torrent.size);
        ByteSize::from_bytes(sizes.sum())
    }

    /// Whether anything of the user's own is here.
    pub(super) fn has_library(&self) -> bool {
        self.torrents.values().any(|torrent| !torrent.marked)
    }

    pub(super) const fn is_running(&self) -> bool {
        self.running
    }

    pub(super) const fn end(&mut self) {
        self.running = false;
    }

    /// Loses everything.
    pub(super) fn wipe(&mut self) {
        *self = Self::default();
    }

    /// Stops a torrent; whether that ended a copy that was served.
    pub(super) fn stop(&mut self, info_hash: &InfoHash) -> bool {
        let served = self.serves(info_hash);
        self.set_stopped(info_hash, true);
        served
    }

    /// Starts a torrent; whether there is a copy to be served now that was not before.
    pub(super) fn start(&mut self, info_hash: &InfoHash) -> bool {
        let served = self.serves(info_hash);
        self.set_stopped(info_hash, false);
        !served && self.serves(info_hash)
    }

    fn set_stopped(&mut self, info_hash: &InfoHash, stopped: bool) {
        if let Some(torrent) = self.torrents.get_mut(info_hash) {
            torrent.stopped = stopped;
            self.changed.insert(*info_hash);
        }
    }

    /// Every torrent that is complete here and served.
    pub(super) fn served(&self) -> impl Iterator<Item = &InfoHash> {
        self.torrents.iter().filter(|(_, torrent)| torrent.is_served()).map(|(hash, _)| hash)
    }

    /// Every torrent that is complete here.
    pub(super) fn complete(&self) -> impl Iterator<Item = &InfoHash> {
        self.torrents.iter().filter(|(_, torrent)| torrent.is_complete()).map(|(hash, _)| hash)
    }

    /// Every torrent that is not complete here, with the other clients known to have or want it.
    pub(super) fn incomplete(&self) -> impl Iterator<Item = (&InfoHash, &BTreeSet<SocketAddr>)> {
        self.torrents.iter().filter(|(_, torrent)| !torrent.is_complete()).map(|(hash, torrent)| (hash, &torrent.peers))
    }

    /// Moves bytes of the torrents that have a source, all sharing the line, since this was last done.
    pub(super) fn transfer(&mut self, now: Instant, sourced: &[InfoHash], bandwidth: u64) -> Moved {
        let elapsed = now.since(self.moved_at);
        self.moved_at = now;
        let mut moved = Moved::default();
        let share = bytes_in(elapsed, bandwidth) / (sourced.len() as u64).max(1);
        for info_hash in sourced {
            let Some(torrent) = self.torrents.get_mut(info_hash) else { continue };
            let bytes = share.min(torrent.size - torrent.done);
            torrent.done += bytes;
            moved.bytes += bytes;
            if bytes > 0 {
                self.changed.insert(*info_hash);
            }
            if torrent.is_complete() {
                moved.completed.push(*info_hash);
            }
        }
        moved
    }

    /// The clock of transfers starts anew, and the next report is a whole one, as after a start of the beacon.
    pub(super) fn restart(&mut self, now: Instant) {
        self.moved_at = now;
        self.reported = false;
    }

    /// Starts, and checks its data for a while.
    pub(super) fn run(&mut self, now: Instant, checking: Duration) {
        self.restart(now);
        self.running = true;
        self.checks_until = now + checking;
    }

    /// What is new since the last report; everything in the first. `None` where there is nothing.
    pub(super) fn report(&mut self, now: Instant) -> Option<ClientChange> {
        let checking = now < self.checks_until;
        if self.was_checking && !checking {
            self.changed.extend(self.torrents.keys());
        }
        self.was_checking = checking;
        let changed = std::mem::take(&mut self.changed);
        let removed = std::mem::take(&mut self.removed);
        let holding = |hash: &InfoHash, torrent: &Torrent| match torrent.holding(*hash) {
            holding if checking => Holding { content: ContentState::Unknown, done: 0, ..holding },
            holding => holding,
        };
        if !self.reported {
            self.reported = true;
            return Some(ClientChange::Full(
                self.torrents.iter().map(|(hash, torrent)| holding(hash, torrent)).collect(),
            ));
        }
        if changed.is_empty() && removed.is_empty() {
            return None;
        }
        let changed = changed.iter().filter_map(|hash| Some(holding(hash, self.torrents.get(hash)?))).collect();
        let removed = removed.into_iter().map(InfoHashes::from).collect();
        Some(ClientChange::Delta { changed, removed })
    }
}

impl Torrent {
    const fn is_complete(&self) -> bool {
        self.done == self.size
    }

    const fn is_served(&self) -> bool {
        self.is_complete() && !self.stopped
    }

    fn holding(&self, info_hash: InfoHash) -> Holding {
        Holding {
            hashes: InfoHashes::from(info_hash),
            name: String::new(),
            size: Some(self.size),
            done: self.done,
            content: match (self.is_complete(), self.stopped) {
                (true, false) => ContentState::Serving,
                (true, true) => ContentState::Resting,
                (false, false) => ContentState::Fetching,
                (false, true) => ContentState::Paused,
            },
            marked: self.marked,
            keep: false,
            outside_seeders: None,
        }
    }
}

fn bytes_in(elapsed: Duration, bandwidth: u64) -> u64 {
    let bytes = elapsed.as_millis() * u128::from(bandwidth) / 1_000;
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
