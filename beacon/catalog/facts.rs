//! What a collection needs to know of a torrent.

use crate::{
    metainfo::{Magnet, MagnetError, Metainfo, MetainfoError},
    model::{CatalogTorrent, InfoHash, InfoHashes, readable},
};

/// What a collection needs to know of a torrent, whether a .torrent file or a magnet link tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TorrentFacts {
    /// The canonical info-hash.
    pub info_hash: InfoHash,
    /// Every info-hash that is told.
    pub hashes: InfoHashes,
    /// What people call it, where that is told; fit to be shown.
    pub name: Option<String>,
    /// Bytes of all files, where that is told.
    pub size: Option<u64>,
}

impl TorrentFacts {
    /// Reads the bytes of a .torrent file.
    pub fn of_file(bytes: &[u8]) -> Result<Self, MetainfoError> {
        let metainfo = Metainfo::read(bytes)?;
        Ok(Self {
            info_hash: metainfo.info_hash(),
            hashes: metainfo.hashes,
            name: Some(readable(&metainfo.name)),
            size: Some(metainfo.size),
        })
    }

    /// Reads a magnet link.
    pub fn of_magnet(link: &str) -> Result<Self, MagnetError> {
        let magnet = Magnet::parse(link)?;
        let info_hash = magnet.hashes.canonical().ok_or(MagnetError::NoInfoHash)?;
        let name = magnet.name.as_deref().map(readable);
        Ok(Self { info_hash, hashes: magnet.hashes, name, size: magnet.size })
    }
}

impl From<&CatalogTorrent> for TorrentFacts {
    /// What was known of a torrent when it was taken into a catalog.
    fn from(torrent: &CatalogTorrent) -> Self {
        Self { info_hash: torrent.info_hash, hashes: torrent.hashes, name: torrent.name.clone(), size: torrent.size }
    }
}
