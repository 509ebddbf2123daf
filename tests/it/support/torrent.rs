//! Torrents made here (BEP 3 and BEP 52), with their data.

use std::{fs, path::Path};

use data_encoding::HEXLOWER;
use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::data::Dice;

const PIECE_BYTES: usize = 16 << 10;

/// A torrent with everything that is in it.
#[derive(Debug, Clone)]
pub(crate) struct TestTorrent {
    pub(crate) name: String,
    /// By which beacons know it: 40 hexadecimal digits, or 64 where there is no v1 hash.
    pub(crate) info_hash: String,
    /// 64 hexadecimal digits, of a v2 torrent or a hybrid.
    pub(crate) v2_hash: Option<String>,
    /// The .torrent file.
    pub(crate) metainfo: Vec<u8>,
    /// Path parts below the directory that the torrent is saved in, and content.
    files: Vec<(Vec<String>, Vec<u8>)>,
}

impl TestTorrent {
    /// A torrent of one file.
    pub(crate) fn single(name: &str, bytes: usize, seed: u64) -> Self {
        let content = Dice::new(seed).bytes(bytes);
        let info = [b"d6:lengthi".to_vec(), bytes.to_string().into(), b"e".to_vec(), common(name, &content)].concat();
        Self::new(name, &info, vec![(vec![name.to_owned()], content)])
    }

    /// A torrent of several files; `parts` are paths with `/` below its folder, and sizes in bytes.
    pub(crate) fn folder(name: &str, parts: &[(&str, usize)], seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut list = Vec::new();
        let mut files = Vec::new();
        for (path, bytes) in parts {
            list.extend(format!("d6:lengthi{bytes}e4:pathl").into_bytes());
            path.split('/').for_each(|part| list.extend(string(part.as_bytes())));
            list.extend(b"ee");
            let below = path.split('/').map(str::to_owned);
            files.push((std::iter::once(name.to_owned()).chain(below).collect(), dice.bytes(*bytes)));
        }
        let all: Vec<u8> = files.iter().flat_map(|(_, content)| content.clone()).collect();
        let info = [b"d5:filesl".to_vec(), list, b"e".to_vec(), common(name, &all)].concat();
        Self::new(name, &info, files)
    }

    /// A v2 torrent of one file, of at most a piece: the hash of its only block is the root of its tree.
    pub(crate) fn v2(name: &str, bytes: usize, seed: u64) -> Self {
        let content = Dice::new(seed).bytes(bytes);
        let info = [b"d".to_vec(), file_tree(name, &content), version_2(name), b"e".to_vec()].concat();
        Self::of_version_2(name, &info, content, false)
    }

    /// A torrent of one file, of at most a piece, for clients that speak v1, v2 or both.
    pub(crate) fn hybrid(name: &str, bytes: usize, seed: u64) -> Self {
        let content = Dice::new(seed).bytes(bytes);
        let length = format!("6:lengthi{bytes}e").into_bytes();
        let pieces = [b"6:pieces".to_vec(), string(&Sha1::digest(&content)), b"e".to_vec()].concat();
        let info = [b"d".to_vec(), file_tree(name, &content), length, version_2(name), pieces].concat();
        Self::of_version_2(name, &info, content, true)
    }

    fn of_version_2(name: &str, info: &[u8], content: Vec<u8>, has_v1: bool) -> Self {
        let hash = HEXLOWER.encode(&Sha256::digest(info));
        let metainfo = [b"d4:info", info, b"12:piece layersdee"].concat();
        let torrent = Self::new(name, info, vec![(vec![name.to_owned()], content)]);
        let info_hash = if has_v1 { torrent.info_hash } else { hash.clone() };
        Self { info_hash, v2_hash: Some(hash), metainfo, ..torrent }
    }

    fn new(name: &str, info: &[u8], files: Vec<(Vec<String>, Vec<u8>)>) -> Self {
        let info_hash = HEXLOWER.encode(&Sha1::digest(info));
        let metainfo = [b"d4:info", info, b"e"].concat();
        Self { name: name.to_owned(), info_hash, v2_hash: None, metainfo, files }
    }

    /// The same torrent with a tracker in its .torrent file.
    pub(crate) fn with_tracker(mut self, url: &str) -> Self {
        let rest = self.metainfo.strip_prefix(b"d").expect("a dictionary");
        self.metainfo = [b"d8:announce", string(url.as_bytes()).as_slice(), rest].concat();
        self
    }

    /// All files, one after the other.
    pub(crate) fn content(&self) -> Vec<u8> {
        self.files.iter().flat_map(|(_, content)| content.clone()).collect()
    }

    /// Bytes of all files.
    pub(crate) fn size(&self) -> usize {
        self.files.iter().map(|(_, content)| content.len()).sum()
    }

    /// What its .torrent file is called in the tests' collections.
    pub(crate) fn file_name(&self) -> String {
        format!("{}-{}.torrent", self.name, &self.info_hash[..8])
    }

    /// Puts the data where a client with this save directory expects it.
    pub(crate) fn write_data(&self, save_dir: &Path) {
        for (parts, content) in &self.files {
            let path = parts.iter().fold(save_dir.to_owned(), |path, part| path.join(part));
            fs::create_dir_all(path.parent().expect("below save_dir")).expect("a directory");
            fs::write(path, content).expect("a data file");
        }
    }

    /// Whether every byte is there as it was made.
    pub(crate) fn has_data(&self, save_dir: &Path) -> bool {
        let path = |parts: &[String]| parts.iter().fold(save_dir.to_owned(), |path, part| path.join(part));
        self.files.iter().all(|(parts, content)| fs::read(path(parts)).is_ok_and(|found| found == *content))
    }

    /// Fails unless every byte is as it was made.
    pub(crate) fn assert_data(&self, save_dir: &Path) {
        for (parts, content) in &self.files {
            let path = parts.iter().fold(save_dir.to_owned(), |path, part| path.join(part));
            let found = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert!(found == *content, "{} is not byte for byte what was shared", path.display());
        }
    }
}

/// The tree (BEP 52) of a torrent of one file, of at most a piece.
fn file_tree(name: &str, content: &[u8]) -> Vec<u8> {
    assert!(content.len() <= PIECE_BYTES, "larger files need the layers of their tree");
    let file = format!("d0:d6:lengthi{}e11:pieces root", content.len()).into_bytes();
    [b"9:file treed".to_vec(), string(name.as_bytes()), file, string(&Sha256::digest(content)), b"eee".to_vec()]
        .concat()
}

fn version_2(name: &str) -> Vec<u8> {
    let name = string(name.as_bytes());
    [b"12:meta versioni2e4:name", name.as_slice(), format!("12:piece lengthi{PIECE_BYTES}e").as_bytes()].concat()
}

/// The keys that both kinds of torrent end with, and the end of the dictionary.
fn common(name: &str, content: &[u8]) -> Vec<u8> {
    let pieces: Vec<u8> = content.chunks(PIECE_BYTES).flat_map(Sha1::digest).collect();
    let head = [b"4:name".to_vec(), string(name.as_bytes()), format!("12:piece lengthi{PIECE_BYTES}e6:pieces").into()];
    [head.concat(), string(&pieces), b"e".to_vec()].concat()
}

fn string(bytes: &[u8]) -> Vec<u8> {
    [format!("{}:", bytes.len()).as_bytes(), bytes].concat()
}
