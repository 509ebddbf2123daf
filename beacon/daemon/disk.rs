//! What is free on the volume that torrents go to.

use std::path::Path;

use sysinfo::{DiskRefreshKind, Disks};

use crate::model::ByteSize;

/// Free bytes on the volume of `dir`, or of its nearest parent that exists; `None` where the system does not tell.
pub fn free(dir: &Path) -> Option<ByteSize> {
    let dir = dir.ancestors().find_map(|parent| parent.canonicalize().ok())?;
    let disks = Disks::new_with_refreshed_list_specifics(DiskRefreshKind::nothing().with_storage()).ok()?;
    let volumes = disks.iter().filter(|disk| dir.starts_with(disk.mount_point()));
    let volume = volumes.max_by_key(|disk| disk.mount_point().components().count())?;
    Some(ByteSize::from_bytes(volume.available_space()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_that_is_not_there_yet_is_judged_by_its_parent() {
        let dir = tempfile::tempdir().expect("a directory");
        let free = free(&dir.path().join("not/yet"));
        assert!(free.is_none_or(|free| free > ByteSize::ZERO));
    }
}
