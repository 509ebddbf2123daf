//! One beacon of a demo while it runs.

use std::{sync::mpsc, time::Duration};

use tokio::{
    runtime::{Builder, Runtime},
    sync::oneshot,
    task::JoinHandle,
};

use super::DemoError;
use crate::{
    cli::CliError,
    config::Settings,
    daemon::{Banner, DaemonError, serve},
    web::Question,
};

/// One beacon that runs, with threads of its own, so that all of it can end between two instructions.
#[derive(Debug)]
pub(super) struct Actor {
    pub(super) banner: Banner,
    runtime: Runtime,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), DaemonError>>,
}

/// How long threads may take to end after a beacon has.
const FAREWELL: Duration = Duration::from_secs(2);

impl Actor {
    /// Starts a beacon, and waits until it listens.
    pub(super) fn start(settings: Settings) -> Result<Self, CliError> {
        let runtime =
            Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(DaemonError::System)?;
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = mpsc::sync_channel(1);
        let name = settings.name.clone();
        let serving = runtime.spawn(async move {
            let started = |banner: &Banner| drop(tell.send(banner.clone()));
            serve(&settings, started, async { drop(stopped.await) }).await
        });
        let Ok(banner) = told.recv() else {
            // It ended before it could listen.
            let ended = runtime.block_on(serving);
            runtime.shutdown_timeout(FAREWELL);
            return match ended {
                Ok(Err(error)) => Err(error.into()),
                _ => Err(DemoError::Ended(name).into()),
            };
        };
        Ok(Self { banner, runtime, stop, serving })
    }

    /// Asks what its page asks; `None` where it has ended. Only for threads that run no tasks.
    pub(super) fn ask<T>(&self, question: impl FnOnce(oneshot::Sender<T>) -> Question) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.banner.questions.blocking_send(question(reply)).ok()?;
        answer.blocking_recv().ok()
    }

    /// Ends it as a power cut does: all its tasks vanish wherever they are, nobody is told, and nothing is written.
    pub(super) fn kill(self) {
        self.runtime.shutdown_timeout(FAREWELL);
    }

    /// Lets it end in order.
    pub(super) fn stop(self) {
        // Where it has ended already there is nobody to tell.
        let _ = self.stop.send(());
        let _ = self.runtime.block_on(self.serving);
        self.runtime.shutdown_timeout(FAREWELL);
    }
}
