//! Other programs take the torrents for good, and find the data to be what they say.

use std::fs;

use super::tools::{Bench, LIBTORRENT_CHECK};

const FILES: [(&[u8], usize); 6] = [
    (b"letters/1901/may.txt", 100_000),
    (b"letters/1901/empty", 0),
    (b"letters/1901.txt", 32_768),
    (b"letters/caf\xc3\xa9 \xe2\x80\x93 \xe6\x97\xa5\xe6\x9c\xac", 5),
    (b"photo.jpg", 300_001),
    (b"readme", 1),
];

#[test]
fn libtorrent_reads_every_version_and_finds_the_data_right() {
    let bench = Bench::new(&FILES);
    for version in ["--v1", "--v2", "--hybrid"] {
        let ours = bench.beacon(&[version, "--tracker", "http://127.0.0.1:9/announce", "--private"]);
        let (v1, v2) = bench.hashes_read_by_libtorrent("ours.torrent");
        let told = |key: &str, length| ours[key].as_str().map_or("0".repeat(length), str::to_owned);
        assert_eq!((v1, v2), (told("info_hash_v1", 40), told("info_hash_v2", 64)), "{version}");
        bench.python(LIBTORRENT_CHECK, &[]);
    }
    bench.beacon(&["--hybrid"]);
    bench.write(b"photo.jpg", &vec![0; 300_001]);
    let wrong = std::panic::catch_unwind(|| bench.python(&LIBTORRENT_CHECK.replace("+ 60", "+ 2"), &[]));
    assert!(wrong.is_err(), "the check must be able to fail");
}

#[test]
fn transmission_reads_it() {
    let bench = Bench::new(&FILES);
    let ours = bench.beacon(&["--tracker", "http://127.0.0.1:9/announce"]);
    let shown = bench.run("transmission-show", &["ours.torrent"]);
    let hash = ours["info_hash"].as_str().expect("a hash");
    for expected in [&format!("Hash: {hash}")[..], "Piece Count: 14", "tree/letters/1901/may.txt", "Public torrent"] {
        assert!(shown.contains(expected), "`{expected}` is not in\n{shown}");
    }
}

#[test]
fn aria2_reads_it_and_finds_the_data_right() {
    let bench = Bench::new(&FILES);
    let ours = bench.beacon(&[]);
    let shown = bench.run("aria2c", &["-S", "ours.torrent"]);
    let hash = ours["info_hash"].as_str().expect("a hash");
    for expected in [&format!("Info Hash: {hash}")[..], "The Number of Pieces: 14", "tree/letters/1901/may.txt"] {
        assert!(shown.contains(expected), "`{expected}` is not in\n{shown}");
    }
    let offline = ["--enable-dht=false", "--bt-enable-lpd=false", "--no-conf", "--dir=."];
    let check = ["--check-integrity=true", "--hash-check-only=true", "--bt-seed-unverified=false", "ours.torrent"];
    bench.run("aria2c", &[&offline[..], &check].concat());
    fs::write(bench.dir().join("tree/readme"), "?").expect("written");
    let wrong = std::panic::catch_unwind(|| bench.run("aria2c", &[&offline[..], &check].concat()));
    assert!(wrong.is_err(), "the check must be able to fail");
}

#[test]
fn links_and_names_of_raw_bytes_go_in_as_they_are_seen() {
    let bench = Bench::new(&[(b"caf\xe9", 40_000), (b"plain", 3)]);
    std::os::unix::fs::symlink("plain", bench.dir().join("tree/link")).expect("linked");
    std::os::unix::fs::symlink("..", bench.dir().join("tree/loop")).expect("linked");
    let ours = bench.beacon(&[]);
    assert_eq!(
        (&ours["files"], ours["left_out"][0]["why"].as_str()),
        (&3.into(), Some("a link that leads out of the directory"))
    );
    let bytes = fs::read(bench.ours()).expect("a torrent");
    assert!(bytes.windows(6).any(|window| window == b"4:caf\xe9"));
    assert!(bench.run("transmission-show", &["ours.torrent"]).contains("Hash: "));
    assert!(bench.run("aria2c", &["-S", "ours.torrent"]).contains(ours["info_hash"].as_str().expect("a hash")));
}
