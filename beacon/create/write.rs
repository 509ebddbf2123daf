//! Writing a file so that nobody ever sees half of one.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
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
    reserve(path)?;
    fs::rename(beside, path).map_err(|reason| {
        let _ = fs::remove_file(path);
        unwritable(reason)
    })
}

/// Takes the name, so that nobody else's file of that name is replaced however late it came.
fn reserve(path: &Path) -> Result<(), CreateError> {
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(CreateError::Exists(path.to_owned())),
        Err(reason) => Err(CreateError::Unwritable { path: path.to_owned(), reason }),
    }
}

/// A name in the same directory that nothing takes for a .torrent or a collection.
fn beside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.new", process::id()));
    path.with_file_name(name)
}

fn write_beside(beside: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    let mut file = File::create(beside)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}
