//! What can go wrong with what is kept.

use std::{io, path::PathBuf};

use thiserror::Error;

/// What can go wrong with what is kept.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another beacon has the data directory.
    #[error("another beacon is running in {}; stop it, or give this one a `data_dir` of its own", dir.display())]
    InUse {
        /// The data directory.
        dir: PathBuf,
    },
    /// The database cannot be trusted. It is left as it is.
    #[error(
        "the database {} is damaged: {reason}; move it away, with the `-wal` beside it if there is one, and put back a copy \
         or begin anew: the beacon then takes the torrents that it added for the user's own and leaves them alone",
        file.display()
    )]
    Damaged {
        /// The database.
        file: PathBuf,
        /// What was found.
        reason: String,
    },
    /// A database of another program.
    #[error("{} is not a beacon's database; move it away, or choose another `data_dir`", file.display())]
    Foreign {
        /// The database.
        file: PathBuf,
    },
    /// Written by a later version of this program.
    #[error(
        "the database {} has version {found}, and this beacon knows versions up to {known}; use the beacon that wrote it, or a \
         later one",
        file.display()
    )]
    TooNew {
        /// The database.
        file: PathBuf,
        /// Its version.
        found: i64,
        /// The latest version known here.
        known: i64,
    },
    /// No room left.
    #[error("there is no room left on the disk for {}; free some", file.display())]
    DiskFull {
        /// What could not grow.
        file: PathBuf,
    },
    /// The database refused, for a reason that the beacon cannot mend.
    #[error("the database {} cannot be used: {source}; see that its disk works and that it may be written", file.display())]
    Database {
        /// The database.
        file: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A file or directory could not be made, read or written.
    #[error("{} cannot be used: {source}; see that its disk works and that it may be written", path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// More bytes than a .torrent file has.
    #[error("{length} bytes are more than a .torrent file may have, {limit}")]
    MetainfoTooLarge {
        /// How many there are.
        length: u64,
        /// The most.
        limit: usize,
    },
    /// A directory whose name is not text, so that no client could be told of it.
    #[error("the directory {} has a name that is not UTF-8; choose another", path.display())]
    NotText {
        /// The directory.
        path: PathBuf,
    },
    /// The largest incarnation has been used; no larger one can ever be told apart.
    #[error("this beacon has used up its incarnations; give it a new identity")]
    IncarnationsUsedUp,
}
