//! What is remembered of one torrent.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::model::InfoHash;

/// What is remembered of one torrent, beside its .torrent file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// The hash by which it was added, in hexadecimal digits.
    #[serde(with = "hash_text")]
    pub(super) info_hash: InfoHash,
    /// The directory that its files are below.
    pub(super) save_dir: PathBuf,
    /// Whether the beacon added it; what the user shares from a place of their own is never deleted.
    pub(super) ours: bool,
    /// What is wanted of it.
    pub(super) wish: Wish,
    /// Whether all of it has been checked, and is on the disk for good.
    pub(super) complete: bool,
    /// Whether any of it has come: its directory must be there from then on.
    #[serde(default)]
    pub(super) begun: bool,
    /// The magnet link it was added from, while there is no .torrent.
    pub(super) magnet: Option<String>,
}

/// What is wanted of a torrent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Wish {
    /// To be fetched, and served.
    Work,
    /// To be there, and neither fetched nor served.
    Rest,
    /// To go, files and all: once that is written, it is brought to its end.
    Leave,
}

mod hash_text {
    //! An info-hash as text.

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use crate::model::InfoHash;

    pub(super) fn serialize<S: Serializer>(hash: &InfoHash, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(hash)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<InfoHash, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
