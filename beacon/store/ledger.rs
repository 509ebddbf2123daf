//! The ledger: which torrents the beacon itself has added to its client, and so may remove.

use std::path::PathBuf;

use rusqlite::params;

use super::{Store, StoreError};
use crate::model::{InfoHash, Instant};

/// A torrent that the beacon added.
///
/// The row is written before the client is told and changed after the client has done it. After a crash an unfinished stage
/// says what to look for; a torrent without a row is the user's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// The torrent, by its canonical info-hash.
    pub info_hash: InfoHash,
    /// How far it is.
    pub stage: LedgerStage,
    /// Its name, where known.
    pub name: Option<String>,
    /// Bytes of all its files, where known.
    pub size: Option<u64>,
    /// The directory that its files go to.
    pub save_dir: PathBuf,
    /// When it came to this stage.
    pub at: Instant,
    /// Since when it has been on its way out; `None` where it is not.
    pub leaving_since: Option<Instant>,
}

/// How far a torrent in the ledger is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LedgerStage {
    /// The client is about to be told to add it, or was told and has not shown it yet.
    Adding,
    /// The client has shown it.
    Added,
    /// It is on its way out: the client is about to be told to stop it, or was told; its files are there.
    Quarantined,
    /// The client is about to be told to delete it, or was told and still shows it.
    Removing,
}

/// A row as the database has it.
type Columns = (Vec<u8>, String, Option<String>, Option<i64>, String, i64, Option<i64>);

impl LedgerStage {
    /// Whether a torrent in this stage is on its way out.
    const fn is_leaving(self) -> bool {
        matches!(self, Self::Quarantined | Self::Removing)
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Adding => "adding",
            Self::Added => "added",
            Self::Quarantined => "quarantined",
            Self::Removing => "removing",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Adding, Self::Added, Self::Quarantined, Self::Removing].into_iter().find(|stage| stage.word() == word)
    }
}

