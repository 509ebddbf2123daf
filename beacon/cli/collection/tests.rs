//! Tests of `beacon collection` as people use it.

use std::{fs, path::Path};

use sha1::{Digest, Sha1};

use crate::{
    cli::{Exit, test_env::TestEnv},
    daemon::collections::read_collection,
};

const TOWN: &str = r#"{
  "id": "0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90", "name": "Town",
  "torrents": [ { "file": "a.torrent" } ]
}"#;

/// The .torrent file of one small file with this content.
fn torrent(name: &str, content: &[u8]) -> Vec<u8> {
    let (length, name_length) = (content.len(), name.len());
    let mut bytes =
        format!("d4:infod6:lengthi{length}e4:name{name_length}:{name}12:piece lengthi16384e6:pieces20:").into_bytes();
    bytes.extend(Sha1::digest(content));
    bytes.extend(b"ee");
    bytes
}

fn town() -> TestEnv {
    let env = TestEnv::new();
    env.write("collections/town.json", TOWN);
    env.write("collections/a.torrent", torrent("letters", b"aa"));
    env
}

#[test]
fn a_collection_is_made_filled_checked_and_listed() {
    let env = TestEnv::new();
    env.write("collections/a.torrent", torrent("letters", b"aa"));
    env.write("torrents/b.torrent", torrent("maps", &[7; 3000]));
    let made = env.run(&["collection", "new", "collections/town.json", "--name", "Town archive", "--max", "4"]);
    assert_eq!(made.exit, Exit::Success, "{}", made.err);
    let id = made.out.trim();
    let magnet = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567";
    let added = env.run(&[
        "collection",
        "add",
        "collections/town.json",
        "collections/a.torrent",
        "torrents/b.torrent",
        magnet,
        "--target",
        "5",
        "--priority",
        "-1",
    ]);
    insta::assert_snapshot!(added.shown(), @"
    exit 0
    --- out
    844b77d9a49feb93434da8037200f2e6ca260700
    6f168cb70764c212705d0e33d49288c950683924
    0123456789abcdef0123456789abcdef01234567
    --- err
    3 torrents added to collections/town.json
    ");
    insta::assert_snapshot!(env.read("collections/town.json").replace(id, "ID"), @r#"
    {
      "id": "ID",
      "name": "Town archive",
      "redundancy": { "target": 3, "max": 4 },
      "torrents": [
        { "file": "a.torrent", "redundancy": { "target": 5 }, "priority": -1 },
        { "file": "../torrents/b.torrent", "redundancy": { "target": 5 }, "priority": -1 },
        { "magnet": "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567", "redundancy": { "target": 5 }, "priority": -1 }
      ]
    }
    "#);
    insta::assert_snapshot!(env.run(&["collection", "check"]).shown(), @"
    exit 0
    --- out
    good collections/town.json: Town archive, 3 torrents, 3 kB and 1 of unknown size
    --- err
    ");
    insta::assert_snapshot!(env.run(&["collection", "list"]).shown().replace(id, "ID"), @"
    exit 0
    --- out
    NAME          ID                                    TORRENTS                       BYTES  TARGET  MAX
    Town archive  ID         3  3 kB and 1 of unknown size       3    4
    --- err
    ");
}

#[test]
fn a_torrent_is_not_added_twice() {
    let env = town();
    env.write("copy.torrent", torrent("letters", b"aa"));
    let added = env.run(&["collection", "add", "collections/town.json", "copy.torrent"]);
    insta::assert_snapshot!(added.shown(), @"
    exit 0
    --- out
    --- err
    copy.torrent is in the collection already; it is not added again
    0 torrents added to collections/town.json
    ");
    assert_eq!(env.read("collections/town.json"), TOWN);
}

#[test]
fn what_cannot_be_added_changes_nothing() {
    let env = town();
    env.write("page.torrent", "<html>");
    env.write("good.torrent", torrent("good", b"good"));
    for bad in ["missing.torrent", "page.torrent", "magnet:?dn=x"] {
        let added = env.run(&["collection", "add", "collections/town.json", "good.torrent", bad]);
        assert_eq!(added.exit, Exit::Failure, "{bad}");
        assert!(added.err.starts_with(&format!("error: `{bad}` cannot be added: ")), "{}", added.err);
    }
    assert_eq!(env.read("collections/town.json"), TOWN);
    let zero = env.run(&["collection", "add", "collections/town.json", "good.torrent", "--target", "0"]);
    assert_eq!(zero.exit, Exit::Usage);
}

#[test]
fn a_file_that_is_there_is_not_overwritten() {
    let env = town();
    let made = env.run(&["collection", "new", "collections/town.json", "--name", "Other"]);
    assert_eq!(
        (made.exit, made.err.as_str()),
        (Exit::Failure, "error: collections/town.json is there already; it is left as it is\n")
    );
    assert_eq!(env.read("collections/town.json"), TOWN);
}

#[test]
fn a_collection_that_could_not_work_is_not_made() {
    let env = TestEnv::new();
    for arguments in [
        ["a.json", "--name", " "],
        ["a.txt", "--name", "A"],
        [".a.json", "--name", "A"],
        ["a.json", "--name=A", "--target=0"],
    ] {
        let made = env.run(&[["collection", "new"].as_slice(), &arguments].concat());
        assert_eq!(made.exit, Exit::Usage, "{arguments:?}");
    }
    assert_eq!(fs::read_dir(env.path("")).expect("a directory").count(), 0);
}

#[test]
fn every_bad_collection_gets_its_verdict() {
    let env = town();
    env.write("collections/copy.json", TOWN);
    env.write("collections/slip.json", TOWN.replace("\"name\"", "\"nmae\""));
    env.write("collections/lost.json", TOWN.replace("a.torrent", "b.torrent").replace("0d9f", "1d9f"));
    insta::assert_snapshot!(env.run(&["collection", "check"]).shown(), @"
    exit 3
    --- out
    good collections/copy.json: Town, 1 torrent, 2 B
    bad  collections/lost.json:3:27: DIR/collections/b.torrent cannot be read: No such file or directory (os error 2)
    bad  collections/slip.json:2:49: unknown key `nmae`; did you mean `name`?
    bad  collections/town.json: the id 0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90 is also that of collections/copy.json; give this collection an id of its own, or remove one of the files
    --- err
    error: 3 of the collections cannot be used
    ");
    insta::assert_snapshot!(env.run(&["collection", "check", "--json", "collections/slip.json"]).shown(), @r#"
    exit 3
    --- out
    {"column":49,"file":"collections/slip.json","line":2,"message":"unknown key `nmae`; did you mean `name`?","ok":false}
    --- err
    {"error":{"exit":3,"kind":"bad_input","message":"1 of the collections cannot be used"}}
    "#);
    assert_eq!(env.run(&["collection", "list"]).exit, Exit::BadInput);
}

#[test]
fn a_list_for_programs_is_json() {
    let listed = town().run(&["collection", "list", "--json"]);
    insta::assert_snapshot!(listed.shown(), @r#"
    exit 0
    --- out
    [{"bytes":2,"file":"collections/town.json","id":"0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90","max":3,"name":"Town","target":3,"torrents":1}]
    --- err
    "#);
}

#[test]
fn without_collections_the_way_to_the_first_is_told() {
    let listed = TestEnv::new().run(&["collection", "list"]);
    insta::assert_snapshot!(listed.shown(), @"
    exit 0
    --- out
    --- err
    there are no collections in collections; make one with `beacon collection new collections/NAME.json --name NAME`
    ");
    assert_eq!(TestEnv::new().run(&["collection", "list", "--json"]).out, "[]\n");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_collection_stays_a_link() {
    let env = town();
    env.write("good.torrent", torrent("good", b"good"));
    env.write("elsewhere/real.json", TOWN);
    fs::remove_file(env.path("collections/town.json")).expect("removed");
    std::os::unix::fs::symlink("../elsewhere/real.json", env.path("collections/town.json")).expect("linked");
    let added = env.run(&["collection", "add", "collections/town.json", "good.torrent"]);
    assert_eq!(added.exit, Exit::Success, "{}", added.err);
    assert!(env.path("collections/town.json").is_symlink());
    assert!(env.read("elsewhere/real.json").contains("\"../good.torrent\""));
    assert_eq!(env.run(&["collection", "check"]).exit, Exit::Success, "paths start from where the link is");
}

#[test]
fn the_sample_that_comes_with_the_project_is_good() {
    let collections = Path::new(env!("CARGO_MANIFEST_DIR")).join("collections");
    let sample = read_collection(&collections.join("sample.json"), |_| None).expect("a good sample");
    assert_eq!(sample.torrents.len(), 3);
    for torrent_of_sample in &sample.torrents {
        let name = torrent_of_sample.name.as_deref().expect("a name");
        let content = fs::read(collections.join("sample/files").join(name)).expect("its file");
        let stem = name.strip_suffix(".txt").expect("a text");
        let bytes = fs::read(collections.join(format!("sample/{stem}.torrent"))).expect("its torrent");
        assert_eq!(bytes, torrent(name, &content), "{name} can be seeded from the file beside it");
    }
}
