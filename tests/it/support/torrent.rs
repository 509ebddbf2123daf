//! Torrents made here (BEP 3, v1), with their data.

use std::{fs, path::Path};

use data_encoding::HEXLOWER;
use sha1::{Digest, Sha1};

use super::data::Dice;

const PIECE_BYTES: usize = 16 << 10;

/// A torrent with everything that is in it.
#[derive(Debug, Clone)]
pub(crate) struct TestTorrent {
    pub(crate) name: String,
    /// 40 hexadecimal digits.
    pub(crate) info_hash: String,
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

    fn new(name: &str, info: &[u8], files: Vec<(Vec<String>, Vec<u8>)>) -> Self {
        let info_hash = HEXLOWER.encode(&Sha1::digest(info));
        let metainfo = [b"d4:info", info, b"e"].concat();
        Self { name: name.to_owned(), info_hash, metainfo, files }
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

    /// Fails unless every byte is as it was made.
    pub(crate) fn assert_data(&self, save_dir: &Path) {
        for (parts, content) in &self.files {
            let path = parts.iter().fold(save_dir.to_owned(), |path, part| path.join(part));
            let found = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert!(found == *content, "{} is not byte for byte what was shared", path.display());
        }
    }
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
