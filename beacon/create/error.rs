//! Why no torrent could be made.

use std::{io, path::PathBuf};

use thiserror::Error;

use crate::metainfo::DraftError;

/// Why no torrent could be made. Nothing has been written then.
#[derive(Debug, Error)]
pub enum CreateError {
    /// A file or directory that cannot be read.
    #[error("{} cannot be read: {reason}", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        #[source]
        reason: io::Error,
    },
    /// A path that ends in no name, such as `/`.
    #[error("{} has no name that a torrent could bear; give it one", .0.display())]
    NoName(PathBuf),
    /// A .torrent whose name is longer than a file's can be.
    #[error("the name of {} would have {bytes} bytes, and files have at most {max}; give it a shorter one", .path.display())]
    NameTooLong {
        /// Where it was to be.
        path: PathBuf,
        /// Bytes of the name.
        bytes: usize,
        /// The most that a name can have.
        max: usize,
    },
    /// Neither a file nor a directory.
    #[error("{} is neither a file nor a directory", .0.display())]
    NotAFile(PathBuf),
    /// Nothing but empty files, or no files at all.
    #[error("there is no data in {}: no files, or only empty ones", .0.display())]
    NoData(PathBuf),
    /// More entries than are looked at.
    #[error("there are more than {max} files and directories in {}; make several torrents", .path.display())]
    TooMany {
        /// The directory that was given.
        path: PathBuf,
        /// The most that is looked at.
        max: usize,
    },
    /// A file that is not what it was when the tree was walked.
    #[error("{} has been changed, moved or removed while it was read; try again when nobody works on it", .0.display())]
    Changed(PathBuf),
    /// Somebody wanted no more of it.
    #[error("it has been cancelled")]
    Cancelled,
    /// What was found makes no torrent.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The file is there already.
    #[error("{} is there already; it is left as it is, and --force would replace it", .0.display())]
    Exists(PathBuf),
    /// A file cannot be written.
    #[error("{} cannot be written: {reason}", .path.display())]
    Unwritable {
        /// Where it was to be.
        path: PathBuf,
        /// What the system says.
        #[source]
        reason: io::Error,
    },
}
