//! Magnet links (BEP 9; v2 as in BEP 52).

use std::{fmt, net::SocketAddr, str::FromStr};

use data_encoding::{BASE32, HEXLOWER, HEXLOWER_PERMISSIVE};
use thiserror::Error;

use super::{Metainfo, limits::MAGNET_BYTES_MAX, percent};
use crate::model::{DialAddress, InfoHash, InfoHashes};

/// What a magnet link says. Parameters that are not listed here are passed over, a selection of files (BEP 53) among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Magnet {
    /// Its info-hashes, one at least; a hybrid's link can tell both or only one.
    pub hashes: InfoHashes,
    /// What people call it (`dn`). Nothing proves that the torrent is called so.
    pub name: Option<String>,
    /// Bytes (`xl`). Nothing proves this either.
    pub size: Option<u64>,
    /// Tracker URLs (`tr`), each once, in the order in which they stand.
    pub trackers: Vec<String>,
    /// Peers to begin with (`x.pe`), each once, in the order in which they stand.
    pub peers: Vec<PeerAddress>,
}

/// Where a peer listens, as `host:port` or `[v6]:port`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerAddress {
    /// A host name or an IP address without brackets.
    pub host: String,
    /// The port, never 0.
    pub port: u16,
}

/// Why a text is not a magnet link that a beacon takes.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MagnetError {
    /// Longer than is looked at.
    #[error("the link has {0} bytes; {MAGNET_BYTES_MAX} are the most that is read")]
    TooLong(usize),
    /// It does not begin as magnet links do.
    #[error("a magnet link begins with `magnet:?`")]
    NotAMagnet,
    /// No info-hash in it.
    #[error("the link has no info-hash; `xt=urn:btih:` or `xt=urn:btmh:` is needed")]
    NoInfoHash,
    /// What stands where a v1 hash should.
    #[error("`{0}` is not a v1 info-hash (40 hexadecimal or 32 base32 digits)")]
    BadV1(String),
    /// What stands where a v2 hash should.
    #[error("`{0}` is not a v2 info-hash (`1220` and 64 hexadecimal digits)")]
    BadV2(String),
    /// Two different hashes of one kind: two torrents.
    #[error("the link has two different info-hashes of one kind; write one link for each torrent")]
    TwoTorrents,
    /// What stands where a size should.
    #[error("`xl={0}` is not a number of bytes")]
    BadSize(String),
    /// What stands where a peer's address should.
    #[error("`x.pe={0}` is not an address like 198.51.100.7:6881 or [2001:db8::7]:6881")]
    BadPeer(String),
}

impl Magnet {
    /// Reads a magnet link. Parameters can be numbered (`tr.1`), and separated by `&amp;` as in a page's source.
    pub fn parse(text: &str) -> Result<Self, MagnetError> {
        let text = text.trim();
        if text.len() > MAGNET_BYTES_MAX {
            return Err(MagnetError::TooLong(text.len()));
        }
        let query = match text.split_at_checked(PREFIX.len()) {
            Some((prefix, query)) if prefix.eq_ignore_ascii_case(PREFIX) => query,
            _ => return Err(MagnetError::NotAMagnet),
        };
        let mut magnet =
            Self { hashes: InfoHashes::default(), name: None, size: None, trackers: Vec::new(), peers: Vec::new() };
        for (key, value) in query.split('&').filter_map(|parameter| parameter.split_once('=')) {
            magnet.take(key.strip_prefix("amp;").unwrap_or(key), value)?;
        }
        magnet.hashes.canonical().map(|_| magnet).ok_or(MagnetError::NoInfoHash)
    }

    /// The hash by which beacons know the torrent, as far as the link tells: of a hybrid it can name only the v2 hash, and
    /// the metainfo then tells the canonical one.
    pub fn info_hash(&self) -> InfoHash {
        // There is always one of the two.
        let InfoHashes { v1, v2 } = self.hashes;
        v1.map_or_else(|| InfoHash::V2(v2.unwrap_or_default()), InfoHash::V1)
    }

