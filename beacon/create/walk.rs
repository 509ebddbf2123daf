//! Finding the files of a tree.
//!
//! Symbolic links are followed, as all tools that make torrents do, but never out of the tree and never in a circle.

use std::{
    ffi::{OsStr, OsString},
    fs::{self, Metadata},
    io,
    path::{Path, PathBuf},
};

use super::{CreateError, LeftOut, Watch, WhyLeftOut, stamp::Stamp};
use crate::metainfo::{DRAFT_DEPTH_MAX, DraftError};

/// The most files and directories that are looked at: more than any torrent can hold.
const ENTRIES_MAX: usize = 1_000_000;

/// What a walk has found, in no particular order.
#[derive(Debug)]
pub(super) struct Found {
    /// Its last name, as bytes of the system.
    pub(super) name: Vec<u8>,
    /// Whether it is a directory.
    pub(super) is_directory: bool,
    pub(super) files: Vec<FoundFile>,
    pub(super) left_out: Vec<LeftOut>,
}

/// A file to be read.
#[derive(Debug)]
pub(super) struct FoundFile {
    /// Where to open it.
    pub(super) path: PathBuf,
    /// The parts of its path below the directory that was walked.
    pub(super) parts: Vec<Vec<u8>>,
    pub(super) stamp: Stamp,
}

/// Walks `root`, a file or a directory, passing over `output`, which is about to be written. `watch` is asked at every
/// entry whether to go on.
pub(super) fn walk(root: &Path, output: Option<&Path>, watch: &dyn Watch) -> Result<Found, CreateError> {
    let unreadable = |reason| CreateError::Unreadable { path: root.to_owned(), reason };
    let metadata = fs::metadata(root).map_err(unreadable)?;
    let real = root.canonicalize().map_err(unreadable)?;
    let name = bytes(&own_name(root)?);
    if metadata.is_file() {
        let file = FoundFile { path: root.to_owned(), parts: Vec::new(), stamp: Stamp::of(&metadata) };
        return Ok(Found { name, is_directory: false, files: vec![file], left_out: Vec::new() });
    }
    if !metadata.is_dir() {
        return Err(CreateError::NotAFile(root.to_owned()));
    }
    let output = output.and_then(|path| path.canonicalize().ok());
    let mut walk = Walk {
        root,
        watch,
        real: real.clone(),
        output,
        above: vec![real],
        parts: Vec::new(),
        entries: 0,
        files: Vec::new(),
        left_out: Vec::new(),
    };
    walk.directory(root)?;
    Ok(Found { name, is_directory: true, files: walk.files, left_out: walk.left_out })
}

/// The name of a file or directory: that of a link is its own, that of `.` and `..` is that of what they lead to.
pub fn own_name(path: &Path) -> Result<OsString, CreateError> {
    if let Some(name) = path.file_name() {
        return Ok(name.to_owned());
    }
    let real = path.canonicalize().map_err(|reason| CreateError::Unreadable { path: path.to_owned(), reason })?;
    real.file_name().map(OsStr::to_owned).ok_or_else(|| CreateError::NoName(path.to_owned()))
}

/// A walk under way.
struct Walk<'a> {
    /// As it was given.
    root: &'a Path,
    watch: &'a dyn Watch,
    /// The same without any links.
    real: PathBuf,
    output: Option<PathBuf>,
    /// The directories that the walk is in, without any links, the root first.
    above: Vec<PathBuf>,
    /// The names of those but the root.
    parts: Vec<Vec<u8>>,
    entries: usize,
    files: Vec<FoundFile>,
    left_out: Vec<LeftOut>,
}

impl Walk<'_> {
    fn directory(&mut self, directory: &Path) -> Result<(), CreateError> {
        let unreadable = |reason| CreateError::Unreadable { path: directory.to_owned(), reason };
        let mut is_empty = true;
        for entry in fs::read_dir(directory).map_err(unreadable)? {
            is_empty = false;
            self.entry(entry.map_err(unreadable)?.path())?;
        }
        if is_empty {
            self.leave_out(directory.to_owned(), WhyLeftOut::EmptyDirectory);
        }
        Ok(())
    }

    fn entry(&mut self, path: PathBuf) -> Result<(), CreateError> {
        if !self.watch.read(0) {
            return Err(CreateError::Cancelled);
        }
        self.entries += 1;
        if self.entries > ENTRIES_MAX {
            return Err(CreateError::TooMany { path: self.root.to_owned(), max: ENTRIES_MAX });
        }
        if self.parts.len() >= DRAFT_DEPTH_MAX {
            let path = path.display().to_string();
            return Err(DraftError::TooDeep { path, max: DRAFT_DEPTH_MAX }.into());
        }
        let unreadable = |reason| CreateError::Unreadable { path: path.clone(), reason };
        let own = fs::symlink_metadata(&path).map_err(unreadable)?;
        let metadata = if own.is_symlink() {
            match self.follow(&path).map_err(unreadable)? {
                Ok(metadata) => metadata,
                Err(why) => {
                    self.leave_out(path, why);
                    return Ok(());
                }
            }
        } else {
            own
        };
        let name = bytes(path.file_name().unwrap_or_default());
        if metadata.is_dir() {
            // Of a link, it is where it leads to that must not come again below.
            self.above.push(path.canonicalize().map_err(unreadable)?);
            self.parts.push(name);
            self.directory(&path)?;
            self.parts.pop();
            self.above.pop();
        } else if !metadata.is_file() {
            self.leave_out(path, WhyLeftOut::Special);
        } else if self.is_output(&path) {
            self.leave_out(path, WhyLeftOut::Output);
        } else {
            let parts = self.parts.iter().cloned().chain([name]).collect();
            self.files.push(FoundFile { path, parts, stamp: Stamp::of(&metadata) });
        }
        Ok(())
    }

    /// What a link leads to, or why it is not followed.
    fn follow(&self, link: &Path) -> io::Result<Result<Metadata, WhyLeftOut>> {
        let real = match link.canonicalize() {
            Ok(real) => real,
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Err(error),
            // To nothing, or in circles through other links.
            Err(_) => return Ok(Err(WhyLeftOut::BrokenLink)),
        };
        if !real.starts_with(&self.real) {
            return Ok(Err(WhyLeftOut::LinkOutside));
        }
        if self.above.contains(&real) {
            return Ok(Err(WhyLeftOut::LinkLoop));
        }
        fs::metadata(&real).map(Ok)
    }

    fn is_output(&self, path: &Path) -> bool {
        self.output.as_ref().is_some_and(|output| {
            output.file_name() == path.file_name() && path.canonicalize().is_ok_and(|path| path == *output)
        })
    }

    fn leave_out(&mut self, path: PathBuf, why: WhyLeftOut) {
        self.left_out.push(LeftOut { path, why });
    }
}

/// A name as it goes into a torrent: on Unix its very bytes, elsewhere UTF-8.
fn bytes(name: &OsStr) -> Vec<u8> {
    name.as_encoded_bytes().to_vec()
}
