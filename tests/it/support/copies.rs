//! How few copies there ever were: counts them in the clients all the time, so that a copy too few is seen however short.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use super::qbittorrent_api::QbtApi;

const POLL: Duration = Duration::from_millis(20);

/// A thread that counts in how many clients each torrent is complete and served. It ends when dropped.
#[derive(Debug)]
pub(crate) struct CopiesWatcher {
    stop: Arc<AtomicBool>,
    fewest: Arc<Mutex<Fewest>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Fewest {
    by_hash: BTreeMap<String, usize>,
    looks: u64,
}

impl CopiesWatcher {
    /// Watches these torrents in these clients. A look in which one of the clients does not answer does not count.
    pub(crate) fn start(clients: Vec<QbtApi>, hashes: Vec<String>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let fewest = Arc::new(Mutex::new(Fewest::default()));
        let thread = thread::spawn({
            let (stop, fewest) = (Arc::clone(&stop), Arc::clone(&fewest));
            move || {
                while !stop.load(Ordering::Relaxed) {
                    look(&clients, &hashes, &fewest);
                    thread::sleep(POLL);
                }
            }
        });
        Self { stop, fewest, thread: Some(thread) }
    }

    /// The fewest copies of a torrent that were ever seen.
    pub(crate) fn fewest(&self, hash: &str) -> usize {
        let fewest = self.fewest.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(fewest.looks > 0, "nobody has looked yet");
        fewest.by_hash[hash]
    }

    /// How often all clients were looked into.
    pub(crate) fn looks(&self) -> u64 {
        self.fewest.lock().unwrap_or_else(PoisonError::into_inner).looks
    }
}

fn look(clients: &[QbtApi], hashes: &[String], fewest: &Mutex<Fewest>) {
    let Ok(complete) = clients.iter().map(QbtApi::complete).collect::<Result<Vec<_>, _>>() else { return };
    let mut fewest = fewest.lock().unwrap_or_else(PoisonError::into_inner);
    fewest.looks += 1;
    for hash in hashes {
        let copies = complete.iter().filter(|complete| complete.contains(hash)).count();
        let known = fewest.by_hash.entry(hash.clone()).or_insert(copies);
        *known = copies.min(*known);
    }
}

impl Drop for CopiesWatcher {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Its result does not matter: what it saw has been asked for by now.
        drop(self.thread.take().map(JoinHandle::join));
    }
}
