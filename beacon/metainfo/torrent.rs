//! A torrent as its metainfo tells it.

use std::ops::Range;

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::{
    MetainfoError,
    bencode::{Bencode, Value},
    files::{Files, RawFile},
    layers,
    limits::{BLOCK_LENGTH, PIECE_LENGTH_MAX, URLS_MAX, URLS_READ_MAX},
    list,
    path::{push_part, shown},
    tree,
};
use crate::model::{InfoHash, InfoHashes};

/// What a .torrent file, or a bare `info` dictionary, says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metainfo {
    /// Every info-hash, over the raw bytes of `info`.
    pub hashes: InfoHashes,
    /// Which versions of the protocol it is for.
    pub version: Version,
    /// The name, for people; bytes that are no UTF-8 are replaced. Also the first part of every path.
    pub name: String,
    /// Bytes of all files without padding, more than none. Clients that count padding as data show more for hybrids.
    pub size: u64,
    /// Bytes of every piece but the last.
    pub piece_length: u64,
    /// Whether only its own trackers may tell of peers (BEP 27).
    pub private: bool,
    /// In the order in which they stand, padding included.
    pub files: Vec<MetainfoFile>,
    /// Tracker URLs, each once, in the order in which they stand; at most a hundred.
    pub trackers: Vec<String>,
    /// Web seed URLs (BEP 19), each once; at most a hundred.
    pub web_seeds: Vec<String>,
    /// Where the raw `info` lies in the bytes that were read.
    pub info: Range<usize>,
    /// Whether the piece hashes of all v2 files were there and right. Always so for v1; not for metainfo that came through
    /// a magnet, to which clients fetch them from each other.
    pub has_piece_layers: bool,
}

/// Which versions of the BitTorrent protocol a torrent is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// BEP 3 only.
    V1,
    /// BEP 52 only.
    V2,
    /// Both, with the same files.
    Hybrid,
}

/// One file of a torrent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetainfoFile {
    /// Its path below the directory that torrents are saved to, `/` between the parts, of which the first is the torrent's
    /// name. Checked to stay within that directory on any system; bytes that are no UTF-8 are replaced.
    pub path: String,
    /// Its bytes.
    pub length: u64,
    /// Whether it only fills a piece and is never written to disk (BEP 47).
    pub padding: bool,
    /// The path, below the torrent's own directory, that a symbolic link points to (BEP 47).
    pub symlink: Option<String>,
}

impl Metainfo {
    /// Reads a .torrent file.
    ///
    /// `piece layers` are checked where they are there. A file without any is read too, as clients do, since that is what
    /// [`wrap_info`](super::wrap_info) makes; [`Metainfo::has_piece_layers`] tells.
    pub fn read(bytes: &[u8]) -> Result<Self, MetainfoError> {
        let bencode = Bencode::read(bytes)?;
        let root = bencode.root();
        if root.dictionary().is_none() {
            return Err(MetainfoError::WrongType { key: "the .torrent file", expected: "a dictionary" });
        }
        let info = root.find(b"info").ok_or(MetainfoError::Missing("info"))?;
        let mut metainfo = Self::read_info(info, root.find(b"piece layers"))?;
        metainfo.trackers = urls(root.find(b"announce").into_iter().chain(tiers(root)));
        metainfo.web_seeds = urls(root.find(b"url-list").into_iter().flat_map(one_or_many));
        Ok(metainfo)
    }

    /// Reads a bare `info` dictionary, as beacons and peers exchange it (BEP 9).
    pub fn from_info(bytes: &[u8]) -> Result<Self, MetainfoError> {
        Self::read_info(Bencode::read(bytes)?.root(), None)
    }

    /// The hash by which beacons know the torrent.
    pub fn info_hash(&self) -> InfoHash {
        // There is always one of the two, whichever the version.
        let InfoHashes { v1, v2 } = self.hashes;
        v1.map_or_else(|| InfoHash::V2(v2.unwrap_or_default()), InfoHash::V1)
    }

    /// How many pieces its data has.
    pub fn pieces(&self) -> u64 {
        let lengths = self.files.iter().map(|file| file.length);
        match self.version {
            Version::V1 | Version::Hybrid => lengths.sum::<u64>().div_ceil(self.piece_length),
            Version::V2 => lengths.map(|length| length.div_ceil(self.piece_length)).sum(),
        }
    }

