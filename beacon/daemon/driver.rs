//! The task that talks to the client: asks it at intervals, carries out commands in order, and writes down what it adds.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    time::{MissedTickBehavior, interval},
};

use super::{clock::Clock, folder::save_dir, memory::Keeper};
use crate::{
    client::{AddOutcome, AddRequest, AddSource, CommandError, Owner, TorrentClient},
    model::{ClientChange, ClientInfo, ClientProblem, ClientTraffic, InfoHash},
    node::{Note, Outcome, view::ActionKind},
    store::{LedgerRow, LedgerStage, StoreError},
};

/// Something for the client to do.
#[derive(Debug)]
pub(super) enum ClientTask {
    /// Add a torrent.
    Add(NewTorrent),
    /// Add a torrent of the user's that is there already.
    Share(AddRequest, oneshot::Sender<Result<AddOutcome, String>>),
    /// Tell it where others are.
    AddPeers(InfoHash, Vec<SocketAddr>),
    /// Start a stopped torrent.
    Start(InfoHash),
    /// Remove an incomplete torrent with what there is of it.
    Remove(InfoHash),
    /// Stop a torrent that is on its way out.
    Quarantine(InfoHash),
    /// Delete a torrent with its files; with its .torrent, where a collection or the store has it.
    Delete(InfoHash, Option<Arc<[u8]>>),
    /// Start a torrent that was on its way out, and keep it.
    Restore(InfoHash),
    /// Hand out the .torrent of a torrent it has.
    Metainfo(InfoHash, oneshot::Sender<Option<Arc<[u8]>>>),
}

/// A torrent to add.
#[derive(Debug)]
pub(super) struct NewTorrent {
    pub(super) info_hash: InfoHash,
    pub(super) name: Option<String>,
    pub(super) size: Option<u64>,
    pub(super) source: AddSource,
    pub(super) collections: Vec<String>,
    pub(super) peers: Vec<SocketAddr>,
}

/// What the driver tells the loop.
#[derive(Debug)]
pub(super) enum ClientReport {
    /// The client answered.
    Change(ClientChange),
    /// The client said what it is.
    Info(ClientInfo),
    /// The client said what it has moved.
    Traffic(ClientTraffic),
    /// The client could not be asked.
    Problem(ClientProblem),
    /// A command ended.
    Outcome(ActionKind, InfoHash, Outcome),
    /// Something to tell the user.
    Note(Note),
    /// The ledger cannot be written, so nothing may be added or deleted.
    Broken(String),
}

/// The driver's state.
#[derive(Debug)]
pub(super) struct Driver<C> {
    pub(super) client: C,
    pub(super) keeper: Keeper,
    pub(super) clock: Clock,
    pub(super) storage_dir: PathBuf,
    pub(super) poll: Duration,
    pub(super) reports: mpsc::Sender<ClientReport>,
}

/// How often the client is asked what it is: versions and settings change seldom.
const INFO_EVERY: Duration = Duration::from_mins(5);

impl<C: TorrentClient> Driver<C> {
    /// Works until the loop is gone.
    pub(super) async fn run(mut self, mut tasks: mpsc::Receiver<ClientTask>) {
        let mut poll = interval(self.poll);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut info_due = tokio::time::Instant::now();
        let mut told = None;
        loop {
            tokio::select! {
                // Asking comes first: a long line of commands must not make the picture of the client stale.
                biased;
                _ = poll.tick() => {
                    let report = match self.client.poll().await {
                        Ok(change) => ClientReport::Change(change),
                        Err(problem) => ClientReport::Problem(problem),
                    };
                    let answered = matches!(report, ClientReport::Change(_));
                    self.report(report).await;
                    let traffic = self.client.traffic();
                    if traffic != told && let Some(traffic) = traffic {
                        told = Some(traffic);
                        self.report(ClientReport::Traffic(traffic)).await;
                    }
                    if answered && info_due <= tokio::time::Instant::now()
                        && let Ok(info) = self.client.info().await
                    {
                        info_due = tokio::time::Instant::now() + INFO_EVERY;
                        self.report(ClientReport::Info(info)).await;
                    }
                }
                task = tasks.recv() => match task {
                    Some(task) => self.carry_out(task).await,
                    None => return,
                },
            }
        }
    }

