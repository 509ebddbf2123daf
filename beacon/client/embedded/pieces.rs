//! Which pieces are there, between the journal and the engine's own list.
//!
//! While the engine has a torrent, what it found when it was handed the torrent is in its list, and what came since is in the
//! journal too. While it does not have it, everything is in the journal.

use std::{fs, io, path::PathBuf};

use super::{engine::Engine, entry::Loaded, journal, record::Record};
use crate::model::InfoHash;

impl Engine {
    /// Tells the engine which pieces are there, so that it does not have to look: all of a complete torrent, what was noted
    /// of an unfinished one.
    /// Whether there was anything to tell is the answer.
    pub(super) fn prepare_pieces(&self, record: &Record, hash: [u8; 20], pieces: u32) -> io::Result<bool> {
        let list = self.list_of(hash);
        let journal = self.shelf.pieces(&record.info_hash);
        let known = if record.complete {
            journal::all(pieces)
        } else {
            let bytes = pieces.div_ceil(8) as usize;
            journal::union(&journal::read(&journal)?, &journal::read(&list)?, bytes)
        };
        let is_resumed = known.iter().any(|byte| *byte != 0);
        if is_resumed {
            fs::write(list, known)?;
        } else {
            remove(&list)?;
        }
        // From here on the engine's list counts: where it finds a piece bad, no older word must bring it back.
        remove(&journal)?;
        Ok(is_resumed)
    }

    /// Forgets which pieces of a torrent are there, so that all of it is checked when it is next handed to the engine.
    pub(super) fn forget_pieces(&self, key: &[u8; 20]) -> io::Result<()> {
        let hash = self.entries().get(key).map(|entry| entry.record.info_hash);
        remove(&self.list_of(*key))?;
        hash.map_or(Ok(()), |hash| remove(&self.shelf.pieces(&hash)))
    }

    /// Everything that is noted of a torrent that the engine has.
    pub(super) fn gather_pieces(&self, loaded: &Loaded) -> Vec<u8> {
        let list = journal::read(&self.list_of(loaded.handle.info_hash().0)).unwrap_or_default();
        let since = loaded.files.journal.noted();
        journal::union(&list, &since, list.len().max(since.len()))
    }

    /// The file in which the engine keeps which pieces of a torrent are there.
    fn list_of(&self, hash: [u8; 20]) -> PathBuf {
        self.lists.join(format!("{}.bitv", InfoHash::V1(hash)))
    }
}

/// Removes a file; nothing where there is none.
pub(super) fn remove(path: &std::path::Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
