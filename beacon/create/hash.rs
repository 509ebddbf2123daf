//! Reading files and hashing their pieces with all cores.
//!
//! Each thread takes the next few pieces that nobody has taken, reads them through a buffer that fits into a core's cache,
//! and so the files are read nearly in order, once, in constant memory.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use super::{CreateError, stamp::Stamp};
use crate::metainfo::{Draft, PieceHasher, PieceHashes, Segment};

/// Bytes that are read at once: they are still in the core's own cache when they are hashed.
const BUFFER_BYTES: usize = 128 << 10;

/// Bytes that a thread takes on at least: long enough that a disk reads ahead, short enough that all threads end together.
const TURN_BYTES: u64 = 4 << 20;

/// Who is told how far it is. It is asked from several threads at once.
pub trait Watch: Sync {
    /// So many more bytes have been read; 0 while the tree is walked. To answer `false` is to want no more of it.
    fn read(&self, bytes: u64) -> bool;
}

/// A file of a draft, and what it was like when it was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    pub(super) stamp: Stamp,
}

/// The hashes of all pieces of `draft`, in order. `sources` are its files in its order.
pub(super) fn hash(draft: &Draft, sources: &[Source<'_>], watch: &dyn Watch) -> Result<Vec<PieceHashes>, CreateError> {
    let pieces = draft.layout().pieces();
    let turn = TURN_BYTES.div_ceil(draft.layout().piece_length());
    let turns = pieces.div_ceil(turn);
    let threads =
        thread::available_parallelism().map_or(1, usize::from).min(usize::try_from(turns).unwrap_or(usize::MAX));
    let shared = Shared {
        draft,
        sources,
        watch,
        pieces,
        turn,
        next: AtomicU64::new(0),
        stop: AtomicBool::new(false),
        failed: Mutex::new(None),
    };
    let mut done: Vec<(u64, Vec<PieceHashes>)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| Worker::new(&shared).run())).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    if let Some(error) = shared.failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    done.sort_unstable_by_key(|(first, _)| *first);
    Ok(done.into_iter().flat_map(|(_, hashes)| hashes).collect())
}

/// What all threads see.
struct Shared<'a> {
    draft: &'a Draft,
    sources: &'a [Source<'a>],
    watch: &'a dyn Watch,
    pieces: u64,
    /// Pieces that a thread takes at once.
    turn: u64,
    /// The first piece that nobody has taken.
    next: AtomicU64,
    /// Whether nobody needs to go on.
    stop: AtomicBool,
    /// Why, where something failed first.
    failed: Mutex<Option<CreateError>>,
}

struct Worker<'a> {
    shared: &'a Shared<'a>,
    hasher: PieceHasher,
    buffer: Vec<u8>,
    /// The file that was read last, its number, and where it stands.
    open: Option<(usize, File, u64)>,
}

impl<'a> Worker<'a> {
    fn new(shared: &'a Shared<'a>) -> Self {
        Self { shared, hasher: PieceHasher::new(shared.draft.version()), buffer: vec![0; BUFFER_BYTES], open: None }
    }

    /// Takes pieces until there are none left; the hashes of each turn, with its first piece.
    fn run(mut self) -> Vec<(u64, Vec<PieceHashes>)> {
        let mut done = Vec::new();
        loop {
            let first = self.shared.next.fetch_add(self.shared.turn, Ordering::Relaxed);
            if first >= self.shared.pieces {
                return done;
            }
            let until = self.shared.pieces.min(first + self.shared.turn);
            match (first..until).map(|piece| self.piece(piece)).collect() {
                Ok(hashes) => done.push((first, hashes)),
                Err(error) => {
                    // What the others meet after they were told to stop is no news.
                    if !self.shared.stop.swap(true, Ordering::Relaxed) {
                        *self.shared.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    }
                    return done;
                }
            }
        }
    }

    fn piece(&mut self, piece: u64) -> Result<PieceHashes, CreateError> {
        for segment in self.shared.draft.layout().segments(piece) {
            match segment.file {
                Some(file) => self.read(file, segment)?,
                None => self.hasher.pad(segment.length),
            }
        }
        Ok(self.hasher.finish(self.shared.draft.leaves(piece)))
    }

    fn read(&mut self, file: usize, segment: Segment) -> Result<(), CreateError> {
        let source = self.shared.sources[file];
        let (_, open, at) = match self.open.take() {
            Some(open) if open.0 == file => self.open.insert(open),
            _ => self.open.insert((file, source.open()?, 0)),
        };
        let failed = |error: io::Error| source.failed(error);
        if *at != segment.offset {
            open.seek(SeekFrom::Start(segment.offset)).map_err(failed)?;
            *at = segment.offset;
        }
        let mut left = segment.length;
        while left > 0 {
            if self.shared.stop.load(Ordering::Relaxed) {
                return Err(CreateError::Cancelled);
            }
            let step = usize::try_from(left).unwrap_or(BUFFER_BYTES).min(BUFFER_BYTES);
            let buffer = &mut self.buffer[..step];
            open.read_exact(buffer).map_err(failed)?;
            self.hasher.update(buffer);
            *at += step as u64;
            left -= step as u64;
            if !self.shared.watch.read(step as u64) {
                return Err(CreateError::Cancelled);
            }
        }
        Ok(())
    }
}

impl Source<'_> {
    /// Opens the file, if it is still the one that was found.
    fn open(self) -> Result<File, CreateError> {
        let file = File::open(self.path).map_err(|error| self.failed(error))?;
        let metadata = file.metadata().map_err(|error| self.failed(error))?;
        if Stamp::of(&metadata) == self.stamp { Ok(file) } else { Err(CreateError::Changed(self.path.to_owned())) }
    }

    /// Refuses a file that is not what it was when it was found.
    pub(super) fn check(self) -> Result<(), CreateError> {
        let metadata = std::fs::metadata(self.path).map_err(|error| self.failed(error))?;
        if Stamp::of(&metadata) == self.stamp { Ok(()) } else { Err(CreateError::Changed(self.path.to_owned())) }
    }

    fn failed(self, error: io::Error) -> CreateError {
        match error.kind() {
            // It ends before it should, or is gone.
            io::ErrorKind::UnexpectedEof | io::ErrorKind::NotFound => CreateError::Changed(self.path.to_owned()),
            _ => CreateError::Unreadable { path: self.path.to_owned(), reason: error },
        }
    }
}
