//! Noticing edits of collection files while the beacon runs.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender},
    thread,
    time::Duration,
};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::watch;

use super::{CatalogState, CollectionFiles, Patience};

/// How often the directory is looked at though nothing was heard: network file systems and some containers tell nothing.
const POLL: Duration = Duration::from_secs(1);
/// How long to wait after a change for those that come with it, and for a half-written file to become whole.
const SETTLE: Duration = Duration::from_millis(250);

/// Watches a directory of collection files on a thread of its own.
#[derive(Debug)]
pub struct CollectionsWatcher;

impl CollectionsWatcher {
    /// Makes the directory where it is missing, reads it, and watches it from then on for as long as anybody holds the
    /// receiver. Edits arrive within two seconds. Reads files, so it should not be called where that would block others.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn start(dir: PathBuf) -> std::io::Result<(CatalogState, watch::Receiver<CatalogState>)> {
        if let Err(error) = fs::create_dir_all(&dir) {
            tracing::warn!("the directory of collections {} cannot be made: {error}", dir.display());
        }
        // Events before the first scan are not lost this way.
        let (wake, woken) = mpsc::sync_channel(1);
        let system = watch_directory(&dir, wake);
        let mut files = CollectionFiles::new(dir);
        files.scan(Patience::None);
        let state = files.state();
        let (sender, receiver) = watch::channel(state.clone());
        thread::Builder::new().name("collections".to_owned()).spawn(move || {
            // Dropped, it would tell nothing any more.
            let _system = system;
            run(&mut files, &woken, &sender);
        })?;
        Ok((state, receiver))
    }
}

fn run(files: &mut CollectionFiles, woken: &Receiver<()>, sender: &watch::Sender<CatalogState>) {
    let mut pause = POLL;
    while !sender.is_closed() {
        match woken.recv_timeout(pause) {
            // Not at once: what is written in one go makes many events.
            Ok(()) => thread::sleep(SETTLE),
            Err(RecvTimeoutError::Timeout) => {}
            // The system's watcher is gone; then there is only the clock.
            Err(RecvTimeoutError::Disconnected) => thread::sleep(pause),
        }
        let _ = woken.try_recv();
        let outcome = files.scan(Patience::WaitOnce);
        if outcome.changed {
            sender.send_replace(files.state());
        }
        pause = if outcome.unsettled { SETTLE } else { POLL };
    }
}

/// Has the system tell of changes, where it can; without that, the looks at every second find them.
fn watch_directory(dir: &Path, wake: SyncSender<()>) -> Option<RecommendedWatcher> {
    let heard = move |event: notify::Result<Event>| {
        // Reading the files is an event too, and must not lead to reading them again.
        if event.is_ok_and(|event| !event.kind.is_access()) {
            // A full channel already says that there is something to look at.
            let _ = wake.try_send(());
        }
    };
    let watcher = notify::recommended_watcher(heard).and_then(|mut watcher| {
        watcher.watch(dir, RecursiveMode::NonRecursive)?;
        Ok(watcher)
    });
    watcher
        .inspect_err(|error| tracing::debug!("the system does not tell of changes in {}: {error}", dir.display()))
        .ok()
}