    async fn carry_out(&mut self, task: ClientTask) {
        match task {
            ClientTask::Add(torrent) => {
                let info_hash = torrent.info_hash;
                let outcome = self.add(torrent).await;
                self.report(ClientReport::Outcome(ActionKind::Fetch, info_hash, outcome)).await;
            }
            ClientTask::Share(request, reply) => {
                let outcome = self.client.add(&request).await;
                // Who asked may have given up.
                let _ = reply.send(outcome.map_err(|error| error.to_string()));
            }
            ClientTask::AddPeers(info_hash, peers) => {
                if let Err(error) = self.client.add_peers(&info_hash, &peers).await {
                    tracing::debug!("cannot tell the client where others have {info_hash}: {error}");
                }
            }
            ClientTask::Start(info_hash) => {
                let outcome = outcome(self.client.start(&info_hash).await);
                self.report(ClientReport::Outcome(ActionKind::Serve, info_hash, outcome)).await;
            }
            ClientTask::Remove(info_hash) => {
                let outcome = outcome(self.client.remove(&info_hash).await.map(drop));
                self.report(ClientReport::Outcome(ActionKind::Cancel, info_hash, outcome)).await;
            }
            ClientTask::Quarantine(info_hash) => {
                let outcome = self.quarantine(&info_hash).await;
                self.report(ClientReport::Outcome(ActionKind::Quarantine, info_hash, outcome)).await;
            }
            ClientTask::Delete(info_hash, metainfo) => {
                let outcome = self.delete(&info_hash, metainfo.as_deref()).await;
                self.report(ClientReport::Outcome(ActionKind::Delete, info_hash, outcome)).await;
            }
            ClientTask::Restore(info_hash) => {
                let outcome = self.restore(&info_hash).await;
                self.report(ClientReport::Outcome(ActionKind::Restore, info_hash, outcome)).await;
            }
            ClientTask::Metainfo(info_hash, reply) => {
                let bytes = self.client.metainfo(&info_hash).await.ok().flatten();
                // Who asked may have given up.
                let _ = reply.send(bytes.map(Arc::from));
            }
        }
    }

    /// Writes down that the torrent is ours, then adds it: a crash in between leaves a row too many, never a torrent of
    /// ours that nobody knows of.
    pub(super) async fn add(&mut self, torrent: NewTorrent) -> Outcome {
        let save_dir = save_dir(&self.storage_dir, torrent.name.as_deref(), &torrent.info_hash);
        let row = LedgerRow {
            info_hash: torrent.info_hash,
            stage: LedgerStage::Adding,
            name: torrent.name,
            size: torrent.size,
            save_dir: save_dir.clone(),
            at: self.clock.now(),
            leaving_since: None,
        };
        let occupied = std::fs::read_dir(&save_dir).is_ok_and(|mut entries| entries.next().is_some());
        if occupied && !self.was_ours(&row) {
            let place = save_dir.display();
            return Outcome::Failed(format!("{place} is there already and is not the beacon's; move it elsewhere"));
        }
        let written = self.keeper.lock().ledger_put(&row);
        if let Err(error) = written {
            return Outcome::Failed(self.broken(&error).await);
        }
        let request = AddRequest {
            info_hash: torrent.info_hash,
            source: torrent.source,
            owner: Owner::Beacon,
            save_dir,
            collections: torrent.collections,
            peers: torrent.peers,
        };
        match self.client.add(&request).await {
            Ok(AddOutcome::Added) => {
                self.write(&LedgerRow { stage: LedgerStage::Added, at: self.clock.now(), ..row });
                Outcome::Done
            }
            Ok(AddOutcome::AlreadyThere) => Outcome::AlreadyThere,
            Err(error) => Outcome::Failed(error.to_string()),
        }
    }

    /// Whether the ledger has this torrent in this folder from before.
    fn was_ours(&self, row: &LedgerRow) -> bool {
        let ledger = self.keeper.lock().ledger().unwrap_or_default();
        ledger.iter().any(|known| known.info_hash == row.info_hash && known.save_dir == row.save_dir)
    }

    /// Writes a stage that a crash would only leave to be found out again.
    fn write(&self, row: &LedgerRow) {
        if let Err(error) = self.keeper.lock().ledger_put(row) {
            tracing::warn!("the ledger cannot be written: {error}");
        }
    }

    /// Says that the store cannot be written, which stops the beacon, and why.
    pub(super) async fn broken(&self, error: &StoreError) -> String {
        let reason = error.to_string();
        self.report(ClientReport::Broken(reason.clone())).await;
        reason
    }

    pub(super) async fn report(&self, report: ClientReport) {
        // Without its loop the driver ends at the next task.
        let _ = self.reports.send(report).await;
    }
}

/// How a command ended that wants a torrent stopped, started or gone, and is content where it is not there.
pub(super) fn outcome(result: Result<(), CommandError>) -> Outcome {
    match result {
        // What is not there need not be removed or started.
        Ok(()) | Err(CommandError::NoSuchTorrent(_)) => Outcome::Done,
        Err(error) => Outcome::Failed(error.to_string()),
    }
}
