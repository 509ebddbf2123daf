//! Name and size of the torrents whose .torrent files are kept, so that these need not be read to know them.

use rusqlite::{OptionalExtension as _, params};

use super::{Store, StoreError, row::database_error};
use crate::model::InfoHash;

impl Store {
    /// Notes name and size of torrents, as their .torrent files say them.
    pub fn put_facts(&mut self, facts: &[(InfoHash, String, u64)]) -> Result<(), StoreError> {
        let file = &self.file;
        let put = self.connection.transaction().and_then(|transaction| {
            for (info_hash, name, size) in facts {
                transaction.execute(
                    "INSERT OR REPLACE INTO facts (info_hash, name, size) VALUES (?1, ?2, ?3)",
                    params![info_hash.as_bytes(), name, size.cast_signed()],
                )?;
            }
            transaction.commit()
        });
        put.map_err(|source| database_error(file, source))
    }

    /// Name and size of a torrent, where its .torrent was read before.
    pub fn facts(&self, info_hash: &InfoHash) -> Result<Option<(String, u64)>, StoreError> {
        let found = self.connection.prepare_cached("SELECT name, size FROM facts WHERE info_hash = ?1").and_then(
            |mut query| {
                let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()));
                query.query_row([info_hash.as_bytes()], row).optional()
            },
        );
        found.map_err(|source| self.failed(source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_kept_by_info_hash() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(dir.path()).expect("opens");
        let (v1, v2) = (InfoHash::V1([1; 20]), InfoHash::V2([1; 32]));
        store.put_facts(&[(v1, "letters".to_owned(), 5)]).expect("put");
        store.put_facts(&[(v1, "Letters".to_owned(), u64::MAX)]).expect("put again");
        drop(store);
        let store = Store::open(dir.path()).expect("opens again");
        assert_eq!(store.facts(&v1).expect("read"), Some(("Letters".to_owned(), u64::MAX)));
        assert_eq!(store.facts(&v2).expect("read"), None);
    }
}
