//! Torrents as a widespread library makes them, with the info-hashes and sizes that it tells of them.

use crate::{
    metainfo::{
        Magnet, Metainfo, MetainfoError, Version,
        bencoder::{dictionary, list, number, text},
        wrap_info,
    },
    model::{InfoHash, InfoHashes},
};

pub(super) const LETTERS_V1: &[u8] = include_bytes!("../../../tests/data/letters-v1.torrent");
pub(super) const LETTERS_V2: &[u8] = include_bytes!("../../../tests/data/letters-v2.torrent");
pub(super) const LETTERS_HYBRID: &[u8] = include_bytes!("../../../tests/data/letters-hybrid.torrent");
pub(super) const ONE_V1: &[u8] = include_bytes!("../../../tests/data/one-v1.torrent");
pub(super) const ONE_V2: &[u8] = include_bytes!("../../../tests/data/one-v2.torrent");
pub(super) const ONE_HYBRID: &[u8] = include_bytes!("../../../tests/data/one-hybrid.torrent");

const LETTERS: [(&str, u64); 4] =
    [("Letters/a.txt", 40_000), ("Letters/b.bin", 100_001), ("Letters/sub/c.txt", 5), ("Letters/sub/empty", 0)];
const ONE: [(&str, u64); 1] = [("one.bin", 70_000)];

#[track_caller]
fn hashes(v1: Option<&str>, v2: Option<&str>) -> InfoHashes {
    let parse = |text: &str| text.parse::<InfoHash>().expect("a hash");
    let mut hashes = InfoHashes::default();
    for hash in [v1, v2].into_iter().flatten().map(parse) {
        match hash {
            InfoHash::V1(v1) => hashes.v1 = Some(v1),
            InfoHash::V2(v2) => hashes.v2 = Some(v2),
        }
    }
    hashes
}

#[track_caller]
fn check(bytes: &[u8], version: Version, v1: Option<&str>, v2: Option<&str>, files: &[(&str, u64)], pieces: u64) {
    let metainfo = Metainfo::read(bytes).expect("a good torrent");
    assert_eq!(metainfo.hashes, hashes(v1, v2));
    assert_eq!(metainfo.info_hash().to_string(), v1.or(v2).expect("a hash"));
    assert_eq!(metainfo.version, version);
    assert_eq!(metainfo.name, files[0].0.split('/').next().expect("a name"));
    assert_eq!(metainfo.piece_length, pieces);
    assert_eq!(metainfo.size, files.iter().map(|(_, length)| length).sum::<u64>());
    let mut data: Vec<_> =
        metainfo.files.iter().filter(|file| !file.padding).map(|file| (&file.path[..], file.length)).collect();
    data.sort_unstable();
    assert_eq!(data, files);
    assert_eq!(metainfo.trackers[0], "http://tracker.example.org/announce");
    assert!(metainfo.has_piece_layers);

    let info = &bytes[metainfo.info.clone()];
    let alone = Metainfo::from_info(info).expect("its info is good too");
    assert_eq!(alone.info, 0..info.len());
    assert_eq!((alone.hashes, alone.size, &alone.files), (metainfo.hashes, metainfo.size, &metainfo.files));
    let wrapped = wrap_info(info, &metainfo.trackers);
    let again = Metainfo::read(&wrapped).expect("a good torrent");
    assert_eq!(&wrapped[again.info.clone()], info);
    assert_eq!((again.hashes, &again.trackers), (metainfo.hashes, &metainfo.trackers));
    assert_eq!(again.has_piece_layers, version == Version::V1);
}

#[test]
fn v1_torrents_are_read() {
    let v1 = "9bc415931c5d64935d37c8869a6baca5d5cba8a3";
    check(LETTERS_V1, Version::V1, Some(v1), None, &LETTERS, 16 << 10);
    let v1 = "9032d9f37b6f78ad98b670b0b828bb78504ad16f";
    check(ONE_V1, Version::V1, Some(v1), None, &ONE, 32 << 10);
    assert!(Metainfo::read(ONE_V1).expect("good").private);
}

#[test]
fn v2_torrents_are_read() {
    let v2 = "b3a94989a78795b0beb8cecb84f5b8f2342e886fa50e023f9588c7d9ac9dd634";
    check(LETTERS_V2, Version::V2, None, Some(v2), &LETTERS, 16 << 10);
    let v2 = "7bffb573441fd01409104078f13463437ffe9efea246317107968557891f658c";
    check(ONE_V2, Version::V2, None, Some(v2), &ONE, 32 << 10);
}

