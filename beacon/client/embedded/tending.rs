//! What is looked after at every poll: torrents that are finished, tired, in trouble or due to be tried again.

use std::{sync::Arc, time::Duration};

use librqbit::{ManagedTorrent, TorrentStats, TorrentStatsState};
use tokio::time::Instant;

use super::{
    engine::Engine,
    entry::{Entry, Loaded, Place, has_company, is_checking, is_forsaken},
    record::{Record, Wish},
    torrent_files::{TorrentFiles, poisonless},
};
use crate::model::ByteSize;

/// What one torrent needs now.
enum Step {
    /// Everything is there: onto the disk with it.
    Settle(Arc<TorrentFiles>),
    /// It was being brought onto the disk; how that went is to be asked.
    Settled,
    /// Pieces of a complete torrent turned out to be bad or gone.
    Damaged,
    /// Nobody wants it any more.
    Sleep(Arc<ManagedTorrent>, usize),
    /// The engine gave up on it.
    Failed(String),
    /// Files of it could not be read or written, or are not what they should be.
    Trouble(String, Arc<TorrentFiles>),
    /// The first of it has come.
    Begun,
    /// Everything is there, for some of which the engine took our word: all of it is checked before anybody is told.
    Recheck,
    /// Everyone it knew is gone: they are dialed anew.
    Redial(Arc<ManagedTorrent>),
    /// It is to be handed to the engine, again or for its round.
    Wake,
}

/// How often a sleeping torrent tells trackers and the DHT that it is here; most forget who is silent for longer.
pub(super) const ROUND: Duration = Duration::from_mins(30);
/// Torrents with no more files leave the engine when they go to sleep.
const UNLOADED_FILES_MAX: usize = 256;
/// How often the files of a complete torrent are looked at, by name and length only.
const LOOK: Duration = Duration::from_mins(15);
/// Torrents whose files are looked at in one go.
const LOOKS_MAX: usize = 64;
/// Sleeping torrents that are woken in one go, so that thousands do not make a rush.
const WAKES_MAX: usize = 64;

impl Engine {
    /// Takes each torrent one step further.
    pub(super) async fn tend(&self) {
        let now = Instant::now();
        let (wakes, steps): (Vec<_>, Vec<_>) = {
            let mut entries = self.entries();
            let due = entries.iter_mut().filter_map(|(key, entry)| Some((*key, self.step(entry, now)?)));
            due.partition(|(_, step)| matches!(step, Step::Wake))
        };
        let steps = steps.into_iter().chain(wakes.into_iter().take(WAKES_MAX));
        for (key, step) in steps {
            self.take_step(&key, step, now).await;
        }
        self.look_after_files(now).await;
    }

    /// Looks whether the files of complete torrents are still there: a disk may have been taken away.
    async fn look_after_files(&self, now: Instant) {
        let due: Vec<Record> = {
            let mut entries = self.entries();
            let complete = entries.values_mut().filter(|entry| {
                let is_complete = entry.record.complete && entry.record.wish != Wish::Leave;
                is_complete && entry.retry.is_none() && entry.look <= now
            });
            complete
                .take(LOOKS_MAX)
                .map(|entry| {
                    entry.look = now + LOOK;
                    entry.record.clone()
                })
                .collect()
        };
        for record in due {
            let key = record.info_hash.truncated();
            let Some((_, metainfo)) = self.metainfo(&record.info_hash) else { continue };
            let Ok(files) = self.plan_files(&record, &metainfo) else { continue };
            let seen = tokio::task::spawn_blocking(move || files.are_present()).await;
            if let Ok(Err(reason)) = seen {
                self.unload(&key).await;
                self.note_failure(&key, reason);
            }
        }
    }

    fn step(&self, entry: &mut Entry, now: Instant) -> Option<Step> {
        if entry.record.wish != Wish::Work {
            return None;
        }
        if let Some(retry) = &entry.retry {
            return retry.is_due(now).then_some(Step::Wake);
        }
        match &mut entry.place {
            Place::Resolving(_) => None,
            Place::Asleep if !entry.record.complete => Some(Step::Wake),
            Place::Asleep => self.is_round(entry, now).then_some(Step::Wake),
            Place::Loaded(loaded) if entry.record.complete && loaded.handle.is_paused() => {
                self.is_round(entry, now).then_some(Step::Wake)
            }
            Place::Loaded(loaded) => {
                let stats = loaded.handle.stats();
                if has_company(&stats) {
                    entry.wanted = now;
                }
                let step = step_of(loaded, &stats, entry.record.complete);
                let rng = &mut poisonless(&self.rng);
                if entry.redial.is_due(is_forsaken(&stats), stats.progress_bytes, now, rng) && step.is_none() {
                    return Some(Step::Redial(Arc::clone(&loaded.handle)));
                }
                if step.is_none() && !entry.record.begun && stats.progress_bytes > 0 && !is_checking(&stats) {
                    return Some(Step::Begun);
                }
                step.or_else(|| match &entry.place {
                    Place::Loaded(loaded) if entry.is_drowsy(&stats, now) => {
                        Some(Step::Sleep(Arc::clone(&loaded.handle), loaded.files.count()))
                    }
                    _ => None,
                })
            }
        }
    }

    fn is_round(&self, entry: &Entry, now: Instant) -> bool {
        entry.round <= now && entry.is_public(self.dht)
    }

