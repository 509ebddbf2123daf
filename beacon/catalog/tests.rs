//! Tests of collections joined with their torrents.

use std::{collections::BTreeMap, io, path::Path};

use super::{CatalogError, CatalogFault, TorrentFacts, resolve, survey};
use crate::{
    collection::CollectionFile,
    model::{CatalogCollection, Source},
};

/// A v1 torrent of one piece; `mark` makes its hash differ.
fn torrent(name: &str, length: usize, mark: u8) -> Vec<u8> {
    let mut info =
        format!("d6:lengthi{length}e4:name{}:{name}12:piece lengthi16384e6:pieces20:", name.len()).into_bytes();
    info.extend([mark; 20]);
    info.push(b'e');
    [b"d4:info".as_slice(), &info, b"e"].concat()
}

fn resolved(entries: &str, files: &[(&str, Vec<u8>)]) -> Result<CatalogCollection, CatalogError> {
    let text = format!(
        "{{ \"id\": \"0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90\", \"name\": \"Town\",\n \"torrents\": [\n{entries}] }}"
    );
    let files: BTreeMap<_, _> = files.iter().map(|(name, bytes)| (Path::new("/lists").join(name), bytes)).collect();
    let file = CollectionFile::parse(&text).expect("a good collection file");
    resolve(&file, Path::new("/lists"), |path| {
        files.get(path).map(|bytes| (*bytes).clone()).ok_or_else(|| io::ErrorKind::NotFound.into())
    })
}

fn problem(entries: &str, files: &[(&str, Vec<u8>)]) -> String {
    resolved(entries, files).expect_err("refused").to_string()
}

#[test]
fn torrents_are_known_by_their_hashes_and_ordered_by_them() {
    let magnet = "magnet:?xt=urn:btih:0000000000000000000000000000000000000001&dn=Maps&xl=7";
    let entries =
        format!("{{ \"file\": \"sub/a.torrent\", \"priority\": 2 }}, {{ \"magnet\": \"{magnet}\", \"size\": 9 }}");
    let found = resolved(&entries, &[("sub/a.torrent", torrent("letters", 1000, 1))]).expect("good");
    let [maps, letters] = found.torrents.as_slice() else { panic!("two torrents") };
    assert_eq!(maps.name.as_deref(), Some("Maps"));
    assert_eq!(maps.size, Some(9), "what the file says counts before what the link says");
    assert_eq!(maps.source, Source::Magnet(magnet.to_owned()));
    assert_eq!((letters.name.as_deref(), letters.size, letters.priority), (Some("letters"), Some(1000), 2));
    assert_eq!(letters.source, Source::File("/lists/sub/a.torrent".into()));
    assert_eq!(letters.redundancy, found.redundancy);
    assert!(maps.info_hash < letters.info_hash);
}

#[test]
fn faults_are_told_where_their_entry_stands() {
    let told = [
        problem("{ \"file\": \"a.torrent\" }", &[]),
        problem("{ \"file\": \"a.torrent\" }", &[("a.torrent", b"<html>".to_vec())]),
        problem("{ \"magnet\": \"magnet:?dn=x\" }", &[]),
        problem(
            "{ \"file\": \"a\" }, { \"file\": \"c\" },\n{ \"file\": \"b\" }",
            &[("a", torrent("x", 5, 1)), ("b", torrent("x", 5, 1)), ("c", torrent("x", 6, 1))],
        ),
    ]
    .join("\n");
    insta::assert_snapshot!(told, @"
    3:11: /lists/a.torrent cannot be read: entity not found
    3:11: /lists/a.torrent cannot be used: this is not a .torrent file: byte 0 is 0x3c, which cannot stand there
    3:13: this magnet link cannot be used: the link has no info-hash; `xt=urn:btih:` or `xt=urn:btmh:` is needed
    4:11: this is the same torrent as at 3:11 (e252d952c00356d9a2257ce801aa0caa4f8496f9); remove one of them
    ");
}

#[test]
fn a_hybrid_and_a_link_to_one_half_of_it_are_one_torrent() {
    let (v1, v2) = ("11".repeat(20), "22".repeat(32));
    let both = format!("{{ \"magnet\": \"magnet:?xt=urn:btih:{v1}&xt=urn:btmh:1220{v2}\" }}");
    let half = format!("{{ \"magnet\": \"magnet:?xt=urn:btmh:1220{v2}\" }}");
    let told = problem(&format!("{both},\n{half}"), &[]);
    assert!(told.starts_with("4:13: this is the same torrent as at 3:13"), "{told}");
}

#[test]
fn twenty_thousand_torrents_are_resolved_with_one_file_in_memory_at_a_time() {
    let entries: Vec<String> = (0..20_000).map(|n| format!("{{\"file\":\"{n}\"}}")).collect();
    let text = format!(
        "{{ \"id\": \"0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90\", \"name\": \"Town\", \"torrents\": [{}] }}",
        entries.join(",")
    );
    let file = CollectionFile::parse(&text).expect("good");
    let found = resolve(&file, Path::new(""), |path| Ok(torrent(&path.display().to_string(), 5, 0))).expect("good");
    assert_eq!(found.torrents.len(), 20_000);
    assert!(found.torrents.is_sorted_by_key(|torrent| torrent.info_hash));
}

#[test]
fn a_name_has_nothing_that_a_terminal_would_obey() {
    let magnet = "magnet:?xt=urn:btih:0000000000000000000000000000000000000001&dn=a%0Ab";
    let entries = format!("{{ \"file\": \"a.torrent\" }}, {{ \"magnet\": \"{magnet}\" }}");
    let found = resolved(&entries, &[("a.torrent", torrent("\u{1b}[2Jgone", 1000, 1))]).expect("good");
    let mut names: Vec<_> = found.torrents.iter().filter_map(|torrent| torrent.name.as_deref()).collect();
    names.sort_unstable();
    assert_eq!(names, ["a\u{fffd}b", "\u{fffd}[2Jgone"]);
}

#[test]
fn a_survey_tells_all_that_is_wrong_and_what_can_be_used() {
    let entries = ["a", "gone", "b", "a", "a", "c"].map(|name| format!("{{ \"file\": \"{name}\" }}")).join(",\n");
    let text = format!(
        "{{ \"id\": \"0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90\", \"name\": \"Town\", \"torrents\": [\n{entries} ] }}"
    );
    let file = CollectionFile::parse(&text).expect("good");
    let looked = |most| {
        let facts = |path: &Path| match path.to_str() {
            Some("a") => Ok(TorrentFacts::of_file(&torrent("x", 5, 1)).expect("good")),
            Some("b") => Ok(TorrentFacts::of_file(&torrent("y", 6, 1)).expect("good")),
            _ => Err(CatalogFault::Unreadable { path: path.to_owned(), reason: io::ErrorKind::NotFound.into() }),
        };
        let found = survey(&file, Path::new(""), facts, most);
        let lines: Vec<_> = found.faults.iter().map(|fault| (fault.at.line, fault.error.to_string())).collect();
        (found.torrents.len(), lines)
    };
    let (good, lines) = looked(99);
    assert_eq!(good, 4);
    let told: Vec<_> =
        lines.iter().map(|(line, text)| (*line, text.split_whitespace().next().unwrap_or_default())).collect();
    assert_eq!(told, [(3, "gone"), (5, "this"), (6, "this"), (7, "c")]);
    assert!(lines[2].1.contains("same torrent as at 5:"), "{}", lines[2].1);
    assert_eq!(looked(1).1.len(), 1);
}
