//! Who ever had a torrent: looks into clients all the time, so that a fetch that began and was cancelled is seen too.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use super::qbittorrent_api::QbtApi;

const POLL: Duration = Duration::from_millis(100);

type Seen = BTreeMap<String, BTreeSet<usize>>;

/// A thread that notes which clients list which torrents. It ends when dropped.
#[derive(Debug)]
pub(crate) struct FetchWatcher {
    stop: Arc<AtomicBool>,
    seen: Arc<Mutex<Seen>>,
    thread: Option<JoinHandle<()>>,
}

impl FetchWatcher {
    /// Watches the clients; each is known by its place in the list. One that does not answer is asked again.
    pub(crate) fn start(clients: Vec<QbtApi>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::new(Mutex::new(Seen::new()));
        let thread = thread::spawn({
            let (stop, seen) = (Arc::clone(&stop), Arc::clone(&seen));
            move || {
                while !stop.load(Ordering::Relaxed) {
                    clients.iter().enumerate().for_each(|(index, client)| look(index, client, &seen));
                    thread::sleep(POLL);
                }
            }
        });
        Self { stop, seen, thread: Some(thread) }
    }

    /// The clients that ever listed a torrent.
    pub(crate) fn ever_had(&self, hash: &str) -> BTreeSet<usize> {
        self.seen().get(hash).cloned().unwrap_or_default()
    }

    /// Everything that was ever seen.
    pub(crate) fn seen(&self) -> BTreeMap<String, BTreeSet<usize>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn look(index: usize, client: &QbtApi, seen: &Mutex<Seen>) {
    let Ok(hashes) = client.hashes() else { return };
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    for hash in hashes {
        seen.entry(hash).or_default().insert(index);
    }
}

impl Drop for FetchWatcher {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Its result does not matter: what it saw has been asked for by now.
        drop(self.thread.take().map(JoinHandle::join));
    }
}
