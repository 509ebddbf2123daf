//! Why no torrent can be made of something.

use thiserror::Error;

use super::{MetainfoError, limits::METAINFO_BYTES_MAX};

/// Why no torrent can be made of something.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DraftError {
    /// Nobody would take the torrent.
    #[error("no client would take a torrent of this: {0}")]
    Refused(#[from] MetainfoError),
    /// A .torrent beyond the size that clients take.
    #[error(
        "the .torrent would be larger than {METAINFO_BYTES_MAX} bytes, which clients refuse; with pieces of {piece_length} bytes there are {pieces}: choose longer pieces, or make several torrents"
    )]
    TooLarge {
        /// How many pieces there are.
        pieces: u64,
        /// Bytes of each.
        piece_length: u64,
    },
    /// Directories within each other, too deep.
    #[error("`{path}` lies deeper than {max} directories, which clients may refuse")]
    TooDeep {
        /// The path.
        path: String,
        /// The most that is taken.
        max: usize,
    },
    /// Not the URL of a tracker.
    #[error("`{0}` is not the URL of a tracker; it begins with http://, https://, udp://, ws:// or wss://")]
    Tracker(String),
    /// What was written reads as something else: hashes are missing, a path is there twice, or, in v2, a directory holds
    /// nothing but a file of its own name, which readers cannot tell from that file alone (BEP 52).
    #[error(
        "the .torrent would be read as something else; does the directory hold only a file of its own name? add a file, or make a v1 torrent"
    )]
    ReadDifferently,
}
