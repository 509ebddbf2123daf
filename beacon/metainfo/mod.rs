//! Floor 1: .torrent files, read and made, and magnet links (BEP 3, 9, 47, 52).
//!
//! Everything that reads here takes bytes from strangers: whatever they are, it answers with a value or with a named reason, in time
//! and memory that are bounded by their length.

mod bencode;
mod bencoder;
mod draft;
mod draft_error;
mod draft_info;
mod error;
mod files;
mod layers;
mod layout;
mod limits;
mod list;
mod magnet;
mod path;
mod percent;
mod piece_hasher;
mod piece_length;
mod torrent;
mod tree;
mod wrap;

#[cfg(test)]
mod tests;

pub use draft::{Draft, DraftContent, DraftFile, NewTorrent};
pub use draft_error::DraftError;
pub use error::{BencodeError, MetainfoError, PathProblem};
pub use layout::{Layout, Segment};
pub use limits::{DRAFT_DEPTH_MAX, MAGNET_BYTES_MAX, METAINFO_BYTES_MAX, PIECE_LENGTH_MAX};
pub use magnet::{Magnet, MagnetError, PeerAddress};
pub use piece_hasher::{PieceHasher, PieceHashes};
pub use torrent::{Metainfo, MetainfoFile, Version};
pub use wrap::wrap_info;
