//! Writing a file so that nobody ever sees half of one, whoever reads it and whenever the power fails.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

/// Writes a file that must not be there yet, with the directories that lead to it.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] where it is there, be it as a link that leads nowhere; else what the system says. No file
/// has been written then.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    create_as(path, bytes, USUAL)
}

/// The same for a file that nobody but its owner may read.
///
/// # Errors
/// As for [`create`].
pub fn create_secret(path: &Path, bytes: &[u8]) -> io::Result<()> {
    create_as(path, bytes, SECRET)
}

/// Writes a file, or another in the place of one that is there: who may read it stays as it was, and a link stays a link to
/// what is replaced.
///
/// # Errors
/// What the system says; what was there is there still.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = match fs::canonicalize(path) {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
        Err(error) => return Err(error),
    };
    let permissions = match fs::metadata(&target) {
        Ok(metadata) => Some(metadata.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    put(&target, bytes, USUAL, permissions, |beside| fs::rename(beside, &target))
}

/// Gives a file another name in its directory, which nobody may have yet. Of a link, it is the link that is renamed.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] where the name is taken; else what the system says. The file has its old name then.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    name(from, to)?;
    sync_dir(to)
}

/// What the process allows.
const USUAL: u32 = 0o666;
/// Reading and writing, by the owner alone.
const SECRET: u32 = 0o600;

fn create_as(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    put(path, bytes, mode, None, |beside| name(beside, path))
}

/// Gives a file a name that nobody may have yet.
fn name(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        // It is whole under its new name, whatever becomes of the old one.
        Ok(()) => {
            let _ = fs::remove_file(from);
            Ok(())
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound) => Err(error),
        // Some file systems, such as FAT, have no hard links. Only a file that comes between the two steps is replaced there.
        Err(_) if to.symlink_metadata().is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(from, to),
    }
}

/// Writes a file beside its place; `put_in_place` gives it its name.
fn put(
    path: &Path,
    bytes: &[u8],
    mode: u32,
    permissions: Option<Permissions>,
    put_in_place: impl FnOnce(&Path) -> io::Result<()>,
) -> io::Result<()> {
    fs::create_dir_all(directory(path))?;
    let beside = beside(path);
    let written = write_beside(&beside, bytes, mode, permissions).and_then(|()| put_in_place(&beside));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
        return written;
    }
    sync_dir(path)
}

fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A new name is safe only once the directory is. Elsewhere than on Unix directories cannot be opened for that.
fn sync_dir(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory(path))?.sync_all() } else { Ok(()) }
}

/// A name in the same directory that nothing takes for a .torrent or a collection. It is short, so that it fits wherever
/// the file's own does, and no other file that is written at the same time has it.
fn beside(path: &Path) -> PathBuf {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    path.with_file_name(format!(".beacon-{}-{number}.new", process::id()))
}

fn write_beside(beside: &Path, bytes: &[u8], mode: u32, permissions: Option<Permissions>) -> io::Result<()> {
    // One of a process with this number that was killed half-way, or a link that somebody put there to be written through.
    let _absent = fs::remove_file(beside);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _elsewhere_files_have_no_such_bits = mode;
    let mut file = options.open(beside)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let names = fs::read_dir(dir).expect("read").map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<_> = names.map(|name| name.into_string().expect("text")).collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_file_comes_with_its_directories_and_never_over_another() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("a/b/c.json");
        create(&path, b"one").expect("made");
        assert_eq!(fs::read(&path).expect("there"), b"one");
        let error = create(&path, b"two").expect_err("refused");
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).expect("there"), b"one");
        assert_eq!(names(path.parent().expect("a parent")), ["c.json"], "no draft stays behind");
    }

    #[test]
    fn what_is_replaced_is_there_whole_or_as_it_was() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("c.json");
        replace(&path, b"one").expect("made where none was");
        replace(&path, b"two").expect("replaced");
        assert_eq!(fs::read(&path).expect("there"), b"two");
        fs::create_dir(dir.path().join("d")).expect("made");
        replace(&dir.path().join("d"), b"x").expect_err("a directory is no file");
        assert_eq!(names(dir.path()), ["c.json", "d"], "no draft stays behind");
    }

    #[test]
    fn a_file_takes_another_name_only_where_nobody_has_it() {
        let dir = tempfile::tempdir().expect("a directory");
        let [one, two, three] = ["one", "two", "three"].map(|name| dir.path().join(name));
        create(&one, b"1").expect("made");
        create(&two, b"2").expect("made");
        assert_eq!(rename(&one, &two).expect_err("refused").kind(), io::ErrorKind::AlreadyExists);
        assert_eq!((fs::read(&one).expect("there"), fs::read(&two).expect("there")), (b"1".to_vec(), b"2".to_vec()));
        rename(&one, &three).expect("renamed");
        assert_eq!(names(dir.path()), ["three", "two"]);
        assert_eq!(rename(&one, &three).expect_err("gone").kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_links_and_who_may_read_stays() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let dir = tempfile::tempdir().expect("a directory");
        let mode = |name: &str| fs::metadata(dir.path().join(name)).expect("there").permissions().mode() & 0o777;
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        create_secret(&real, b"one").expect("made");
        assert_eq!(mode("real"), 0o600);
        fs::set_permissions(&real, Permissions::from_mode(0o640)).expect("set");
        symlink("real", &link).expect("linked");
        replace(&link, b"two").expect("replaced");
        assert!(link.is_symlink() && fs::read(&real).expect("there") == b"two");
        assert_eq!(mode("real"), 0o640);

        symlink("nowhere", dir.path().join("loose")).expect("linked");
        let error = create(&dir.path().join("loose"), b"x").expect_err("refused");
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert!(!dir.path().join("nowhere").exists());
    }
}