#[test]
fn hybrid_torrents_are_read() {
    let v1 = "7c1b81d54e76dda8ad5af1fbec6606835c6b1069";
    let v2 = "c8e09a6d86f925a18994342b6b6e20e087fffa2c098788c6306da6f8706d06c4";
    check(LETTERS_HYBRID, Version::Hybrid, Some(v1), Some(v2), &LETTERS, 16 << 10);
    let v1 = "b9457a62a9a4d290eda9a87ac8046e3c87a273c7";
    let v2 = "08e4378d16406ffbb682a0eb7e8ba6a4d3c75c3149a8da73f55c7fd46885ae9b";
    check(ONE_HYBRID, Version::Hybrid, Some(v1), Some(v2), &ONE, 32 << 10);
    let metainfo = Metainfo::read(LETTERS_HYBRID).expect("good");
    assert_eq!(metainfo.trackers[1], "udp://tracker.example.net:6969");
    assert_eq!(metainfo.web_seeds, ["http://seed.example.org/"]);
    assert!(metainfo.files.iter().any(|file| file.padding));
    assert!(!metainfo.private);
}

#[test]
fn a_hybrids_magnet_and_metainfo_tell_the_same_hashes() {
    let magnet = "magnet:?xt=urn:btih:b9457a62a9a4d290eda9a87ac8046e3c87a273c7&xt=urn:btmh:122008e4378d16406ffbb682a0eb7e8b\
                  a6a4d3c75c3149a8da73f55c7fd46885ae9b&dn=one.bin&tr=http%3a%2f%2ftracker.example.org%2fannounce";
    let magnet = Magnet::parse(magnet).expect("a good link");
    let metainfo = Metainfo::read(ONE_HYBRID).expect("good");
    assert_eq!(magnet.hashes, metainfo.hashes);
    assert_eq!(magnet.info_hash(), metainfo.info_hash());
}

#[test]
fn the_hash_is_over_the_bytes_as_they_stand() {
    // Keys out of order and one that nobody knows: written anew, the bytes would differ.
    let info = b"d6:pieces20:aaaaaaaaaaaaaaaaaaaa12:piece lengthi16384e4:name1:x6:lengthi5e1:\xffi1ee";
    let metainfo = Metainfo::read(&wrap_info(info, &[])).expect("a good torrent");
    // From `sha1sum` over the same bytes.
    assert_eq!(metainfo.info_hash().to_string(), "22209603eb0bd40354966c8a9247ecc7f5922277");
}

#[test]
fn utf8_names_win_over_those_in_another_encoding() {
    let file =
        dictionary([("length", number(5)), ("path", list([text(b"caf\xe9")])), ("path.utf-8", list([text("café")]))]);
    let info = dictionary([
        ("files", list([file])),
        ("name", text(b"\xe9t\xe9")),
        ("piece length", number(16384)),
        ("pieces", text([0; 20])),
    ]);
    let lossy = Metainfo::from_info(&info.write()).expect("good");
    assert_eq!(lossy.name, "\u{fffd}t\u{fffd}");
    let info = info.with("name.utf-8", text("été"));
    let metainfo = Metainfo::from_info(&info.write()).expect("good");
    assert_eq!((&metainfo.name[..], &metainfo.files[0].path[..]), ("été", "été/café"));
}

#[test]
fn symbolic_links_and_colliding_padding_are_read() {
    let padding =
        || dictionary([("attr", text("p")), ("length", number(3)), ("path", list([text(".pad"), text("3")]))]);
    let link = dictionary([
        ("attr", text("l")),
        ("path", list([text("link")])),
        ("symlink path", list([text("sub"), text("a")])),
    ]);
    let data = dictionary([("length", number(10)), ("path", list([text("sub"), text("a")]))]);
    let info = dictionary([
        ("files", list([padding(), link.clone(), padding(), data])),
        ("name", text("x")),
        ("piece length", number(16)),
        ("pieces", text([0; 20])),
    ]);
    let metainfo = Metainfo::from_info(&info.clone().write()).expect("good");
    assert_eq!(metainfo.size, 10);
    assert_eq!(metainfo.files[1].symlink.as_deref(), Some("sub/a"));
    let link = link.with("symlink path", list([text(".."), text("etc")]));
    let astray = Metainfo::from_info(&info.with("files", list([link])).write());
    assert!(matches!(astray, Err(MetainfoError::Path { .. })), "{astray:?}");
}

#[test]
fn trackers_are_taken_once_and_odd_ones_left_out() {
    let tracker = |at: u32| text(format!("http://{at}.example.org"));
    let tiers = (0..200).map(|at| list([tracker(at), tracker(0), text(b"\xff"), number(at)]));
    let torrent = dictionary([("announce", tracker(7)), ("announce-list", list(tiers))]);
    let info = b"d6:lengthi5e4:name1:x12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae";
    let mut bytes = torrent.write();
    bytes.pop();
    let metainfo = Metainfo::read(&[&bytes[..], b"4:info", info, b"e"].concat()).expect("good");
    assert_eq!(metainfo.trackers.len(), 100);
    assert_eq!(metainfo.trackers[..2], ["http://7.example.org", "http://0.example.org"]);
}
