//! Tests with real files: what is taken, what is left out, and what happens when files change.

use std::{
    fs::{self, File, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use sha1::{Digest, Sha1};
use tempfile::TempDir;

use super::{CreateError, Prepared, Wanted, Watch, WhyLeftOut, write_whole};
use crate::metainfo::{DraftError, MetainfoError, NewTorrent, Version};

/// A directory `tree` to make torrents of.
struct Tree(TempDir);

impl Tree {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let tree = Self(TempDir::new().expect("a directory"));
        fs::create_dir(tree.root()).expect("made");
        for (name, bytes) in files {
            tree.write(name, bytes);
        }
        tree
    }

    fn root(&self) -> PathBuf {
        self.0.path().join("tree")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, bytes).expect("written");
    }

    fn prepare(&self) -> Result<Prepared, CreateError> {
        Prepared::new(&self.root(), None, &wanted(Version::V1))
    }

    fn left_out(&self) -> Vec<(String, WhyLeftOut)> {
        let prepared = self.prepare().expect("a torrent");
        let shown = |path: &Path| path.strip_prefix(self.root()).expect("within").display().to_string();
        prepared.left_out().iter().map(|left_out| (shown(&left_out.path), left_out.why)).collect()
    }

    fn files(&self) -> Vec<String> {
        let torrent = self.prepare().and_then(|prepared| prepared.hash(&Patient)).expect("a torrent");
        torrent.metainfo.files.into_iter().map(|file| file.path).collect()
    }
}

fn wanted(version: Version) -> Wanted {
    Wanted { name: None, version, piece_length: Some(16 << 10), private: false, trackers: Vec::new(), created: None }
}

/// Waits for the end.
struct Patient;

impl Watch for Patient {
    fn read(&self, _: u64) -> bool {
        true
    }
}

/// Does something once, when the first bytes have been read.
struct Once<F: Fn() + Sync>(AtomicU64, F);

impl<F: Fn() + Sync> Watch for Once<F> {
    fn read(&self, _: u64) -> bool {
        if self.0.fetch_add(1, Ordering::SeqCst) == 0 {
            (self.1)();
        }
        true
    }
}

/// What comes of it when something is done to the tree while it is read.
fn disturbed(tree: &Tree, deed: impl Fn() + Sync) -> Result<NewTorrent, CreateError> {
    tree.prepare().expect("a good tree").hash(&Once(AtomicU64::new(0), deed))
}

#[test]
fn pieces_are_those_of_the_files_one_behind_the_other() {
    // Exactly two pieces, an empty file, and a piece that runs through three files.
    let (a, d) = (vec![1; 32 << 10], vec![4; 40_000]);
    let tree = Tree::new(&[("d", &d), ("c/c", b"ccc"), ("b", b""), ("a", &a)]);
    let torrent = tree.prepare().and_then(|prepared| prepared.hash(&Patient)).expect("a torrent");
    let all = [&a[..], b"ccc", &d].concat();
    let hashes: Vec<u8> = all.chunks(16 << 10).flat_map(|piece| <[u8; 20]>::from(Sha1::digest(piece))).collect();
    assert!(torrent.bytes.windows(hashes.len()).any(|window| window == hashes));
    assert_eq!(tree.files(), ["tree/a", "tree/b", "tree/c/c", "tree/d"]);
    assert_eq!((torrent.metainfo.pieces(), torrent.metainfo.size), (5, 72_771));
}

#[test]
fn every_byte_is_read_once_for_both_halves_of_a_hybrid() {
    let tree = Tree::new(&[("a", &vec![1; 5 << 20]), ("b/c", &vec![2; 3_000_001])]);
    let read = Counted(AtomicU64::new(0));
    let prepared = Prepared::new(&tree.root(), None, &wanted(Version::Hybrid)).expect("good");
    let first = prepared.hash(&read).expect("a torrent");
    assert_eq!(read.0.into_inner(), (5 << 20) + 3_000_001);
    assert!(first.metainfo.has_piece_layers);
    let second = Prepared::new(&tree.root(), None, &wanted(Version::Hybrid)).and_then(|again| again.hash(&Patient));
    assert_eq!(second.expect("a torrent").bytes, first.bytes, "the same files make the same bytes");
}

struct Counted(AtomicU64);

impl Watch for Counted {
    fn read(&self, bytes: u64) -> bool {
        self.0.fetch_add(bytes, Ordering::SeqCst);
        true
    }
}

