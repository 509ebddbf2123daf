//! What qBittorrent told of its torrents so far, kept up by its increments.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{
    identity::{ToldHash, TorrentId, told_hashes},
    marks::Marks,
    state::{Gap, Numbers, State},
};
use crate::model::{ClientChange, Holding, InfoHash, InfoHashes};

/// An answer of `sync/maindata`; what did not change since the last one is left out.
#[derive(Debug, Deserialize)]
pub(super) struct MainData {
    rid: Option<u64>,
    #[serde(default)]
    full_update: bool,
    #[serde(default)]
    torrents: BTreeMap<TorrentId, Told>,
    #[serde(default)]
    torrents_removed: Vec<TorrentId>,
    server_state: Option<ServerState>,
}

/// What may be told of one torrent.
#[derive(Debug, Default, Deserialize)]
struct Told {
    infohash_v1: Option<ToldHash>,
    infohash_v2: Option<ToldHash>,
    name: Option<Box<str>>,
    state: Option<State>,
    size: Option<i64>,
    total_size: Option<i64>,
    amount_left: Option<i64>,
    progress: Option<f64>,
    tags: Option<Marks>,
    num_complete: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct ServerState {
    free_space_on_disk: Option<i64>,
}

/// All torrents, and which of them changed since that was last asked for.
#[derive(Debug)]
pub(super) struct Mirror {
    rid: u64,
    rows: BTreeMap<TorrentId, Row>,
    /// Touched torrents with what was last reported of them.
    before: BTreeMap<TorrentId, Option<Holding>>,
    /// Whether everything is to be reported next.
    whole: bool,
    free: Option<u64>,
}

/// One torrent, as small as it can be: there may be tens of thousands.
#[derive(Debug, Default)]
struct Row {
    hashes: InfoHashes,
    name: Box<str>,
    state: State,
    numbers: Numbers,
    marks: Marks,
    outside_seeders: Option<u32>,
}

impl Default for Mirror {
    fn default() -> Self {
        Self { rid: 0, rows: BTreeMap::new(), before: BTreeMap::new(), whole: true, free: None }
    }
}

impl Mirror {
    /// The number of the last answer, to ask for what came after; 0 asks for everything.
    pub(super) fn rid(&self) -> u64 {
        self.rid
    }

    /// Asks for everything next time: the client may have been restarted, or an answer was lost.
    pub(super) fn distrust(&mut self) {
        self.rid = 0;
    }

    /// Free bytes on the volume of the default save path, where known.
    pub(super) fn free(&self) -> Option<u64> {
        self.free
    }

    /// The id of a torrent by any of its info-hashes.
    pub(super) fn find(&self, hash: &InfoHash) -> Option<TorrentId> {
        let guess = TorrentId::of(hash);
        match self.rows.get(&guess) {
            Some(row) if row.hashes.contains(hash) => Some(guess),
            _ => self.rows.iter().find(|(_, row)| row.hashes.contains(hash)).map(|(id, _)| *id),
        }
    }

    /// Takes an answer in, or says why it is none. An answer that is not taken in changes nothing.
    pub(super) fn apply(&mut self, data: MainData) -> Result<(), String> {
        let rid = data.rid.filter(|rid| *rid > 0).ok_or("it has no `rid`")?;
        if self.rid == 0 && !data.full_update {
            return Err("everything was asked for, and only changes came".to_owned());
        }
        if data.full_update {
            // An empty client tells its own state all the same; what does not is no answer of qBittorrent.
            if data.server_state.is_none() {
                return Err("it has no `server_state`".to_owned());
            }
            self.rows.clear();
            self.before.clear();
            self.whole = true;
        }

        self.rid = rid;
        for id in data.torrents_removed {
            self.touch(id);
            self.rows.remove(&id);
        }
        for (id, told) in data.torrents {
            self.touch(id);
            self.rows.entry(id).or_default().update(told);
        }
        if let Some(free) = data.server_state.and_then(|state| state.free_space_on_disk) {
            self.free = count(free).filter(|free| *free > 0);
        }
        Ok(())
    }

