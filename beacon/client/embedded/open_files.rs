//! Files that are open, as few as do: a library of a million files must not need a million open files.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io,
    path::Path,
    sync::{Arc, Mutex},
};

use super::torrent_files::poisonless;

/// The files that were used last, of all torrents.
#[derive(Debug)]
pub(super) struct OpenFiles {
    most: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    files: BTreeMap<Key, (u64, Arc<File>)>,
    clock: u64,
}

/// A file: of which torrent, which one of it, and whether it is written too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) torrent: [u8; 20],
    pub(super) file: usize,
    pub(super) writes: bool,
}

impl OpenFiles {
    pub(super) fn new(most: usize) -> Self {
        Self { most, open: Mutex::default() }
    }

    /// The open file, which is opened where it is not, and made where it is to be written and is missing.
    pub(super) fn file(&self, key: Key, path: &Path) -> io::Result<Arc<File>> {
        {
            let mut open = poisonless(&self.open);
            open.clock += 1;
            let now = open.clock;
            if let Some((used, file)) = open.files.get_mut(&key) {
                *used = now;
                return Ok(Arc::clone(file));
            }
        }
        // Opening may wait for a disk to spin up; others are not held up meanwhile.
        let file = Arc::new(open_file(path, key.writes)?);
        let mut open = poisonless(&self.open);
        if open.files.len() >= self.most
            && let Some(oldest) = open.files.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| *key)
        {
            open.files.remove(&oldest);
        }
        let now = open.clock;
        open.files.insert(key, (now, Arc::clone(&file)));
        Ok(file)
    }

    /// Closes all files of a torrent.
    pub(super) fn close(&self, torrent: &[u8; 20]) {
        poisonless(&self.open).files.retain(|key, _| key.torrent != *torrent);
    }
}

fn open_file(path: &Path, writes: bool) -> io::Result<File> {
    if !writes {
        return File::open(path);
    }
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir)?;
    }
    OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_are_open_than_allowed_and_reading_makes_no_file() {
        let dir = tempfile::tempdir().expect("a directory");
        let files = OpenFiles::new(2);
        let key = |file, writes| Key { torrent: [1; 20], file, writes };
        assert!(files.file(key(0, false), &dir.path().join("0")).is_err());
        for file in 0..5 {
            files.file(key(file, true), &dir.path().join("deep").join(file.to_string())).expect("made");
        }
        assert_eq!(poisonless(&files.open).files.len(), 2);
        assert!(dir.path().join("deep/4").exists());
        files.close(&[1; 20]);
        assert_eq!(poisonless(&files.open).files.len(), 0);
    }
}