#[test]
fn deep_trees_and_many_files_are_taken() {
    let deep = format!("{}end", "d/".repeat(60));
    let tree = Tree::new(&[(&deep, b"x")]);
    (0..300).for_each(|at| tree.write(&format!("many/{at}"), b"y"));
    for version in [Version::V1, Version::V2, Version::Hybrid] {
        let prepared = Prepared::new(&tree.root(), None, &wanted(version)).expect("good");
        assert_eq!(prepared.files(), 301);
        let torrent = prepared.hash(&Patient).expect("a torrent");
        assert!(torrent.metainfo.files.iter().any(|file| file.path == format!("tree/{deep}")), "{version:?}");
    }
    tree.write(&format!("{}end", "e/".repeat(100)), b"too deep");
    assert!(matches!(tree.prepare(), Err(CreateError::Draft(DraftError::TooDeep { .. }))));
}

#[test]
fn where_there_is_no_data_there_is_no_torrent() {
    let tree = Tree::new(&[("a", b""), ("b/c", b"")]);
    assert!(matches!(tree.prepare(), Err(CreateError::NoData(_))));
    let none = Tree::new(&[]);
    assert!(matches!(none.prepare(), Err(CreateError::NoData(_))));
    let gone = Prepared::new(&none.path("gone"), None, &wanted(Version::V1));
    assert!(matches!(gone, Err(CreateError::Unreadable { .. })), "{gone:?}");
}

#[test]
fn the_torrent_that_is_being_made_is_not_in_it() {
    let tree = Tree::new(&[("a", b"data"), ("old.torrent", b"old")]);
    let output = tree.path("old.torrent");
    let prepared = Prepared::new(&tree.root(), Some(&output), &wanted(Version::V1)).expect("good");
    assert_eq!(prepared.left_out()[0].why, WhyLeftOut::Output);
    assert_eq!(prepared.files(), 1);
}

#[cfg(unix)]
#[test]
fn links_are_followed_within_the_tree_only() {
    use std::os::unix::fs::symlink;
    let tree = Tree::new(&[("a", b"data"), ("sub/b", b"more")]);
    let outside = tree.0.path().join("secret");
    fs::write(&outside, "secret").expect("written");
    symlink("../a", tree.path("sub/to-a")).expect("linked");
    symlink("sub", tree.path("to-sub")).expect("linked");
    symlink("..", tree.path("sub/up")).expect("linked");
    symlink(&outside, tree.path("out")).expect("linked");
    symlink("/", tree.path("root")).expect("linked");
    symlink("nowhere", tree.path("broken")).expect("linked");
    symlink("self", tree.path("self")).expect("linked");
    assert_eq!(tree.files(), ["tree/a", "tree/sub/b", "tree/sub/to-a", "tree/to-sub/b", "tree/to-sub/to-a"]);
    let expected = [
        ("broken", WhyLeftOut::BrokenLink),
        ("out", WhyLeftOut::LinkOutside),
        ("root", WhyLeftOut::LinkOutside),
        ("self", WhyLeftOut::BrokenLink),
        ("sub/up", WhyLeftOut::LinkLoop),
        ("to-sub/up", WhyLeftOut::LinkLoop),
    ];
    assert_eq!(tree.left_out(), expected.map(|(path, why)| (path.to_owned(), why)));
    // What is asked for by a link is taken, under the link's name.
    symlink(tree.root(), tree.0.path().join("other")).expect("linked");
    let prepared = Prepared::new(&tree.0.path().join("other"), None, &wanted(Version::V1)).expect("good");
    assert_eq!(prepared.hash(&Patient).expect("a torrent").metainfo.name, "other");
}

#[cfg(unix)]
#[test]
fn sockets_and_empty_directories_are_left_out() {
    let tree = Tree::new(&[("a", b"data")]);
    let _socket = std::os::unix::net::UnixListener::bind(tree.path("socket")).expect("bound");
    fs::create_dir(tree.path("empty")).expect("made");
    let expected = [("empty", WhyLeftOut::EmptyDirectory), ("socket", WhyLeftOut::Special)];
    assert_eq!(tree.left_out(), expected.map(|(path, why)| (path.to_owned(), why)));
    let alone = Prepared::new(&tree.path("socket"), None, &wanted(Version::V1));
    assert!(matches!(alone, Err(CreateError::NotAFile(_))), "{alone:?}");
}