    async fn take_step(&self, key: &[u8; 20], step: Step, now: Instant) {
        match step {
            Step::Settle(files) => {
                let settling = tokio::task::spawn_blocking(move || files.sync());
                if let Some(Place::Loaded(loaded)) = self.entries().get_mut(key).map(|entry| &mut entry.place) {
                    loaded.settling = Some(settling);
                }
            }
            Step::Settled => self.settled(key).await,
            Step::Damaged => {
                if let Some(entry) = self.entries().get(key) {
                    tracing::warn!("torrent {}: bad or missing data was found; it is fetched again", entry.name());
                }
                self.note_unless(key, self.remember(key, |record| record.complete = false));
            }
            // Somebody came meanwhile.
            Step::Sleep(..) if self.entries().get(key).is_none_or(|entry| entry.wanted > now) => {}
            // To look at many files at every awakening would cost more than to keep the torrent in the engine.
            Step::Sleep(handle, files) if files > UNLOADED_FILES_MAX => self.pause(&handle).await,
            Step::Sleep(..) => self.unload(key).await,
            Step::Begun => self.note_unless(key, self.remember(key, |record| record.begun = true)),
            Step::Recheck => {
                self.unload(key).await;
                self.note_unless(key, self.forget_pieces(key));
            }
            Step::Trouble(reason, files) => self.in_trouble(key, reason, files).await,
            Step::Redial(handle) => {
                // The engine forgets its own pauses when a torrent is stopped.
                self.pause(&handle).await;
                if let Err(reason) = self.wake(key).await {
                    self.note_failure(key, reason);
                }
            }
            Step::Failed(reason) => {
                self.unload(key).await;
                self.note_failure(key, reason);
            }
            Step::Wake => {
                self.begin_round(key, now);
                if let Err(reason) = self.wake(key).await {
                    self.note_failure(key, reason);
                }
            }
        }
    }

    /// Notes when the next round is, a little different for each, so that they spread.
    fn begin_round(&self, key: &[u8; 20], now: Instant) {
        let jitter = u32::try_from(poisonless(&self.rng).below(201)).unwrap_or(0);
        if let Some(entry) = self.entries().get_mut(key) {
            entry.round = now + ROUND * (900 + jitter) / 1_000;
        }
    }

    async fn settled(&self, key: &[u8; 20]) {
        let settling = match self.entries().get_mut(key).map(|entry| &mut entry.place) {
            Some(Place::Loaded(loaded)) => loaded.settling.take(),
            _ => None,
        };
        let Some(settling) = settling else { return };
        let done = settling.await.unwrap_or_else(|error| Err(error.to_string()));
        let remembered =
            done.and_then(|()| self.remember(key, |record| record.complete = true).map_err(|error| error.to_string()));
        if let Err(reason) = remembered {
            self.unload(key).await;
            self.note_failure(key, reason);
        }
    }

    /// What is known of the pieces of a torrent whose files gave trouble is worth nothing, unless they are only gone: then
    /// everything is as it was once they are back.
    async fn in_trouble(&self, key: &[u8; 20], reason: String, files: Arc<TorrentFiles>) {
        self.unload(key).await;
        let are_present = tokio::task::spawn_blocking(move || files.are_present()).await.is_ok_and(|seen| seen.is_ok());
        if are_present {
            self.note_unless(key, self.forget_pieces(key));
            self.note_unless(key, self.remember(key, |record| record.complete = false));
        }
        self.note_failure(key, reason);
    }

    fn note_unless(&self, key: &[u8; 20], done: std::io::Result<()>) {
        if let Err(error) = done {
            self.note_failure(key, error.to_string());
        }
    }
}

/// What a torrent in the engine needs, whatever anybody wants of it.
fn step_of(loaded: &Loaded, stats: &TorrentStats, is_complete: bool) -> Option<Step> {
    if let Some(trouble) = loaded.files.take_trouble() {
        return Some(Step::Trouble(trouble, Arc::clone(&loaded.files)));
    }
    // Only a new look at all of the user's files can tell that they have been set right.
    let differs = || Some(Step::Trouble(differs(stats), Arc::clone(&loaded.files)));
    match (&stats.state, &loaded.settling) {
        (TorrentStatsState::Error, _) if !loaded.files.may_write => differs(),
        (TorrentStatsState::Error, _) => {
            let reason = stats.error.clone().unwrap_or_default();
            Some(Step::Failed(reason.lines().next().unwrap_or("the engine gave up").to_owned()))
        }
        (TorrentStatsState::Initializing { .. }, _) => None,
        (_, Some(settling)) => settling.is_finished().then_some(Step::Settled),
        (_, None) if !stats.finished && !loaded.files.may_write => differs(),
        (_, None) if stats.finished && !is_complete && loaded.is_resumed => Some(Step::Recheck),
        (_, None) if stats.finished && !is_complete => Some(Step::Settle(Arc::clone(&loaded.files))),
        (_, None) if !stats.finished && is_complete => Some(Step::Damaged),
        _ => None,
    }
}

/// Said where the user's own files are not what the torrent says.
fn differs(stats: &TorrentStats) -> String {
    let bytes = ByteSize::from_bytes(stats.total_bytes.saturating_sub(stats.progress_bytes));
    format!("{bytes} of the user's files are not what the torrent says; they are left as they are, and not served")
}