    /// Torrents, at most `limit`, and the bytes wanted of them, of which less is wanted than there is, and the reason is not known yet.
    pub(super) fn gaps(&self, limit: usize) -> Vec<(TorrentId, u64)> {
        let open = |row: &Row| row.numbers.has_gap() && row.numbers.gap == Gap::Unasked;
        let wanted = |row: &Row| row.numbers.wanted.unwrap_or_default();
        self.rows.iter().filter(|(_, row)| open(row)).map(|(id, row)| (*id, wanted(row))).take(limit).collect()
    }

    /// Remembers why less of a torrent is wanted than there is.
    pub(super) fn explain_gap(&mut self, id: TorrentId, gap: Gap) {
        self.touch(id);
        if let Some(row) = self.rows.get_mut(&id) {
            row.numbers.gap = gap;
        }
    }

    /// What changed since the last call. What only looks changed is left out.
    pub(super) fn drain(&mut self) -> ClientChange {
        let before = std::mem::take(&mut self.before);
        if std::mem::take(&mut self.whole) {
            return ClientChange::Full(self.rows.values().filter_map(Row::holding).collect());
        }
        let mut changed = Vec::new();
        let mut gone = Vec::new();
        for (id, old) in before {
            let new = self.rows.get(&id).and_then(Row::holding);
            if new == old {
                continue;
            }
            let renamed =
                |new: &Holding| Some(new.hashes.canonical()) != old.as_ref().map(|old| old.hashes.canonical());
            if let Some(old) = &old
                && new.as_ref().is_none_or(renamed)
            {
                gone.push(old.hashes);
            }
            changed.extend(new);
        }
        if !gone.is_empty() {
            // A hybrid whose metadata arrives goes and comes under another id; it is not gone.
            let present: BTreeSet<_> = self.rows.values().filter_map(|row| row.hashes.canonical()).collect();
            gone.retain(|hashes| hashes.canonical().is_some_and(|hash| !present.contains(&hash)));
        }
        ClientChange::Delta { changed, removed: gone }
    }

    fn touch(&mut self, id: TorrentId) {
        if !self.whole {
            let rows = &self.rows;
            self.before.entry(id).or_insert_with(|| rows.get(&id).and_then(Row::holding));
        }
    }
}

impl Row {
    fn update(&mut self, told: Told) {
        let hashes = told_hashes([told.infohash_v1, told.infohash_v2]);
        self.hashes.v1 = hashes.v1.or(self.hashes.v1);
        self.hashes.v2 = hashes.v2.or(self.hashes.v2);
        set(&mut self.name, told.name);
        set(&mut self.state, told.state);
        if told.size.is_some() || told.total_size.is_some() {
            self.numbers.gap = Gap::Unasked;
        }
        set(&mut self.numbers.wanted, told.size.map(count));
        set(&mut self.numbers.total, told.total_size.map(count));
        set(&mut self.numbers.left, told.amount_left.map(count));
        set(&mut self.numbers.finished, told.progress.map(|progress| progress >= 1.0));
        set(&mut self.marks, told.tags);
        let seeders = |seeders| count(seeders).map(|seeders| u32::try_from(seeders).unwrap_or(u32::MAX));
        set(&mut self.outside_seeders, told.num_complete.map(seeders));
    }

    /// What is reported of it; nothing while no info-hash is known.
    fn holding(&self) -> Option<Holding> {
        self.hashes.canonical()?;
        Some(Holding {
            hashes: self.hashes,
            name: self.name.to_string(),
            size: self.numbers.size(),
            done: self.numbers.done(),
            content: self.state.content(self.numbers),
            marked: self.marks.ours,
            keep: self.marks.keep,
            outside_seeders: self.outside_seeders,
        })
    }
}

fn set<T>(place: &mut T, told: Option<T>) {
    if let Some(told) = told {
        *place = told;
    }
}

/// A number that is negative where it is not known.
fn count(number: i64) -> Option<u64> {
    u64::try_from(number).ok()
}

#[cfg(test)]
mod tests;
