//! Tests of opening: restarts, a second beacon, databases of other versions, damage.

use std::{fs, path::Path};

use rusqlite::Connection;

use super::{Store, StoreError, schema};
use crate::model::{InfoHash, Instant};

#[track_caller]
fn refused(dir: &Path) -> StoreError {
    Store::open(dir).map(|_| ()).expect_err("must be refused")
}

/// A database as `version` of the schema had it.
fn database_of(dir: &Path, version: usize) -> Connection {
    let connection = Connection::open(dir.join("beacon.sqlite")).expect("created");
    connection.pragma_update(None, "application_id", 0x6265_6163).expect("set");
    for migration in &schema::MIGRATIONS[..version] {
        connection.execute_batch(migration).expect("migrated");
    }
    connection.pragma_update(None, "user_version", version.cast_signed()).expect("set");
    connection
}

#[test]
fn incarnations_rise_with_every_start() {
    let dir = tempfile::tempdir().expect("a directory");
    for expected in 1..=3 {
        let mut store = Store::open(dir.path()).expect("opens");
        assert_eq!(store.next_incarnation().expect("next"), expected);
    }
    let mut store = Store::open(dir.path()).expect("opens");
    store.raise_incarnation_to(1 << 63).expect("raised");
    store.raise_incarnation_to(50).expect("no change");
    assert_eq!(store.next_incarnation().expect("next"), (1 << 63) + 1);
    store.raise_incarnation_to(u64::MAX).expect("raised");
    assert!(matches!(store.next_incarnation(), Err(StoreError::IncarnationsUsedUp)));
}

#[test]
fn a_second_beacon_in_one_directory_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let first = Store::open(dir.path()).expect("opens");
    let error = refused(dir.path());
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    assert!(error.to_string().contains("`data_dir`"), "{error}");
    drop(first);
    Store::open(dir.path()).expect("free again");
}

#[test]
fn the_directory_is_made() {
    let dir = tempfile::tempdir().expect("a directory");
    Store::open(&dir.path().join("a/b")).expect("opens");
    assert!(dir.path().join("a/b/beacon.sqlite").exists());
    fs::write(dir.path().join("file"), "").expect("written");
    assert!(matches!(refused(&dir.path().join("file")), StoreError::File { .. }));
}

#[test]
fn every_earlier_version_is_brought_to_this_one() {
    for version in 1..schema::MIGRATIONS.len() {
        let dir = tempfile::tempdir().expect("a directory");
        let old = database_of(dir.path(), version);
        old.execute_batch(
            "UPDATE run SET incarnation = x'0000000000000007';
             INSERT INTO members VALUES (zeroblob(32), x'0000000000000001', x'0000000000000002', 3, x'04', 1);
             INSERT INTO marks VALUES (zeroblob(32), x'0000000000000001', x'0000000000000002', 3);
             INSERT INTO ledger (info_hash, stage, name, size, save_dir, at) VALUES (zeroblob(20), 'added', 'a', 5, '/data', 6);",
        )
        .expect("filled");
        drop(old);

        let mut store = Store::open(dir.path()).expect("an earlier version is opened");
        assert_eq!(store.next_incarnation().expect("next"), 8);
        assert_eq!(store.members().expect("read")[0].last_heard, Instant::from_millis(3));
        assert_eq!(store.high_water_marks().expect("read")[0].seq, 2);
        assert_eq!(store.ledger().expect("read")[0].size, Some(5));
        store.record_event(Instant::ZERO, "start", None, "").expect("what came later is there");
        assert_eq!((store.pins().expect("read"), store.drain().expect("read")), (vec![], None));
        assert_eq!(store.neighbors().expect("read"), []);
        let info_hash = InfoHash::V1([0; 20]);
        store.put_facts(&[(info_hash, "letters".to_owned(), 5)]).expect("what came later is there");
        assert_eq!((store.requests().expect("read"), store.mode_order().expect("read")), (vec![], None));
        assert_eq!(store.trend(None, Instant::ZERO, Instant::FAR_FUTURE, 10).expect("read"), []);
        store.set_pin(&info_hash, true).expect("what came later is there");
        assert!(store.finish_deletion(&info_hash, Instant::ZERO).expect("what came later is there"));
        drop(store);
        let found: i64 = Connection::open(dir.path().join("beacon.sqlite"))
            .and_then(|database| database.pragma_query_value(None, "user_version", |row| row.get(0)))
            .expect("read");
        assert_eq!(found, schema::VERSION);
    }
}

