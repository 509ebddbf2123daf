//! Writing a .torrent file.

use std::{io, path::Path};

use super::CreateError;
use crate::files;

/// Writes a file, with the directories that lead to it, so that nobody ever sees half of it. One that is there already is
/// replaced only by `force`, and who may read it stays as it was.
pub fn write_whole(path: &Path, bytes: &[u8], force: bool) -> Result<(), CreateError> {
    let written = if force { files::replace(path, bytes) } else { files::create(path, bytes) };
    written.map_err(|reason| match reason.kind() {
        io::ErrorKind::AlreadyExists if !force => CreateError::Exists(path.to_owned()),
        _ => CreateError::Unwritable { path: path.to_owned(), reason },
    })
}
