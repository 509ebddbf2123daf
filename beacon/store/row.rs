//! Columns to values and back.

use std::path::Path;

use rusqlite::ErrorCode;

use super::{Store, StoreError};
use crate::model::{BeaconId, InfoHash};

/// What a refusal of the database means.
pub(super) fn database_error(file: &Path, source: rusqlite::Error) -> StoreError {
    let file = file.to_owned();
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Damaged { file, reason: source.to_string() }
        }
        Some(ErrorCode::DiskFull) => StoreError::DiskFull { file },
        _ => StoreError::Database { file, source },
    }
}

/// A number of 64 bits as a column that orders as it does.
pub(super) const fn wide(number: u64) -> [u8; 8] {
    number.to_be_bytes()
}

impl Store {
    pub(super) fn failed(&self, source: rusqlite::Error) -> StoreError {
        database_error(&self.file, source)
    }

    /// All rows of a query, as `read` takes them.
    pub(super) fn rows<T>(
        &self,
        query: &str,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.connection.prepare(query).and_then(|mut query| query.query_map([], read)?.collect());
        rows.map_err(|source| self.failed(source))
    }

    /// A row that no beacon wrote.
    pub(super) fn nonsense(&self, what: &str) -> StoreError {
        StoreError::Damaged { file: self.file.clone(), reason: format!("{what} makes no sense") }
    }

    pub(super) fn number(&self, column: &[u8]) -> Result<u64, StoreError> {
        column.try_into().map(u64::from_be_bytes).ok().ok_or_else(|| self.nonsense("a number of 64 bits"))
    }

    pub(super) fn beacon_id(&self, column: &[u8]) -> Result<BeaconId, StoreError> {
        column.try_into().map(BeaconId::new).ok().ok_or_else(|| self.nonsense("a beacon id"))
    }

    pub(super) fn info_hash(&self, column: &[u8]) -> Result<InfoHash, StoreError> {
        let hash = column.try_into().map(InfoHash::V1).or_else(|_| column.try_into().map(InfoHash::V2));
        hash.ok().ok_or_else(|| self.nonsense("an info-hash"))
    }
}
