//! Which pieces of an unfinished torrent have come, noted as they come, so that a beacon that is killed fetches none twice.
//!
//! The engine notes them too, but only every 16 MiB, and not when it ends. A bit is set in the file right after its piece was
//! written and checked. After a kill both are in the system's hands; after a power cut the file may know of pieces that
//! the disk does not have, so then it goes (see [`forget_after_power_cut`]).

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

/// Makes sure that nothing noted before a power cut is believed: where the machine has started anew since `noted` was written, or
/// that cannot be told, every list of pieces in these directories goes before this start is noted.
pub(super) fn forget_after_power_cut(noted: &Path, dirs: [&Path; 2]) -> io::Result<()> {
    let now = fs::read("/proc/sys/kernel/random/boot_id").ok().filter(|id| !id.is_empty());
    if now.is_some() && fs::read(noted).ok() == now {
        return Ok(());
    }
    for dir in dirs {
        fs::create_dir_all(dir)?;
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "pieces" || extension == "bitv") {
                remove(&path)?;
            }
        }
        File::open(dir)?.sync_all()?;
    }
    // Without it the next start checks everything once more.
    now.map_or(Ok(()), |now| fs::write(noted, now))
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
    fn after_a_power_cut_no_list_of_pieces_is_left() {
        let dir = tempfile::tempdir().expect("a directory");
        let noted = dir.path().join("boot");
        let [torrents, lists] = ["torrents", "lists"].map(|name| dir.path().join(name));
        let start = || forget_after_power_cut(&noted, [&torrents, &lists]).expect("looked through");
        start();
        let written = [torrents.join("a.pieces"), lists.join("a.bitv"), torrents.join("a.json")];
        for path in &written {
            fs::write(path, "x").expect("written");
        }
        start();
        assert!(written.iter().all(|path| path.exists()), "the machine is still up");
        fs::write(&noted, "another").expect("written");
        start();
        assert_eq!(written.map(|path| path.exists()), [false, false, true]);
    }
}
