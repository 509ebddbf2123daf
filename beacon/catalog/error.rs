//! Why the torrents of a collection file cannot be taken as they are.

use std::{io, path::PathBuf};

use thiserror::Error;

use crate::{
    collection::CollectionFault,
    json::{Located, Position},
    metainfo::{MagnetError, MetainfoError},
    model::InfoHash,
};

/// What is wrong, and where in the collection file.
pub type CatalogError = Located<CatalogFault>;

/// What can be wrong with a collection file together with the files that it names.
#[derive(Debug, Error)]
pub enum CatalogFault {
    /// The collection file itself is wrong.
    #[error(transparent)]
    Collection(#[from] CollectionFault),
    /// A .torrent file that is not there or may not be read.
    #[error("{} cannot be read: {reason}", .path.display())]
    Unreadable {
        /// The file that was looked for.
        path: PathBuf,
        /// What the system says.
        #[source]
        reason: io::Error,
    },
    /// A file that is no .torrent file.
    #[error("{} cannot be used: {reason}", .path.display())]
    Metainfo {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        reason: MetainfoError,
    },
    /// A file that somebody who edits from elsewhere may not name.
    #[error("{} lies outside of the directory of collections; put it in there, or list it with `beacon collection add` on the beacon's machine", .0.display())]
    Outside(PathBuf),
    /// A magnet link that cannot be used.
    #[error("this magnet link cannot be used: {0}")]
    Magnet(#[from] MagnetError),
    /// The same torrent stands twice in the file.
    #[error("this is the same torrent as at {first} ({info_hash}); remove one of them")]
    Twice {
        /// Where it stands first.
        first: Position,
        /// Which torrent it is.
        info_hash: InfoHash,
    },
}
