//! The tables, and how those of earlier versions become those of this one.
//!
//! Numbers that beacons choose themselves can use all 64 bits; they are kept as eight bytes, most significant first, which
//! SQLite orders as numbers are ordered.

use std::path::Path;

use rusqlite::Connection;

use super::{
    StoreError,
    files::{remove, rename},
    row::database_error,
};

/// What each version adds to the one before it; the first makes the tables. Never changed once released, only added to.
pub(super) const MIGRATIONS: [&str; 6] = [
    "CREATE TABLE run (one INTEGER PRIMARY KEY CHECK (one = 1), incarnation BLOB NOT NULL) STRICT;
     INSERT INTO run VALUES (1, x'0000000000000000');
     CREATE TABLE members (id BLOB PRIMARY KEY, incarnation BLOB NOT NULL, seq BLOB NOT NULL, last_heard INTEGER NOT NULL,
         hello BLOB NOT NULL, anchor INTEGER NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE marks (id BLOB PRIMARY KEY, incarnation BLOB NOT NULL, seq BLOB NOT NULL, noted INTEGER NOT NULL)
         STRICT, WITHOUT ROWID;
     CREATE TABLE ledger (info_hash BLOB PRIMARY KEY, stage TEXT NOT NULL, name TEXT, size INTEGER, save_dir TEXT NOT NULL,
         at INTEGER NOT NULL) STRICT, WITHOUT ROWID;",
    "CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, info_hash BLOB,
         text TEXT NOT NULL) STRICT;",
    "ALTER TABLE ledger ADD COLUMN leaving_since INTEGER;
     CREATE TABLE pins (info_hash BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
     CREATE TABLE drain (one INTEGER PRIMARY KEY CHECK (one = 1), until INTEGER) STRICT;
     CREATE TABLE deletions (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, decided INTEGER NOT NULL,
         info_hash BLOB NOT NULL, name TEXT, size INTEGER) STRICT;
     CREATE INDEX deletions_at ON deletions (at);",
    "CREATE TABLE neighbors (address TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;",
    "CREATE TABLE told (hook TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, since INTEGER NOT NULL,
         PRIMARY KEY (hook, kind, subject)) STRICT, WITHOUT ROWID;",
    "CREATE INDEX events_info_hash ON events (info_hash) WHERE info_hash IS NOT NULL;
     CREATE TABLE trend (collection BLOB NOT NULL, at INTEGER NOT NULL, missing INTEGER NOT NULL, under INTEGER NOT NULL,
         met INTEGER NOT NULL, over INTEGER NOT NULL, total INTEGER NOT NULL, wanted INTEGER NOT NULL,
         stored INTEGER NOT NULL, mirrored INTEGER NOT NULL, PRIMARY KEY (collection, at)) STRICT, WITHOUT ROWID;
     CREATE TABLE requests (info_hash BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
     CREATE TABLE mode (one INTEGER PRIMARY KEY CHECK (one = 1), ordered TEXT NOT NULL, configured TEXT NOT NULL) STRICT;
     CREATE TABLE facts (info_hash BLOB PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL) STRICT, WITHOUT ROWID;",
];

/// The version that this program writes.
pub(super) const VERSION: i64 = MIGRATIONS.len().cast_signed() as i64;

/// Says in the file's header whose it is: `beac`.
const APPLICATION_ID: i64 = 0x6265_6163;

/// Makes a new database beside `file` and then gives it its name, so that a file of that name always has its tables, and one
/// that was emptied is never taken for a new one.
pub(super) fn create(file: &Path) -> Result<(), StoreError> {
    let new = file.with_added_extension("new");
    remove(&new)?;
    remove(&file.with_added_extension("new-journal"))?;
    let made = Connection::open(&new).and_then(|mut connection| {
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        migrate(&mut connection, 0)?;
        connection.close().map_err(|(_, error)| error)
    });
    made.map_err(|source| database_error(&new, source))?;
    rename(&new, file)
}

/// Checks that a database is whole and a beacon's, and brings it to this version.
pub(super) fn check_and_migrate(connection: &mut Connection, file: &Path) -> Result<(), StoreError> {
    let failed = |source| database_error(file, source);
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(failed);
    let (application, found) = (pragma("application_id")?, pragma("user_version")?);
    if application != APPLICATION_ID {
        return Err(StoreError::Foreign { file: file.to_owned() });
    }
    if found > VERSION {
        return Err(StoreError::TooNew { file: file.to_owned(), found, known: VERSION });
    }
    let damaged = |reason| StoreError::Damaged { file: file.to_owned(), reason };
    let from = usize::try_from(found).ok().filter(|&found| found > 0);
    let from = from.ok_or_else(|| damaged(format!("its version is {found}")))?;
    // It is a few megabytes at most, so that every start can afford to read it all.
    let report: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0)).map_err(failed)?;
    if report != "ok" {
        return Err(damaged(report));
    }
    migrate(connection, from).map_err(failed)
}

/// All steps in one transaction: a power cut leaves the version that was there.
fn migrate(connection: &mut Connection, from: usize) -> rusqlite::Result<()> {
    if from == MIGRATIONS.len() {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for migration in &MIGRATIONS[from..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}
