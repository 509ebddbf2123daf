//! Info-hashes: what a torrent is called (BEP 3, BEP 52).

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::hex;

/// One info-hash of a torrent: the SHA-1 (v1, BEP 3) or the SHA-256 (v2, BEP 52) of its raw `info` dictionary.
///
/// A torrent is known to beacons by its *canonical* info-hash: the v1 hash where there is one (v1 and hybrid torrents),
/// else the v2 hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InfoHash {
    /// SHA-1, 40 hexadecimal digits.
    V1([u8; 20]),
    /// SHA-256, 64 hexadecimal digits.
    V2([u8; 32]),
}

/// A text that should have been an info-hash and is not.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not an info-hash (40 hexadecimal digits for v1, 64 for v2)")]
pub struct ParseInfoHashError(String);

impl InfoHash {
    /// The raw bytes: 20 for v1, 32 for v2.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::V1(bytes) => bytes,
            Self::V2(bytes) => bytes,
        }
    }

    /// The first 20 bytes, as they appear in handshakes and in qBittorrent's torrent ids.
    pub fn truncated(&self) -> [u8; 20] {
        match self {
            Self::V1(bytes) => *bytes,
            Self::V2(bytes) => {
                let mut short = [0; 20];
                short.copy_from_slice(&bytes[..20]);
                short
            }
        }
    }
}

impl fmt::Display for InfoHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(self.as_bytes(), f)
    }
}

impl fmt::Debug for InfoHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InfoHash({self})")
    }
}

impl FromStr for InfoHash {
    type Err = ParseInfoHashError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        hex::read(text)
            .map(Self::V1)
            .or_else(|| hex::read(text).map(Self::V2))
            .ok_or_else(|| ParseInfoHashError(text.to_owned()))
    }
}

/// All info-hashes known of one torrent. A hybrid torrent has both, of which a magnet may tell only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct InfoHashes {
    /// The v1 hash, where known.
    pub v1: Option<[u8; 20]>,
    /// The v2 hash, where known.
    pub v2: Option<[u8; 32]>,
}

impl InfoHashes {
    /// The hash by which beacons know the torrent: v1 where there is one, else v2; `None` where neither is known.
    pub fn canonical(&self) -> Option<InfoHash> {
        self.v1.map(InfoHash::V1).or(self.v2.map(InfoHash::V2))
    }

    /// Every hash that is known.
    pub fn iter(&self) -> impl Iterator<Item = InfoHash> + use<> {
        self.v1.map(InfoHash::V1).into_iter().chain(self.v2.map(InfoHash::V2))
    }

    /// Whether `hash` is one of these.
    pub fn contains(&self, hash: &InfoHash) -> bool {
        self.iter().any(|own| own == *hash)
    }
}

impl From<InfoHash> for InfoHashes {
    fn from(hash: InfoHash) -> Self {
        match hash {
            InfoHash::V1(v1) => Self { v1: Some(v1), v2: None },
            InfoHash::V2(v2) => Self { v1: None, v2: Some(v2) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_tells_the_version() {
        assert_eq!("00".repeat(20).parse(), Ok(InfoHash::V1([0; 20])));
        assert_eq!("ff".repeat(32).parse(), Ok(InfoHash::V2([0xff; 32])));
        assert!("00".repeat(21).parse::<InfoHash>().is_err());
    }

    #[test]
    fn a_hybrid_is_known_by_its_v1_hash() {
        let both = InfoHashes { v1: Some([1; 20]), v2: Some([2; 32]) };
        assert_eq!(both.canonical(), Some(InfoHash::V1([1; 20])));
        assert_eq!(both.iter().count(), 2);
        assert!(both.contains(&InfoHash::V2([2; 32])));
        assert_eq!(InfoHashes::default().canonical(), None);
    }
}
