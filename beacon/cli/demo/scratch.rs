//! The directory of a demo, which is gone when the demo is.

use std::{
    env,
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    process, thread,
    time::Duration,
};

use super::DemoError;

/// A new directory among the system's temporary ones, for nobody else to read. Dropping it removes it with all that is in it.
#[derive(Debug)]
pub(super) struct Scratch {
    dir: PathBuf,
}

/// Other demos that may run under the same process id at the same time, in other containers with the same directory.
const NAMES_MAX: u32 = 1_000;
/// Somebody may still write into it when it is to go.
const REMOVALS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(100);

impl Scratch {
    pub(super) fn new() -> Result<Self, DemoError> {
        Self::below(&env::temp_dir())
    }

    fn below(parent: &Path) -> Result<Self, DemoError> {
        let mut number = 0;
        loop {
            let dir = parent.join(format!("beacon-demo-{}-{number}", process::id()));
            match DirBuilder::new().mode(0o700).create(&dir) {
                Ok(()) => return Ok(Self { dir }),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && number < NAMES_MAX => number += 1,
                Err(reason) => return Err(DemoError::Directory { path: dir, reason }),
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.dir
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for _ in 0..REMOVALS {
            if fs::remove_dir_all(&self.dir).is_ok() || !self.dir.exists() {
                return;
            }
            thread::sleep(PAUSE);
        }
        tracing::warn!("{} is left behind", self.dir.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_nobody_elses_and_gone_with_all_that_is_in_it() {
        let parent = tempfile::tempdir().expect("a directory");
        let (one, other) = (Scratch::below(parent.path()).expect("made"), Scratch::below(parent.path()).expect("made"));
        assert_ne!(one.path(), other.path());
        fs::create_dir_all(one.path().join("deep/down")).expect("made");
        drop((one, other));
        assert_eq!(fs::read_dir(parent.path()).expect("readable").count(), 0);
        assert!(Scratch::below(&parent.path().join("nowhere")).is_err());
    }
}
