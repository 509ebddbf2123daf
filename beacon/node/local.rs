//! What this beacon's own client holds, and what that makes its status.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::local_sums::LocalSums;
pub(super) use super::local_sums::Usage;
use crate::{
    census::{TorrentIndex, Torrents},
    model::{ClientChange, ContentState, Holding, InfoHash, InfoHashes, Instant, TorrentState},
};

/// The torrents of the client, and which of them this beacon added.
#[derive(Debug, Default)]
pub(super) struct Local {
    /// By the canonical hash of what the client tells.
    torrents: BTreeMap<InfoHash, LocalTorrent>,
    /// The canonical hash behind the other hash of a hybrid.
    aliases: BTreeMap<InfoHash, InfoHash>,
    /// What this beacon added, by the canonical hash of the catalog.
    ledger: BTreeSet<InfoHash>,
    /// Whether the client has answered since the start.
    known: bool,
    /// What the torrents add up to, kept up to date by differences: it is asked for far more often than it changes.
    sums: LocalSums,
    /// Whether of some torrents it is not known where the collections list them.
    any_unplaced: bool,
}

/// One torrent of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LocalTorrent {
    pub(super) hashes: InfoHashes,
    /// The last state that said something.
    pub(super) content: ContentState,
    pub(super) size: Option<u64>,
    pub(super) done: u64,
    pub(super) outside_seeders: Option<u32>,
    /// Whether it bears our mark and the user does not want it left alone.
    marked: bool,
    /// Whether the client's last word on its data was one: not while it checks or moves it.
    certain: bool,
    /// When bytes last came.
    progressed: Instant,
    /// Whether the ledger has one of its hashes.
    entered: bool,
    place: Place,
}

/// Where the collections list a torrent of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It has not been looked for.
    Unknown,
    /// In none of them.
    Nowhere,
    /// There.
    At(TorrentIndex),
}

/// Without a byte for this long, a fetch is stalled, and others need not count on it.
const STALLED_AFTER: Duration = Duration::from_mins(10);

/// What a report of the client changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Applied {
    /// How many complete torrents are no longer there.
    pub(super) vanished: usize,
    /// How many complete torrents there were before.
    pub(super) complete_before: usize,
    /// This beacon's own torrents that were taken out of a client that kept running.
    pub(super) taken_out: Vec<InfoHash>,
    /// Whether anything is otherwise than before.
    pub(super) is_news: bool,
}

impl Local {
    pub(super) fn new(ledger: impl IntoIterator<Item = InfoHash>) -> Self {
        Self { ledger: ledger.into_iter().collect(), ..Self::default() }
    }

    /// Whether the client has answered since the start.
    pub(super) const fn is_known(&self) -> bool {
        self.known
    }

    /// Takes over what the client says.
    pub(super) fn apply(&mut self, now: Instant, change: ClientChange) -> Applied {
        let complete_before = self.sums.complete;
        let mut vanished = 0;
        let mut taken_out = Vec::new();
        let mut is_news = !self.known;
        match change {
            ClientChange::Full(holdings) => {
                let mut before = std::mem::take(&mut self.torrents);
                self.aliases.clear();
                self.sums = LocalSums::default();
                for holding in holdings {
                    let known = remove_any(&mut before, &holding.hashes);
                    is_news |= self.take(now, &holding, known.as_ref());
                }
                is_news |= !before.is_empty();
                vanished = before.values().filter(|torrent| torrent.is_complete()).count();
            }
            ClientChange::Delta { changed, removed } => {
                for hashes in removed {
                    let Some(gone) = self.remove(&hashes) else { continue };
                    is_news = true;
                    vanished += usize::from(gone.is_complete());
                    let entry = gone.hashes.iter().find(|hash| self.ledger.contains(hash));
                    taken_out.extend(entry.filter(|_| gone.marked));
                }
                for holding in changed {
                    let known = self.remove(&holding.hashes);
                    is_news |= self.take(now, &holding, known.as_ref());
                }
            }
        }
        self.known = true;
        Applied { vanished, complete_before, taken_out, is_news }
    }

    /// Notes that this beacon is about to add a torrent.
    pub(super) fn enter(&mut self, info_hash: InfoHash) {
        self.ledger.insert(info_hash);
        self.look_into_ledger(&info_hash);
    }

    /// Notes that a torrent is not this beacon's, or no longer.
    pub(super) fn strike(&mut self, info_hash: &InfoHash) {
        self.ledger.remove(info_hash);
        self.look_into_ledger(info_hash);
    }

