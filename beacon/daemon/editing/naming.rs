//! What new files are called: names that people recognise, and that lead nowhere else.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Component, Path, PathBuf},
};

use crate::{
    daemon::{
        collections::{is_collection_name, read_up_to},
        folder::readable,
    },
    files,
    model::InfoHash,
    web::EditRefusal,
};

/// How many names are tried before it is given up.
const TRIES_MAX: usize = 100;
/// The longest file name that is taken from somebody, in bytes: nearly all that file systems allow.
const NAME_BYTES_MAX: usize = 200;

/// The file for a collection that somebody calls so.
pub(super) fn collection_file(dir: &Path, wanted: &str) -> Result<PathBuf, EditRefusal> {
    let refused = || EditRefusal::FileName(wanted.chars().take(NAME_BYTES_MAX).collect());
    let name = if Path::new(wanted).extension().is_some() { wanted.to_owned() } else { format!("{wanted}.json") };
    let mut parts = Path::new(&name).components();
    let is_one_part =
        matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == OsStr::new(&name));
    let is_sane = name.len() <= NAME_BYTES_MAX && !name.contains('\\') && !name.chars().any(char::is_control);
    let path = dir.join(&name);
    if is_one_part && is_sane && is_collection_name(&path) { Ok(path) } else { Err(refused()) }
}

/// Makes a collection's file under a name that follows from the collection's own.
pub(super) fn create_collection(dir: &Path, name: &str, text: &str) -> Result<PathBuf, EditRefusal> {
    // What editors put beside files begins so.
    let stem = readable(name.trim_start_matches(['#', '.']));
    let stem = if stem.is_empty() { "collection" } else { &stem };
    for number in 1..=TRIES_MAX {
        let file = if number == 1 { format!("{stem}.json") } else { format!("{stem} {number}.json") };
        let path = dir.join(file);
        match create(&path, text.as_bytes()) {
            Err(EditRefusal::Exists(_)) => {}
            made => return made.map(|()| path),
        }
    }
    Err(EditRefusal::Exists(dir.join(format!("{stem}.json"))))
}

/// Puts a .torrent file into `dir` under a name that follows from the torrent's. One that is there already with the same bytes
/// is as good; any other is left alone. Tells whether it was made.
pub(super) fn put_torrent(
    dir: &Path,
    name: Option<&str>,
    info_hash: &InfoHash,
    bytes: &[u8],
) -> Result<(PathBuf, bool), EditRefusal> {
    let short = &info_hash.to_string()[..12];
    let stem = name.map(readable).filter(|name| !name.is_empty()).unwrap_or_else(|| short.to_owned());
    for number in 0..TRIES_MAX {
        let file = match number {
            0 => format!("{stem}.torrent"),
            1 => format!("{stem} [{short}].torrent"),
            more => format!("{stem} [{short}] {more}.torrent"),
        };
        let path = dir.join(file);
        match create(&path, bytes) {
            Err(EditRefusal::Exists(_)) if read_up_to(&path, bytes.len()).is_ok_and(|there| there == bytes) => {
                return Ok((path, false));
            }
            Err(EditRefusal::Exists(_)) => {}
            made => return made.map(|()| (path, true)),
        }
    }
    Err(EditRefusal::Exists(dir.join(format!("{stem}.torrent"))))
}

/// Gives a collection's file a name under which it is none; which one.
pub fn lay_aside(path: &Path) -> Result<PathBuf, EditRefusal> {
    for number in 1..=TRIES_MAX {
        let ending = if number == 1 { "removed".to_owned() } else { format!("removed-{number}") };
        let aside = path.with_added_extension(ending);
        match files::rename(path, &aside) {
            Ok(()) => return Ok(aside),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unwritable(path, &error)),
        }
    }
    Err(EditRefusal::Exists(path.with_added_extension("removed")))
}

/// Makes a file that must not be there yet.
pub(super) fn create(path: &Path, bytes: &[u8]) -> Result<(), EditRefusal> {
    files::create(path, bytes).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => EditRefusal::Exists(path.to_owned()),
        _ => unwritable(path, &error),
    })
}

pub(super) fn unwritable(path: &Path, error: &io::Error) -> EditRefusal {
    EditRefusal::File { path: path.to_owned(), verb: "written", reason: error.to_string() }
}

/// Whether a path that somebody wrote leads to something in `dir`. Where there is nothing, by how it is written.
pub(super) fn is_inside(dir: &Path, path: &Path) -> bool {
    match (dir.canonicalize(), fs::canonicalize(path)) {
        (Ok(dir), Ok(real)) => real.starts_with(dir),
        _ => path
            .strip_prefix(dir)
            .is_ok_and(|rest| rest.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))),
    }
}
