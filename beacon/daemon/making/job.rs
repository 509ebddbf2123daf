//! One torrent that is being made.

use std::{
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use crate::{
    create::Watch,
    web::{Changes, JobView, MadeView, Topic},
};

/// One torrent that is being made, as it is seen from outside while a thread works on it.
#[derive(Debug)]
pub(super) struct Job {
    id: u64,
    path: PathBuf,
    total: AtomicU64,
    done: AtomicU64,
    cancelled: AtomicBool,
    end: Mutex<Option<Result<MadeView, String>>>,
    changes: Changes,
    /// In hundredths of the whole, how far others have been told that it is.
    told: AtomicU64,
}

impl Job {
    pub(super) fn new(id: u64, path: PathBuf, changes: Changes) -> Self {
        changes.raise(&[Topic::Jobs]);
        Self {
            id,
            path,
            total: AtomicU64::new(0),
            done: AtomicU64::new(0),
            cancelled: AtomicBool::new(false),
            end: Mutex::new(None),
            changes,
            told: AtomicU64::new(0),
        }
    }

    /// How much is to be read is known.
    pub(super) fn begin(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
        self.changes.raise(&[Topic::Jobs]);
    }

    /// It has ended. The first end counts.
    pub(super) fn end(&self, end: Result<MadeView, String>) {
        self.end.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(end);
        self.changes.raise(&[Topic::Jobs]);
    }

    pub(super) fn has_ended(&self) -> bool {
        self.end.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Nobody wants it any more; it ends soon, with nothing written.
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    pub(super) fn view(&self) -> JobView {
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let state = match &end {
            None => "running",
            Some(Ok(_)) => "done",
            Some(Err(_)) => "failed",
        };
        let (result, error) = match end {
            None => (None, None),
            Some(Ok(made)) => (Some(made), None),
            Some(Err(error)) => (None, Some(error)),
        };
        JobView {
            id: self.id,
            state,
            path: self.path.to_string_lossy().into_owned(),
            bytes_done: self.done.load(Ordering::Relaxed),
            bytes_total: self.total.load(Ordering::Relaxed),
            result,
            error,
        }
    }
}

impl Watch for Job {
    fn read(&self, bytes: u64) -> bool {
        let done = self.done.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        let hundredths = done.saturating_mul(100) / self.total.load(Ordering::Relaxed).max(1);
        if self.told.swap(hundredths, Ordering::Relaxed) != hundredths {
            self.changes.raise(&[Topic::Jobs]);
        }
        !self.is_cancelled()
    }
}
