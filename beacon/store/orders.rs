//! What the user has ordered and what holds until it is taken back: pins, requests, the mode, and a drain.

use rusqlite::params;

use super::{Store, StoreError};
use crate::{
    model::{InfoHash, Instant},
    node::view::{Drain, Mode, ModeOrder},
};

impl Store {
    /// The torrents that the user wants here whatever the counts, ordered by the hashes' bytes.
    pub fn pins(&self) -> Result<Vec<InfoHash>, StoreError> {
        let rows = self.rows("SELECT info_hash FROM pins ORDER BY info_hash", |row| row.get::<_, Vec<u8>>(0))?;
        rows.iter().map(|column| self.info_hash(column)).collect()
    }

    /// Writes down that a torrent is wanted here, or no longer. It is on the disk when this returns.
    pub fn set_pin(&mut self, info_hash: &InfoHash, pinned: bool) -> Result<(), StoreError> {
        let statement = if pinned {
            "INSERT OR IGNORE INTO pins (info_hash) VALUES (?1)"
        } else {
            "DELETE FROM pins WHERE info_hash = ?1"
        };
        let set = self.connection.execute(statement, [info_hash.as_bytes()]);
        set.map(|_| ()).map_err(|source| self.failed(source))
    }

    /// The torrents that the user wants fetched once, ordered by the hashes' bytes.
    pub fn requests(&self) -> Result<Vec<InfoHash>, StoreError> {
        let rows = self.rows("SELECT info_hash FROM requests ORDER BY info_hash", |row| row.get::<_, Vec<u8>>(0))?;
        rows.iter().map(|column| self.info_hash(column)).collect()
    }

    /// Writes down that a torrent is to be fetched once, or no longer. It is on the disk when this returns.
    pub fn set_request(&mut self, info_hash: &InfoHash, requested: bool) -> Result<(), StoreError> {
        let statement = if requested {
            "INSERT OR IGNORE INTO requests (info_hash) VALUES (?1)"
        } else {
            "DELETE FROM requests WHERE info_hash = ?1"
        };
        let set = self.connection.execute(statement, [info_hash.as_bytes()]);
        set.map(|_| ()).map_err(|source| self.failed(source))
    }

    /// What the user ordered in place of the configuration's mode, and what that was then.
    pub fn mode_order(&self) -> Result<Option<ModeOrder>, StoreError> {
        let rows = self.rows("SELECT ordered, configured FROM mode", |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let mode = |word: &str| Mode::of_word(word).ok_or_else(|| self.nonsense("the mode"));
        let order = |(ordered, configured): &(String, String)| {
            Ok(ModeOrder { ordered: mode(ordered)?, configured: mode(configured)? })
        };
        rows.first().map(order).transpose()
    }

    /// Writes down what the user ordered in place of the configuration's mode; `None` where that holds. It is on the disk
    /// when this returns.
    pub fn set_mode_order(&mut self, order: Option<ModeOrder>) -> Result<(), StoreError> {
        let set = match order {
            Some(ModeOrder { ordered, configured }) => self.connection.execute(
                "INSERT OR REPLACE INTO mode (one, ordered, configured) VALUES (1, ?1, ?2)",
                params![ordered.word(), configured.word()],
            ),
            None => self.connection.execute("DELETE FROM mode", []),
        };
        set.map(|_| ()).map_err(|source| self.failed(source))
    }

    /// Whether the user is draining this beacon, and until when.
    pub fn drain(&self) -> Result<Option<Drain>, StoreError> {
        let rows = self.rows("SELECT until FROM drain", |row| row.get::<_, Option<i64>>(0))?;
        let drain = |until: &Option<i64>| Drain { until: until.map(|at| Instant::from_millis(at.cast_unsigned())) };
        Ok(rows.first().map(drain))
    }

    /// Writes down whether the user is draining this beacon. It is on the disk when this returns.
    pub fn set_drain(&mut self, drain: Option<Drain>) -> Result<(), StoreError> {
        let set = match drain {
            Some(Drain { until }) => {
                let until = until.map(|at| at.as_millis().cast_signed());
                self.connection.execute("INSERT OR REPLACE INTO drain (one, until) VALUES (1, ?1)", params![until])
            }
            None => self.connection.execute("DELETE FROM drain", []),
        };
        set.map(|_| ()).map_err(|source| self.failed(source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_outlive_a_restart_until_they_are_taken_back() {
        let dir = tempfile::tempdir().expect("a directory");
        let (v1, v2) = (InfoHash::V1([7; 20]), InfoHash::V2([3; 32]));
        let mut store = Store::open(dir.path()).expect("opens");
        for info_hash in [v1, v2, v1] {
            store.set_pin(&info_hash, true).expect("pinned");
        }
        drop(store);
        let mut store = Store::open(dir.path()).expect("opens again");
        assert_eq!(store.pins().expect("read"), [v2, v1]);
        store.set_pin(&v2, false).expect("unpinned");
        store.set_pin(&v2, false).expect("nothing to unpin");
        assert_eq!(store.pins().expect("read"), [v1]);
    }

    #[test]
    fn requests_and_the_mode_outlive_a_restart_until_they_are_taken_back() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(dir.path()).expect("opens");
        let (hash, order) = (InfoHash::V1([7; 20]), ModeOrder { ordered: Mode::Apply, configured: Mode::DryRun });
        store.set_request(&hash, true).expect("requested");
        store.set_request(&hash, true).expect("requested again");
        store.set_mode_order(Some(order)).expect("ordered");
        drop(store);
        let mut store = Store::open(dir.path()).expect("opens again");
        assert_eq!((store.requests().expect("read"), store.mode_order().expect("read")), (vec![hash], Some(order)));
        store.set_request(&hash, false).expect("taken back");
        store.set_mode_order(None).expect("taken back");
        assert_eq!((store.requests().expect("read"), store.mode_order().expect("read")), (vec![], None));
    }

    #[test]
    fn a_drain_outlives_a_restart_until_it_is_taken_back() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(dir.path()).expect("opens");
        assert_eq!(store.drain().expect("read"), None);
        for until in [None, Some(Instant::from_millis(5)), Some(Instant::FAR_FUTURE)] {
            store.set_drain(Some(Drain { until })).expect("set");
            drop(store);
            store = Store::open(dir.path()).expect("opens again");
            assert_eq!(store.drain().expect("read"), Some(Drain { until }));
        }
        store.set_drain(None).expect("taken back");
        assert_eq!(store.drain().expect("read"), None);
    }
}
