//! Where the files of one torrent are, and what can be done with them as a whole.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
};

use super::{journal::Journal, open_files::OpenFiles, record::Record};
use crate::metainfo::Metainfo;

/// The files of one torrent on the disk.
///
/// They lie as other clients lay them: below the save directory in one of the torrent's name, or, where it is a single
/// file, alone. Nothing is made before there is something to write, but for files without any bytes.
#[derive(Debug)]
pub(super) struct TorrentFiles {
    pub(super) hash: [u8; 20],
    pub(super) open: Arc<OpenFiles>,
    pub(super) journal: Journal,
    /// Whether anything may be written: never into what is the user's.
    pub(super) may_write: bool,
    /// Whether all of it was there when it was handed to the engine.
    pub(super) was_complete: bool,
    save_dir: PathBuf,
    /// In the order of the metainfo; `None` for what is never written: padding and symbolic links.
    files: Vec<Option<PlannedFile>>,
    trouble: Mutex<Option<String>>,
}

/// A file as it has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlannedFile {
    pub(super) path: PathBuf,
    pub(super) length: u64,
}

impl TorrentFiles {
    /// The files of a torrent below a directory; `None` where two of them would have one path here, because their names
    /// differ only in bytes that are no text.
    pub(super) fn plan(record: &Record, metainfo: &Metainfo, open: Arc<OpenFiles>, journal: Journal) -> Option<Self> {
        let (hash, save_dir) = (record.info_hash.truncated(), record.save_dir.clone());
        let planned = |file: &crate::metainfo::MetainfoFile| {
            let is_written = !file.padding && file.symlink.is_none();
            is_written.then(|| PlannedFile { path: save_dir.join(&file.path), length: file.length })
        };
        let files: Vec<Option<PlannedFile>> = metainfo.files.iter().map(planned).collect();
        let paths: BTreeSet<&Path> = files.iter().flatten().map(|file| file.path.as_path()).collect();
        let is_clear = paths.len() == files.iter().flatten().count();
        is_clear.then(|| Self {
            hash,
            open,
            journal,
            may_write: record.ours,
            was_complete: record.complete,
            save_dir,
            files,
            trouble: Mutex::default(),
        })
    }

    /// One file by its number; `None` for what is never written.
    pub(super) fn file(&self, number: usize) -> Option<&PlannedFile> {
        self.files.get(number).and_then(Option::as_ref)
    }

    /// All that are written.
    pub(super) fn iter(&self) -> impl Iterator<Item = &PlannedFile> {
        self.files.iter().flatten()
    }

    /// Notes that a file could not be read or written; the first word counts until it is taken.
    pub(super) fn note_trouble(&self, path: &Path, error: &io::Error) {
        poisonless(&self.trouble).get_or_insert_with(|| format!("{}: {error}", path.display()));
    }

    /// How many files there are.
    pub(super) fn count(&self) -> usize {
        self.files.len()
    }

    /// What went wrong since this was last asked.
    pub(super) fn take_trouble(&self) -> Option<String> {
        poisonless(&self.trouble).take()
    }

    /// Whether all files are there with all their bytes; the first that is not is named.
    pub(super) fn are_present(&self) -> Result<(), String> {
        for file in self.iter() {
            match fs::metadata(&file.path) {
                Ok(found) if found.is_file() && found.len() >= file.length => {}
                Ok(found) if found.is_file() => {
                    let (path, has, length) = (file.path.display(), found.len(), file.length);
                    return Err(format!("{path} has {has} bytes of {length}"));
                }
                Ok(_) => return Err(format!("{} is not a file", file.path.display())),
                Err(error) => return Err(format!("{}: {error}", file.path.display())),
            }
        }
        Ok(())
    }

    /// Makes the files that have no bytes, since no byte will ever make them.
    pub(super) fn make_empty_files(&self) -> io::Result<()> {
        if !self.may_write {
            return Ok(());
        }
        for file in self.iter().filter(|file| file.length == 0 && !file.path.exists()) {
            if let Some(dir) = file.path.parent() {
                fs::create_dir_all(dir)?;
            }
            File::create(&file.path)?;
        }
        Ok(())
    }

    /// Returns once everything is on the disk for good, so that nobody is told of a copy that a power cut could take back.
    pub(super) fn sync(&self) -> Result<(), String> {
        // What was written may have gone into files that somebody has deleted since.
        self.are_present()?;
        let mut dirs = BTreeSet::new();
        for file in self.iter() {
            File::open(&file.path)
                .and_then(|open| open.sync_all())
                .map_err(|error| format!("{}: {error}", file.path.display()))?;
            dirs.extend(self.dirs_of(&file.path));
        }
        for dir in dirs {
            File::open(dir).and_then(|open| open.sync_all()).map_err(|error| format!("{}: {error}", dir.display()))?;
        }
        Ok(())
    }

    /// Deletes the files that `spared` does not name, and the directories that are empty then, up to the save directory.
    pub(super) fn delete(&self, spared: &BTreeSet<PathBuf>) -> io::Result<()> {
        self.open.close(&self.hash);
        let mut dirs = BTreeSet::new();
        for file in self.iter().filter(|file| !spared.contains(&file.path)) {
            match fs::remove_file(&file.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => dirs.extend(self.dirs_of(&file.path)),
            }
        }
        // The longest first, so that each is empty when its turn comes; one that is not stays.
        for dir in dirs.into_iter().rev() {
            let _ = fs::remove_dir(dir);
        }
        Ok(())
    }

    /// The directories that lead to a file, the save directory included.
    fn dirs_of<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a Path> {
        path.ancestors().skip(1).take_while(|dir| dir.starts_with(&self.save_dir))
    }
}

/// Takes a lock, also after a panic elsewhere: nothing here is left half done.
pub(super) fn poisonless<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
