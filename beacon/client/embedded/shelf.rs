//! The directory in which the embedded client remembers its torrents: for each a record, and its .torrent once known.
//!
//! Every file is there whole or not at all, whenever the power goes. The .torrent is written before the record that
//! needs it, and removed after it.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::{EmbeddedError, record::Record};
use crate::{metainfo::METAINFO_BYTES_MAX, model::InfoHash};

/// The directory, and nothing held of what is in it.
#[derive(Debug, Clone)]
pub(super) struct Shelf {
    dir: PathBuf,
}

impl Shelf {
    /// Takes a directory, which is made where it is missing.
    pub(super) fn open(dir: PathBuf) -> Result<Self, EmbeddedError> {
        fs::create_dir_all(&dir).map_err(|reason| EmbeddedError::File { path: dir.clone(), reason })?;
        Ok(Self { dir })
    }

    /// Where everything is.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Every record that can be read. One that cannot is said and left where it is.
    pub(super) fn records(&self) -> Result<Vec<Record>, EmbeddedError> {
        let unusable = |reason| EmbeddedError::File { path: self.dir.clone(), reason };
        let mut records = Vec::new();
        for entry in fs::read_dir(&self.dir).map_err(unusable)? {
            let path = entry.map_err(unusable)?.path();
            if path.extension().is_none_or(|extension| extension != RECORD) {
                continue;
            }
            let bytes = fs::read(&path).map_err(|reason| EmbeddedError::File { path: path.clone(), reason })?;
            match serde_json::from_slice(&bytes) {
                Ok(record) => records.push(record),
                Err(error) => tracing::warn!("{} is passed over: {error}", path.display()),
            }
        }
        Ok(records)
    }

    /// Remembers a torrent, as it is now.
    pub(super) fn put(&self, record: &Record) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(record)?;
        write_whole(&self.path(&record.info_hash, RECORD), &text)
    }

    /// Keeps a .torrent.
    pub(super) fn put_metainfo(&self, hash: &InfoHash, bytes: &[u8]) -> io::Result<()> {
        write_whole(&self.path(hash, METAINFO), bytes)
    }

    /// The .torrent of a torrent; `None` where there is none.
    pub(super) fn metainfo(&self, hash: &InfoHash) -> io::Result<Option<Vec<u8>>> {
        let path = self.path(hash, METAINFO);
        match fs::metadata(&path) {
            Ok(found) if found.len() > METAINFO_BYTES_MAX as u64 => Err(io::ErrorKind::FileTooLarge.into()),
            Ok(_) => fs::read(&path).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Forgets a torrent.
    pub(super) fn remove(&self, hash: &InfoHash) -> io::Result<()> {
        for extension in [RECORD, METAINFO, PIECES] {
            match fs::remove_file(self.path(hash, extension)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        sync_dir(&self.dir)
    }

    /// Where the pieces that came since the last check are noted.
    pub(super) fn pieces(&self, hash: &InfoHash) -> PathBuf {
        self.path(hash, PIECES)
    }

    fn path(&self, hash: &InfoHash, extension: &str) -> PathBuf {
        self.dir.join(format!("{hash}.{extension}"))
    }
}

const RECORD: &str = "json";
const METAINFO: &str = "torrent";
const PIECES: &str = "pieces";

/// Writes a file so that after a power cut either `bytes` are there, or what was there before.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = path.with_added_extension("part");
    let mut file = File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, path)?;
    path.parent().map_or(Ok(()), sync_dir)
}

fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::{super::record::Wish, *};

    #[test]
    fn what_is_put_is_found_again_and_what_is_torn_is_passed_over() {
        let dir = tempfile::tempdir().expect("a directory");
        let shelf = Shelf::open(dir.path().join("torrents")).expect("opens");
        let record = Record {
            info_hash: InfoHash::V1([7; 20]),
            save_dir: "/data/letters".into(),
            ours: true,
            wish: Wish::Work,
            complete: false,
            begun: false,
            magnet: None,
        };
        shelf.put(&record).expect("written");
        shelf.put_metainfo(&record.info_hash, b"de").expect("written");
        fs::write(dir.path().join("torrents/ff.json"), b"{\"info_hash\":").expect("written");
        assert_eq!(shelf.records().expect("read"), std::slice::from_ref(&record));
        assert_eq!(shelf.metainfo(&record.info_hash).expect("read").as_deref(), Some(&b"de"[..]));
        shelf.remove(&record.info_hash).expect("removed");
        assert_eq!(shelf.records().expect("read"), []);
        assert_eq!(shelf.metainfo(&record.info_hash).expect("read"), None);
    }
}
