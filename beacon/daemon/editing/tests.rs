//! Tests of edits: what is asked for is written, everything else stays, and nothing is ever overwritten.

use std::{fs, path::PathBuf};

use tempfile::TempDir;
use tokio::sync::watch;

use super::Editor;
use crate::{
    catalog::TorrentFacts,
    collection::{Change, EntryChange, HeadChange},
    daemon::collections::{CatalogState, CollectionFiles, Patience, read_collection},
    model::{CollectionId, InfoHash},
    web::{Edit, EditRefusal, EditsCollections as _, Expected, NewCollection, NewTorrent},
};

const ID: &str = "0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90";
const HASH: &str = "000000000000000000000000000000000000000a";

/// A directory of collections with one in it, and what the beacon has read of them.
struct Bench {
    dir: TempDir,
    files: CollectionFiles,
    read: watch::Sender<CatalogState>,
    editor: Editor,
}

impl Bench {
    fn new() -> Self {
        let dir = TempDir::new().expect("a directory");
        let collections = dir.path().canonicalize().expect("there").join("collections");
        fs::create_dir(&collections).expect("made");
        let (read, catalog) = watch::channel(CatalogState::default());
        let files = CollectionFiles::new(collections.clone());
        let mut bench = Self { dir, files, read, editor: Editor::new(collections, catalog) };
        bench.write("town.json", town(""));
        bench.scan();
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().canonicalize().expect("there").join("collections").join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).expect("written");
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    /// What the watcher does in the beacon.
    fn scan(&mut self) {
        self.files.scan(Patience::None);
        self.read.send_replace(self.files.state());
    }

    fn edit(&self, edit: &Edit) -> Result<String, EditRefusal> {
        self.editor.edit(id(), edit, &Expected::Anything)
    }