#[cfg(unix)]
#[test]
fn names_that_are_no_utf8_go_in_as_they_are() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let tree = Tree::new(&[("a", b"data")]);
    fs::write(tree.root().join(OsStr::from_bytes(b"caf\xe9")), "x").expect("written");
    let torrent = tree.prepare().and_then(|prepared| prepared.hash(&Patient)).expect("a torrent");
    assert!(torrent.bytes.windows(8).any(|window| window == b"l4:caf\xe9e"));
    fs::write(tree.path("back\\slash"), "x").expect("written");
    let error = tree.prepare().expect_err("no client would take it");
    assert!(matches!(error, CreateError::Draft(DraftError::Refused(MetainfoError::Path { .. }))), "{error}");
}

#[test]
fn a_file_that_changes_while_it_is_read_is_named() {
    let changes = |deed: &(dyn Fn(&Path) + Sync)| {
        let tree = Tree::new(&[("a", &vec![1; 3 << 20]), ("b", &vec![2; 3 << 20])]);
        let path = tree.path("b");
        let error = disturbed(&tree, || deed(&path)).expect_err("it has changed");
        assert!(matches!(&error, CreateError::Changed(changed) if *changed == path), "{error:?}");
    };
    changes(&|path| drop(OpenOptions::new().append(true).open(path).expect("open").write_all(b"grown")));
    changes(&|path| File::options().write(true).open(path).expect("open").set_len(10).expect("cut"));
    changes(&|path| fs::remove_file(path).expect("removed"));
    changes(&|path| {
        let other = path.with_file_name("../other");
        fs::write(&other, vec![2; 3 << 20]).expect("written");
        fs::rename(other, path).expect("another file in its place");
    });
    changes(&|path| {
        // Same bytes, but somebody has written them anew.
        let later = SystemTime::UNIX_EPOCH + Duration::from_secs(5);
        File::options().write(true).open(path).expect("open").set_modified(later).expect("touched");
    });
}

#[test]
fn whoever_wants_no_more_of_it_is_obeyed() {
    struct Impatient;
    impl Watch for Impatient {
        fn read(&self, _: u64) -> bool {
            false
        }
    }
    let tree = Tree::new(&[("a", &vec![1; 3 << 20])]);
    let ended = tree.prepare().expect("good").hash(&Impatient);
    assert!(matches!(ended, Err(CreateError::Cancelled)), "{ended:?}");
    let walked = Prepared::watched(&tree.root(), None, &wanted(Version::V1), &Impatient);
    assert!(matches!(walked, Err(CreateError::Cancelled)), "{walked:?}");
}

#[test]
fn a_file_that_is_there_is_replaced_only_by_force() {
    let dir = TempDir::new().expect("a directory");
    let path = dir.path().join("new/a.torrent");
    write_whole(&path, b"one", false).expect("written");
    let again = write_whole(&path, b"two", false);
    assert!(matches!(again, Err(CreateError::Exists(_))), "{again:?}");
    assert_eq!(fs::read(&path).expect("a file"), b"one");
    write_whole(&path, b"two", true).expect("written");
    assert_eq!(fs::read(&path).expect("a file"), b"two");
    assert!(write_whole(&path.join("below"), b"three", false).is_err());
    assert_eq!(fs::read_dir(dir.path().join("new")).expect("a directory").count(), 1, "nothing is left lying about");
}

#[test]
fn a_name_as_long_as_they_may_be_is_written() {
    let dir = TempDir::new().expect("a directory");
    let path = dir.path().join("a".repeat(255));
    write_whole(&path, b"one", false).expect("written");
    write_whole(&path, b"two", true).expect("written");
    assert_eq!(fs::read(&path).expect("a file"), b"two");
    assert_eq!(fs::read_dir(dir.path()).expect("a directory").count(), 1, "nothing is left lying about");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_not_written_through() {
    let dir = TempDir::new().expect("a directory");
    let (link, elsewhere) = (dir.path().join("a.torrent"), dir.path().join("elsewhere"));
    std::os::unix::fs::symlink(&elsewhere, &link).expect("linked");
    let refused = write_whole(&link, b"one", false);
    assert!(matches!(refused, Err(CreateError::Exists(_))), "{refused:?}");
    assert!(!elsewhere.exists());
    assert_eq!(fs::read_dir(dir.path()).expect("a directory").count(), 1, "nothing is left lying about");
}

#[test]
fn a_name_that_no_file_can_have_is_refused_before_anything_is_read() {
    let tree = Tree::new(&[("a", b"data")]);
    let prepare = |name: String| Prepared::new(&tree.root(), Some(&tree.path(&name)), &wanted(Version::V1));
    assert!(prepare("a".repeat(255)).is_ok());
    let refused = prepare("a".repeat(256));
    assert!(matches!(refused, Err(CreateError::NameTooLong { bytes: 256, .. })), "{refused:?}");
}
