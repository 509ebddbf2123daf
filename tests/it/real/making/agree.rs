//! The same info-hash as other programs', for the same files and piece length.

use std::{collections::BTreeSet, fs};

use super::tools::{Bench, LIBTORRENT_MAKE};
use crate::support::Dice;

/// Exact multiples of a piece, empty files, names that are no UTF-8, capitals, hidden files, and every order in which
/// names with signs before `/` can be put.
const ODD: [(&[u8], usize); 12] = [
    (b"a/b", 65_536),
    (b"a.b", 3),
    (b"a b", 32_768),
    (b"a-b/c", 1),
    (b"B/c", 70_000),
    (b"Z", 16_384),
    (b".hidden", 2),
    (b"empty", 0),
    (b"caf\xe9", 5),
    (b"d/e/f/g/h/i/j/k", 100_000),
    (b"d/e.x", 7),
    ("日本".as_bytes(), 9),
];

/// What `transmission-create` takes too, and puts into the same order: it leaves out hidden and empty files, and looks
/// past capitals.
const PLAIN: [(&[u8], usize); 4] = [(b"a/b", 65_536), (b"a.b", 3), (b"a b", 40_000), (b"c/d", 7)];

/// Without names that libtorrent's binding for Python cannot take.
const TEXT: [(&[u8], usize); 7] = [
    (b"a/b", 65_536),
    (b"a.b", 3),
    (b"a b", 32_768),
    (b"B/c", 70_000),
    (b"empty", 0),
    (b"d/e/f/g", 100_000),
    ("日本".as_bytes(), 9),
];

fn read_by_beacon(bench: &Bench, file: &str) -> (serde_json::Value, serde_json::Value) {
    let told = bench.run(env!("CARGO_BIN_EXE_beacon"), &["torrent", "show", file, "--json"]);
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    (told["info_hash_v1"].clone(), told["info_hash_v2"].clone())
}

#[track_caller]
fn agrees(bench: &Bench, args: &[&str]) {
    let ours = bench.beacon(args);
    let theirs = read_by_beacon(bench, "theirs.torrent");
    assert_eq!((ours["info_hash_v1"].clone(), ours["info_hash_v2"].clone()), theirs, "{args:?}");
    fs::remove_file(bench.dir().join("theirs.torrent")).expect("removed");
}

#[test]
fn mktorrent_makes_the_same() {
    let bench = Bench::new(&ODD);
    bench.run("mktorrent", &["-l", "15", "-o", "theirs.torrent", "tree"]);
    agrees(&bench, &[]);
    bench.run("mktorrent", &["-l", "15", "-p", "-a", "http://a.example.org/announce", "-o", "theirs.torrent", "tree"]);
    agrees(&bench, &["--private", "--tracker", "http://a.example.org/announce"]);
}

#[test]
fn mktorrent_makes_the_same_of_links_within_the_tree() {
    let bench = Bench::new(&ODD);
    std::os::unix::fs::symlink("../a.b", bench.dir().join("tree/d/to-file")).expect("linked");
    std::os::unix::fs::symlink("d", bench.dir().join("tree/to-directory")).expect("linked");
    bench.run("mktorrent", &["-l", "15", "-o", "theirs.torrent", "tree"]);
    agrees(&bench, &[]);
}

#[test]
fn mktorrent_makes_the_same_of_any_tree() {
    for seed in 0..20 {
        let mut dice = Dice::new(seed);
        let mut names: BTreeSet<String> = BTreeSet::new();
        for _ in 0..dice.between(1, 15) {
            let part = |dice: &mut Dice| {
                ["a", "a.", "a ", "a0", "a-b", "A"][usize::try_from(dice.between(0, 6)).expect("few")]
            };
            let parts: Vec<String> =
                (0..dice.between(1, 4)).map(|depth| format!("{depth}{}", part(&mut dice))).collect();
            // Files have an ending of their own, so that none is the directory of another.
            names.insert(format!("{}.f", parts.join("/")));
        }
        let files: Vec<(&[u8], usize)> = names
            .iter()
            .map(|name| (name.as_bytes(), usize::try_from(dice.between(0, 90_000)).expect("small")))
            .chain([(&b"one"[..], 1)])
            .collect();
        let bench = Bench::new(&files);
        bench.run("mktorrent", &["-l", "15", "-o", "theirs.torrent", "tree"]);
        agrees(&bench, &[]);
    }
}

#[test]
fn transmission_makes_the_same() {
    let bench = Bench::new(&PLAIN);
    // Version 3.00 writes `private` even where it is 0, and so only private torrents are the same.
    let tracker = "http://a.example.org/announce";
    bench.run("transmission-create", &["-s", "32", "-p", "-t", tracker, "-o", "theirs.torrent", "tree"]);
    agrees(&bench, &["--private", "--tracker", tracker]);
}

#[test]
fn libtorrent_makes_the_same_in_every_version() {
    let bench = Bench::new(&TEXT);
    for version in ["v1", "v2", "hybrid"] {
        bench.python(LIBTORRENT_MAKE, &[version]);
        agrees(&bench, &[&format!("--{version}")]);
    }
}

#[test]
fn of_a_single_file_all_make_the_same() {
    let bench = Bench::new(&[]);
    fs::remove_dir(bench.dir().join("tree")).expect("removed");
    for length in [1, 16_384, 32_768, 32_769, 65_536, 1_000_000] {
        fs::write(bench.dir().join("tree"), Dice::new(1).bytes(length)).expect("written");
        bench.run("mktorrent", &["-l", "15", "-o", "theirs.torrent", "tree"]);
        agrees(&bench, &[]);
        for version in ["v1", "v2", "hybrid"] {
            bench.python(LIBTORRENT_MAKE, &[version]);
            agrees(&bench, &[&format!("--{version}")]);
        }
    }
}
