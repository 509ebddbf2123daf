//! What the beacon has deleted: for its daily limits, and for people who ask where something went.

use std::time::Duration;

use rusqlite::params;

use super::{Store, StoreError, row::database_error};
use crate::model::{InfoHash, Instant};

/// A torrent that the beacon deleted from its client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletionRow {
    /// When it was gone, on this beacon's clock.
    pub at: Instant,
    /// When it was decided to be rid of it: before it was in quarantine.
    pub decided: Instant,
    /// The torrent, by its canonical info-hash.
    pub info_hash: InfoHash,
    /// Its name, where known.
    pub name: Option<String>,
    /// Bytes of all its files, where known.
    pub size: Option<u64>,
}

/// For how long a deletion is remembered: a season, in which somebody may wonder.
pub const DELETIONS_KEPT: Duration = Duration::from_hours(90 * 24);

/// The most deletions that are remembered, the latest: a hundred a day for years, or one drain of a large beacon.
pub const DELETIONS_MAX: u32 = 100_000;

impl Store {
    /// Takes a torrent out of the ledger and writes down that it was deleted, both or neither; false where the ledger does
    /// not have it. What is older than [`DELETIONS_KEPT`] is dropped. It is on the disk when this returns.
    pub fn finish_deletion(&mut self, info_hash: &InfoHash, at: Instant) -> Result<bool, StoreError> {
        let file = &self.file;
        let hash = info_hash.as_bytes();
        let oldest = at.as_millis().saturating_sub(millis(DELETIONS_KEPT)).cast_signed();
        let finished = self.connection.transaction().and_then(|transaction| {
            let recorded = transaction.execute(
                "INSERT INTO deletions (at, decided, info_hash, name, size)
                     SELECT ?2, ifnull(leaving_since, ?2), info_hash, name, size FROM ledger WHERE info_hash = ?1",
                params![hash, at.as_millis().cast_signed()],
            )?;
            if recorded == 0 {
                return Ok(false);
            }
            let newest = transaction.last_insert_rowid();
            let surplus = newest.saturating_sub(DELETIONS_MAX.into());
            transaction.execute("DELETE FROM ledger WHERE info_hash = ?1", [hash])?;
            transaction.execute("DELETE FROM deletions WHERE at < ?1 OR id <= ?2", [oldest, surplus])?;
            transaction.commit()?;
            Ok(true)
        });
        finished.map_err(|source| database_error(file, source))
    }

    /// What was deleted at `since` or later, in the order in which it went.
    pub fn deletions_since(&self, since: Instant) -> Result<Vec<DeletionRow>, StoreError> {
        let since = since.as_millis().cast_signed();
        let query = format!("SELECT at, decided, info_hash, name, size FROM deletions WHERE at >= {since} ORDER BY id");
        let rows = self.rows(&query, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
        let deletion = |(at, decided, info_hash, name, size): (i64, i64, Vec<u8>, _, Option<i64>)| {
            Ok(DeletionRow {
                at: Instant::from_millis(at.cast_unsigned()),
                decided: Instant::from_millis(decided.cast_unsigned()),
                info_hash: self.info_hash(&info_hash)?,
                name,
                size: size.map(i64::cast_unsigned),
            })
        };
        rows.into_iter().map(deletion).collect()
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{LedgerRow, LedgerStage};

    fn removing(byte: u8) -> LedgerRow {
        LedgerRow {
            info_hash: InfoHash::V1([byte; 20]),
            stage: LedgerStage::Removing,
            name: Some(format!("torrent {byte}")),
            size: Some(u64::from(byte)),
            save_dir: "/data".into(),
            at: Instant::ZERO,
            leaving_since: Some(Instant::from_millis(30)),
        }
    }

    #[test]
    fn what_was_deleted_leaves_the_ledger_and_is_remembered() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(dir.path()).expect("opens");
        for byte in [1, 2, 3] {
            store.ledger_put(&removing(byte)).expect("put");
        }
        for (byte, at) in [(2, 50), (1, 40)] {
            let finished = store.finish_deletion(&removing(byte).info_hash, Instant::from_millis(at));
            assert!(finished.expect("finished"));
        }
        assert!(!store.finish_deletion(&removing(2).info_hash, Instant::from_millis(60)).expect("it is not there"));
        drop(store);

        let store = Store::open(dir.path()).expect("opens again");
        assert_eq!(store.ledger().expect("read"), [removing(3)]);
        let names = |since| {
            let rows = store.deletions_since(Instant::from_millis(since)).expect("read");
            rows.into_iter()
                .map(|row| (row.at.as_millis(), row.decided.as_millis(), row.name.unwrap_or_default()))
                .collect::<Vec<_>>()
        };
        assert_eq!(names(0), [(50, 30, "torrent 2".to_owned()), (40, 30, "torrent 1".to_owned())]);
        assert_eq!(names(41), [(50, 30, "torrent 2".to_owned())]);
    }

    #[test]
    fn what_was_deleted_a_season_ago_is_forgotten() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(dir.path()).expect("opens");
        let later = Instant::from_millis(1) + DELETIONS_KEPT;
        for (byte, at) in [(1, Instant::ZERO), (2, Instant::from_millis(1)), (3, later)] {
            store.ledger_put(&removing(byte)).expect("put");
            store.finish_deletion(&removing(byte).info_hash, at).expect("finished");
        }
        let kept: Vec<_> = store.deletions_since(Instant::ZERO).expect("read").iter().map(|row| row.size).collect();
        assert_eq!(kept, [Some(2), Some(3)]);
    }

    #[test]
    fn deletions_do_not_grow_for_ever() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(dir.path()).expect("opens");
        let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100005)
                    INSERT INTO deletions (at, decided, info_hash) SELECT 1, 1, zeroblob(20) FROM n";
        store.connection.execute(many, []).expect("inserted");
        store.ledger_put(&removing(1)).expect("put");
        store.finish_deletion(&removing(1).info_hash, Instant::from_millis(1)).expect("finished");
        assert_eq!(store.deletions_since(Instant::ZERO).expect("read").len(), DELETIONS_MAX as usize);
    }
}
