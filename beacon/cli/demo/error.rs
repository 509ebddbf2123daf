//! Why a demo could not be shown.

use std::{io, path::PathBuf};

use thiserror::Error;

use crate::model::ByteSize;

/// Why a demo could not be shown, or what was wrong in the end.
#[derive(Debug, Error)]
pub enum DemoError {
    /// The disk is too full.
    #[error(
        "the demo needs {needed} below {}, and {free} are free there; choose smaller files with --size, or another place with the variable TMPDIR",
        .dir.display()
    )]
    NoRoom {
        /// What all copies take, with some to spare.
        needed: ByteSize,
        /// What is there.
        free: ByteSize,
        /// Where they would go.
        dir: PathBuf,
    },
    /// The directory of the demo cannot be used.
    #[error("{} cannot be used: {reason}; the variable TMPDIR names another place", .path.display())]
    Directory {
        /// Which file or directory.
        path: PathBuf,
        /// What the system says.
        #[source]
        reason: io::Error,
    },
    /// Somebody pressed Ctrl-C before the end.
    #[error("ended before everything was shown")]
    Interrupted,
    /// Not every file has its copies, or a copy is not right.
    #[error("it did not end as it should: {}", .0.join("; "))]
    Unmet(Vec<String>),
    /// A beacon ended by itself.
    #[error("{0} ended by itself")]
    Ended(String),
}
