//! Tests of taking a torrent out of the client, with a client that behaves as told.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tempfile::TempDir;
use tokio::sync::mpsc;

use super::*;
use crate::{
    client::{AddOutcome, AddRequest},
    daemon::{clock::Clock, memory::Keeper},
    model::{ClientChange, ClientInfo, ClientProblem, Instant},
    store::{LedgerRow, Store},
};

const LETTERS: &[u8] = include_bytes!("../../tests/data/letters-v1.torrent");
const OTHER: &[u8] = include_bytes!("../../tests/data/one-v1.torrent");

/// What the client answers, and in which stage the ledger was at each command.
#[derive(Debug)]
struct Script {
    removed: Result<Removed, CommandError>,
    done: Result<(), CommandError>,
    metainfo: Result<Option<Vec<u8>>, CommandError>,
    commands: Vec<(&'static str, Option<LedgerStage>)>,
}

#[derive(Debug)]
struct FakeClient {
    script: Arc<Mutex<Script>>,
    keeper: Keeper,
}

impl FakeClient {
    fn note(&self, command: &'static str) -> MutexGuard<'_, Script> {
        let stage = self.keeper.lock().ledger().unwrap().first().map(|row| row.stage);
        let mut script = self.script.lock().unwrap();
        script.commands.push((command, stage));
        script
    }
}

impl TorrentClient for FakeClient {
    async fn poll(&mut self) -> Result<ClientChange, ClientProblem> {
        Ok(ClientChange::Full(Vec::new()))
    }

    async fn info(&mut self) -> Result<ClientInfo, ClientProblem> {
        Ok(ClientInfo::default())
    }

    async fn add(&mut self, _: &AddRequest) -> Result<AddOutcome, CommandError> {
        Ok(AddOutcome::Added)
    }

    async fn add_peers(&mut self, _: &InfoHash, _: &[SocketAddr]) -> Result<(), CommandError> {
        Ok(())
    }

    async fn start(&mut self, _: &InfoHash) -> Result<(), CommandError> {
        self.note("start").done.clone()
    }

    async fn stop(&mut self, _: &InfoHash) -> Result<(), CommandError> {
        self.note("stop").done.clone()
    }

    async fn remove(&mut self, _: &InfoHash) -> Result<Removed, CommandError> {
        self.note("remove").removed.clone()
    }

