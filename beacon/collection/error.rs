//! What can be wrong with a collection file.

use thiserror::Error;

use super::CollectionFile;
use crate::{
    json::{JsonError, Located},
    model::{ParseByteSizeError, ParseIdError, RedundancyError},
};

/// What is wrong with a collection file, and where. Who knows the file's name writes it and a colon before.
pub type CollectionError = Located<CollectionFault>;

/// What can be wrong with a collection file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CollectionFault {
    /// Not JSON, or not of the right shape.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The `id` is no UUID.
    #[error(transparent)]
    Id(#[from] ParseIdError),
    /// The copies asked for make no sense.
    #[error(transparent)]
    Redundancy(#[from] RedundancyError),
    /// The `size` of a torrent is no size.
    #[error(transparent)]
    Size(#[from] ParseByteSizeError),
    /// A `name` that is empty, too long, or has line breaks or other control characters.
    #[error("the name must have 1 to {max} characters, and no line breaks", max = CollectionFile::NAME_CHARS_MAX)]
    Name,
    /// An entry that names no torrent.
    #[error("this entry names no torrent; give it a \"file\" or a \"magnet\"")]
    NoSource,
    /// An entry that names two.
    #[error("this entry has a \"file\" and a \"magnet\"; keep one of them")]
    TwoSources,
    /// A `file` that cannot be a path.
    #[error("`{0}` cannot be the path of a .torrent file")]
    Path(String),
    /// A magnet link in the place of a path.
    #[error("this is a magnet link; write it as a \"magnet\" instead of a \"file\"")]
    MagnetAsFile,
    /// A `magnet` that is none.
    #[error("`{0}` is no magnet link; it must begin with \"magnet:?\"")]
    Magnet(String),
    /// A `size` beside a file, which tells its own.
    #[error("a size belongs beside a magnet link only; the .torrent file tells its own")]
    SizeOfFile,
    /// More text than is read.
    #[error("a collection file of {bytes} bytes is too large; {max} are the most", max = CollectionFile::BYTES_MAX)]
    TooLarge {
        /// The bytes of the file.
        bytes: usize,
    },
    /// More torrents than are managed.
    #[error("{torrents} torrents are too many for one collection; {max} are the most", max = CollectionFile::TORRENTS_MAX)]
    TooManyTorrents {
        /// The torrents in the file.
        torrents: usize,
    },
}

/// Passes on what the JSON floor found.
pub(super) fn of_json(error: Located<JsonError>) -> CollectionError {
    error.map(CollectionFault::Json)
}
