//! The hold on a data directory.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
};

use super::{
    StoreError,
    files::{file_error, make_dir},
};

/// The hold on a data directory; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct DirLock {
    _file: File,
}

impl DirLock {
    /// Makes the directory where it is missing and takes it, unless another beacon has it.
    pub(super) fn take(dir: &Path) -> Result<Self, StoreError> {
        make_dir(dir)?;
        let path = dir.join("beacon.lock");
        let options = OpenOptions::new().create(true).truncate(false).write(true).to_owned();
        let file = options.open(&path).map_err(|source| file_error(&path, source))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { dir: dir.to_owned() }),
            Err(TryLockError::Error(source)) => Err(file_error(&path, source)),
        }
    }
}
