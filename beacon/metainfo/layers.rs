//! The piece hashes of v2 files, and the merkle roots that they must make (BEP 52).

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::{MetainfoError, bencode::Value, files::Files, limits::BLOCK_LENGTH, path::shown};

/// Bytes of one SHA-256.
pub(super) const HASH_BYTES: usize = 32;

/// Refuses `piece layers` that lack a file of more than one piece, or that do not make that file's root.
pub(super) fn check(layers: Value<'_>, files: &Files, piece_length: u64) -> Result<(), MetainfoError> {
    let wrong_type = MetainfoError::WrongType { key: "piece layers", expected: "a dictionary of strings" };
    let entries = layers.dictionary().ok_or(wrong_type)?;
    let layers: BTreeMap<&[u8], Value<'_>> = entries.collect();
    // Equal files share a root and a layer; a file list that names one thousands of times costs one check.
    let mut checked = BTreeSet::new();
    for file in files.iter().filter(|file| file.length > piece_length) {
        let Some(root) = file.root else { continue };
        let layer = layers.get(&root[..]).and_then(|layer| layer.string());
        let layer = layer.ok_or_else(|| MetainfoError::LayerMissing(shown(&file.path)))?;
        let (hashes, rest) = layer.as_chunks::<HASH_BYTES>();
        let whole = rest.is_empty() && u64::try_from(hashes.len()) == Ok(file.length.div_ceil(piece_length));
        if !whole || (checked.insert(root) && root_of_pieces(hashes, piece_length) != root) {
            return Err(MetainfoError::LayerWrong(shown(&file.path)));
        }
    }
    Ok(())
}

/// The root of a file of several pieces over their hashes.
pub(super) fn root_of_pieces(hashes: &[[u8; HASH_BYTES]], piece_length: u64) -> [u8; HASH_BYTES] {
    merkle_root(hashes, padding_hash(piece_length), levels_over(hashes.len()))
}

/// The root over the blocks of one piece, or of a file that is no longer than one. `leaves` is as many as the tree has
/// room for, a power of two; blocks beyond the end count as zeros.
pub(super) fn root_of_blocks(blocks: &[[u8; HASH_BYTES]], leaves: u64) -> [u8; HASH_BYTES] {
    merkle_root(blocks, [0; HASH_BYTES], leaves.trailing_zeros())
}

/// The levels of the smallest tree over that many hashes.
fn levels_over(hashes: usize) -> u32 {
    hashes.next_power_of_two().trailing_zeros()
}

/// What stands for a piece beyond the end of a file: the root over blocks that are all zeros.
fn padding_hash(piece_length: u64) -> [u8; HASH_BYTES] {
    let levels = (piece_length / BLOCK_LENGTH).trailing_zeros();
    (0..levels).fold([0; HASH_BYTES], |hash, _| join(&hash, &hash))
}

/// The root that many levels above `hashes`, with `padding` for each that is missing beside them.
fn merkle_root(hashes: &[[u8; HASH_BYTES]], mut padding: [u8; HASH_BYTES], levels: u32) -> [u8; HASH_BYTES] {
    let mut level = hashes.to_vec();
    for _ in 0..levels {
        level = level.chunks(2).map(|pair| join(&pair[0], pair.get(1).unwrap_or(&padding))).collect();
        padding = join(&padding, &padding);
    }
    level.first().copied().unwrap_or(padding)
}

fn join(left: &[u8; HASH_BYTES], right: &[u8; HASH_BYTES]) -> [u8; HASH_BYTES] {
    Sha256::new().chain_update(left).chain_update(right).finalize().into()
}
