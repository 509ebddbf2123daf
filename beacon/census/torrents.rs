//! The torrents that are counted: those of all collections of this beacon, each once.

use std::collections::BTreeMap;

use crate::model::{Catalog, CatalogTorrent, InfoHash, Redundancy};

/// Names a torrent within one [`Torrents`].
pub type TorrentIndex = u32;

/// Every torrent of a catalog once, numbered in the order of the canonical info-hashes.
#[derive(Debug, Clone, Default)]
pub struct Torrents {
    entries: Vec<Torrent>,
    /// Info-hashes that are not canonical: the v2 hashes of hybrids.
    aliases: BTreeMap<InfoHash, TorrentIndex>,
    /// The same, ordered by torrent.
    aliases_of: Vec<(TorrentIndex, InfoHash)>,
    /// Whether copies of some torrent count only up to a cap for each zone.
    capped: bool,
}

/// What the planner needs to know of a torrent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Torrent {
    /// Its canonical info-hash.
    pub info_hash: InfoHash,
    /// The copies wanted: the most that any of its collections asks for.
    pub redundancy: Redundancy,
    /// The highest priority that any of its collections gives.
    pub priority: i32,
    /// Its size in bytes, where known.
    pub size: Option<u64>,
    /// One place in the catalog that lists it: the index of the collection, and of the torrent in it.
    pub listed: (u32, u32),
}

impl Torrents {
    /// Numbers the torrents of a catalog.
    pub fn of(catalog: &Catalog) -> Self {
        let mut entries: Vec<Torrent> = Vec::new();
        let mut aliases = Vec::new();
        for (collection, list) in (0..).zip(&catalog.collections) {
            for (place, torrent) in (0..).zip(&list.torrents) {
                entries.push(entry(torrent, (collection, place)));
                aliases.extend(
                    torrent
                        .hashes
                        .iter()
                        .filter(|hash| *hash != torrent.info_hash)
                        .map(|hash| (hash, torrent.info_hash)),
                );
            }
        }
        entries.sort_by_key(|torrent| torrent.info_hash);
        entries.dedup_by(|later, first| {
            let same = later.info_hash == first.info_hash;
            if same {
                first.redundancy = first.redundancy.stricter(later.redundancy);
                first.priority = first.priority.max(later.priority);
                first.size = first.size.or(later.size);
            }
            same
        });
        let capped = entries.iter().any(|torrent| torrent.redundancy.per_zone().is_some());
        let mut torrents = Self { entries, capped, ..Self::default() };
        torrents.aliases =
            aliases.into_iter().filter_map(|(alias, hash)| Some((alias, torrents.canonical(&hash)?))).collect();
        torrents.aliases_of = torrents.aliases.iter().map(|(alias, index)| (*index, *alias)).collect();
        torrents.aliases_of.sort_unstable();
        torrents
    }

    /// Finds a torrent by any of its info-hashes.
    pub fn find(&self, hash: &InfoHash) -> Option<TorrentIndex> {
        self.canonical(hash).or_else(|| self.aliases.get(hash).copied())
    }

    /// Finds a torrent by what trackers call it: its v1 info-hash, or the first 20 bytes of its v2 info-hash (BEP 52).
    pub fn find_short(&self, short: &[u8; 20]) -> Option<TorrentIndex> {
        let mut first = [0; 32];
        first[..20].copy_from_slice(short);
        let first = InfoHash::V2(first);
        let is_it = |hash: &InfoHash| matches!(hash, InfoHash::V2(_)) && hash.truncated() == *short;
        let by_v2 = || {
            let place = self.entries.partition_point(|torrent| torrent.info_hash < first);
            self.entries.get(place).filter(|torrent| is_it(&torrent.info_hash))?;
            TorrentIndex::try_from(place).ok()
        };
        let by_alias = || self.aliases.range(first..).next().filter(|(hash, _)| is_it(hash)).map(|(_, index)| *index);
        self.find(&InfoHash::V1(*short)).or_else(by_v2).or_else(by_alias)
    }