    async fn metainfo(&mut self, _: &InfoHash) -> Result<Option<Vec<u8>>, CommandError> {
        self.script.lock().unwrap().metainfo.clone()
    }
}

/// A driver with one complete torrent of its own.
struct Bench {
    _dir: TempDir,
    driver: Driver<FakeClient>,
    script: Arc<Mutex<Script>>,
    reports: mpsc::Receiver<ClientReport>,
    hash: InfoHash,
}

impl Bench {
    fn new() -> Self {
        let dir = TempDir::new().expect("a directory");
        let keeper = Keeper::new(Store::open(dir.path()).expect("opens"));
        let hash = Metainfo::read(LETTERS).expect("a torrent").hashes.canonical().expect("a hash");
        let row = LedgerRow {
            info_hash: hash,
            stage: LedgerStage::Added,
            name: Some("letters".to_owned()),
            size: Some(70),
            save_dir: "/data".into(),
            at: Instant::ZERO,
            leaving_since: None,
        };
        keeper.lock().ledger_put(&row).expect("put");
        let script = Arc::new(Mutex::new(Script {
            removed: Ok(Removed::WithFiles),
            done: Ok(()),
            metainfo: Ok(Some(LETTERS.to_vec())),
            commands: Vec::new(),
        }));
        let (sender, reports) = mpsc::channel(8);
        let driver = Driver {
            client: FakeClient { script: Arc::clone(&script), keeper: keeper.clone() },
            keeper,
            clock: Clock::start(),
            storage_dir: "/data".into(),
            poll: Duration::from_secs(1),
            reports: sender,
        };
        Self { _dir: dir, driver, script, reports, hash }
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    fn stage(&self) -> Option<LedgerStage> {
        self.driver.keeper.lock().ledger().expect("read").first().map(|row| row.stage)
    }

    fn deletions(&self) -> Vec<Option<u64>> {
        let rows = self.driver.keeper.lock().deletions_since(Instant::ZERO).expect("read");
        rows.iter().map(|row| row.size).collect()
    }

    fn kept(&self) -> Option<Vec<u8>> {
        self.driver.keeper.lock().metainfo(&self.hash).expect("read")
    }

    async fn delete(&mut self, metainfo: Option<&[u8]>) -> Outcome {
        let hash = self.hash;
        self.driver.delete(&hash, metainfo).await
    }
}

fn unreachable() -> CommandError {
    let (url, reason) = ("http://nas".to_owned(), "connection refused".to_owned());
    CommandError::Client(ClientProblem::Unreachable { url, reason })
}

#[track_caller]
fn failed(outcome: Outcome, because: &str) {
    let Outcome::Failed(reason) = outcome else { panic!("{outcome:?} is no failure") };
    assert!(reason.contains(because), "{reason}");
}

#[tokio::test]
async fn each_stage_is_written_down_before_the_client_is_told() {
    let mut bench = Bench::new();
    let hash = bench.hash;
    assert_eq!(bench.driver.quarantine(&hash).await, Outcome::Done);
    assert_eq!(bench.driver.restore(&hash).await, Outcome::Done);
    assert_eq!(bench.driver.quarantine(&hash).await, Outcome::Done);
    assert_eq!(bench.delete(None).await, Outcome::Done);
    let stage = |word, stage| (word, Some(stage));
    assert_eq!(
        bench.script().commands,
        [
            stage("stop", LedgerStage::Quarantined),
            stage("start", LedgerStage::Added),
            stage("stop", LedgerStage::Quarantined),
            stage("remove", LedgerStage::Removing),
        ]
    );
    assert_eq!((bench.stage(), bench.deletions()), (None, vec![Some(70)]));
    assert_eq!(bench.kept().as_deref(), Some(LETTERS));
}

#[tokio::test]
async fn a_client_that_cannot_be_reached_is_a_failure_and_is_asked_again() {
    let mut bench = Bench::new();
    let hash = bench.hash;
    bench.script().done = Err(unreachable());
    bench.script().removed = Err(unreachable());
    failed(bench.driver.quarantine(&hash).await, "cannot be reached");
    assert_eq!(bench.stage(), Some(LedgerStage::Quarantined));
    failed(bench.driver.restore(&hash).await, "cannot be reached");
    failed(bench.delete(None).await, "cannot be reached");
    assert_eq!((bench.stage(), bench.deletions()), (Some(LedgerStage::Removing), vec![]));
    bench.script().removed = Ok(Removed::WithFiles);
    assert_eq!(bench.delete(None).await, Outcome::Done);
    assert_eq!((bench.stage(), bench.deletions()), (None, vec![Some(70)]));
}

#[tokio::test]
async fn what_the_client_does_not_have_any_more_is_deleted_and_cannot_be_restored() {
    let mut bench = Bench::new();
    let hash = bench.hash;
    let gone = CommandError::NoSuchTorrent(hash);
    {
        let mut script = bench.script();
        (script.removed, script.done) = (Err(gone.clone()), Err(gone.clone()));
        script.metainfo = Err(gone);
    }
    assert_eq!(bench.driver.quarantine(&hash).await, Outcome::Done);
    failed(bench.driver.restore(&hash).await, "has no torrent");
    assert_eq!(bench.delete(None).await, Outcome::Done);
    assert_eq!((bench.stage(), bench.deletions()), (None, vec![Some(70)]));
}

#[tokio::test]
async fn what_lost_the_mark_or_is_not_in_the_ledger_is_left_alone() {
    let mut bench = Bench::new();
    let hash = bench.hash;
    bench.script().removed = Err(CommandError::NotOurs(hash));
    failed(bench.delete(None).await, "left alone");
    assert_eq!((bench.stage(), bench.deletions()), (Some(LedgerStage::Removing), vec![]));

    bench.driver.keeper.lock().ledger_remove(&hash).expect("removed");
    bench.script().commands.clear();
    for outcome in [bench.driver.quarantine(&hash).await, bench.driver.restore(&hash).await, bench.delete(None).await] {
        failed(outcome, "left alone");
    }
    assert_eq!(bench.script().commands, []);
}

#[tokio::test]
async fn nothing_is_deleted_whose_torrent_file_cannot_be_kept() {
    let mut bench = Bench::new();
    let cases = [
        (Ok(None), "the client has none"),
        (Ok(Some(OTHER.to_vec())), "another one"),
        (Err(unreachable()), "cannot be reached"),
    ];
    for (answer, because) in cases {
        bench.script().metainfo = answer;
        failed(bench.delete(None).await, because);
        failed(bench.delete(Some(OTHER)).await, because);
    }
    assert_eq!((bench.stage(), bench.script().commands.len()), (Some(LedgerStage::Added), 0));
}

#[tokio::test]
async fn a_torrent_file_that_a_collection_or_the_store_has_need_not_come_from_the_client() {
    let mut bench = Bench::new();
    bench.script().metainfo = Err(unreachable());
    assert_eq!(bench.delete(Some(LETTERS)).await, Outcome::Done);
    assert_eq!(bench.kept().as_deref(), Some(LETTERS));

    let mut bench = Bench::new();
    bench.script().metainfo = Err(unreachable());
    bench.driver.keeper.lock().put_metainfo(&bench.hash, LETTERS).expect("kept");
    assert_eq!(bench.delete(None).await, Outcome::Done);
}

#[tokio::test]
async fn files_that_stay_are_told_of() {
    let mut bench = Bench::new();
    bench.script().removed = Ok(Removed::FilesKept);
    assert_eq!(bench.delete(None).await, Outcome::Done);
    let Some(ClientReport::Note(note)) = bench.reports.recv().await else { panic!("a note") };
    assert!(note.is_warning && note.text.contains("still there"), "{}", note.text);
    assert_eq!(note.info_hash, Some(bench.hash));
    assert_eq!(bench.deletions(), [Some(70)]);
}
