//! Writing a file so that nobody ever sees half of one.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use super::CreateError;

/// Writes a file, with the directories that lead to it. One that is there already is replaced only by `force`, and who may
/// read it stays as it was.
pub fn write_whole(path: &Path, bytes: &[u8], force: bool) -> Result<(), CreateError> {
    let unwritable = |reason| CreateError::Unwritable { path: path.to_owned(), reason };
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(directory).map_err(unwritable)?;
    let beside = beside(path);
    let permissions = fs::metadata(path).ok().map(|metadata| metadata.permissions());
    let written =
        write_beside(&beside, bytes, permissions).map_err(unwritable).and_then(|()| put(&beside, path, force));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
        return written;
    }
    // The new name is safe only once the directory is.
    if cfg!(unix) {
        File::open(directory).and_then(|directory| directory.sync_all()).map_err(unwritable)
    } else {
        written
    }
}

/// Gives the file its name; without `force`, only where nobody has it.
fn put(beside: &Path, path: &Path, force: bool) -> Result<(), CreateError> {
    let unwritable = |reason| CreateError::Unwritable { path: path.to_owned(), reason };
    if force {
        return fs::rename(beside, path).map_err(unwritable);
    }
    // Either the whole file has the name or there is none: no crash leaves an empty one that blocks the next attempt.
    match fs::hard_link(beside, path) {
        Ok(()) => {
            // The file is whole under its own name, whatever becomes of this one.
            let _ = fs::remove_file(beside);
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(CreateError::Exists(path.to_owned())),
        // Some file systems, such as FAT, have no hard links.
        Err(_) => put_unlinked(beside, path),
    }
}

/// Gives the file its name where there are no hard links. Only a file that comes between the two steps would be replaced.
fn put_unlinked(beside: &Path, path: &Path) -> Result<(), CreateError> {
    if path.symlink_metadata().is_ok() {
        return Err(CreateError::Exists(path.to_owned()));
    }
    fs::rename(beside, path).map_err(|reason| CreateError::Unwritable { path: path.to_owned(), reason })
}

/// A name in the same directory that nothing takes for a .torrent or a collection. It is short, so that it fits wherever
/// the file's own does, and no other file that is written at the same time has it.
fn beside(path: &Path) -> PathBuf {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    path.with_file_name(format!(".beacon-{}-{number}.new", process::id()))
}

fn write_beside(beside: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    // One of a process with this number that was killed half-way, or a link that somebody put there to be written through.
    let _absent = fs::remove_file(beside);
    let mut file = OpenOptions::new().write(true).create_new(true).open(beside)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}
