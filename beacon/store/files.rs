//! Files that are there whole or not at all.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use super::StoreError;

/// Writes `bytes` to `path` so that after a power cut either they are there, or what was there before.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let part = path.with_added_extension("part");
    let written = File::create(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|source| file_error(&part, source))?;
    rename(&part, path)
}

/// Renames a file within its directory, and returns when the directory is on the disk.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(|source| file_error(to, source))?;
    to.parent().map_or(Ok(()), sync_dir)
}

/// Makes a directory with all above it, where it is missing.
pub(super) fn make_dir(dir: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(dir).map_err(|source| file_error(dir, source))
}

/// Removes a file; nothing where there is none.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(file_error(path, source)),
        _ => Ok(()),
    }
}

/// What went wrong with a file.
pub(super) fn file_error(path: &Path, source: io::Error) -> StoreError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::DiskFull { file: path },
        _ => StoreError::File { path, source },
    }
}

/// A new name is safe only when its directory is. Elsewhere than on Unix directories cannot be opened for that.
fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        return File::open(dir).and_then(|dir| dir.sync_all()).map_err(|source| file_error(dir, source));
    }
    Ok(())
}