    /// The other info-hashes of a torrent: the v2 hash of a hybrid.
    pub fn aliases(&self, index: TorrentIndex) -> impl Iterator<Item = InfoHash> {
        let first = self.aliases_of.partition_point(|(torrent, _)| *torrent < index);
        self.aliases_of[first..].iter().take_while(move |(torrent, _)| *torrent == index).map(|(_, hash)| *hash)
    }

    /// Every info-hash of every torrent: the canonical ones in order, then the others.
    pub fn hashes(&self) -> impl Iterator<Item = (TorrentIndex, InfoHash)> {
        let canonical = (0..).zip(&self.entries).map(|(index, torrent)| (index, torrent.info_hash));
        canonical.chain(self.aliases_of.iter().copied())
    }

    /// Whether copies of some torrent count only up to a cap for each zone.
    pub const fn are_capped(&self) -> bool {
        self.capped
    }

    /// All torrents in order.
    pub fn entries(&self) -> &[Torrent] {
        &self.entries
    }

    /// One torrent.
    ///
    /// # Panics
    /// If `index` is not of this set.
    pub fn at(&self, index: TorrentIndex) -> &Torrent {
        &self.entries[index as usize]
    }

    /// Notes the size of a torrent, once its metainfo is known.
    pub fn learn_size(&mut self, index: TorrentIndex, size: u64) {
        self.entries[index as usize].size = Some(size);
    }

    fn canonical(&self, hash: &InfoHash) -> Option<TorrentIndex> {
        let place = self.entries.binary_search_by_key(hash, |torrent| torrent.info_hash).ok()?;
        TorrentIndex::try_from(place).ok()
    }
}

const fn entry(torrent: &CatalogTorrent, listed: (u32, u32)) -> Torrent {
    Torrent {
        info_hash: torrent.info_hash,
        redundancy: torrent.redundancy,
        priority: torrent.priority,
        size: torrent.size,
        listed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CatalogCollection, CollectionId, InfoHashes, Source};

    fn torrent(hashes: InfoHashes, target: u64) -> CatalogTorrent {
        CatalogTorrent {
            info_hash: hashes.canonical().expect("a hash"),
            hashes,
            name: None,
            size: None,
            redundancy: Redundancy::new(target, None).expect("possible"),
            priority: 0,
            source: Source::Magnet(String::new()),
        }
    }

    fn collection(id: u8, torrents: Vec<CatalogTorrent>) -> CatalogCollection {
        CatalogCollection {
            id: CollectionId::from_bytes([id; 16]),
            name: String::new(),
            redundancy: Redundancy::default(),
            torrents,
        }
    }

    #[test]
    fn a_torrent_of_two_collections_is_counted_once_with_the_stricter_target() {
        let hashes = InfoHashes { v1: Some([1; 20]), v2: Some([2; 32]) };
        let catalog = Catalog {
            collections: vec![collection(1, vec![torrent(hashes, 2)]), collection(2, vec![torrent(hashes, 5)])],
        };
        let torrents = Torrents::of(&catalog);
        assert_eq!(torrents.entries().len(), 1);
        assert_eq!(torrents.at(0).redundancy.target(), 5);
        assert_eq!(torrents.find(&InfoHash::V2([2; 32])), Some(0));
        assert_eq!(torrents.find(&InfoHash::V1([2; 20])), None);
    }

    #[test]
    fn trackers_name_v2_torrents_by_the_beginning_of_their_hash() {
        let v1 = InfoHashes::from(InfoHash::V1([3; 20]));
        let v2 = InfoHashes::from(InfoHash::V2([5; 32]));
        let hybrid = InfoHashes { v1: Some([1; 20]), v2: Some([4; 32]) };
        let list = [v1, v2, hybrid].map(|hashes| torrent(hashes, 1)).to_vec();
        let torrents = Torrents::of(&Catalog { collections: vec![collection(1, list)] });
        let found = |byte: u8| torrents.find_short(&[byte; 20]).map(|index| torrents.at(index).info_hash);
        assert_eq!(found(3), Some(InfoHash::V1([3; 20])));
        assert_eq!(found(5), Some(InfoHash::V2([5; 32])));
        assert_eq!((found(1), found(4)), (Some(InfoHash::V1([1; 20])), Some(InfoHash::V1([1; 20]))));
        assert_eq!([0, 2, 6].map(found), [None; 3]);
    }
}
