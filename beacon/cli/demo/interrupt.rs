//! Ctrl-C and SIGTERM, so that nothing is left behind.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, sync_channel},
    },
    thread,
    time::Duration,
};

use tokio::runtime::Builder;

use crate::{
    create::Watch,
    daemon::{DaemonError, stop_signal},
};

/// Knows whether the process was asked to end.
#[derive(Debug)]
pub(super) struct Interrupt {
    raised: Arc<AtomicBool>,
    signal: Receiver<()>,
}

impl Interrupt {
    /// From now on signals are noted, and do not end the process by themselves.
    pub(super) fn catch() -> Result<Self, DaemonError> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(DaemonError::System)?;
        let stop = {
            let _inside = runtime.enter();
            stop_signal()?
        };
        let raised = Arc::new(AtomicBool::new(false));
        let (sender, signal) = sync_channel(1);
        let flag = Arc::clone(&raised);
        thread::spawn(move || {
            runtime.block_on(stop);
            flag.store(true, Ordering::SeqCst);
            // The demo may be over.
            let _ = sender.send(());
        });
        Ok(Self { raised, signal })
    }

    /// Whether it was asked to.
    pub(super) fn is_raised(&self) -> bool {
        self.raised.load(Ordering::SeqCst)
    }

    /// Waits for as long, or until it is asked to; whether it was.
    pub(super) fn wait(&self, time: Duration) -> bool {
        self.is_raised() || self.signal.recv_timeout(time) != Err(RecvTimeoutError::Timeout)
    }
}

/// Whoever reads and hashes for long ends at once.
#[derive(Debug)]
pub(super) struct UntilInterrupted<'a>(pub(super) &'a AtomicBool);

impl Interrupt {
    pub(super) fn watch(&self) -> UntilInterrupted<'_> {
        UntilInterrupted(&self.raised)
    }
}

impl Watch for UntilInterrupted<'_> {
    fn read(&self, _bytes: u64) -> bool {
        !self.0.load(Ordering::SeqCst)
    }
}