    fn add_file(&self, bytes: &[u8]) -> Result<String, EditRefusal> {
        self.edit(&Edit::Add(NewTorrent::File(bytes.to_vec()), EntryChange::default()))
    }

    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(self.path("")).expect("read").map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn id() -> CollectionId {
    ID.parse().expect("an id")
}

/// One collection with a magnet link, as its user has formatted it.
fn town(more: &str) -> String {
    format!(
        "{{ \"id\": \"{ID}\",\n\t\"name\":  \"Town\",\n\t\"torrents\": [\n\t\t{{\"magnet\": \"magnet:?xt=urn:btih:{HASH}\"}}{more}\n\t]\n}}\n"
    )
}

/// A torrent of one piece.
fn torrent(name: &str, mark: u8) -> Vec<u8> {
    let mut info = format!("d6:lengthi5e4:name{}:{name}12:piece lengthi16384e6:pieces20:", name.len()).into_bytes();
    info.extend([mark; 20]);
    info.push(b'e');
    [b"d4:info".as_slice(), &info, b"e"].concat()
}

fn magnet(last: char) -> NewTorrent {
    NewTorrent::Magnet(format!(" magnet:?xt=urn:btih:{last:0>40}&dn=Maps "), None)
}

#[test]
fn a_torrent_comes_changes_and_goes_and_the_rest_stays_as_it_is_written() {
    let mut bench = Bench::new();
    let change = EntryChange { target: Change::Set(5), priority: Change::Set(-1), ..EntryChange::default() };
    let said = bench.edit(&Edit::Add(magnet('b'), change)).expect("listed");
    assert_eq!(said, "Maps is listed in Town");
    let entry = format!(
        ",\n\t\t{{ \"magnet\": \"magnet:?xt=urn:btih:{:0>40}&dn=Maps\", \"redundancy\": {{ \"target\": 5 }}, \"priority\": -1 }}",
        'b'
    );
    assert_eq!(bench.text("town.json"), town(&entry));
    bench.scan();
    let hash: InfoHash = format!("{:0>40}", 'b').parse().expect("a hash");
    let again = bench.edit(&Edit::Add(magnet('b'), change)).expect_err("refused");
    assert_eq!(again, EditRefusal::AlreadyListed(hash));

    let max = EntryChange { max: Change::Set(9), ..EntryChange::default() };
    bench.edit(&Edit::Entry(hash, max)).expect("changed");
    assert!(bench.text("town.json").contains("\"redundancy\": { \"target\": 5, \"max\": 9 }, \"priority\": -1"));
    let low = EntryChange { max: Change::Set(2), ..EntryChange::default() };
    let refused = bench.edit(&Edit::Entry(hash, low)).expect_err("refused");
    assert!(refused.to_string().contains("`max` (2) is below `target` (5)"), "{refused}");

    let said = bench.edit(&Edit::Drop(hash)).expect("dropped");
    assert!(said.ends_with("its data stays where it is"), "{said}");
    assert_eq!(bench.text("town.json"), town(""));
    assert_eq!(bench.edit(&Edit::Drop(hash)), Err(EditRefusal::NotListed(hash)));

    let head = HeadChange { name: Some("Village".to_owned()), target: Change::Set(4), max: Change::Keep };
    bench.edit(&Edit::Head(head)).expect("changed");
    let expected = town("").replace("\"Town\"", "\"Village\",\n\t\"redundancy\": { \"target\": 4 }");
    assert_eq!(bench.text("town.json"), expected);
    let nameless = HeadChange { name: Some("\n".to_owned()), ..HeadChange::default() };
    assert_eq!(bench.edit(&Edit::Head(nameless)), Err(EditRefusal::Name));
}

#[test]
fn an_uploaded_torrent_gets_a_safe_name_and_replaces_nothing() {
    let mut bench = Bench::new();
    bench.write("letters.torrent", "somebody else's");
    let hash = TorrentFacts::of_file(&torrent("letters", 1)).expect("good").info_hash;
    bench.add_file(&torrent("letters", 1)).expect("listed");
    let own = format!("letters [{}].torrent", &hash.to_string()[..12]);
    assert_eq!(bench.text("letters.torrent"), "somebody else's");
    assert_eq!(fs::read(bench.path(&own)).expect("there"), torrent("letters", 1));
    assert!(bench.text("town.json").contains(&format!("{{ \"file\": \"{own}\" }}")));
    // Known from its file, too, where nothing has been read yet.
    assert_eq!(bench.add_file(&torrent("letters", 1)), Err(EditRefusal::AlreadyListed(hash)));
    bench.scan();
    assert_eq!(bench.add_file(&torrent("letters", 1)), Err(EditRefusal::AlreadyListed(hash)));

    for name in ["../../evil", "/etc/passwd", "..", "a\\b"] {
        let refused = bench.add_file(&torrent(name, 10));
        assert!(matches!(refused, Err(EditRefusal::Torrent(_))), "{name}: {refused:?}");
    }
    let long = "ü".repeat(120);
    for (mark, name) in (13_u8..).zip([".hidden", "a: b?\u{7}", &long]) {
        bench.add_file(&torrent(name, mark)).expect(name);
    }
    let outside: Vec<_> = fs::read_dir(bench.dir.path()).expect("read").collect();
    assert_eq!(outside.len(), 1, "nothing has been written elsewhere");
    assert!(bench.names().iter().all(|name| !name.starts_with('.')), "{:?}", bench.names());
    let read = read_collection(&bench.path("town.json"), |_| None).expect("good");
    assert_eq!(read.torrents.len(), 5);
    bench.scan();
    let hidden = TorrentFacts::of_file(&torrent(".hidden", 13)).expect("good").info_hash;
    bench.edit(&Edit::Drop(hidden)).expect("found by its file");
    assert!(bench.path("hidden.torrent").exists(), "the .torrent stays");

    let before = bench.names();
    for wrong in [b"<html>".to_vec(), Vec::new(), torrent("x", 1)[..40].to_vec()] {
        assert!(matches!(bench.add_file(&wrong), Err(EditRefusal::Torrent(_))));
    }
    assert!(matches!(
        bench.edit(&Edit::Add(NewTorrent::Magnet("magnet:?dn=x".to_owned(), None), EntryChange::default())),
        Err(EditRefusal::Torrent(_))
    ));
    let senseless = EntryChange { target: Change::Set(0), ..EntryChange::default() };
    let refused = bench.edit(&Edit::Add(NewTorrent::File(torrent("new", 99)), senseless));
    assert!(matches!(refused, Err(EditRefusal::Faults(_))), "{refused:?}");
    assert_eq!(bench.names(), before, "what is refused leaves nothing behind");
}

#[test]
fn what_has_been_changed_meanwhile_is_left_alone() {
    let bench = Bench::new();
    let seen = bench.editor.file(id()).expect("a file");
    assert_eq!((seen.text.as_str(), seen.path), (town("").as_str(), bench.path("town.json")));
    let tag = |text: &str| Expected::Tags(vec![Expected::tag(text.as_bytes())]);
    let newer = town("").replace("Town", "City");
    bench.write("town.json", &newer);
    let (text, old) = (town("").replace("Town", "Village"), tag(&seen.text));
    let changed = || EditRefusal::Changed(bench.path("town.json"));
    let head = Edit::Head(HeadChange { target: Change::Set(2), ..HeadChange::default() });
    assert_eq!(bench.editor.write(id(), &text, &old), Err(changed()));
    assert_eq!(bench.editor.edit(id(), &head, &old), Err(changed()));
    assert_eq!(bench.editor.remove(id(), &old), Err(changed()));
    assert_eq!(bench.text("town.json"), newer);
    assert_eq!(bench.editor.write(id(), &text, &tag(&newer)).as_deref(), Ok("Village has 1 torrent now"));
    assert_eq!(bench.text("town.json"), text);
    // Another collection has taken the place of the file, which has not been read yet.
    let other = town("").replace("0d9f", "ffff");
    bench.write("town.json", &other);
    let gone = || EditRefusal::NoSuchCollection(id());
    assert_eq!(bench.editor.write(id(), &text, &Expected::Anything), Err(gone()));
    assert_eq!(bench.edit(&head), Err(gone()));
    assert_eq!(bench.editor.remove(id(), &Expected::Anything), Err(gone()));
    assert_eq!(bench.text("town.json"), other);
}

#[test]
fn a_text_is_written_only_where_it_can_be_used() {
    let mut bench = Bench::new();
    fs::write(bench.dir.path().join("secret.torrent"), torrent("secret", 1)).expect("written");
    bench.write("good.torrent", torrent("good", 2));
    let write = |bench: &Bench, text: &str| bench.editor.write(id(), text, &Expected::Anything);
    let wrong = town(
        ",\n{ \"file\": \"../secret.torrent\" },\n{ \"file\": \"../none\" },\n{ \"file\": \"gone.torrent\" },\n{ \"flie\": 1 },\n{ \"file\": \"good.torrent\" }",
    );
    let Err(EditRefusal::Faults(faults)) = write(&bench, &wrong) else { panic!("not refused") };
    let told: Vec<_> = faults.iter().map(|fault| format!("{}:{} {}", fault.line, fault.column, fault.text)).collect();
    let dir = bench.path("").display().to_string();
    insta::assert_snapshot!(told.join("\n").replace(&dir, "DIR/"), @"
    5:11 ../secret.torrent lies outside of the directory of collections; put it in there, or list it with `beacon collection add` on the beacon's machine
    6:11 ../none lies outside of the directory of collections; put it in there, or list it with `beacon collection add` on the beacon's machine
    7:11 DIR/gone.torrent cannot be read: No such file or directory (os error 2)
    8:3 unknown key `flie`; did you mean `file`?
    ");
    let checked = bench.editor.check(&wrong);
    assert_eq!((checked.faults, checked.torrents, checked.name.as_deref()), (faults, 2, Some("Town")));
    assert_eq!((checked.bytes.bytes(), checked.more), (5, false));
    assert!(matches!(write(&bench, &town("").replace("0d9f", "ffff")), Err(EditRefusal::OtherId { .. })));
    assert_eq!(bench.text("town.json"), town(""));

    // What the file on the disk names already may stay, wherever it is; and a file that has become bad can be mended.
    let far = town(",\n{ \"file\": \"../secret.torrent\" }");
    bench.write("town.json", format!("{far}}}"));
    bench.scan();
    assert!(
        matches!(bench.edit(&Edit::Head(HeadChange::default())), Err(EditRefusal::Broken { faults, .. }) if faults.len() == 1)
    );
    assert_eq!(bench.editor.file(id()).expect("its text").text, format!("{far}}}"));
    write(&bench, &town("")).expect("mended");
    bench.write("town.json", &far);
    write(&bench, &far.replace("Town", "City")).expect("it is named already");
}

#[test]
fn a_new_collection_never_takes_the_place_of_a_file() {
    let mut bench = Bench::new();
    let empty = |name: &str| NewCollection::Empty { name: name.to_owned(), target: 2, max: None };
    let made = bench.editor.create(&empty("Maps / 1900"), None).expect("made");
    assert_eq!(made.path, bench.path("Maps _ 1900.json"));
    let read = read_collection(&made.path, |_| None).expect("good");
    assert_eq!((read.id, read.name.as_str(), read.redundancy.target()), (made.id, "Maps / 1900", 2));
    assert_eq!(bench.editor.create(&empty("Maps / 1900"), None).expect("made").path, bench.path("Maps _ 1900 2.json"));
    assert_eq!(bench.editor.create(&empty("..#"), None).expect("made").path, bench.path("collection.json"));
    assert_eq!(bench.editor.create(&empty("x"), Some("mine")).expect("made").path, bench.path("mine.json"));
    let taken = bench.editor.create(&empty("x"), Some("town.json"));
    assert_eq!(taken, Err(EditRefusal::Exists(bench.path("town.json"))));
    for file in [
        "../x.json",
        "/x.json",
        "a/b.json",
        ".x.json",
        "x.txt",
        "#x.json",
        "x\n.json",
        "",
        "..",
        "a\\b.json",
        &"x".repeat(300),
    ] {
        let refused = bench.editor.create(&empty("x"), Some(file));
        assert!(matches!(refused, Err(EditRefusal::FileName(_))), "{file}: {refused:?}");
    }
    assert_eq!(bench.editor.create(&empty(" "), None), Err(EditRefusal::Name));
    let none = NewCollection::Empty { name: "x".to_owned(), target: 0, max: None };
    assert!(matches!(bench.editor.create(&none, None), Err(EditRefusal::Redundancy(_))));

    let same = bench.editor.create(&NewCollection::Text(town("")), None);
    assert_eq!(same, Err(EditRefusal::IdTaken { id: id(), path: bench.path("town.json") }));
    let other = town("").replace("0d9f", "ffff");
    let passed_on = bench.editor.create(&NewCollection::Text(other.clone()), None).expect("made");
    assert_eq!((bench.text("Town.json"), passed_on.message.as_str()), (other, "Town is a collection now"));
    // It is found before anybody has read the directory again, and after.
    for _ in 0..2 {
        bench.editor.file(passed_on.id).expect("there");
        bench.scan();
    }
}

#[test]
fn a_collection_that_is_removed_is_only_laid_aside() {
    let mut bench = Bench::new();
    for aside in ["town.json.removed", "town.json.removed-2"] {
        let said = bench.editor.remove(id(), &Expected::Anything).expect("removed");
        assert!(said.contains(aside) && said.ends_with("renamed to town.json"), "{said}");
        assert!(!bench.path("town.json").exists());
        assert_eq!(bench.text(aside), town(""));
        assert_eq!(bench.editor.file(id()), Err(EditRefusal::NoSuchCollection(id())));
        bench.write("town.json", town(""));
        bench.scan();
    }
}

#[cfg(unix)]
#[test]
fn links_stay_links() {
    let mut bench = Bench::new();
    let real = bench.dir.path().join("real.json");
    fs::rename(bench.path("town.json"), &real).expect("moved");
    std::os::unix::fs::symlink("../real.json", bench.path("town.json")).expect("linked");
    bench.scan();
    bench.add_file(&torrent("letters", 1)).expect("listed");
    assert!(bench.path("town.json").is_symlink() && bench.path("letters.torrent").exists());
    assert!(fs::read_to_string(&real).expect("there").contains("letters.torrent"));
    read_collection(&bench.path("town.json"), |_| None).expect("paths start from where the link is");
    bench.editor.remove(id(), &Expected::Anything).expect("removed");
    assert!(bench.path("town.json.removed").is_symlink() && real.exists());
}