    fn read_info(info: Value<'_>, piece_layers: Option<Value<'_>>) -> Result<Self, MetainfoError> {
        let version = read_version(info)?;
        let name = read_name(info)?;
        let piece_length = read_piece_length(info, version)?;
        let listed = if version == Version::V2 { Files::default() } else { list::read_files(info, name)? };
        let grown = if version == Version::V1 { Files::default() } else { tree::read_files(info, name)? };
        listed.refuse_collisions()?;
        grown.refuse_collisions()?;
        if version != Version::V2 {
            list::check_pieces(info, listed.total(), piece_length)?;
        }
        if version == Version::Hybrid {
            compare_halves(&listed, &grown, piece_length)?;
        }
        if let Some(layers) = piece_layers {
            layers::check(layers, &grown, piece_length)?;
        }
        let has_piece_layers = piece_layers.is_some() || grown.iter().all(|file| file.length <= piece_length);
        let files = if version == Version::V2 { grown } else { listed };
        let size = files.without_padding().map(|file| file.length).sum();
        if size == 0 {
            return Err(MetainfoError::NoData);
        }

        let raw = info.raw();
        let hashes = InfoHashes {
            v1: (version != Version::V2).then(|| Sha1::digest(raw).into()),
            v2: (version != Version::V1).then(|| Sha256::digest(raw).into()),
        };
        Ok(Self {
            hashes,
            version,
            name: text(name),
            size,
            piece_length,
            private: info.find(b"private").and_then(Value::integer).is_some_and(|private| private != 0),
            files: files.iter().map(MetainfoFile::from).collect(),
            trackers: Vec::new(),
            web_seeds: Vec::new(),
            info: info.range(),
            has_piece_layers,
        })
    }
}

impl From<&RawFile> for MetainfoFile {
    fn from(file: &RawFile) -> Self {
        Self {
            path: text(&file.path),
            length: file.length,
            padding: file.padding,
            symlink: file.symlink.as_deref().map(text),
        }
    }
}

fn read_version(info: Value<'_>) -> Result<Version, MetainfoError> {
    if info.dictionary().is_none() {
        return Err(MetainfoError::WrongType { key: "info", expected: "a dictionary" });
    }
    let Some(version) = info.find(b"meta version") else { return Ok(Version::V1) };
    let is_v1_too = [&b"pieces"[..], b"files", b"length"].iter().any(|key| info.find(key).is_some());
    match version.integer_digits() {
        None => Err(MetainfoError::WrongType { key: "meta version", expected: "a number" }),
        Some("1") => Ok(Version::V1),
        Some("2") if is_v1_too => Ok(Version::Hybrid),
        Some("2") => Ok(Version::V2),
        Some(other) => Err(MetainfoError::UnknownVersion(other.chars().take(20).collect())),
    }
}

fn read_name(info: Value<'_>) -> Result<&[u8], MetainfoError> {
    let mut chosen = Err(MetainfoError::Missing("name"));
    for key in ["name", "name.utf-8"] {
        let Some(name) = info.find(key.as_bytes()) else { continue };
        let name = name.string().ok_or(MetainfoError::WrongType { key, expected: "a string" })?;
        push_part(&mut Vec::new(), name)?;
        chosen = Ok(name);
    }
    chosen
}

fn read_piece_length(info: Value<'_>, version: Version) -> Result<u64, MetainfoError> {
    let length = info.find(b"piece length").ok_or(MetainfoError::Missing("piece length"))?;
    let digits = length.integer_digits();
    let digits = digits.ok_or(MetainfoError::WrongType { key: "piece length", expected: "a number" })?;
    let length = digits.parse().ok().filter(|length| (1..=PIECE_LENGTH_MAX).contains(length));
    let length = length.ok_or_else(|| MetainfoError::PieceLength(digits.chars().take(20).collect()))?;
    let allowed = version == Version::V1 || (length.is_power_of_two() && length >= BLOCK_LENGTH);
    if allowed { Ok(length) } else { Err(MetainfoError::PieceLengthV2(length)) }
}

/// A hybrid's halves must be of the same files in the same order, each of them beginning at a piece.
fn compare_halves(listed: &Files, grown: &Files, piece_length: u64) -> Result<(), MetainfoError> {
    let mut grown = grown.without_padding();
    let mut offset = 0;
    for file in listed.iter() {
        if !file.padding {
            let same = grown.next().is_some_and(|other| {
                (&other.path, other.length, &other.symlink) == (&file.path, file.length, &file.symlink)
            });
            if !same {
                return Err(MetainfoError::HybridMismatch(shown(&file.path)));
            }
            if file.length > 0 && !u64::is_multiple_of(offset, piece_length) {
                return Err(MetainfoError::HybridUnaligned(shown(&file.path)));
            }
        }
        offset += file.length;
    }
    grown.next().map_or(Ok(()), |file| Err(MetainfoError::HybridMismatch(shown(&file.path))))
}

/// The URLs of all tiers of `announce-list` (BEP 12).
fn tiers(root: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    let tiers = root.find(b"announce-list").and_then(Value::list);
    tiers.into_iter().flatten().filter_map(Value::list).flatten()
}

/// Some keys have a string for one and a list for several.
fn one_or_many(value: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    let one = value.string().map(|_| value);
    one.into_iter().chain(value.list().into_iter().flatten())
}

/// The first URLs, each once. What stands outside `info` is not under the hash: what is odd there is left out.
fn urls<'a>(values: impl Iterator<Item = Value<'a>>) -> Vec<String> {
    let mut urls: Vec<String> = Vec::new();
    for url in values.take(URLS_READ_MAX).filter_map(|value| str::from_utf8(value.string()?).ok()) {
        let url = url.trim();
        if urls.len() < URLS_MAX && !url.is_empty() && !urls.iter().any(|own| own == url) {
            urls.push(url.to_owned());
        }
    }
    urls
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
