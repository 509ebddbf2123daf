//! How the engine reads and writes files.

use std::{
    any::TypeId,
    io,
    os::unix::fs::FileExt as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use librqbit::{
    ManagedTorrentShared, TorrentMetadata,
    storage::{
        BoxStorageFactory, StorageFactory, StorageFactoryExt as _, TorrentStorage, filesystem::FilesystemStorageFactory,
    },
};

use super::{open_files::Key, torrent_files::TorrentFiles};

/// Makes the storage of one torrent.
#[derive(Debug, Clone)]
pub(super) struct Storage {
    files: Arc<TorrentFiles>,
    /// Whether the engine may write down its list of torrents just now.
    may_list: Arc<AtomicBool>,
}

/// Access to the files of one torrent, until it is taken away.
#[derive(Debug)]
pub(super) struct Access {
    files: Arc<TorrentFiles>,
    is_over: AtomicBool,
}

impl Storage {
    /// `may_list` is true while a torrent is handed to the engine.
    pub(super) fn new(files: Arc<TorrentFiles>, may_list: Arc<AtomicBool>) -> Self {
        Self { files, may_list }
    }
}

impl StorageFactory for Storage {
    type Storage = Access;

    fn create(&self, _: &ManagedTorrentShared, _: &TorrentMetadata) -> anyhow::Result<Access> {
        Ok(Access { files: Arc::clone(&self.files), is_over: AtomicBool::new(false) })
    }

    /// The engine writes its whole list anew at each start and stop of a torrent, if the storage is its own kind. It needs
    /// that once, to find the list of pieces; after that it is told otherwise, since what counts is remembered elsewhere.
    fn is_type_id(&self, type_id: TypeId) -> bool {
        type_id == TypeId::of::<FilesystemStorageFactory>() && self.may_list.load(Ordering::SeqCst)
    }

    fn clone_box(&self) -> BoxStorageFactory {
        self.clone().boxed()
    }
}

impl Access {
    fn with_file(
        &self,
        number: usize,
        writes: bool,
        act: impl FnOnce(&std::fs::File) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        anyhow::ensure!(!self.is_over.load(Ordering::SeqCst), "the torrent was stopped");
        anyhow::ensure!(self.files.may_write || !writes, "these are the user's files, into which nothing is written");
        let Some(file) = self.files.file(number) else { anyhow::bail!("file {number} is never on the disk") };
        let key = Key { torrent: self.files.hash, file: number, writes };
        let done = self.files.open.file(key, &file.path).and_then(|open| act(&open));
        if let Err(error) = &done
            && (writes || self.files.was_complete || !is_absence(error))
        {
            self.files.note_trouble(&file.path, error);
        }
        Ok(done?)
    }
}

/// Whether bytes are only not there: that is how an unfinished torrent looks when it is checked.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof)
}

impl TorrentStorage for Access {
    fn init(&mut self, _: &ManagedTorrentShared, _: &TorrentMetadata) -> anyhow::Result<()> {
        Ok(self.files.make_empty_files()?)
    }

    fn pread_exact(&self, file_id: usize, offset: u64, buf: &mut [u8]) -> anyhow::Result<()> {
        self.with_file(file_id, false, |file| file.read_exact_at(buf, offset))
    }

    fn pwrite_all(&self, file_id: usize, offset: u64, buf: &[u8]) -> anyhow::Result<()> {
        self.with_file(file_id, true, |file| file.write_all_at(buf, offset))
    }

    /// Files are deleted by who remembers the torrent, never by the engine.
    fn remove_file(&self, _: usize, _: &Path) -> anyhow::Result<()> {
        Ok(())
    }

    fn remove_directory_if_empty(&self, _: &Path) -> anyhow::Result<()> {
        Ok(())
    }

    /// Files grow as they are written, and none is ever cut: it may be the user's.
    fn ensure_file_length(&self, _: usize, _: u64) -> anyhow::Result<()> {
        Ok(())
    }

    fn take(&self) -> anyhow::Result<Box<dyn TorrentStorage>> {
        self.is_over.store(true, Ordering::SeqCst);
        Ok(Box::new(Self { files: Arc::clone(&self.files), is_over: AtomicBool::new(false) }))
    }

    fn on_piece_completed(&self, piece: librqbit_core::lengths::ValidPieceIndex) -> anyhow::Result<()> {
        Ok(self.files.journal.note(piece.get())?)
    }
}
