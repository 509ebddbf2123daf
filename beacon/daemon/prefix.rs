//! Finding torrents by the beginning of an info-hash, as people copy it.

use crate::model::{Catalog, InfoHash};

/// The most that are found; who gets as many has to write more of the hash.
const FOUND_MAX: usize = 20;

/// Torrents one of whose info-hashes begins with these hexadecimal digits, each once, with their names.
pub(super) fn matching(catalog: &Catalog, digits: &str) -> Vec<(InfoHash, Option<String>)> {
    let Some(digits) = nibbles(digits) else { return Vec::new() };
    let begins = |hash: InfoHash| {
        let bytes = hash.as_bytes();
        let mut own = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.len() <= bytes.len() * 2 && digits.iter().all(|digit| own.next() == Some(*digit))
    };
    let mut found: Vec<(InfoHash, Option<String>)> = Vec::new();
    for torrent in catalog.collections.iter().flat_map(|collection| &collection.torrents) {
        let is_known = || found.iter().any(|(hash, _)| *hash == torrent.info_hash);
        if torrent.hashes.iter().any(begins) && !is_known() {
            found.push((torrent.info_hash, torrent.name.clone()));
        }
        if found.len() == FOUND_MAX {
            break;
        }
    }
    found
}

fn nibbles(digits: &str) -> Option<Vec<u8>> {
    digits.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CatalogCollection, CatalogTorrent, CollectionId, InfoHashes, Redundancy, Source};

    fn torrent(first: u8, second: u8) -> CatalogTorrent {
        let mut hash = [second; 20];
        hash[0] = first;
        CatalogTorrent {
            info_hash: InfoHash::V1(hash),
            hashes: InfoHashes::from(InfoHash::V1(hash)),
            name: Some(format!("{first:x}")),
            size: None,
            redundancy: Redundancy::default(),
            priority: 0,
            source: Source::Magnet(String::new()),
        }
    }

    fn catalog(torrents: &[CatalogTorrent]) -> Catalog {
        let collection = |id| CatalogCollection {
            id: CollectionId::from_bytes([id; 16]),
            name: "Town".to_owned(),
            redundancy: Redundancy::default(),
            torrents: torrents.to_vec(),
        };
        Catalog { collections: vec![collection(1), collection(2)] }
    }

    #[test]
    fn a_beginning_finds_each_torrent_once() {
        let catalog = catalog(&[torrent(0xab, 0xcd), torrent(0xab, 0xce), torrent(0xff, 0)]);
        let names = |digits: &str| -> Vec<_> {
            matching(&catalog, digits).into_iter().map(|(hash, _)| hash.to_string()[..4].to_owned()).collect()
        };
        assert_eq!(names("ab"), ["abcd", "abce"]);
        assert_eq!(names("ABc"), ["abcd", "abce"]);
        assert_eq!(names("abcd"), ["abcd"]);
        for nothing in ["abcf", "xy", &"ab".repeat(40)] {
            assert_eq!(names(nothing), Vec::<String>::new(), "{nothing}");
        }
        assert_eq!(matching(&catalog, &catalog.collections[0].torrents[2].info_hash.to_string()).len(), 1);
    }

    #[test]
    fn no_more_are_found_than_anybody_reads() {
        let many: Vec<_> = (0..=255).map(|second| torrent(0xab, second)).collect();
        assert_eq!(matching(&catalog(&many), "ab").len(), FOUND_MAX);
    }
}
