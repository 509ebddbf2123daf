//! How qBittorrent names torrents: by an id that is made of an info-hash, but is none.

use std::{fmt, str::FromStr};

use serde::Deserialize;

use crate::model::{InfoHash, InfoHashes};

/// A torrent's id in qBittorrent: the v1 info-hash, or the v2 info-hash cut to 20 bytes.
///
/// Only this type is ever sent as `hash` or `hashes`, so that neither an empty list nor `all`, which mean every torrent,
/// can get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct TorrentId([u8; 20]);

/// The hash that qBittorrent tells of a torrent, empty where it knows none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(from = "String")]
pub(super) struct ToldHash(Option<InfoHash>);

impl TorrentId {
    /// The id that a torrent has if `hash` is what qBittorrent makes ids of.
    pub(super) fn of(hash: &InfoHash) -> Self {
        Self(hash.truncated())
    }
}

impl FromStr for TorrentId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(InfoHash::V1(bytes)) => Ok(Self(bytes)),
            _ => Err(format!("`{}` is not a torrent's id", text.chars().take(80).collect::<String>())),
        }
    }
}

impl TryFrom<String> for TorrentId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for TorrentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        InfoHash::V1(self.0).fmt(f)
    }
}

impl From<String> for ToldHash {
    fn from(text: String) -> Self {
        Self(text.parse().ok())
    }
}

/// Joins what was told of both hashes; a hash told in the wrong place is put right.
pub(super) fn told_hashes(told: [Option<ToldHash>; 2]) -> InfoHashes {
    let mut hashes = InfoHashes::default();
    for hash in told.into_iter().flatten().filter_map(|told| told.0) {
        match hash {
            InfoHash::V1(v1) => hashes.v1 = Some(v1),
            InfoHash::V2(v2) => hashes.v2 = Some(v2),
        }
    }
    hashes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_forty_hexadecimal_digits_are_an_id() {
        let id = "0123456789abcdef0123456789ABCDEF01234567".parse::<TorrentId>().unwrap();
        assert_eq!(id.to_string(), "0123456789abcdef0123456789abcdef01234567");
        for text in ["", "all", "0123", &"00".repeat(32), &"zz".repeat(20)] {
            assert!(text.parse::<TorrentId>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_v2_torrent_has_the_beginning_of_its_hash_as_id() {
        let v2 = InfoHash::V2([7; 32]);
        assert_eq!(TorrentId::of(&v2).to_string(), "07".repeat(20));
        let told = |text: &str| Some(ToldHash::from(text.to_owned()));
        let hashes = told_hashes([told(""), told(&"07".repeat(32))]);
        assert_eq!(hashes, InfoHashes { v1: None, v2: Some([7; 32]) });
    }
}
