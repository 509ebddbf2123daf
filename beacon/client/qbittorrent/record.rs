//! One torrent as `torrents/info` tells it: what is needed to act on it, asked for just before acting.

use serde::Deserialize;

use super::{
    identity::{ToldHash, TorrentId, told_hashes},
    marks::Marks,
    paths::Place,
    state::{Gap, State},
};
use crate::model::InfoHash;

/// A torrent, as of now.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Record {
    #[serde(rename = "hash")]
    pub(super) id: TorrentId,
    infohash_v1: Option<ToldHash>,
    infohash_v2: Option<ToldHash>,
    #[serde(default, rename = "tags")]
    pub(super) marks: Marks,
    #[serde(default)]
    state: State,
    total_size: Option<i64>,
    #[serde(default)]
    save_path: String,
    #[serde(default)]
    download_path: String,
    #[serde(default)]
    content_path: String,
}

/// A file as `torrents/files` tells it.
#[derive(Debug, Deserialize)]
pub(super) struct FileRecord {
    /// Its path below the torrent's save path.
    pub(super) name: String,
    /// 0 where the user does not want it.
    priority: Option<i64>,
    size: Option<i64>,
}

/// Why the `wanted` bytes of a torrent with these files are fewer than all.
pub(super) fn gap(files: &[FileRecord], wanted: u64) -> Gap {
    let sizes: Option<u64> = files.iter().map(|file| u64::try_from(file.size?).ok()).sum();
    match sizes {
        _ if files.iter().any(|file| file.priority == Some(0)) => Gap::Selection,
        // Only where the files make up exactly what is wanted is the rest padding.
        Some(sizes) if sizes == wanted && files.iter().all(|file| file.priority.is_some()) => Gap::Padding,
        _ => Gap::Unreadable,
    }
}

impl Record {
    /// Whether this is the torrent of that info-hash.
    pub(super) fn is(&self, hash: &InfoHash) -> bool {
        let hashes = told_hashes([self.infohash_v1, self.infohash_v2]);
        match hashes.canonical() {
            Some(_) => hashes.contains(hash),
            None => self.id == TorrentId::of(hash),
        }
    }

    /// What speaks against deleting anything of it now; `None` where nothing does.
    pub(super) const fn trouble(&self) -> Option<&'static str> {
        match self.state {
            // Often a disk that is not mounted: what was deleted now would lie there unknown once it is back.
            State::Broken => Some("an error or missing files"),
            State::Unclear => Some("that it is being moved or checked"),
            _ => None,
        }
    }

    /// Whether there is metadata; without it there are no files.
    pub(super) fn has_metadata(&self) -> bool {
        // Where nothing is told, there may be files.
        self.total_size.is_none_or(|size| size > 0)
    }

    /// Where its content is; `None` where that was not told in a way that can be relied upon.
    pub(super) fn content(&self) -> Option<Place> {
        Place::read(&self.content_path)
    }

    /// The directory it was added into.
    pub(super) fn save_dir(&self) -> Option<Place> {
        Place::read(&self.save_path)
    }

    /// All directories that the paths of its files may be relative to.
    pub(super) fn file_roots(&self) -> Option<Vec<Place>> {
        let roots = [&self.save_path, &self.download_path];
        roots.into_iter().filter(|path| !path.is_empty()).map(|path| Place::read(path)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_padding_only_where_all_files_are_wanted_and_make_it_up() {
        let gap = |files: &str| gap(&serde_json::from_str::<Vec<FileRecord>>(files).unwrap(), 100);
        let file = |size: u32, priority: u32| format!(r#"{{"name":"a","size":{size},"priority":{priority}}}"#);
        assert_eq!(gap(&format!("[{},{}]", file(60, 1), file(40, 7))), Gap::Padding);
        assert_eq!(gap(&format!("[{},{}]", file(100, 1), file(40, 0))), Gap::Selection);
        assert_eq!(gap(&format!("[{}]", file(60, 1))), Gap::Unreadable);
        assert_eq!(gap(r#"[{"name":"a","size":100}]"#), Gap::Unreadable);
        assert_eq!(gap("[]"), Gap::Unreadable);
    }
}
