//! The .torrent files of torrents, as they came: a magnet needs its metainfo only once.

use std::{
    fs::File,
    io::{self, Read},
    path::PathBuf,
};

use super::{
    Store, StoreError,
    files::{file_error, make_dir, remove, write_atomically},
};
use crate::{metainfo::METAINFO_BYTES_MAX, model::InfoHash};

impl Store {
    /// Keeps the .torrent file of a torrent. After a power cut it is there whole or not at all.
    pub fn put_metainfo(&mut self, info_hash: &InfoHash, bytes: &[u8]) -> Result<(), StoreError> {
        if bytes.len() > METAINFO_BYTES_MAX {
            return Err(too_large(bytes.len()));
        }
        make_dir(&self.dir.join(DIR))?;
        write_atomically(&self.metainfo_path(info_hash), bytes)
    }

    /// The .torrent file that is kept of a torrent. Whether it is what its name says is for the caller to check: anybody
    /// could have changed it.
    pub fn metainfo(&self, info_hash: &InfoHash) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.metainfo_path(info_hash);
        let file = match File::open(&path) {
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(|source| file_error(&path, source))?,
        };
        let mut bytes = Vec::new();
        let limit = METAINFO_BYTES_MAX as u64 + 1;
        file.take(limit).read_to_end(&mut bytes).map_err(|source| file_error(&path, source))?;
        if bytes.len() > METAINFO_BYTES_MAX { Err(too_large(bytes.len())) } else { Ok(Some(bytes)) }
    }

    /// Drops the .torrent file of a torrent; nothing where there is none.
    pub fn remove_metainfo(&mut self, info_hash: &InfoHash) -> Result<(), StoreError> {
        remove(&self.metainfo_path(info_hash))
    }

    fn metainfo_path(&self, info_hash: &InfoHash) -> PathBuf {
        self.dir.join(DIR).join(format!("{info_hash}.torrent"))
    }
}

const DIR: &str = "metainfo";

fn too_large(length: usize) -> StoreError {
    StoreError::MetainfoTooLarge { length: length as u64, limit: METAINFO_BYTES_MAX }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metainfo_is_kept_by_its_hash() {
        let dir = tempfile::tempdir().expect("a directory");
        let (v1, v2) = (InfoHash::V1([1; 20]), InfoHash::V2([1; 32]));
        let mut store = Store::open(dir.path()).expect("opens");
        assert_eq!(store.metainfo(&v1).expect("read"), None);
        store.put_metainfo(&v1, b"de").expect("put");
        store.put_metainfo(&v1, b"d1:ai1ee").expect("put again");
        drop(store);
        let mut store = Store::open(dir.path()).expect("opens again");
        assert_eq!(store.metainfo(&v1).expect("read").as_deref(), Some(&b"d1:ai1ee"[..]));
        assert_eq!(store.metainfo(&v2).expect("read"), None);
        let names: Vec<_> = std::fs::read_dir(dir.path().join("metainfo")).expect("listed").collect();
        assert_eq!(names.len(), 1, "{names:?}");
        store.remove_metainfo(&v1).expect("removed");
        store.remove_metainfo(&v1).expect("nothing to remove");
        assert_eq!(store.metainfo(&v1).expect("read"), None);
    }

    #[test]
    fn an_unfinished_file_is_not_read() {
        let dir = tempfile::tempdir().expect("a directory");
        let hash = InfoHash::V1([1; 20]);
        let mut store = Store::open(dir.path()).expect("opens");
        store.put_metainfo(&InfoHash::V1([2; 20]), b"de").expect("put");
        std::fs::write(store.metainfo_path(&hash).with_added_extension("part"), b"d1").expect("written");
        assert_eq!(store.metainfo(&hash).expect("read"), None);
        store.put_metainfo(&hash, b"de").expect("put over it");
        assert_eq!(store.metainfo(&hash).expect("read").as_deref(), Some(&b"de"[..]));
    }

    #[test]
    fn sizes_beyond_any_torrent_are_refused() {
        let dir = tempfile::tempdir().expect("a directory");
        let hash = InfoHash::V1([1; 20]);
        let mut store = Store::open(dir.path()).expect("opens");
        let large = vec![0; METAINFO_BYTES_MAX + 1];
        assert!(matches!(store.put_metainfo(&hash, &large), Err(StoreError::MetainfoTooLarge { .. })));
        store.put_metainfo(&hash, b"de").expect("put");
        std::fs::write(store.metainfo_path(&hash), &large).expect("written");
        assert!(matches!(store.metainfo(&hash), Err(StoreError::MetainfoTooLarge { .. })));
    }
}
