//! Torrents that are made here: read again, they say what was put in.

use proptest::{collection::vec, prelude::*};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::{
    metainfo::{
        Draft, DraftContent, DraftError, DraftFile, Magnet, Metainfo, MetainfoError, NewTorrent, PieceHasher,
        PieceHashes, Version,
        bencode::{Bencode, Value},
    },
    model::InfoHash,
};

const BLOCK: usize = 16 << 10;

/// A file in memory.
#[derive(Debug, Clone)]
struct Content {
    path: Vec<Vec<u8>>,
    data: Vec<u8>,
}

fn content(path: &str, data: Vec<u8>) -> Content {
    Content {
        path: path.split('/').filter(|part| !part.is_empty()).map(|part| part.as_bytes().to_vec()).collect(),
        data,
    }
}

fn spec(files: &[Content], version: Version, piece_length: u64) -> DraftContent {
    let file = |(source, file): (usize, &Content)| DraftFile {
        path: file.path.clone(),
        length: file.data.len() as u64,
        source,
    };
    DraftContent {
        name: b"archive".to_vec(),
        is_directory: files.iter().all(|file| !file.path.is_empty()),
        files: files.iter().enumerate().map(file).collect(),
        version,
        piece_length: Some(piece_length),
        private: false,
        trackers: Vec::new(),
        created_by: Some("test".to_owned()),
        created: None,
    }
}

/// Hashes every piece as the layout says, feeding `step` bytes at a time.
fn made(files: &[Content], spec: DraftContent, step: usize) -> Result<NewTorrent, DraftError> {
    let draft = Draft::new(spec)?;
    let mut hasher = PieceHasher::new(draft.version());
    let mut piece = |piece: u64| -> PieceHashes {
        for segment in draft.layout().segments(piece) {
            let Some(file) = segment.file else {
                hasher.pad(segment.length);
                continue;
            };
            let from = usize::try_from(segment.offset).expect("small");
            let until = from + usize::try_from(segment.length).expect("small");
            files[draft.files()[file].source].data[from..until].chunks(step).for_each(|part| hasher.update(part));
        }
        hasher.finish(draft.leaves(piece))
    };
    let pieces: Vec<PieceHashes> = (0..draft.layout().pieces()).map(&mut piece).collect();
    draft.finish(&pieces)
}

/// The merkle root of BEP 52, in the plainest way: all leaves, zeros up to a power of two, pair by pair.
fn naive_root(data: &[u8], leaves_min: usize) -> [u8; 32] {
    let mut level: Vec<[u8; 32]> = data.chunks(BLOCK).map(|block| Sha256::digest(block).into()).collect();
    level.resize(level.len().next_power_of_two().max(leaves_min), [0; 32]);
    while level.len() > 1 {
        level = level.chunks(2).map(|pair| Sha256::digest(pair.concat()).into()).collect();
    }
    level[0]
}

fn any_files() -> impl Strategy<Value = Vec<Content>> {
    let length = prop_oneof![
        Just(0_usize),
        1_usize..200_000,
        prop::sample::select(vec![BLOCK, 2 * BLOCK, 4 * BLOCK, 4 * BLOCK + 1, 8 * BLOCK - 1]),
    ];
    let part = prop_oneof![
        prop::sample::select(vec!["a", "b", "a.b", "a b", "A", "d", "caf\u{e9}"])
            .prop_map(|part| part.as_bytes().to_vec()),
        vec(prop_oneof![1_u8..=45, 48_u8..=91, 93_u8..=255], 1..6),
    ];
    vec((vec(part, 1..4), length, any::<u8>()), 1..6).prop_map(|files| {
        let file = |(path, length, seed): (Vec<Vec<u8>>, usize, u8)| {
            let data = (0..=u8::MAX).cycle().take(length).map(|byte| byte ^ seed).collect();
            Content { path, data }
        };
        let mut files: Vec<Content> = files.into_iter().map(file).collect();
        files.retain(|file| file.path.iter().all(|part| part != b"." && part != b".." && !part.ends_with(b":")));
        let taken = files.clone();
        let mut at = 0;
        // No path twice, and none that is the directory of another.
        files.retain(|file| {
            at += 1;
            let others = taken.iter().enumerate().filter(|(other, _)| *other != at - 1);
            !others.clone().any(|(_, other)| other.path.starts_with(&file.path))
        });
        files
    })
}

