//! Writing files, with errors that name them.

use std::{io, path::Path};

use super::CliError;
use crate::files;

/// Writes a file that must not be there yet, with the directories that lead to it.
pub(super) fn create(path: &Path, text: &str) -> Result<(), CliError> {
    files::create(path, text.as_bytes()).map_err(|reason| match reason.kind() {
        io::ErrorKind::AlreadyExists => CliError::Exists(path.to_owned()),
        _ => CliError::File { path: path.to_owned(), verb: "written", reason },
    })
}

/// Puts new text in the place of a file's.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), CliError> {
    let unwritable = |reason| CliError::File { path: path.to_owned(), verb: "written", reason };
    files::replace(path, text.as_bytes()).map_err(unwritable)
}
