//! What the collection files of this beacon say, resolved to info-hashes.

use std::path::PathBuf;

use super::{CollectionId, InfoHash, InfoHashes, Redundancy};

/// All collections this beacon takes part in, ordered by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalog {
    /// At most one entry for an id, ordered by it.
    pub collections: Vec<CatalogCollection>,
}

/// One collection with its torrents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogCollection {
    /// The id that all beacons with this collection share.
    pub id: CollectionId,
    /// The name people gave it.
    pub name: String,
    /// What holds for torrents that do not say otherwise.
    pub redundancy: Redundancy,
    /// Ordered by canonical info-hash, each once.
    pub torrents: Vec<CatalogTorrent>,
}

/// One torrent of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogTorrent {
    /// The canonical info-hash: how beacons know it.
    pub info_hash: InfoHash,
    /// All its info-hashes that are known, the canonical one among them.
    pub hashes: InfoHashes,
    /// What people call it; `None` where a magnet tells no name.
    pub name: Option<String>,
    /// Bytes of all its files; `None` until its metainfo is known.
    pub size: Option<u64>,
    /// The copies wanted.
    pub redundancy: Redundancy,
    /// Larger is fetched earlier among torrents with equally few copies; 0 where the file says nothing.
    pub priority: i32,
    /// Where its metainfo comes from.
    pub source: Source,
}

/// Where a torrent's metainfo comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A .torrent file on this machine.
    File(PathBuf),
    /// A magnet link, exactly as written.
    Magnet(String),
}
