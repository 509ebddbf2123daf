//! The `info` dictionary of a new torrent (BEP 3, 27, 47, 52).

use std::collections::BTreeMap;

use super::{
    DraftContent, DraftFile, Version,
    bencoder::{Node, dictionary, list, number, text},
    layers::HASH_BYTES,
    layout::padding_after,
};

/// The merkle roots of the files of a new torrent, and the piece hashes that make them (BEP 52).
#[derive(Debug, Default)]
pub(super) struct Roots {
    /// For each file in order; none for an empty one, and in v1.
    roots: Vec<Option<[u8; HASH_BYTES]>>,
    /// The piece hashes of the files with more than one piece, by their root.
    layers: BTreeMap<Vec<u8>, Node>,
}

impl Roots {
    /// Takes the piece hashes of the next file. `root` is what several of them make; a single one is its own.
    pub(super) fn push(&mut self, pieces: &[[u8; HASH_BYTES]], root: Option<[u8; HASH_BYTES]>) {
        if let Some(root) = root {
            self.layers.insert(root.to_vec(), text(pieces.as_flattened()));
        }
        self.roots.push(root.or(pieces.first().copied()));
    }

    /// The `piece layers`.
    pub(super) fn layers(&self) -> Node {
        Node::Dictionary(self.layers.clone())
    }
}

/// The `info` of a torrent whose files are in order. `pieces` are the v1 hashes one behind the other.
pub(super) fn info(content: &DraftContent, piece_length: u64, pieces: Vec<u8>, roots: &Roots) -> Node {
    let is_v1 = content.version != Version::V2;
    let is_v2 = content.version != Version::V1;
    let single = content.files.first().filter(|_| !content.is_directory);
    let padding = if content.version == Version::Hybrid { Some(piece_length) } else { None };
    dictionary([("name", text(&content.name)), ("piece length", number(piece_length))])
        .with_some("private", content.private.then(|| number(1)))
        .with_some("pieces", is_v1.then_some(Node::Bytes(pieces)))
        .with_some("length", single.filter(|_| is_v1).map(|file| number(file.length)))
        .with_some("files", (is_v1 && content.is_directory).then(|| file_list(&content.files, padding)))
        .with_some("meta version", is_v2.then(|| number(2)))
        .with_some("file tree", is_v2.then(|| file_tree(content, roots)))
}

/// The v1 list of files. With `padding`, each is followed by zeros up to whole pieces of that length, the last one too:
/// that is how libtorrent makes hybrid torrents, and every v1 piece then is of the same bytes as a v2 piece.
fn file_list(files: &[DraftFile], padding: Option<u64>) -> Node {
    let mut entries = Vec::with_capacity(files.len());
    for file in files {
        let path = list(file.path.iter().map(text));
        entries.push(dictionary([("length", number(file.length)), ("path", path)]));
        let missing = padding.map_or(0, |piece_length| padding_after(file.length, piece_length));
        if missing > 0 {
            let path = list([text(".pad"), text(missing.to_string())]);
            entries.push(dictionary([("attr", text("p")), ("length", number(missing)), ("path", path)]));
        }
    }
    Node::List(entries)
}

fn file_tree(content: &DraftContent, roots: &Roots) -> Node {
    let mut tree = BTreeMap::new();
    for (file, root) in content.files.iter().zip(&roots.roots) {
        let root = root.filter(|_| file.length > 0).map(text);
        let properties = dictionary([("length", number(file.length))]).with_some("pieces root", root);
        let leaf = dictionary([("", properties)]);
        match &file.path[..] {
            [] => insert(&mut tree, std::slice::from_ref(&content.name), leaf),
            parts => insert(&mut tree, parts, leaf),
        }
    }
    Node::Dictionary(tree)
}

fn insert(tree: &mut BTreeMap<Vec<u8>, Node>, parts: &[Vec<u8>], leaf: Node) {
    match parts {
        [] => {}
        [last] => drop(tree.insert(last.clone(), leaf)),
        [first, rest @ ..] => {
            let below = tree.entry(first.clone()).or_insert_with(|| Node::Dictionary(BTreeMap::new()));
            if let Node::Dictionary(below) = below {
                insert(below, rest, leaf);
            }
        }
    }
}