proptest! {
    #[test]
    fn what_is_made_is_read_as_it_was_meant(
        files in any_files(),
        version in prop::sample::select(vec![Version::V1, Version::V2, Version::Hybrid]),
        blocks in 0_u32..4,
        step in prop::sample::select(vec![1000_usize, BLOCK, 100_000]),
    ) {
        prop_assume!(files.iter().any(|file| !file.data.is_empty()));
        // Such a directory cannot be told from a file, see below.
        prop_assume!(files.len() > 1);
        let piece_length = (BLOCK as u64) << blocks;
        let torrent = made(&files, spec(&files, version, piece_length), step).expect("a good torrent");
        let metainfo = &torrent.metainfo;
        prop_assert_eq!(metainfo.version, version);
        prop_assert_eq!(metainfo.size, files.iter().map(|file| file.data.len() as u64).sum::<u64>());
        prop_assert_eq!(metainfo.pieces() > 0, true);
        let read = Metainfo::read(&torrent.bytes).expect("good");
        prop_assert_eq!(&read, metainfo);

        let mut shuffled = files.clone();
        shuffled.reverse();
        let again = made(&shuffled, spec(&shuffled, version, piece_length), BLOCK).expect("a good torrent");
        prop_assert_eq!(&again.bytes, &torrent.bytes);

        let info = &torrent.bytes[metainfo.info.clone()];
        if version == Version::V1 {
            let mut ordered = files.clone();
            ordered.sort_by_key(|file| file.path.join(&b'/'));
            let all: Vec<u8> = ordered.iter().flat_map(|file| file.data.clone()).collect();
            let expected: Vec<u8> = all.chunks(BLOCK << blocks).flat_map(|piece| <[u8; 20]>::from(Sha1::digest(piece))).collect();
            let bencode = Bencode::read(info).expect("bencoded");
            prop_assert_eq!(bencode.root().find(b"pieces").and_then(Value::string), Some(&expected[..]));
        } else {
            for file in files.iter().filter(|file| !file.data.is_empty()) {
                let leaves = if file.data.len() > BLOCK << blocks { 1 << blocks } else { 1 };
                let root = naive_root(&file.data, leaves);
                prop_assert!(info.windows(32).any(|window| window == root), "{:?}", file.path);
            }
        }
    }
}

#[test]
fn a_single_file_bears_the_name_itself() {
    for version in [Version::V1, Version::V2, Version::Hybrid] {
        let files = [content("", vec![7; 40_000])];
        let torrent = made(&files, spec(&files, version, 16 << 10), BLOCK).expect("good");
        let paths: Vec<_> = torrent.metainfo.files.iter().map(|file| (&file.path[..], file.length)).collect();
        assert_eq!(paths, [("archive", 40_000)]);
        assert_eq!(torrent.metainfo.pieces(), 3);
    }
}

#[test]
fn hybrids_fill_every_file_up_and_keep_one_order_in_both_halves() {
    let files = [content("a.b", vec![1; 5]), content("a/b", vec![2; 16 << 10]), content("a b", vec![3; 20_000])];
    let torrent = made(&files, spec(&files, Version::Hybrid, 16 << 10), BLOCK).expect("good");
    let told: Vec<_> = torrent.metainfo.files.iter().map(|file| (&file.path[..], file.length)).collect();
    let expected = [
        ("archive/a/b", 16_384),
        ("archive/a b", 20_000),
        ("archive/.pad/12768", 12_768),
        ("archive/a.b", 5),
        ("archive/.pad/16379", 16_379),
    ];
    assert_eq!(told, expected);
    let v1 = made(&files, spec(&files, Version::V1, 16 << 10), BLOCK).expect("good");
    let told: Vec<_> = v1.metainfo.files.iter().map(|file| &file.path[..]).collect();
    assert_eq!(told, ["archive/a b", "archive/a.b", "archive/a/b"], "v1 goes by whole paths");
}

