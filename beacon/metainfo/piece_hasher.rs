//! The hashes of one piece of a new torrent, made as its bytes come.

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::{
    Version,
    layers::{HASH_BYTES, root_of_blocks},
    limits::BLOCK_LENGTH,
};

/// Hashes a piece for every version of the protocol at once, so that its bytes are read only once.
#[derive(Debug)]
pub struct PieceHasher {
    v1: Option<Sha1>,
    v2: Option<Blocks>,
}

/// The hashes of one piece, for each version that the torrent is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PieceHashes {
    /// SHA-1 over its bytes, zeros between files included (BEP 3).
    pub v1: Option<[u8; 20]>,
    /// The merkle root over its blocks (BEP 52).
    pub v2: Option<[u8; 32]>,
}

/// The SHA-256 of every block of a piece.
#[derive(Debug)]
struct Blocks {
    hashes: Vec<[u8; HASH_BYTES]>,
    current: Sha256,
    /// Bytes that `current` still takes.
    room: usize,
}

const BLOCK_BYTES: usize = 16 << 10;
const _: () = assert!(BLOCK_BYTES as u64 == BLOCK_LENGTH);

impl PieceHasher {
    /// For a torrent of this version.
    pub fn new(version: Version) -> Self {
        let blocks = || Blocks { hashes: Vec::new(), current: Sha256::new(), room: BLOCK_BYTES };
        Self { v1: (version != Version::V2).then(Sha1::new), v2: (version != Version::V1).then(blocks) }
    }

    /// Takes bytes of files.
    pub fn update(&mut self, data: &[u8]) {
        // Both look at a block while it is near, rather than one after the other at all.
        for block in data.chunks(BLOCK_BYTES) {
            if let Some(sha1) = &mut self.v1 {
                sha1.update(block);
            }
            if let Some(blocks) = &mut self.v2 {
                blocks.update(block);
            }
        }
    }

    /// Takes zeros that are in no file: v1 counts them, v2 does not.
    pub fn pad(&mut self, mut length: u64) {
        let Some(sha1) = &mut self.v1 else { return };
        while length > 0 {
            let step = length.min(BLOCK_LENGTH);
            sha1.update(&[0; BLOCK_BYTES][..usize::try_from(step).unwrap_or(BLOCK_BYTES)]);
            length -= step;
        }
    }

    /// The hashes, and the hasher is ready for the next piece. `leaves` is how many blocks the piece's merkle tree has
    /// room for.
    pub fn finish(&mut self, leaves: u64) -> PieceHashes {
        PieceHashes {
            v1: self.v1.as_mut().map(|sha1| sha1.finalize_reset().into()),
            v2: self.v2.as_mut().map(|blocks| blocks.finish(leaves)),
        }
    }
}

impl Blocks {
    fn update(&mut self, mut data: &[u8]) {
        while !data.is_empty() {
            let (now, later) = data.split_at(data.len().min(self.room));
            self.current.update(now);
            self.room -= now.len();
            if self.room == 0 {
                self.close();
            }
            data = later;
        }
    }

    fn close(&mut self) {
        self.hashes.push(self.current.finalize_reset().into());
        self.room = BLOCK_BYTES;
    }

    fn finish(&mut self, leaves: u64) -> [u8; HASH_BYTES] {
        if self.room < BLOCK_BYTES {
            self.close();
        }
        let root = root_of_blocks(&self.hashes, leaves);
        self.hashes.clear();
        root
    }
}
