//! Tests of the watched directory of collection files.

use std::{fs, path::PathBuf, time::Duration};

use tempfile::TempDir;
use tokio::time::timeout;

use super::{CatalogState, CollectionFiles, CollectionsWatcher, Outcome, Patience};

const DEADLINE: Duration = Duration::from_secs(10);

/// A directory of collections, looked at when the test says so.
struct Shelf {
    dir: TempDir,
    files: CollectionFiles,
}

impl Shelf {
    fn new() -> Self {
        let dir = TempDir::new().expect("a directory");
        let files = CollectionFiles::new(dir.path().to_owned());
        Self { dir, files }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).expect("written");
    }

    fn scan(&mut self) -> Outcome {
        self.files.scan(Patience::WaitOnce)
    }

    /// Scans until nothing is in doubt.
    fn settle(&mut self) -> CatalogState {
        while self.scan().unsettled {}
        self.files.state()
    }

    fn problems(&self) -> String {
        let told: Vec<String> = self.files.state().problems.iter().map(ToString::to_string).collect();
        told.join("\n").replace(&self.dir.path().display().to_string(), "DIR")
    }
}

fn collection(id: u8, entries: &[&str]) -> String {
    let id = format!("{id:02}").repeat(16);
    let id = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
    format!("{{ \"id\": \"{id}\", \"name\": \"N\",\n  \"torrents\": [\n{}\n  ] }}", entries.join(",\n"))
}

fn magnet(number: u8) -> String {
    format!("{{ \"magnet\": \"magnet:?xt=urn:btih:{number:040}\" }}")
}

fn torrent(name: &str) -> String {
    let length = name.len();
    format!("d4:infod6:lengthi5e4:name{length}:{name}12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee")
}

fn counts(state: &CatalogState) -> Vec<usize> {
    state.catalog.collections.iter().map(|collection| collection.torrents.len()).collect()
}

#[test]
fn files_come_change_and_go() {
    let mut shelf = Shelf::new();
    assert_eq!(shelf.scan(), Outcome::default());
    shelf.write("a.json", collection(1, &[&magnet(1)]));
    shelf.write("b.collection", collection(2, &[]));
    for ignored in [".a.json.swp", ".a.json", "a.json~", "#a.json", "readme.txt"] {
        shelf.write(ignored, "not a collection");
    }
    assert_eq!(counts(&shelf.settle()), [1, 0]);
    assert_eq!(shelf.scan(), Outcome::default(), "nothing is news twice");
    shelf.write("a.json", collection(1, &[&magnet(1), &magnet(2)]));
    assert_eq!(counts(&shelf.settle()), [2, 0]);
    fs::remove_file(shelf.path("a.json")).expect("removed");
    assert!(!shelf.scan().changed, "editors remove a file before they write it anew");
    assert!(shelf.scan().changed);
    assert_eq!(counts(&shelf.files.state()), [0]);
}

#[test]
fn a_bad_edit_keeps_the_last_good_version_of_that_file_only() {
    let mut shelf = Shelf::new();
    shelf.write("a.json", collection(1, &[&magnet(1)]));
    shelf.write("b.json", collection(2, &[&magnet(1)]));
    shelf.settle();
    shelf.write("a.json", collection(1, &["{ \"magent\": 1 }"]));
    shelf.write("b.json", collection(2, &[&magnet(1), &magnet(2)]));
    let first = shelf.scan();
    assert!(first.unsettled && shelf.files.state().problems.is_empty(), "it may be half written");
    assert!(shelf.scan().changed);
    assert_eq!(counts(&shelf.files.state()), [1, 2]);
    insta::assert_snapshot!(shelf.problems(), @"DIR/a.json:3:3: unknown key `magent`; did you mean `magnet`?");
    assert_eq!(shelf.scan(), Outcome::default(), "a problem is told once");
    shelf.write("a.json", collection(1, &[]));
    assert_eq!(counts(&shelf.settle()), [0, 2]);
    assert_eq!(shelf.problems(), "");
}

#[test]
fn a_file_that_is_being_written_is_waited_for() {
    let mut shelf = Shelf::new();
    let text = collection(1, &[&magnet(1), &magnet(2)]);
    for length in [0, 10, text.len() / 2, text.len() - 1] {
        shelf.write("a.json", &text[..length]);
        assert_eq!(shelf.scan(), Outcome { changed: false, unsettled: true }, "{length}");
    }
    shelf.write("a.json", &text);
    assert_eq!(shelf.scan(), Outcome { changed: true, unsettled: false });
    assert_eq!(shelf.problems(), "");
}

