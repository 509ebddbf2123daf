//! The files of a demo: made of numbers that look random, so that nothing can be spared in moving them.

use std::{
    fs::{self, File},
    io::{self, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use sha2::{Digest as _, Sha256};

use super::{DemoError, cast::Cast, interrupt::Interrupt};
use crate::{
    cli::CliError,
    create::{Prepared, Wanted},
    daemon::Adopted,
    metainfo::Version,
    model::{ByteSize, InfoHash, Rng},
};

/// A file and what is known of it.
#[derive(Debug, Clone)]
pub(super) struct DemoFile {
    pub(super) name: &'static str,
    pub(super) collection: usize,
    /// Its torrent.
    pub(super) adopted: Adopted,
    /// What every copy must have.
    digest: [u8; 32],
    original: PathBuf,
}

const SEED: u64 = 20_261_121;
const BLOCK: usize = 64 << 10;

impl DemoFile {
    /// Makes the files of the cast in `dir`, with a torrent of each.
    pub(super) fn all(cast: &Cast, size: ByteSize, dir: &Path, interrupt: &Interrupt) -> Result<Vec<Self>, CliError> {
        fs::create_dir_all(dir).map_err(|reason| DemoError::Directory { path: dir.to_owned(), reason })?;
        let mut files = Vec::new();
        for (role, seed) in cast.files.iter().zip(SEED..) {
            let original = dir.join(role.name);
            let digest = generate(&original, size, seed, interrupt)?;
            let wanted = Wanted {
                name: None,
                version: Version::V1,
                piece_length: None,
                private: false,
                trackers: Vec::new(),
                created: None,
            };
            let made = Prepared::new(&original, None, &wanted)?.hash(&interrupt.watch());
            let torrent = match made {
                Err(_) if interrupt.is_raised() => return Err(DemoError::Interrupted.into()),
                made => made?,
            };
            let adopted = Adopted { torrent: torrent.bytes.into(), metainfo: torrent.metainfo };
            files.push(Self { name: role.name, collection: role.collection, adopted, digest, original });
        }
        Ok(files)
    }

    pub(super) fn info_hash(&self) -> InfoHash {
        self.adopted.metainfo.info_hash()
    }

    /// The whole .torrent.
    pub(super) fn torrent(&self) -> Arc<[u8]> {
        Arc::clone(&self.adopted.torrent)
    }

    /// Puts a copy of it into `folder`.
    pub(super) fn lay(&self, folder: &Path) -> io::Result<()> {
        fs::copy(&self.original, folder.join(self.name)).map(drop)
    }

    /// Whether what is in `folder` is the same, byte for byte.
    pub(super) fn is_whole(&self, folder: &Path) -> io::Result<bool> {
        let mut copy = BufReader::with_capacity(BLOCK, File::open(folder.join(self.name))?);
        let mut hasher = Sha256::new();
        let mut block = vec![0; BLOCK];
        loop {
            match copy.read(&mut block)? {
                0 => return Ok(self.digest[..] == hasher.finalize()[..]),
                read => hasher.update(&block[..read]),
            }
        }
    }
}

/// Writes a file of this size; its SHA-256.
fn generate(path: &Path, size: ByteSize, seed: u64, interrupt: &Interrupt) -> Result<[u8; 32], DemoError> {
    let unwritable = |reason| DemoError::Directory { path: path.to_owned(), reason };
    let mut file = File::create(path).map_err(unwritable)?;
    let mut rng = Rng::new(seed);
    let mut hasher = Sha256::new();
    let mut block = vec![0; BLOCK];
    let mut left = size.bytes();
    while left > 0 {
        if interrupt.is_raised() {
            return Err(DemoError::Interrupted);
        }
        for word in block.chunks_exact_mut(8) {
            word.copy_from_slice(&rng.next_u64().to_le_bytes());
        }
        let part = &block[..usize::try_from(left).unwrap_or(BLOCK).min(BLOCK)];
        file.write_all(part).map_err(unwritable)?;
        hasher.update(part);
        left -= part.len() as u64;
    }
    Ok(hasher.finalize().into())
}
