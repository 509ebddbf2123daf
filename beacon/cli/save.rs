//! Writing files so that nobody ever sees half of one.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
};

use super::CliError;

/// Writes a file that must not be there yet, with the directories that lead to it.
pub(super) fn create(path: &Path, text: &str) -> Result<(), CliError> {
    let unwritable = |reason| CliError::File { path: path.to_owned(), verb: "written", reason };
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir).map_err(unwritable)?;
    }
    let mut file = match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(CliError::Exists(path.to_owned())),
        Err(error) => return Err(unwritable(error)),
    };
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(unwritable)
}

/// Puts new text in the place of a file's: whoever reads it, and whenever the power fails, sees the old or the new.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), CliError> {
    let unwritable = |reason| CliError::File { path: path.to_owned(), verb: "written", reason };
    // A link stays a link: what it points to is replaced.
    let target = path.canonicalize().map_err(unwritable)?;
    let beside = beside(&target);
    let written = write_beside(&target, &beside, text);
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written.map_err(unwritable)
}

/// A name in the same directory that begins with a dot, so that nothing takes it for a collection.
fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{}.new", process::id()))
}

fn write_beside(target: &Path, beside: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(beside)?;
    file.set_permissions(fs::metadata(target)?.permissions())?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(beside, target)?;
    match target.parent() {
        // The new name is safe only once the directory is.
        Some(dir) if cfg!(unix) => File::open(dir)?.sync_all(),
        _ => Ok(()),
    }
}