#[test]
fn of_two_files_with_one_id_the_first_counts_until_it_goes() {
    let mut shelf = Shelf::new();
    shelf.write("b.json", collection(1, &[]));
    shelf.settle();
    shelf.write("a.json", collection(1, &[&magnet(1)]));
    assert_eq!(counts(&shelf.settle()), [0]);
    insta::assert_snapshot!(shelf.problems(), @"DIR/a.json: the id 01010101-0101-0101-0101-010101010101 is also that of DIR/b.json; give this collection an id of its own, or remove one of the files");
    assert_eq!(shelf.scan(), Outcome::default());
    fs::remove_file(shelf.path("b.json")).expect("removed");
    assert_eq!(counts(&shelf.settle()), [1]);
    assert_eq!(shelf.problems(), "");
}

#[test]
fn a_renamed_file_never_leaves_the_catalog() {
    let mut shelf = Shelf::new();
    shelf.write("a.json", collection(1, &[&magnet(1)]));
    shelf.settle();
    fs::rename(shelf.path("a.json"), shelf.path("z.json")).expect("renamed");
    while shelf.scan().unsettled {
        assert_eq!(counts(&shelf.files.state()), [1]);
    }
    assert_eq!(counts(&shelf.files.state()), [1]);
    assert_eq!(shelf.problems(), "");
}

#[test]
fn torrent_files_are_watched_too() {
    let mut shelf = Shelf::new();
    shelf.write("a.json", collection(1, &["{ \"file\": \"x.torrent\" }"]));
    shelf.settle();
    insta::assert_snapshot!(shelf.problems(), @"DIR/a.json:3:11: DIR/x.torrent cannot be read: No such file or directory (os error 2)");
    shelf.write("x.torrent", torrent("first"));
    let name = |state: CatalogState| state.catalog.collections[0].torrents[0].name.clone().expect("a name");
    assert_eq!(name(shelf.settle()), "first");
    shelf.write("x.torrent", torrent("another"));
    assert_eq!(name(shelf.settle()), "another");
    fs::remove_file(shelf.path("x.torrent")).expect("removed");
    assert_eq!(name(shelf.settle()), "another", "the last good version stays");
    assert!(shelf.problems().contains("x.torrent cannot be read"));
}

#[test]
fn a_directory_that_is_gone_takes_nothing_with_it() {
    let mut shelf = Shelf::new();
    shelf.write("a.json", collection(1, &[&magnet(1)]));
    shelf.settle();
    let away = TempDir::new().expect("a directory");
    fs::rename(shelf.dir.path(), away.path().join("moved")).expect("moved");
    assert_eq!(counts(&shelf.settle()), [1]);
    assert!(shelf.problems().starts_with("DIR: the directory of collections cannot be read"));
    fs::rename(away.path().join("moved"), shelf.dir.path()).expect("moved back");
    assert_eq!(counts(&shelf.settle()), [1]);
    assert_eq!(shelf.problems(), "");
}

#[tokio::test]
async fn edits_arrive_while_the_beacon_runs() {
    let dir = TempDir::new().expect("a directory");
    let collections = dir.path().join("made/collections");
    let (state, mut receiver) = CollectionsWatcher::start(collections.clone()).expect("started");
    assert_eq!(state, CatalogState::default());
    // The way in which careful editors save: a file beside it that takes its place.
    for expected in 1..=3 {
        let entries: Vec<String> = (0..expected).map(magnet).collect();
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        fs::write(collections.join(".new"), collection(1, &entries)).expect("written");
        fs::rename(collections.join(".new"), collections.join("a.json")).expect("moved");
        let arrived = receiver.wait_for(|state| counts(state) == [usize::from(expected)]);
        timeout(DEADLINE, arrived).await.expect("in time").expect("the watcher lives");
    }
    fs::write(collections.join("a.json"), "{").expect("written");
    let told = receiver.wait_for(|state| !state.problems.is_empty());
    let state = timeout(DEADLINE, told).await.expect("in time").expect("the watcher lives").clone();
    assert_eq!(counts(&state), [3]);
}