    fn look_into_ledger(&mut self, info_hash: &InfoHash) {
        let hash = *self.aliases.get(info_hash).unwrap_or(info_hash);
        if let Some(mut torrent) = self.take_out(&hash) {
            torrent.entered = self.has_entered(&torrent.hashes);
            self.put(hash, torrent);
        }
    }

    fn has_entered(&self, hashes: &InfoHashes) -> bool {
        hashes.iter().any(|hash| self.ledger.contains(&hash))
    }

    /// Whether the client shows this torrent with our mark.
    pub(super) fn is_marked(&self, info_hash: &InfoHash) -> bool {
        self.torrents.values().any(|torrent| torrent.marked && torrent.hashes.contains(info_hash))
    }

    /// What the client has of a torrent of the catalog.
    pub(super) fn find(&self, torrents: &Torrents, index: TorrentIndex) -> Option<&LocalTorrent> {
        let info_hash = torrents.at(index).info_hash;
        let known = |hash: &InfoHash| self.torrents.get(self.aliases.get(hash).unwrap_or(hash));
        // Client and catalog may each know a hybrid by one hash only, and not by the same.
        known(&info_hash).or_else(|| torrents.aliases(index).find_map(|alias| known(&alias)))
    }

    /// Whether a torrent of the client is this beacon's to manage: it added it, and the user has not taken it over.
    pub(super) fn is_ours(&self, info_hash: &InfoHash, torrent: &LocalTorrent) -> bool {
        torrent.marked && (torrent.entered || self.ledger.contains(info_hash))
    }

    /// Whether the client has a torrent of this hash.
    pub(super) fn has(&self, info_hash: &InfoHash) -> bool {
        self.by_any_hash(info_hash).is_some()
    }

    /// Whether the client has a torrent of this hash that is this beacon's to manage.
    pub(super) fn is_ours_by_hash(&self, info_hash: &InfoHash) -> bool {
        self.by_any_hash(info_hash).is_some_and(|torrent| self.is_ours(info_hash, torrent))
    }

    /// Notes that a torrent was deleted, before the client's next report says so.
    pub(super) fn forget(&mut self, info_hash: &InfoHash) {
        if let Some(hashes) = self.by_any_hash(info_hash).map(|torrent| torrent.hashes) {
            self.remove(&hashes);
        }
        self.strike(info_hash);
    }

    fn by_any_hash(&self, info_hash: &InfoHash) -> Option<&LocalTorrent> {
        self.torrents.get(self.aliases.get(info_hash).unwrap_or(info_hash))
    }

