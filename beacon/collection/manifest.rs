//! Manifests: what a collection lists, as beacons compare it.

use std::sync::Arc;

use thiserror::Error;

use crate::model::{CatalogCollection, InfoHash, ObjectHash, Redundancy};

/// A collection's torrents in the order of their info-hashes, each with the copies wanted, and the address of that list.
/// Two beacons with the same manifest number its torrents alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    hash: ObjectHash,
    entries: Vec<(InfoHash, Redundancy)>,
    bytes: Arc<[u8]>,
}

/// Why bytes are not a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ManifestError {
    /// Not in the form of a manifest.
    #[error("a manifest that cannot be read")]
    Malformed,
    /// A version of the form that is not known.
    #[error("a manifest of version {0}, which is not known here")]
    Version(u8),
    /// More torrents than allowed.
    #[error("a manifest of more than {max} torrents", max = Manifest::TORRENTS_MAX)]
    TooMany,
    /// Torrents out of order, or one listed twice.
    #[error("a manifest that is out of order")]
    Order,
    /// A redundancy that cannot be.
    #[error("a manifest with an impossible redundancy")]
    Redundancy,
}

impl Manifest {
    /// The most torrents of one collection: what the planner is built for.
    pub const TORRENTS_MAX: usize = 1_000_000;

    const KIND: &'static str = "manifest";
    const VERSION: u8 = 1;
    const V1: u8 = 0;
    const V2: u8 = 1;

    /// The manifest of a collection.
    pub fn of(collection: &CatalogCollection) -> Self {
        let mut entries: Vec<_> =
            collection.torrents.iter().map(|torrent| (torrent.info_hash, torrent.redundancy)).collect();
        entries.sort_unstable();
        entries.dedup_by_key(|(hash, _)| *hash);
        let bytes = encode(&entries);
        Self { hash: ObjectHash::of(Self::KIND, &bytes), entries, bytes: bytes.into() }
    }

    /// Reads a manifest from its bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, ManifestError> {
        let mut rest = match bytes.split_first() {
            Some((&Self::VERSION, rest)) => rest,
            Some((&version, _)) => return Err(ManifestError::Version(version)),
            None => return Err(ManifestError::Malformed),
        };
        let mut entries: Vec<(InfoHash, Redundancy)> = Vec::new();
        while !rest.is_empty() {
            if entries.len() == Self::TORRENTS_MAX {
                return Err(ManifestError::TooMany);
            }
            let (entry, after) = decode_entry(rest)?;
            if entries.last().is_some_and(|(last, _)| *last >= entry.0) {
                return Err(ManifestError::Order);
            }
            entries.push(entry);
            rest = after;
        }
        Ok(Self { hash: ObjectHash::of(Self::KIND, bytes), entries, bytes: bytes.into() })
    }

    /// Its address.
    pub const fn hash(&self) -> ObjectHash {
        self.hash
    }

    /// Its torrents in order, each with the copies wanted.
    pub fn entries(&self) -> &[(InfoHash, Redundancy)] {
        &self.entries
    }

    /// Its bytes, to pass on.
    pub const fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// Where in the order a torrent stands.
    pub fn position(&self, info_hash: &InfoHash) -> Option<usize> {
        self.entries.binary_search_by_key(info_hash, |(hash, _)| *hash).ok()
    }
}

fn encode(entries: &[(InfoHash, Redundancy)]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + entries.len() * 25);
    bytes.push(Manifest::VERSION);
    for &(hash, redundancy) in entries {
        bytes.push(match hash {
            InfoHash::V1(_) => Manifest::V1,
            InfoHash::V2(_) => Manifest::V2,
        });
        bytes.extend_from_slice(hash.as_bytes());
        bytes.extend_from_slice(&redundancy.target().to_le_bytes());
        bytes.extend_from_slice(&redundancy.max().to_le_bytes());
    }
    bytes
}

fn decode_entry(bytes: &[u8]) -> Result<((InfoHash, Redundancy), &[u8]), ManifestError> {
    let malformed = ManifestError::Malformed;
    let (kind, rest) = bytes.split_first().ok_or(malformed)?;
    let (hash, rest) = match *kind {
        Manifest::V1 => rest.split_first_chunk().map(|(hash, rest)| (InfoHash::V1(*hash), rest)),
        Manifest::V2 => rest.split_first_chunk().map(|(hash, rest)| (InfoHash::V2(*hash), rest)),
        _ => None,
    }
    .ok_or(malformed)?;
    let (target, rest) = rest.split_first_chunk::<2>().ok_or(malformed)?;
    let (max, rest) = rest.split_first_chunk::<2>().ok_or(malformed)?;
    let number = |bytes: &[u8; 2]| u64::from(u16::from_le_bytes(*bytes));
    match Redundancy::new(number(target), Some(number(max))) {
        Ok(redundancy) => Ok(((hash, redundancy), rest)),
        Err(_) => Err(ManifestError::Redundancy),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;
    use crate::model::{CatalogTorrent, CollectionId, InfoHashes, Source};

    fn collection(hashes: &[InfoHash]) -> CatalogCollection {
        let torrent = |hash: &InfoHash| CatalogTorrent {
            info_hash: *hash,
            hashes: InfoHashes::from(*hash),
            name: None,
            size: None,
            redundancy: Redundancy::default(),
            priority: 0,
            source: Source::Magnet(String::new()),
        };
        CatalogCollection {
            id: CollectionId::from_bytes([0; 16]),
            name: "Town archive".to_owned(),
            redundancy: Redundancy::default(),
            torrents: hashes.iter().map(torrent).collect(),
        }
    }

    #[test]
    fn a_manifest_survives_the_wire_and_does_not_depend_on_order() {
        let (a, b, c) = (InfoHash::V1([1; 20]), InfoHash::V1([2; 20]), InfoHash::V2([0; 32]));
        let manifest = Manifest::of(&collection(&[c, b, a]));
        assert_eq!(manifest.hash(), Manifest::of(&collection(&[a, b, c])).hash());
        assert_eq!(Manifest::decode(manifest.bytes()), Ok(manifest.clone()));
        assert_eq!(manifest.position(&b), Some(1));
        assert_eq!(manifest.position(&InfoHash::V1([9; 20])), None);
        assert_ne!(manifest.hash(), Manifest::of(&collection(&[a, b])).hash());
    }

    #[test]
    fn disorder_and_impossible_numbers_are_refused() {
        let manifest = Manifest::of(&collection(&[InfoHash::V1([1; 20])]));
        let entry = &manifest.bytes()[1..];
        let twice = [&[Manifest::VERSION], entry, entry].concat();
        assert_eq!(Manifest::decode(&twice), Err(ManifestError::Order));
        let mut no_target = manifest.bytes().to_vec();
        no_target[22] = 0;
        assert_eq!(Manifest::decode(&no_target), Err(ManifestError::Redundancy));
        assert_eq!(Manifest::decode(&[7]), Err(ManifestError::Version(7)));
        assert_eq!(Manifest::decode(&manifest.bytes()[..9]), Err(ManifestError::Malformed));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Manifest::decode(&bytes);
            let _ = Manifest::decode(&[&[Manifest::VERSION], bytes.as_slice()].concat());
        }
    }
}