    fn take(&mut self, key: &str, value: &str) -> Result<(), MagnetError> {
        let key = key.to_ascii_lowercase();
        let unnumbered = key.split_once('.').filter(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()));
        match unnumbered.map_or(&key[..], |(key, _)| key) {
            "xt" => self.take_topic(&percent::decode(value, false))?,
            "dn" => {
                self.name.get_or_insert_with(|| percent::decode(value, true));
            }
            "xl" => self.size = Some(value.parse().ok().ok_or_else(|| MagnetError::BadSize(cut(value)))?),
            "tr" => push_new(&mut self.trackers, percent::decode(value, false).trim().to_owned(), String::is_empty),
            "x.pe" => push_new(&mut self.peers, percent::decode(value, false).parse()?, |_| false),
            _ => {}
        }
        Ok(())
    }

    fn take_topic(&mut self, topic: &str) -> Result<(), MagnetError> {
        let after = |prefix: &str| {
            let (start, rest) = topic.split_at_checked(prefix.len())?;
            start.eq_ignore_ascii_case(prefix).then_some(rest)
        };
        if let Some(hash) = after("urn:btih:") {
            keep_same(&mut self.hashes.v1, read_v1(hash).ok_or_else(|| MagnetError::BadV1(cut(hash)))?)
        } else if let Some(hash) = after("urn:btmh:") {
            keep_same(&mut self.hashes.v2, read_v2(hash).ok_or_else(|| MagnetError::BadV2(cut(hash)))?)
        } else {
            // Links for several networks name the file in each.
            Ok(())
        }
    }
}

impl From<&Metainfo> for Magnet {
    /// The link to a torrent that is known, without peers.
    fn from(metainfo: &Metainfo) -> Self {
        Self {
            hashes: metainfo.hashes,
            name: Some(metainfo.name.clone()),
            size: Some(metainfo.size),
            trackers: metainfo.trackers.clone(),
            peers: Vec::new(),
        }
    }
}

impl FromStr for Magnet {
    type Err = MagnetError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Magnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("magnet:?")?;
        for (at, hash) in self.hashes.iter().enumerate() {
            let separator = if at == 0 { "" } else { "&" };
            match hash {
                InfoHash::V1(_) => write!(f, "{separator}xt=urn:btih:{hash}")?,
                InfoHash::V2(_) => {
                    write!(f, "{separator}xt=urn:btmh:{}{hash}", HEXLOWER.encode(&SHA2_256))?;
                }
            }
        }
        if let Some(name) = &self.name {
            f.write_str("&dn=")?;
            percent::encode(name, f)?;
        }
        if let Some(size) = self.size {
            write!(f, "&xl={size}")?;
        }
        for tracker in &self.trackers {
            f.write_str("&tr=")?;
            percent::encode(tracker, f)?;
        }
        self.peers.iter().try_for_each(|peer| write!(f, "&x.pe={peer}"))
    }
}

impl FromStr for PeerAddress {
    type Err = MagnetError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(DialAddress { id: None, host, port }) => Ok(Self { host, port }),
            _ => Err(MagnetError::BadPeer(cut(text))),
        }
    }
}

impl From<SocketAddr> for PeerAddress {
    fn from(address: SocketAddr) -> Self {
        Self { host: address.ip().to_canonical().to_string(), port: address.port() }
    }
}

impl fmt::Display for PeerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

const PREFIX: &str = "magnet:?";

/// The multihash code and length of SHA-256.
const SHA2_256: [u8; 2] = [0x12, 0x20];

fn read_v1(hash: &str) -> Option<[u8; 20]> {
    let bytes = match hash.len() {
        32 => BASE32.decode(hash.to_ascii_uppercase().as_bytes()),
        _ => HEXLOWER_PERMISSIVE.decode(hash.as_bytes()),
    };
    bytes.ok()?.try_into().ok()
}

fn read_v2(multihash: &str) -> Option<[u8; 32]> {
    let bytes = HEXLOWER_PERMISSIVE.decode(multihash.as_bytes()).ok()?;
    bytes.strip_prefix(&SHA2_256)?.try_into().ok()
}

fn keep_same<const N: usize>(known: &mut Option<[u8; N]>, hash: [u8; N]) -> Result<(), MagnetError> {
    match known.replace(hash) {
        Some(other) if other != hash => Err(MagnetError::TwoTorrents),
        _ => Ok(()),
    }
}

fn push_new<T: PartialEq>(list: &mut Vec<T>, item: T, is_nothing: impl Fn(&T) -> bool) {
    if !is_nothing(&item) && !list.contains(&item) {
        list.push(item);
    }
}

/// As much of what was written as an error shows.
fn cut(text: &str) -> String {
    text.chars().take(100).collect()
}
