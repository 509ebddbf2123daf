//! Tests of `beacon torrent`, as people see it.

use std::fs;

use crate::cli::{
    Exit,
    test_env::{Ran, TestEnv},
};

const TOWN: &str = r#"{ "id": "0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90",
  "name": "Town archive", "redundancy": { "target": 3 },
  "torrents": [] }"#;

/// A directory with some letters, and a collection.
fn town() -> TestEnv {
    let env = TestEnv::new();
    env.write("letters/1901/may.txt", "A letter of May.");
    env.write("letters/1902/june.txt", vec![b'J'; 40_000]);
    env.write("letters/empty", "");
    env.write("collections/town.json", TOWN);
    env
}

/// What is seen, without how long it took.
fn shown(ran: &Ran) -> String {
    ran.shown().split_inclusive('\n').filter(|line| !line.starts_with("read ")).collect()
}

#[test]
fn a_torrent_is_made_and_shown() {
    let env = town();
    let made = env.run(&["torrent", "create", "letters", "--tracker", "http://tracker.example.org/announce"]);
    assert!(made.err.contains("\nread 40 kB in "), "{}", made.err);
    insta::assert_snapshot!(shown(&made), @"
    exit 0
    --- out
    name        letters
    info-hash   735de21063723d107ade32d781efa4d479e4455e
    size        40 kB in 3 files
    pieces      3 of 16 KiB, v1
    tracker     http://tracker.example.org/announce
    magnet      magnet:?xt=urn:btih:735de21063723d107ade32d781efa4d479e4455e&dn=letters&xl=40016&tr=http%3A%2F%2Ftracker.example.org%2Fannounce
    --- err
    made letters.torrent
    ");
    insta::assert_snapshot!(env.run(&["torrent", "show", "letters.torrent"]).shown(), @"
    exit 0
    --- out
    name        letters
    info-hash   735de21063723d107ade32d781efa4d479e4455e
    size        40 kB in 3 files
    pieces      3 of 16 KiB, v1
    tracker     http://tracker.example.org/announce
    magnet      magnet:?xt=urn:btih:735de21063723d107ade32d781efa4d479e4455e&dn=letters&xl=40016&tr=http%3A%2F%2Ftracker.example.org%2Fannounce

     16 B  letters/1901/may.txt
    40 kB  letters/1902/june.txt
      0 B  letters/empty
    --- err
    ");
    let again = env.run(&["torrent", "create", "letters"]);
    insta::assert_snapshot!(shown(&again), @"
    exit 1
    --- out
    --- err
    error: letters.torrent is there already; it is left as it is, and --force would replace it
    ");
}

#[test]
fn for_programs_everything_is_told_as_json() {
    let env = town();
    fs::create_dir(env.path("letters/1903")).expect("made");
    let made =
        env.run(&["torrent", "create", "letters", "--hybrid", "--private", "--piece-length", "16 KiB", "--json"]);
    insta::assert_snapshot!(made.shown(), @r#"
    exit 0
    --- out
    {"collection":null,"file":"letters.torrent","files":3,"info_hash":"3b99f4ac29a497a3ae8704e77d608c5fe7c96e26","info_hash_v1":"3b99f4ac29a497a3ae8704e77d608c5fe7c96e26","info_hash_v2":"92646a30bb0e5bffe972077146f916f8e9df3ddb4f0ec90d4bb468f050b05c84","left_out":[{"path":"letters/1903","why":"an empty directory"}],"magnet":"magnet:?xt=urn:btih:3b99f4ac29a497a3ae8704e77d608c5fe7c96e26&xt=urn:btmh:122092646a30bb0e5bffe972077146f916f8e9df3ddb4f0ec90d4bb468f050b05c84&dn=letters&xl=40016","name":"letters","piece_length":16384,"pieces":4,"private":true,"size":40016,"trackers":[],"version":"hybrid","web_seeds":[]}
    --- err
    left out: letters/1903 (an empty directory)
    "#);
    insta::assert_snapshot!(env.run(&["torrent", "show", "letters.torrent", "--json"]).shown(), @r#"
    exit 0
    --- out
    {"files":[{"length":16,"padding":false,"path":"letters/1901/may.txt","symlink":null},{"length":16368,"padding":true,"path":"letters/.pad/16368","symlink":null},{"length":40000,"padding":false,"path":"letters/1902/june.txt","symlink":null},{"length":9152,"padding":true,"path":"letters/.pad/9152","symlink":null},{"length":0,"padding":false,"path":"letters/empty","symlink":null}],"info_hash":"3b99f4ac29a497a3ae8704e77d608c5fe7c96e26","info_hash_v1":"3b99f4ac29a497a3ae8704e77d608c5fe7c96e26","info_hash_v2":"92646a30bb0e5bffe972077146f916f8e9df3ddb4f0ec90d4bb468f050b05c84","magnet":"magnet:?xt=urn:btih:3b99f4ac29a497a3ae8704e77d608c5fe7c96e26&xt=urn:btmh:122092646a30bb0e5bffe972077146f916f8e9df3ddb4f0ec90d4bb468f050b05c84&dn=letters&xl=40016","name":"letters","piece_length":16384,"pieces":4,"private":true,"size":40016,"trackers":[],"version":"hybrid","web_seeds":[]}
    --- err
    "#);
}

#[test]
fn the_same_files_make_the_same_bytes_wherever_they_are() {
    let (one, other) = (town(), town());
    for env in [&one, &other] {
        assert_eq!(env.run(&["torrent", "create", "letters", "--date", "2027-01-31"]).exit, Exit::Success);
    }
    let bytes = |env: &TestEnv| fs::read(env.path("letters.torrent")).expect("a torrent");
    assert_eq!(bytes(&one), bytes(&other));
    assert!(String::from_utf8_lossy(&bytes(&one)).contains("13:creation datei1801353600e"));
    one.run(&["torrent", "create", "letters", "--force"]);
    assert!(!String::from_utf8_lossy(&bytes(&one)).contains("creation date"));
}

#[test]
fn a_torrent_goes_into_a_collection_by_name_or_file() {
    for name in ["Town archive", "town", "town.json", "collections/town.json"] {
        let env = town();
        let made = env.run(&["torrent", "create", "letters", "--into", name, "--target", "2"]);
        assert_eq!(made.exit, Exit::Success, "{}", made.err);
        assert!(
            made.err.contains("made collections/letters.torrent\nadded to collections/town.json\n"),
            "{}",
            made.err
        );
        let expected =
            TOWN.replace("[]", "[\n    { \"file\": \"letters.torrent\", \"redundancy\": { \"target\": 2 } }\n  ]");
        assert_eq!(env.read("collections/town.json"), expected);
        assert_eq!(env.run(&["collection", "check"]).exit, Exit::Success);
        let again = env.run(&["torrent", "create", "letters", "--into", name, "--force"]);
        assert!(again.err.contains("collections/town.json lists it already"), "{}", again.err);
    }
}

#[test]
fn an_unknown_collection_is_told_before_anything_is_read() {
    let env = town();
    insta::assert_snapshot!(env.run(&["torrent", "create", "letters", "--into", "Twon archive"]).shown(), @"
    exit 2
    --- out
    --- err
    error: there is no collection `Twon archive` in collections; make one with `beacon collection new collections/NAME.json --name NAME`; did you mean `Town archive`?
    ");
    assert!(!env.path("collections/letters.torrent").exists());
    env.write("collections/copy.json", TOWN.replace("0d9f", "1d9f"));
    insta::assert_snapshot!(env.run(&["torrent", "create", "letters", "--into", "Town archive"]).shown(), @"
    exit 2
    --- out
    --- err
    error: both collections/copy.json and collections/town.json are collections called `Town archive`; name the file instead
    ");
    fs::remove_dir_all(env.path("collections")).expect("removed");
    insta::assert_snapshot!(env.run(&["torrent", "create", "letters", "--into", "town"]).shown(), @"
    exit 2
    --- out
    --- err
    there are no collections in collections; make one with `beacon collection new collections/NAME.json --name NAME`
    error: there is no collection `town` in collections; make one with `beacon collection new collections/NAME.json --name NAME`
    ");
    assert_eq!(env.run(&["torrent", "create", "letters", "--target", "2"]).exit, Exit::Usage);
}

#[test]
fn what_cannot_be_made_or_shown_says_why() {
    let env = town();
    env.write("none/empty", "");
    env.write("page.torrent", "<html>");
    let told = |args: &[&str]| {
        let ran = env.run(&[&["torrent"], args].concat());
        assert_ne!(ran.exit, Exit::Success);
        format!("{} {}", ran.exit.code(), ran.err)
    };
    insta::assert_snapshot!(told(&["create", "none"]), @"1 error: there is no data in DIR/none: no files, or only empty ones");
    insta::assert_snapshot!(told(&["create", "nowhere"]), @"1 error: DIR/nowhere cannot be read: No such file or directory (os error 2)");
    insta::assert_snapshot!(told(&["create", "letters", "--v2", "--piece-length", "20000"]), @"1 error: no client would take a torrent of this: the piece length is 20000, which is not a power of two from 16384 bytes up, as v2 needs (BEP 52)");
    insta::assert_snapshot!(told(&["create", "letters", "--name", "a/b", "-o", "x.torrent"]), @r"1 error: no client would take a torrent of this: the path `a/b` has a separator, `/` or `\`, within a part");
    insta::assert_snapshot!(told(&["create", "letters", "--tracker", "tracker.example.org"]), @"1 error: `tracker.example.org` is not the URL of a tracker; it begins with http://, https://, udp://, ws:// or wss://");
    insta::assert_snapshot!(told(&["show", "page.torrent"]), @"1 error: page.torrent: this is not a .torrent file: byte 0 is 0x3c, which cannot stand there");
    insta::assert_snapshot!(told(&["show", "nowhere.torrent"]), @"1 error: nowhere.torrent cannot be read: No such file or directory (os error 2)");
    for wrong in [["--piece-length", "5 GG"], ["--date", "today"], ["--v1", "--hybrid"]] {
        assert_eq!(env.run(&[&["torrent", "create", "letters"], &wrong[..]].concat()).exit, Exit::Usage);
    }
    assert!(!env.path("letters.torrent").exists());
}

#[test]
fn of_many_files_the_first_are_shown() {
    let env = TestEnv::new();
    (0..30).for_each(|at| env.write(&format!("many/{at:02}"), "x"));
    assert_eq!(env.run(&["torrent", "create", "many"]).exit, Exit::Success);
    let some = env.run(&["torrent", "show", "many.torrent"]);
    assert_eq!(some.err, "and 10 more; --all shows them\n");
    let all = env.run(&["torrent", "show", "many.torrent", "--all"]);
    assert_eq!((all.out.lines().count(), &all.err[..]), (some.out.lines().count() + 10, ""));
}

#[cfg(unix)]
#[test]
fn paths_that_are_no_utf8_are_told_as_json_all_the_same() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let env = town();
    fs::create_dir(env.path("letters").join(OsStr::from_bytes(b"caf\xe9"))).expect("made");
    let made = env.run(&["torrent", "create", "letters", "--json"]);
    assert_eq!(made.exit, Exit::Success, "{}", made.err);
    assert!(made.out.contains("\"path\":\"letters/caf\u{fffd}\""), "{}", made.out);
}
