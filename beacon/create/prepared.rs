//! A tree that has been walked and is ready to be hashed.

use std::{ffi::OsStr, path::Path};

use super::{
    CreateError, LeftOut, Watch,
    hash::{Source, hash},
    walk::{FoundFile, walk},
};
use crate::metainfo::{Draft, DraftContent, DraftFile, NewTorrent, Version};

/// What is wanted of a torrent, beside its files.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Its name, where it is not that of the file or directory.
    pub name: Option<String>,
    /// Which versions of the protocol it is to be for.
    pub version: Version,
    /// Bytes of a piece; chosen by the size where it is not given.
    pub piece_length: Option<u64>,
    /// Whether only its own trackers may tell of peers (BEP 27).
    pub private: bool,
    /// Tracker URLs.
    pub trackers: Vec<String>,
    /// When it is made, in seconds since 1970, where it is to say so.
    pub created: Option<u64>,
}

/// Whoever wants all of it, however long it takes.
struct Patient;

impl Watch for Patient {
    fn read(&self, _: u64) -> bool {
        true
    }
}

/// A tree that has been walked and is ready to be hashed.
#[derive(Debug)]
pub struct Prepared {
    draft: Draft,
    files: Vec<FoundFile>,
    left_out: Vec<LeftOut>,
    size: u64,
}

/// Bytes of a file's name, on nearly every file system.
const NAME_BYTES_MAX: usize = 255;

/// Refuses a name that cannot be written, so that nobody learns of it only when everything has been read.
fn check_name(output: &Path) -> Result<(), CreateError> {
    let bytes = output.file_name().map_or(0, OsStr::len);
    if bytes > NAME_BYTES_MAX {
        return Err(CreateError::NameTooLong { path: output.to_owned(), bytes, max: NAME_BYTES_MAX });
    }
    Ok(())
}

impl Prepared {
    /// Walks `path`, a file or a directory, and checks that a torrent can be made of it. A file at `output` is where the
    /// .torrent will be, and not in it. `watch` is told of no bytes yet, only asked whether to go on.
    pub fn watched(
        path: &Path,
        output: Option<&Path>,
        wanted: &Wanted,
        watch: &dyn Watch,
    ) -> Result<Self, CreateError> {
        if let Some(output) = output {
            check_name(output)?;
        }
        let found = walk(path, output, watch)?;
        let size = found.files.iter().fold(0_u64, |sum, file| sum.saturating_add(file.stamp.length));
        if size == 0 {
            return Err(CreateError::NoData(path.to_owned()));
        }
        let file = |(source, file): (usize, &FoundFile)| DraftFile {
            path: file.parts.clone(),
            length: file.stamp.length,
            source,
        };
        let draft = Draft::new(DraftContent {
            name: wanted.name.clone().map_or(found.name, String::into_bytes),
            is_directory: found.is_directory,
            files: found.files.iter().enumerate().map(file).collect(),
            version: wanted.version,
            piece_length: wanted.piece_length,
            private: wanted.private,
            trackers: wanted.trackers.clone(),
            created_by: Some(concat!("beacon ", env!("CARGO_PKG_VERSION")).to_owned()),
            created: wanted.created,
        })?;
        let mut left_out = found.left_out;
        left_out.sort();
        Ok(Self { draft, files: found.files, left_out, size })
    }

    /// The same, for whoever waits for the end.
    pub fn new(path: &Path, output: Option<&Path>, wanted: &Wanted) -> Result<Self, CreateError> {
        Self::watched(path, output, wanted, &Patient)
    }

    /// Bytes of all files.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// How many files there are.
    pub fn files(&self) -> usize {
        self.files.len()
    }

    /// What lies in the directory and is not taken, in order.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// Reads all files and makes the torrent. No file may have changed since the walk when the last one has been read.
    pub fn hash(&self, watch: &dyn Watch) -> Result<NewTorrent, CreateError> {
        let in_order = self.draft.files().iter().map(|file| &self.files[file.source]);
        let sources: Vec<Source<'_>> = in_order.map(|file| Source { path: &file.path, stamp: file.stamp }).collect();
        let hashes = hash(&self.draft, &sources, watch)?;
        sources.iter().try_for_each(|source| source.check())?;
        Ok(self.draft.finish(&hashes)?)
    }
}