    /// Every torrent of the client that a collection lists.
    pub(super) fn listed<'a>(
        &'a self,
        torrents: &'a Torrents,
    ) -> impl Iterator<Item = (TorrentIndex, &'a LocalTorrent)> {
        self.torrents.values().filter_map(|torrent| match torrent.place {
            Place::At(index) => Some((index, torrent)),
            Place::Nowhere => None,
            Place::Unknown => Some((find_any(torrents, &torrent.hashes)?, torrent)),
        })
    }

    /// Looks for torrents in the collections: for all `anew` where these are others than before, or else for those that
    /// have not been looked for.
    pub(super) fn find_places(&mut self, torrents: &Torrents, anew: bool) {
        if !std::mem::take(&mut self.any_unplaced) && !anew {
            return;
        }
        for torrent in self.torrents.values_mut().filter(|torrent| anew || torrent.place == Place::Unknown) {
            torrent.place = find_any(torrents, &torrent.hashes).map_or(Place::Nowhere, Place::At);
        }
    }

    /// What the beacon says of a torrent of its client.
    pub(super) fn state(&self, now: Instant, info_hash: &InfoHash, torrent: &LocalTorrent) -> TorrentState {
        let is_recent = now.since(torrent.progressed) < STALLED_AFTER;
        match torrent.content {
            ContentState::Serving if self.is_ours(info_hash, torrent) => TorrentState::Held,
            ContentState::Serving => TorrentState::Pinned,
            ContentState::Resting => TorrentState::Resting,
            ContentState::Fetching if is_recent => TorrentState::Fetching,
            // A client that has just been told to fetch it looks for data first, or it checks what was there before.
            ContentState::Unknown if is_recent && self.is_ours(info_hash, torrent) => TorrentState::Fetching,
            // It is in the client, so it cannot be added; but nobody should count on it.
            ContentState::Fetching
            | ContentState::Paused
            | ContentState::Partial
            | ContentState::Broken
            | ContentState::Unknown => TorrentState::Stalled,
        }
    }

    /// Bytes of this beacon's own torrents: what is complete, what is on its way, and what of both is on the disk.
    pub(super) const fn usage(&self) -> Usage {
        self.sums.usage
    }

    /// Whether anything that bears our mark is incomplete.
    pub(super) const fn is_fetching(&self) -> bool {
        self.sums.fetching > 0
    }

    /// Every torrent of the client that a collection lists and whose files are missing or cannot be read.
    pub(super) fn broken<'a>(&'a self, torrents: &'a Torrents) -> impl Iterator<Item = TorrentIndex> {
        let broken = self.sums.broken.iter().filter_map(|hash| self.torrents.get(hash));
        broken.filter_map(|torrent| find_any(torrents, &torrent.hashes))
    }

    /// Whether some torrent's state is not known yet, as while a client that just started checks its data.
    pub(super) fn has_unknown(&self, torrents: &Torrents) -> bool {
        self.listed(torrents).any(|(_, torrent)| torrent.content == ContentState::Unknown)
    }

    /// Takes over one torrent, and says whether it is otherwise than before.
    fn take(&mut self, now: Instant, holding: &Holding, before: Option<&LocalTorrent>) -> bool {
        let Some(hash) = holding.hashes.canonical() else { return false };
        // What was known before stays until there is news: a client that checks its data counts from zero.
        let (content, done) = match (holding.content, before) {
            (ContentState::Unknown, Some(before)) => (before.content, before.done),
            (content, _) => (content, holding.done),
        };
        let progressed = match before {
            Some(before) if before.done == done && before.content == content => before.progressed,
            _ => now,
        };
        let torrent = LocalTorrent {
            hashes: holding.hashes,
            content,
            size: holding.size.or(before.and_then(|before| before.size)),
            done,
            outside_seeders: holding.outside_seeders,
            marked: holding.marked && !holding.keep,
            certain: holding.content != ContentState::Unknown,
            progressed,
            entered: self.has_entered(&holding.hashes),
            place: before
                .filter(|before| before.hashes == holding.hashes)
                .map_or(Place::Unknown, |before| before.place),
        };
        self.any_unplaced |= torrent.place == Place::Unknown;
        self.aliases.extend(holding.hashes.iter().filter(|alias| *alias != hash).map(|alias| (alias, hash)));
        let is_news = before != Some(&torrent);
        self.put(hash, torrent);
        is_news
    }

    fn put(&mut self, hash: InfoHash, torrent: LocalTorrent) {
        self.take_out(&hash);
        self.sums.add(hash, &torrent);
        self.torrents.insert(hash, torrent);
    }

    fn take_out(&mut self, hash: &InfoHash) -> Option<LocalTorrent> {
        let torrent = self.torrents.remove(hash)?;
        self.sums.subtract(hash, &torrent);
        Some(torrent)
    }

    fn remove(&mut self, hashes: &InfoHashes) -> Option<LocalTorrent> {
        let mut gone = None;
        for hash in hashes.iter() {
            gone = self.take_out(&hash).or(gone);
        }
        for alias in gone.iter().flat_map(|torrent| torrent.hashes.iter()) {
            self.aliases.remove(&alias);
        }
        gone
    }
}

/// Takes out what is known of a torrent by any of its hashes: the client may learn a hybrid's other one with its metadata.
fn remove_any(torrents: &mut BTreeMap<InfoHash, LocalTorrent>, hashes: &InfoHashes) -> Option<LocalTorrent> {
    let mut found = None;
    for hash in hashes.iter() {
        found = torrents.remove(&hash).or(found);
    }
    found
}

fn find_any(torrents: &Torrents, hashes: &InfoHashes) -> Option<TorrentIndex> {
    hashes.iter().find_map(|hash| torrents.find(&hash))
}

impl LocalTorrent {
    /// Whether it is this beacon's own by mark and ledger.
    pub(super) const fn is_own(&self) -> bool {
        self.marked && self.entered
    }

    /// Whether it bears our mark.
    pub(super) const fn is_marked(&self) -> bool {
        self.marked
    }

    /// Whether it is complete and served beyond doubt: not while the client checks or moves its data.
    pub(super) fn is_certain(&self) -> bool {
        self.certain && self.content == ContentState::Serving
    }

    /// Whether all its data is here.
    pub(super) const fn is_complete(&self) -> bool {
        matches!(self.content, ContentState::Serving | ContentState::Resting)
    }
}

#[cfg(test)]
#[path = "local_tests.rs"]
mod tests;