#[test]
fn a_later_version_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().expect("a directory");
    let later = database_of(dir.path(), schema::MIGRATIONS.len());
    later.pragma_update(None, "user_version", 99).expect("set");
    drop(later);
    let before = fs::read(dir.path().join("beacon.sqlite")).expect("read");
    let error = refused(dir.path());
    assert!(matches!(error, StoreError::TooNew { found: 99, known: schema::VERSION, .. }), "{error}");
    assert_eq!(fs::read(dir.path().join("beacon.sqlite")).expect("read"), before);
}

#[test]
fn a_database_of_another_program_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let other = Connection::open(dir.path().join("beacon.sqlite")).expect("created");
    other.execute_batch("CREATE TABLE theirs (x)").expect("created");
    drop(other);
    assert!(matches!(refused(dir.path()), StoreError::Foreign { .. }));
}

#[test]
fn a_damaged_database_is_named_and_never_made_anew() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("beacon.sqlite");
    let mut store = Store::open(dir.path()).expect("opens");
    for at in 0..200 {
        store.record_event(Instant::from_millis(at), "fill", None, &"x".repeat(500)).expect("recorded");
    }
    drop(store);
    let whole = fs::read(&file).expect("read");

    let mut overwritten = whole.clone();
    overwritten[4096 * 2..].fill(0x5a);
    for damaged in [b"not a database at all, but long enough to be looked at".repeat(100), overwritten, Vec::new()] {
        fs::write(&file, &damaged).expect("written");
        let error = refused(dir.path());
        let text = error.to_string();
        assert!(matches!(error, StoreError::Damaged { .. }), "{text}");
        assert!(text.contains("beacon.sqlite") && text.contains("move it away"), "{text}");
        assert_eq!(fs::read(&file).expect("still there"), damaged);
    }
    fs::write(&file, &whole).expect("written");
    let store = Store::open(dir.path()).expect("a copy put back is opened");
    assert_eq!(store.recent_events(1_000).expect("read").len(), 200);
}

#[test]
fn a_database_that_vanished_from_beside_its_log_is_not_made_anew() {
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("beacon.sqlite-wal"), "left over").expect("written");
    let error = refused(dir.path());
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert!(!dir.path().join("beacon.sqlite").exists());
}

#[test]
fn an_unfinished_first_start_is_begun_again() {
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("beacon.sqlite.new"), "half").expect("written");
    let mut store = Store::open(dir.path()).expect("opens");
    assert_eq!(store.next_incarnation().expect("next"), 1);
    assert!(!dir.path().join("beacon.sqlite.new").exists());
}

#[test]
fn what_was_committed_survives_a_process_that_is_killed() {
    let dir = tempfile::tempdir().expect("a directory");
    let copy = tempfile::tempdir().expect("a directory");
    let mut store = Store::open(dir.path()).expect("opens");
    store.raise_incarnation_to(41).expect("raised");
    // What a killed process leaves: the files as they stand, with a log that was never folded in.
    for name in ["beacon.sqlite", "beacon.sqlite-wal"] {
        fs::copy(dir.path().join(name), copy.path().join(name)).expect("copied");
    }
    let mut store = Store::open(copy.path()).expect("opens");
    assert_eq!(store.next_incarnation().expect("next"), 42);
}
