//! The tracker that all its doors lead to.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Semaphore, mpsc};

use super::cache::{Cache, Heard};
use crate::{
    model::Instant,
    tracker::{Announce, Asker, Registry, ShortHash, Totals, failure, scrape_answer, scraped},
    web::{Question, ask::ask, problem::Problem},
};

/// How many questions may be with the loop at a time, whose work is another.
const QUESTIONS_MAX: usize = 4;

/// A BitTorrent tracker for the torrents of this beacon's collections. It tells of the holders that beacons know of, and of
/// clients that announced to it; what it remembers of these is gone when it ends.
#[derive(Debug)]
pub struct Tracker {
    questions: mpsc::Sender<Question>,
    settings: TrackerSettings,
    registry: Mutex<Registry>,
    cache: Mutex<Cache>,
    places: Semaphore,
    started: tokio::time::Instant,
}

/// What a tracker is told by the daemon.
#[derive(Debug, Clone, Default)]
pub struct TrackerSettings {
    /// This machine's addresses, by which its clients are told from others.
    pub own: Vec<IpAddr>,
    /// The announce URL for clients of this machine, for the overview.
    pub announce_url: String,
    /// Where everyone may ask, for the overview; `None` where only this machine may.
    pub listen: Option<SocketAddr>,
    /// Decides who is told of whom.
    pub seed: u64,
}

impl Tracker {
    /// A tracker that asks the loop by `questions`.
    pub fn new(questions: mpsc::Sender<Question>, settings: TrackerSettings) -> Self {
        Self {
            questions,
            registry: Mutex::new(Registry::new(settings.seed)),
            settings,
            cache: Mutex::default(),
            places: Semaphore::new(QUESTIONS_MAX),
            started: tokio::time::Instant::now(),
        }
    }

    /// What it was told by the daemon.
    pub(in crate::web) const fn settings(&self) -> &TrackerSettings {
        &self.settings
    }

    /// How much it has to do.
    pub(in crate::web) fn totals(&self) -> Totals {
        self.registry().totals(self.now())
    }

    /// Who asks from the other end of a connection.
    pub(super) fn asker(&self, remote: SocketAddr) -> Asker {
        Asker::new(remote.ip(), &self.settings.own)
    }

    /// The bencoded answer to an announce.
    pub(super) async fn announce(&self, asker: Asker, query: &str) -> Vec<u8> {
        let announce = match Announce::parse(query) {
            Ok(announce) => announce,
            Err(error) => return failure(&error.to_string()),
        };
        match self.known(&announce.info_hash).await {
            Ok(Heard::Tracked(known)) => {
                self.registry().announce(self.now(), &announce, asker, &known).write(announce.form)
            }
            Ok(Heard::Foreign) => {
                failure("this tracker serves only the torrents of its beacon's collections, and this is none of them")
            }
            Err(problem) => failure(&problem.to_string()),
        }
    }

    /// The bencoded answer to a scrape; torrents that are not tracked are left out.
    pub(super) async fn scrape(&self, query: &str) -> Vec<u8> {
        let hashes = match scraped(query) {
            Ok(hashes) => hashes,
            Err(error) => return failure(&error.to_string()),
        };
        let mut torrents = BTreeMap::new();
        for info_hash in hashes {
            match self.known(&info_hash).await {
                Ok(Heard::Tracked(known)) => {
                    let counts = self.registry().scrape(self.now(), &info_hash, &known);
                    torrents.insert(info_hash, counts);
                }
                Ok(Heard::Foreign) => {}
                Err(problem) => return failure(&problem.to_string()),
            }
        }
        scrape_answer(&torrents)
    }

    async fn known(&self, info_hash: &ShortHash) -> Result<Heard, Problem> {
        if let Some(heard) = self.cached(info_hash) {
            return Ok(heard);
        }
        // The semaphore is never closed, so there always is a place in the end.
        let _place = self.places.acquire().await.ok();
        // Whoever was before us may have asked the same.
        if let Some(heard) = self.cached(info_hash) {
            return Ok(heard);
        }
        let info_hash = *info_hash;
        let known = ask(&self.questions, |reply| Question::Peers { info_hash, reply }).await?;
        let heard = known.map_or(Heard::Foreign, |known| Heard::Tracked(Arc::new(known)));
        self.cache().put(self.now(), info_hash, heard.clone());
        Ok(heard)
    }

    fn cached(&self, info_hash: &ShortHash) -> Option<Heard> {
        self.cache().find(self.now(), info_hash)
    }

    fn now(&self) -> Instant {
        Instant::ZERO + self.started.elapsed()
    }

    // Both are consistent between any two statements, so a panic elsewhere leaves nothing half done.
    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
