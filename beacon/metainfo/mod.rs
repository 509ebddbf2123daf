//! Floor 1: .torrent files and magnet links (BEP 3, 9, 47, 52).
//!
//! Everything here takes bytes from strangers: whatever they are, it answers with a value or with a named reason, in time
//! and memory that are bounded by their length.

mod bencode;
mod error;
mod files;
mod layers;
mod limits;
mod list;
mod magnet;
mod path;
mod percent;
mod torrent;
mod tree;
mod wrap;

#[cfg(test)]
mod bencoder;
#[cfg(test)]
mod tests;

pub use error::{BencodeError, MetainfoError, PathProblem};
pub use limits::{MAGNET_BYTES_MAX, METAINFO_BYTES_MAX, PIECE_LENGTH_MAX};
pub use magnet::{Magnet, MagnetError, PeerAddress};
pub use torrent::{Metainfo, MetainfoFile, Version};
pub use wrap::wrap_info;
