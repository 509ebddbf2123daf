//! Whatever the bytes are: an answer, never a panic, and what is accepted holds together.

use proptest::{collection::vec, prelude::*, sample::Index};

use super::real::{LETTERS_HYBRID, LETTERS_V1, LETTERS_V2, ONE_HYBRID, ONE_V1, ONE_V2};
use crate::metainfo::{
    Magnet, Metainfo,
    bencoder::{Node, dictionary},
    wrap_info,
};

/// Reads in both ways and checks what is accepted.
fn read_both(bytes: &[u8]) {
    for metainfo in [Metainfo::read(bytes), Metainfo::from_info(bytes)].into_iter().flatten() {
        let info = &bytes[metainfo.info.clone()];
        let again = Metainfo::read(&wrap_info(info, &metainfo.trackers)).expect("what was read once is read again");
        assert_eq!((again.hashes, again.size), (metainfo.hashes, metainfo.size));
        assert!(metainfo.hashes.contains(&metainfo.info_hash()));
        for file in &metainfo.files {
            for part in file.path.split('/') {
                assert!(!matches!(part, "" | "." | "..") && !part.contains(['\0', '\\']), "{part:?}");
            }
        }
    }
}

fn any_torrent() -> impl Strategy<Value = &'static [u8]> {
    prop::sample::select(vec![LETTERS_V1, LETTERS_V2, LETTERS_HYBRID, ONE_V1, ONE_V2, ONE_HYBRID])
}

/// The keys that the reader looks for, and paths that it must not follow.
fn any_word() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        "info",
        "name",
        "name.utf-8",
        "piece length",
        "pieces",
        "length",
        "files",
        "path",
        "path.utf-8",
        "attr",
        "symlink path",
        "meta version",
        "file tree",
        "pieces root",
        "piece layers",
        "announce-list",
        "",
        "..",
        "/",
        "l",
    ];
    let hashes = prop::sample::select(vec![vec![0; 20], vec![0; 32], vec![0; 40]]);
    prop_oneof![
        8 => prop::sample::select(known.to_vec()).prop_map(|word| word.as_bytes().to_vec()),
        1 => hashes,
        1 => vec(any::<u8>(), 0..40),
    ]
}

fn any_node() -> impl Strategy<Value = Node> {
    let small = prop::sample::select(vec![-1, 0, 1, 2, 5, 16_384, 20_000, i128::from(i64::MAX), i128::MAX]);
    let leaf = prop_oneof![small.prop_map(Node::Integer), any_word().prop_map(Node::Bytes)];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Node::List),
            prop::collection::btree_map(any_word(), inner, 0..10).prop_map(Node::Dictionary),
        ]
    })
}

/// An `info` that is nearly right, so that what lies behind the first checks is reached.
fn any_info() -> impl Strategy<Value = Node> {
    let parts = || vec(any_word(), 0..4).prop_map(|parts| Node::List(parts.into_iter().map(Node::Bytes).collect()));
    let file = (parts(), 0_i128..40_000)
        .prop_map(|(path, length)| dictionary([("length", Node::Integer(length)), ("path", path)]));
    let pieces = (0_usize..5).prop_map(|pieces| Node::Bytes(vec![0; pieces * 20]));
    (vec(file, 0..5), pieces, any_node(), any::<bool>()).prop_map(|(files, pieces, tree, v2)| {
        let info = dictionary([
            ("files", Node::List(files)),
            ("name", Node::Bytes(b"x".to_vec())),
            ("piece length", Node::Integer(16_384)),
            ("pieces", pieces),
        ]);
        if v2 { info.with("meta version", Node::Integer(2)).with("file tree", tree) } else { info }
    })
}

proptest! {
    #[test]
    fn arbitrary_bytes_do_no_harm(bytes in vec(any::<u8>(), 0..400)) {
        read_both(&bytes);
    }

    #[test]
    fn bytes_that_look_like_bencoding_do_no_harm(bytes in vec(prop::sample::select(b"dlie0123456789:-a".to_vec()), 0..200)) {
        read_both(&bytes);
    }

    #[test]
    fn changed_torrents_do_no_harm(
        torrent in any_torrent(),
        changes in vec((any::<Index>(), any::<u8>()), 1..8),
        cut in any::<Option<Index>>(),
    ) {
        let mut bytes = torrent.to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.remove(cut.index(bytes.len()));
        }
        read_both(&bytes);
    }

    #[test]
    fn spliced_torrents_do_no_harm(a in any_torrent(), b in any_torrent(), from in any::<Index>(), to in any::<Index>()) {
        read_both(&[&a[..from.index(a.len())], &b[to.index(b.len())..]].concat());
    }

    #[test]
    fn well_formed_nonsense_does_no_harm(node in any_node(), info in any_info()) {
        read_both(&node.write());
        read_both(&info.write());
        read_both(&dictionary([("info", info), ("piece layers", node)]).write());
    }

    #[test]
    fn any_text_is_a_magnet_or_is_refused(text in ".{0,200}", tail in "[a-z.=&%+:0-9\\[\\]é]{0,100}") {
        let _ = Magnet::parse(&text);
        let link = format!("magnet:?xt=urn:btih:{}&{tail}", "0a".repeat(20));
        if let Ok(magnet) = Magnet::parse(&link) {
            prop_assert_eq!(Magnet::parse(&magnet.to_string()), Ok(magnet));
        }
    }
}