#[test]
fn what_is_outside_info_does_not_change_the_hash_and_what_is_inside_does() {
    let files = [content("", vec![7; 40_000])];
    let plain = made(&files, spec(&files, Version::V1, 16 << 10), BLOCK).expect("good");
    let trackers = vec!["http://one.example.org/announce".to_owned(), "udp://two.example.org:6969".to_owned()];
    let outside = DraftContent {
        trackers: trackers.clone(),
        created: Some(1_800_000_000),
        ..spec(&files, Version::V1, 16 << 10)
    };
    let dressed = made(&files, outside, BLOCK).expect("good").metainfo;
    assert_eq!(dressed.hashes, plain.metainfo.hashes);
    assert_eq!(dressed.trackers, trackers);
    let private = DraftContent { private: true, ..spec(&files, Version::V1, 16 << 10) };
    let private = made(&files, private, BLOCK).expect("good").metainfo;
    assert!(private.private && private.hashes != plain.metainfo.hashes);
    let link = Magnet::from(&dressed).to_string();
    assert_eq!(Magnet::parse(&link).expect("a link").info_hash(), InfoHash::V1(plain.metainfo.hashes.v1.expect("v1")));
}

#[test]
fn what_nobody_would_take_is_refused_before_anything_is_hashed() {
    let refused = |files: &[Content], version: Version, piece_length: u64| {
        Draft::new(spec(files, version, piece_length)).expect_err("must be refused")
    };
    let good = || content("a", vec![1; 100]);
    let path =
        |files: &[Content]| matches!(refused(files, Version::V1, 16), DraftError::Refused(MetainfoError::Path { .. }));
    assert!(path(&[good(), content("b\\c", vec![])]));
    assert!(path(&[good(), content(&"x".repeat(5000), vec![])]));
    let empty = refused(&[content("a", vec![])], Version::V1, 16);
    assert_eq!(empty, DraftError::Refused(MetainfoError::NoData));
    let zero = refused(&[good()], Version::V1, 0);
    assert_eq!(zero, DraftError::Refused(MetainfoError::PieceLength("0".to_owned())));
    assert_eq!(refused(&[good()], Version::V2, 20_000), DraftError::Refused(MetainfoError::PieceLengthV2(20_000)));
    let twice = refused(&[good(), good()], Version::V1, 16);
    assert_eq!(twice, DraftError::Refused(MetainfoError::DuplicateFile("archive/a".to_owned())));
    assert_eq!(refused(&[good(), good()], Version::V2, 16 << 10), DraftError::ReadDifferently);
    let deep = refused(&[content(&"d/".repeat(100), vec![1])], Version::V2, 16 << 10);
    assert!(matches!(deep, DraftError::TooDeep { .. }), "{deep}");
    let alone = [content("archive", vec![1; 100])];
    assert_eq!(refused(&alone, Version::V2, 16 << 10), DraftError::ReadDifferently, "{alone:?}");
    let tracker = DraftContent { trackers: vec!["example.org".to_owned()], ..spec(&[good()], Version::V1, 16) };
    assert_eq!(Draft::new(tracker).expect_err("no URL"), DraftError::Tracker("example.org".to_owned()));
}

#[test]
fn a_torrent_beyond_what_clients_take_is_refused_with_a_way_out() {
    let huge = |length: u64, piece_length: Option<u64>| {
        let file = DraftFile { path: Vec::new(), length, source: 0 };
        let content =
            DraftContent { files: vec![file], is_directory: false, piece_length, ..spec(&[], Version::V1, 1) };
        Draft::new(content)
    };
    let error = huge(1 << 40, Some(1)).expect_err("far too many pieces");
    assert!(error.to_string().contains("choose longer pieces"), "{error}");
    assert!(huge(1 << 45, None).is_ok(), "32 TiB, with pieces of the length that is chosen");
}