impl Store {
    /// Everything in the ledger, ordered by the hashes' bytes.
    pub fn ledger(&self) -> Result<Vec<LedgerRow>, StoreError> {
        let rows = self.rows(
            "SELECT info_hash, stage, name, size, save_dir, at, leaving_since FROM ledger ORDER BY info_hash",
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?)),
        )?;
        let entry = |columns: Columns| {
            let (info_hash, stage, name, size, save_dir, at, leaving_since) = columns;
            Ok(LedgerRow {
                info_hash: self.info_hash(&info_hash)?,
                stage: LedgerStage::from_word(&stage).ok_or_else(|| self.nonsense("a stage in the ledger"))?,
                name,
                size: size.map(i64::cast_unsigned),
                save_dir: save_dir.into(),
                at: Instant::from_millis(at.cast_unsigned()),
                leaving_since: leaving_since.map(|at| Instant::from_millis(at.cast_unsigned())),
            })
        };
        rows.into_iter().map(entry).collect()
    }

    /// Writes a row, in place of the one of the same hash if there is one. It is on the disk when this returns.
    pub fn ledger_put(&mut self, entry: &LedgerRow) -> Result<(), StoreError> {
        let LedgerRow { info_hash, stage, name, size, save_dir, at, leaving_since } = entry;
        let save_dir = save_dir.to_str().ok_or_else(|| StoreError::NotText { path: save_dir.clone() })?;
        let size = size.map(u64::cast_signed);
        let leaving_since = leaving_since.map(|since| since.as_millis().cast_signed());
        let at = at.as_millis().cast_signed();
        let put = self.connection.execute(
            "INSERT OR REPLACE INTO ledger (info_hash, stage, name, size, save_dir, at, leaving_since)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![info_hash.as_bytes(), stage.word(), name, size, save_dir, at, leaving_since],
        );
        put.map(|_| ()).map_err(|source| self.failed(source))
    }

    /// Changes the stage of a row, and notes since when it has been on its way out; false where there is no row. It is on
    /// the disk when this returns.
    pub fn ledger_advance(
        &mut self,
        info_hash: &InfoHash,
        stage: LedgerStage,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let advanced = self.connection.execute(
            "UPDATE ledger SET stage = ?2, at = ?3, leaving_since = iif(?4, ifnull(leaving_since, ?3), NULL)
                 WHERE info_hash = ?1",
            params![info_hash.as_bytes(), stage.word(), at.as_millis().cast_signed(), stage.is_leaving()],
        );
        advanced.map(|rows| rows > 0).map_err(|source| self.failed(source))
    }

    /// Removes a row; nothing where there is none. It is off the disk when this returns.
    pub fn ledger_remove(&mut self, info_hash: &InfoHash) -> Result<(), StoreError> {
        let removed = self.connection.execute("DELETE FROM ledger WHERE info_hash = ?1", [info_hash.as_bytes()]);
        removed.map(|_| ()).map_err(|source| self.failed(source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_beacon_added_is_known_after_a_restart() {
        let dir = tempfile::tempdir().expect("a directory");
        let adding = LedgerRow {
            info_hash: InfoHash::V1([7; 20]),
            stage: LedgerStage::Adding,
            name: None,
            size: None,
            save_dir: "/data/été".into(),
            at: Instant::from_millis(5),
            leaving_since: None,
        };
        let added = LedgerRow {
            info_hash: InfoHash::V2([8; 32]),
            stage: LedgerStage::Added,
            name: Some("Town archive".to_owned()),
            size: Some(u64::MAX),
            save_dir: "/data".into(),
            at: Instant::FAR_FUTURE,
            leaving_since: None,
        };
        let mut store = Store::open(dir.path()).expect("opens");
        store.ledger_put(&added).expect("put");
        store.ledger_put(&adding).expect("put");
        drop(store);

        let mut store = Store::open(dir.path()).expect("opens again");
        assert_eq!(store.ledger().expect("read"), [adding.clone(), added.clone()]);
        let leaving_since = Some(Instant::from_millis(9));
        let removing = LedgerRow { stage: LedgerStage::Removing, leaving_since, ..adding };
        store.ledger_put(&removing).expect("put");
        assert_eq!(store.ledger().expect("read"), [removing.clone(), added.clone()]);
        store.ledger_remove(&removing.info_hash).expect("removed");
        store.ledger_remove(&removing.info_hash).expect("nothing to remove");
        assert_eq!(store.ledger().expect("read"), [added]);
    }

    #[test]
    fn since_when_a_torrent_is_on_its_way_out_is_known_until_it_stays() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(dir.path()).expect("opens");
        let info_hash = InfoHash::V1([7; 20]);
        let (name, size, save_dir) = (None, None, "/data".into());
        let (stage, at) = (LedgerStage::Added, Instant::ZERO);
        let row = LedgerRow { info_hash, stage, name, size, save_dir, at, leaving_since: None };
        store.ledger_put(&row).expect("put");
        for (stage, at, leaving_since) in [
            (LedgerStage::Quarantined, 5, Some(5)),
            (LedgerStage::Removing, 6, Some(5)),
            (LedgerStage::Added, 7, None),
            (LedgerStage::Removing, 8, Some(8)),
        ] {
            let at = Instant::from_millis(at);
            assert!(store.ledger_advance(&info_hash, stage, at).expect("advanced"));
            let leaving_since = leaving_since.map(Instant::from_millis);
            assert_eq!(store.ledger().expect("read"), [LedgerRow { stage, at, leaving_since, ..row.clone() }]);
        }
        assert!(!store.ledger_advance(&InfoHash::V1([8; 20]), LedgerStage::Added, at).expect("no row"));
    }

    #[test]
    fn a_stage_that_nobody_wrote_is_damage() {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::open(dir.path()).expect("opens");
        let odd = "INSERT INTO ledger VALUES (zeroblob(20), 'lost', NULL, NULL, '/', 0, NULL)";
        store.connection.execute(odd, []).expect("inserted");
        assert!(matches!(store.ledger(), Err(StoreError::Damaged { .. })));
    }
}
