//! The directory of one test, the key of its own network, and collections.

use std::{fs, path::Path};

use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::{beacon::BeaconProcess, torrent::TestTorrent};

/// The id of the collection in every test; networks of different tests never meet, so it can be the same.
pub(crate) const COLLECTION: &str = "0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90";

/// Everything of one test on disk; it is gone when dropped.
#[derive(Debug)]
pub(crate) struct World {
    dir: TempDir,
}

impl World {
    /// An empty directory with the key of a network that only this test's beacons know.
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let key = HEXLOWER.encode(&Sha256::digest(dir.path().as_os_str().as_encoded_bytes()));
        fs::write(dir.path().join("network.key"), key).expect("a key file");
        Self { dir }
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }
}

/// Gives every beacon the same collection.
pub(crate) fn share(beacons: &[&BeaconProcess], target: u64, torrents: &[TestTorrent]) {
    for beacon in beacons {
        write_collection(beacon, target, torrents);
    }
}

/// What a collection file says.
pub(crate) fn collection(target: u64, torrents: &[TestTorrent]) -> Value {
    let entries: Vec<Value> = torrents.iter().map(|torrent| json!({ "file": torrent.file_name() })).collect();
    json!({ "id": COLLECTION, "name": "Town archive", "redundancy": { "target": target }, "torrents": entries })
}

fn write_collection(beacon: &BeaconProcess, target: u64, torrents: &[TestTorrent]) {
    let dir = beacon.collections_dir();
    for torrent in torrents {
        fs::write(dir.join(torrent.file_name()), &torrent.metainfo).expect("a .torrent file");
    }
    fs::write(dir.join("town.json"), format!("{:#}\n", collection(target, torrents))).expect("a collection file");
}
