//! What is refused, and the reason that is named.

use sha2::{Digest, Sha256};

use super::real::{LETTERS_HYBRID, LETTERS_V2, ONE_V1};
use crate::metainfo::{
    BencodeError, METAINFO_BYTES_MAX, Metainfo, MetainfoError, PathProblem,
    bencoder::{Node, dictionary, list, number, text},
};

fn v1() -> Node {
    dictionary([
        ("length", number(40_000)),
        ("name", text("x")),
        ("piece length", number(16_384)),
        ("pieces", text([1; 60])),
    ])
}

fn v1_files(files: impl IntoIterator<Item = (&'static str, i128)>) -> Node {
    let file = |(path, length): (&str, i128)| {
        dictionary([("length", number(length)), ("path", list(path.split('|').map(text)))])
    };
    v1().without("length").with("files", list(files.into_iter().map(file)))
}

fn v2_file(length: i128) -> Node {
    dictionary([("", dictionary([("length", number(length)), ("pieces root", text([7; 32]))]))])
}

fn v2(tree: Node) -> Node {
    let info = dictionary([("meta version", number(2)), ("name", text("x")), ("piece length", number(16_384))]);
    info.with("file tree", tree)
}

#[track_caller]
fn refused(info: &Node) -> MetainfoError {
    Metainfo::from_info(&info.write()).expect_err("must be refused")
}

#[track_caller]
fn path_problem(info: &Node) -> PathProblem {
    match refused(info) {
        MetainfoError::Path { problem, .. } => problem,
        other => panic!("refused for another reason: {other}"),
    }
}

#[test]
fn bad_bencoding_and_trailing_data_are_refused() {
    let with_newline = [ONE_V1, b"\n"].concat();
    let trailing = BencodeError::TrailingData { offset: ONE_V1.len(), extra: 1 };
    assert_eq!(Metainfo::read(&with_newline), Err(MetainfoError::Bencode(trailing)));
    for end in 0..ONE_V1.len() {
        assert!(matches!(Metainfo::read(&ONE_V1[..end]), Err(MetainfoError::Bencode(_))), "{end}");
    }
    let large = vec![b' '; METAINFO_BYTES_MAX + 1];
    let too_large = BencodeError::TooLarge { length: large.len() };
    assert_eq!(Metainfo::read(&large), Err(MetainfoError::Bencode(too_large)));
    assert!(matches!(Metainfo::read(b"le"), Err(MetainfoError::WrongType { key: "the .torrent file", .. })));
    assert!(matches!(Metainfo::read(b"d4:infolee"), Err(MetainfoError::WrongType { key: "info", .. })));
    assert_eq!(Metainfo::read(b"de"), Err(MetainfoError::Missing("info")));
}

#[test]
fn what_every_torrent_has_is_missed() {
    for key in ["name", "piece length", "pieces"] {
        assert_eq!(refused(&v1().without(key)), MetainfoError::Missing(key));
        let odd = v1().with(key, list([]));
        assert!(matches!(refused(&odd), MetainfoError::WrongType { key: named, .. } if named == key), "{key}");
    }
    assert_eq!(refused(&v1().without("length")), MetainfoError::NeitherLengthNorFiles);
    assert_eq!(refused(&v1().with("files", list([]))), MetainfoError::LengthAndFiles);
    assert_eq!(refused(&v2(list([])).without("file tree")), MetainfoError::Missing("file tree"));
    assert_eq!(refused(&v1().with("meta version", number(3))), MetainfoError::UnknownVersion("3".to_owned()));
}

#[test]
fn paths_that_lead_elsewhere_are_refused() {
    for (path, expected) in [
        ("..", PathProblem::Traversal),
        ("a|..|b", PathProblem::Traversal),
        ("a|.", PathProblem::Traversal),
        ("/etc|passwd", PathProblem::Absolute),
        ("\\\\server", PathProblem::Absolute),
        ("C:|b", PathProblem::Absolute),
        ("c:\\b", PathProblem::Absolute),
        ("a/b", PathProblem::Separator),
        ("a\\b", PathProblem::Separator),
        ("a/..", PathProblem::Separator),
        ("a\0b", PathProblem::Nul),
        ("", PathProblem::EmptyPart),
        ("a||b", PathProblem::EmptyPart),
    ] {
        let listed = v1_files([(path, 40_000)]);
        assert_eq!(path_problem(&listed), expected, "v1 {path:?}");
        let tree = path.rsplit('|').fold(v2_file(5), |tree, part| dictionary([(part, tree)]));
        // In a tree an empty part would be a file's properties, which cannot hold directories.
        if !path.contains("||") && !path.is_empty() {
            assert_eq!(path_problem(&v2(tree)), expected, "v2 {path:?}");
        }
        let name = path.split('|').next().expect("a part");
        if path == name {
            assert_eq!(path_problem(&v1().with("name", text(name))), expected, "name {path:?}");
            assert_eq!(path_problem(&v1().with("name.utf-8", text(name))), expected, "name.utf-8 {path:?}");
        }
    }
    let file = dictionary([("length", number(40_000)), ("path", list([]))]);
    let info = v1().without("length").with("files", list([file.clone()]));
    assert_eq!(path_problem(&info), PathProblem::NoParts);
    let file = file.with("path", list([text("a")])).with("path.utf-8", list([text("..")]));
    assert_eq!(path_problem(&info.with("files", list([file]))), PathProblem::Traversal);
    let long = "a".repeat(5000);
    assert_eq!(path_problem(&v1().with("name", text(long))), PathProblem::TooLong);
}

#[test]
fn files_in_each_others_way_are_refused() {
    let twice = v1_files([("a|b", 1), ("a|c", 1), ("a|b", 39_998)]);
    assert_eq!(refused(&twice), MetainfoError::DuplicateFile("x/a/b".to_owned()));
    // `a!` sorts between `a` and `a/b` as bytes.
    let within = v1_files([("a|b", 1), ("a!", 1), ("a", 39_998)]);
    assert_eq!(refused(&within), MetainfoError::FileIsDirectory("x/a".to_owned()));
    let both = v2(dictionary([("a", v2_file(5).with("b", v2_file(5)))]));
    assert_eq!(refused(&both), MetainfoError::FileIsDirectory("x/a".to_owned()));
}

#[test]
fn impossible_lengths_are_refused() {
    assert_eq!(refused(&v1_files([("a", -1)])), MetainfoError::NegativeLength("x/a".to_owned()));
    let huge = i128::from(i64::MAX);
    for files in [vec![("a", huge + 1)], vec![("b", 1), ("a", huge)], vec![("a", i128::MAX)]] {
        assert_eq!(refused(&v1_files(files)), MetainfoError::LengthOverflow("x/a".to_owned()));
    }
    let tree = dictionary([("a", v2_file(huge)), ("b", v2_file(1))]);
    assert_eq!(refused(&v2(tree)), MetainfoError::LengthOverflow("x/b".to_owned()));
    let link = dictionary([
        ("attr", text("l")),
        ("length", number(5)),
        ("path", list([text("a")])),
        ("symlink path", list([text("b")])),
    ]);
    let info = v1().without("length").with("files", list([link]));
    assert_eq!(refused(&info), MetainfoError::SymlinkWithLength("x/a".to_owned()));
    assert_eq!(refused(&v1().with("length", number(0)).with("pieces", text(""))), MetainfoError::NoData);
    assert_eq!(refused(&v2(dictionary([]))), MetainfoError::NoData);
}

#[test]
fn pieces_must_fit_the_files() {
    for pieces in [0, 20, 59, 61, 80] {
        let error = refused(&v1().with("pieces", text(vec![1; pieces])));
        assert_eq!(error, MetainfoError::PieceCount { found: pieces, expected: 3 });
    }
    for length in [0, -1, (1 << 29) + 1, i128::MAX] {
        let error = refused(&v1().with("piece length", number(length)));
        assert!(matches!(error, MetainfoError::PieceLength(_)), "{length}: {error}");
    }
    // v1 allows any length, v2 only powers of two.
    let odd = v1().with("piece length", number(15_000));
    assert!(Metainfo::from_info(&odd.write()).is_ok());
    for length in [8_192_u64, 16_385, 49_152] {
        let info = v2(dictionary([("x", v2_file(5))])).with("piece length", number(length));
        assert_eq!(refused(&info), MetainfoError::PieceLengthV2(length));
    }
}

#[test]
fn v2_files_need_a_root_and_its_layer() {
    let rootless = dictionary([("x", dictionary([("", dictionary([("length", number(5))]))]))]);
    assert_eq!(refused(&v2(rootless)), MetainfoError::PiecesRoot("x".to_owned()));

    // Three pieces: the fourth leaf is the hash that stands for 16 KiB of nothing.
    let join = |pair: [[u8; 32]; 2]| -> [u8; 32] { Sha256::digest(pair.concat()).into() };
    let leaves = [[1; 32], [2; 32], [3; 32]];
    let root = join([join([leaves[0], leaves[1]]), join([leaves[2], [0; 32]])]);
    let properties = dictionary([("length", number(40_000)), ("pieces root", text(root))]);
    let info = v2(dictionary([("x", dictionary([("", properties)]))]));
    let torrent = |layers: Vec<(Vec<u8>, Node)>| {
        let layers = Node::Dictionary(layers.into_iter().collect());
        Metainfo::read(&dictionary([("info", info.clone()), ("piece layers", layers)]).write())
    };
    let good = torrent(vec![(root.to_vec(), text(leaves.concat()))]).expect("good");
    assert!(good.has_piece_layers);
    assert_eq!(torrent(vec![]), Err(MetainfoError::LayerMissing("x".to_owned())));
    let wrong = Err(MetainfoError::LayerWrong("x".to_owned()));
    assert_eq!(torrent(vec![(root.to_vec(), text(leaves[..2].concat()))]), wrong);
    assert_eq!(torrent(vec![(root.to_vec(), text([leaves.concat(), vec![0; 32]].concat()))]), wrong);
    assert_eq!(torrent(vec![(root.to_vec(), text([3; 96]))]), wrong);
}

#[test]
fn halves_of_a_hybrid_must_agree() {
    let hybrid = |listed: Node, tree: Node| {
        let Node::Dictionary(entries) = listed else { panic!("not a dictionary") };
        entries.into_iter().fold(v2(tree), |info, (key, value)| info.with(str::from_utf8(&key).expect("text"), value))
    };
    let tree = || dictionary([("a", v2_file(20_000)), ("b", v2_file(7_232))]);
    let padded = v1_files([("a", 20_000), (".pad|12768", 12_768), ("b", 7_232)]);
    let padding =
        dictionary([("attr", text("p")), ("length", number(12_768)), ("path", list([text(".pad"), text("12768")]))]);
    let file = |path: &str, length: i32| dictionary([("length", number(length)), ("path", list([text(path)]))]);
    let listed = |files: [Node; 3]| padded.clone().with("files", list(files));
    let good = hybrid(listed([file("a", 20_000), padding.clone(), file("b", 7_232)]), tree());
    assert!(Metainfo::from_info(&good.write()).is_ok());

    let mismatch = |path: &str| MetainfoError::HybridMismatch(path.to_owned());
    let other_name = hybrid(listed([file("a", 20_000), padding.clone(), file("c", 7_232)]), tree());
    assert_eq!(refused(&other_name), mismatch("x/c"));
    let other_length = hybrid(listed([file("a", 20_001), padding.clone(), file("b", 7_231)]), tree());
    assert_eq!(refused(&other_length), mismatch("x/a"));
    let more = hybrid(v1_files([("a", 40_000)]), dictionary([("a", v2_file(40_000)), ("b", v2_file(1))]));
    assert_eq!(refused(&more), mismatch("x/b"));
    let unaligned = hybrid(v1_files([("a", 20_000), ("b", 7_232), ("c", 12_768)]), tree().with("c", v2_file(12_768)));
    assert_eq!(refused(&unaligned), MetainfoError::HybridUnaligned("x/b".to_owned()));
}

#[test]
fn a_changed_layer_of_a_real_torrent_is_noticed() {
    for torrent in [LETTERS_V2, LETTERS_HYBRID] {
        let layers = torrent.windows(12).position(|window| window == b"piece layers").expect("there");
        let mut changed = torrent.to_vec();
        // Within the first layer: behind the keys, a root of 32 bytes and the lengths of both.
        changed[layers + b"piece layersd32:".len() + 32 + b"224:".len()] ^= 1;
        assert!(matches!(Metainfo::read(&changed), Err(MetainfoError::LayerWrong(_))));
    }
}

#[test]
fn paths_cannot_grow_beyond_what_was_read() {
    // Each of the files repeats the long name of its directory.
    let files = (0..20_000).map(|at| (format!("{at:x}").into_bytes(), v2_file(0)));
    let tree = dictionary([(&"d".repeat(4_000)[..], Node::Dictionary(files.collect()))]);
    assert_eq!(refused(&v2(tree)), MetainfoError::PathsTooLong);
}
