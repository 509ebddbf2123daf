//! Which pieces of an unfinished torrent have come, noted as they come, so that a beacon that is killed fetches none twice.
//!
//! The engine notes them too, but only every 16 MiB, and not when it ends. A bit is set in the file right after its piece was
//! written and checked. After a kill both are in the system's hands; after a power cut the file may know of pieces that
//! the disk does not have, so then it is not believed (see [`Boot`]).

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    sync::Mutex,
};

use super::{pieces::remove, torrent_files::poisonless};

/// The pieces that came since the last check: one bit a piece, the first in the highest bit, as in a `bitfield` (BEP 3).
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    open: Mutex<Option<(File, Vec<u8>)>>,
}

impl Journal {
    /// A journal that begins with no pieces; what an older one says has to be read before.
    pub(super) fn begin(path: PathBuf) -> Self {
        Self { path, open: Mutex::new(None) }
    }

    /// Notes a piece.
    pub(super) fn note(&self, piece: u32) -> io::Result<()> {
        let mut open = poisonless(&self.open);
        if open.is_none() {
            *open = Some((OpenOptions::new().create(true).truncate(true).write(true).open(&self.path)?, Vec::new()));
        }
        let Some((file, bits)) = open.as_mut() else { return Ok(()) };
        let place = piece as usize / 8;
        if bits.len() <= place {
            bits.resize(place + 1, 0);
        }
        bits[place] |= 0x80 >> (piece % 8);
        file.write_all_at(&bits[place..=place], place as u64)
    }

    /// The pieces that were noted here.
    pub(super) fn noted(&self) -> Vec<u8> {
        poisonless(&self.open).as_ref().map(|(_, bits)| bits.clone()).unwrap_or_default()
    }

    /// Ends the journal, and leaves these pieces in the file; no file where there are none.
    pub(super) fn replace(&self, pieces: &[u8]) -> io::Result<()> {
        *poisonless(&self.open) = None;
        if pieces.iter().any(|byte| *byte != 0) { fs::write(&self.path, pieces) } else { remove(&self.path) }
    }
}

/// The pieces that a journal or the engine's own list names; none where there is no such file.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read,
    }
}

/// Both lists in one of `bytes` bytes.
pub(super) fn union(one: &[u8], other: &[u8], bytes: usize) -> Vec<u8> {
    let at = |list: &[u8], place: usize| list.get(place).copied().unwrap_or(0);
    (0..bytes).map(|place| at(one, place) | at(other, place)).collect()
}

/// The list of a torrent of which everything is there.
pub(super) fn all(pieces: u32) -> Vec<u8> {
    let mut bits = vec![0xff; pieces.div_ceil(8) as usize];
    if let Some(last) = bits.last_mut()
        && !pieces.is_multiple_of(8)
    {
        *last = 0xff << (8 - pieces % 8);
    }
    bits
}

/// Whether the machine is still up since what was written last.
#[derive(Debug)]
pub(super) struct Boot;

impl Boot {
    /// Whether the machine has been up since this was last asked with the same file. Where that cannot be told, it has not.
    pub(super) fn is_same(noted: &Path) -> bool {
        let now = fs::read("/proc/sys/kernel/random/boot_id").ok().filter(|id| !id.is_empty());
        let is_same = now.is_some() && fs::read(noted).ok() == now;
        if !is_same && let Some(now) = now {
            // Without it the next start checks everything once more.
            let _ = fs::write(noted, now);
        }
        is_same
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_found_again_without_an_orderly_end() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("a.pieces");
        assert!(read(&path).expect("none yet").is_empty());
        let journal = Journal::begin(path.clone());
        for piece in [0, 9, 17] {
            journal.note(piece).expect("noted");
        }
        std::mem::forget(journal);
        assert_eq!(read(&path).expect("read"), [0x80, 0x40, 0x40]);
        assert_eq!(union(&[0x80, 0x40, 0x40], &[0x01], 4), [0x81, 0x40, 0x40, 0]);
    }

    #[test]
    fn a_full_list_has_no_bits_to_spare() {
        assert_eq!(all(3), [0xe0]);
        assert_eq!(all(8), [0xff]);
        assert_eq!(all(9), [0xff, 0x80]);
    }

    #[test]
    fn a_boot_is_the_same_only_the_second_time() {
        let dir = tempfile::tempdir().expect("a directory");
        let noted = dir.path().join("boot");
        assert!(!Boot::is_same(&noted));
        assert!(Boot::is_same(&noted));
        fs::write(&noted, "another").expect("written");
        assert!(!Boot::is_same(&noted));
    }
}
