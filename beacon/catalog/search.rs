//! Finding torrents in the collections by what people know of them.

use super::{
    Sought,
    fold::{fold, fold_into},
};
use crate::model::{Catalog, CatalogTorrent, InfoHash, InfoHashes};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How many torrents were found in all.
    pub total: usize,
    /// The canonical info-hashes of the best, in order.
    pub torrents: Vec<InfoHash>,
    /// The one that is meant beyond doubt: the only one of that info-hash or of just that name, or the only one at all.
    pub meant: Option<InfoHash>,
}

/// How well a torrent is what is looked for, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It is one of its info-hashes, or the beginning of one.
    Hash,
    /// It is its whole name.
    Name,
    /// Words of its name begin with all that is looked for.
    WordStarts,
    /// Its name has all of it somewhere.
    Anywhere,
    /// Some of it is only in the name of its collection.
    Collection,
}

/// A torrent that is what is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit<'a> {
    rank: Rank,
    name: &'a str,
    info_hash: InfoHash,
}

/// Looks through all collections for the best `count`, the very best first. `name_of` tells what a torrent is called, where
/// that is known.
///
/// It looks at every name: no index is kept, since a beacon is asked seldom and holds names by the hundred thousand.
pub fn search<'a>(
    catalog: &'a Catalog,
    sought: &Sought,
    count: usize,
    name_of: impl Fn(&'a CatalogTorrent) -> Option<&'a str>,
) -> Found {
    let mut hits = Vec::new();
    let mut folded = String::new();
    for collection in &catalog.collections {
        let collection_name = fold(&collection.name);
        for torrent in &collection.torrents {
            let name = name_of(torrent).unwrap_or_default();
            folded.clear();
            if matches!(sought, Sought::Words { .. }) {
                fold_into(&mut folded, name);
            }
            if let Some(rank) = rank(sought, &torrent.hashes, &folded, &collection_name) {
                hits.push(Hit { rank, name, info_hash: torrent.info_hash });
            }
        }
    }
    if catalog.collections.len() > 1 {
        // Those of each collection are in order already, which a stable sort makes use of.
        hits.sort_by_key(|hit| (hit.info_hash, hit.rank));
        hits.dedup_by_key(|hit| hit.info_hash);
    }
    let total = hits.len();
    keep_best(&mut hits, count.max(2));
    Found { total, meant: meant(&hits), torrents: hits.iter().take(count).map(|hit| hit.info_hash).collect() }
}

/// Leaves the first so many of what the order would be, in order. Names take long to compare, so that the rest is not sorted.
fn keep_best(hits: &mut Vec<Hit<'_>>, count: usize) {
    if count < hits.len() {
        hits.select_nth_unstable(count);
        hits.truncate(count);
    }
    hits.sort_unstable();
}

fn rank(sought: &Sought, hashes: &InfoHashes, name: &str, collection: &str) -> Option<Rank> {
    let (whole, words, beginning) = match sought {
        Sought::Hashes(sought) => return hashes.iter().any(|hash| is_one_of(&hash, sought)).then_some(Rank::Hash),
        Sought::Beginning(digits) => return hashes.iter().any(|hash| digits.begin(&hash)).then_some(Rank::Hash),
        Sought::Words { whole, words, beginning } => (whole, words, beginning),
    };
    if beginning.as_ref().is_some_and(|digits| hashes.iter().any(|hash| digits.begin(&hash))) {
        return Some(Rank::Hash);
    }
    let place = |word: &String| {
        if !name.contains(word.as_str()) {
            return collection.contains(word.as_str()).then_some(Rank::Collection);
        }
        Some(if begins_a_word(name, word) { Rank::WordStarts } else { Rank::Anywhere })
    };
    let worst = words.iter().try_fold(Rank::WordStarts, |worst, word| Some(worst.max(place(word)?)))?;
    Some(if name == whole { Rank::Name } else { worst })
}

/// Clients show v2 hashes cut to the length of v1 ones, so these are taken too.
fn is_one_of(hash: &InfoHash, sought: &InfoHashes) -> bool {
    sought.contains(hash) || sought.v1 == Some(hash.truncated())
}

fn begins_a_word(name: &str, word: &str) -> bool {
    let follows_a_gap = |at: usize| !name[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    name.match_indices(word).any(|(at, _)| follows_a_gap(at))
}

fn meant(hits: &[Hit<'_>]) -> Option<InfoHash> {
    match hits {
        [only] => Some(only.info_hash),
        [best, next, ..] if best.rank <= Rank::Name && best.rank < next.rank => Some(best.info_hash),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CatalogCollection, CollectionId, Redundancy, Source};

    fn torrent(byte: u8, name: &str) -> CatalogTorrent {
        let info_hash = InfoHash::V1([byte; 20]);
        CatalogTorrent {
            info_hash,
            hashes: InfoHashes { v1: Some([byte; 20]), v2: Some([byte ^ 0xff; 32]) },
            name: (!name.is_empty()).then(|| name.to_owned()),
            size: None,
            redundancy: Redundancy::default(),
            priority: 0,
            source: Source::Magnet(String::new()),
        }
    }

    fn catalog(collections: &[(&str, &[(u8, &str)])]) -> Catalog {
        let mut catalog = Catalog::default();
        for (id, (name, torrents)) in (1..).zip(collections) {
            catalog.collections.push(CatalogCollection {
                id: CollectionId::from_bytes([id; 16]),
                name: (*name).to_owned(),
                redundancy: Redundancy::default(),
                torrents: torrents.iter().map(|(byte, name)| torrent(*byte, name)).collect(),
            });
        }
        catalog
    }

    fn find(catalog: &Catalog, text: &str) -> Found {
        search(catalog, &text.parse().expect(text), 100, |torrent| torrent.name.as_deref())
    }

    #[track_caller]
    fn assert_found(catalog: &Catalog, text: &str, bytes: &[u8], meant: Option<u8>) {
        let hash = |byte: &u8| InfoHash::V1([*byte; 20]);
        let torrents: Vec<_> = bytes.iter().map(hash).collect();
        let wanted = Found { total: bytes.len(), torrents, meant: meant.as_ref().map(hash) };
        assert_eq!(find(catalog, text), wanted, "{text}");
    }

    #[test]
    fn all_words_must_be_there_and_the_better_places_come_first() {
        let town = [
            (1, "Town letters 1901"),
            (2, "letters"),
            (3, "newsletters"),
            (4, "Lettersets"),
            (5, "photos_of-Letters"),
            (6, "maps"),
            (7, ""),
        ];
        let catalog = catalog(&[("Town archive", &town)]);
        assert_found(&catalog, "letters", &[2, 4, 1, 5, 3], Some(2));
        assert_found(&catalog, "LETTERS 1901", &[1], Some(1));
        assert_found(&catalog, "1901 photos", &[], None);
        assert_found(&catalog, "town letters", &[1, 4, 2, 3, 5], None);
        assert_found(&catalog, "archive maps", &[6], Some(6));
        assert_found(&catalog, "town", &[1, 7, 4, 2, 6, 3, 5], None);
    }

    #[test]
    fn accents_do_not_matter_on_either_side() {
        let catalog = catalog(&[("Été", &[(1, "Łódź, plan"), (2, "Lodz")])]);
        assert_found(&catalog, "łodz", &[2, 1], Some(2));
        assert_found(&catalog, "ete plan", &[1], Some(1));
    }

    #[test]
    fn hashes_and_beginnings_of_both_kinds_find_each_torrent_once() {
        let catalog = catalog(&[("a", &[(0xab, "x"), (0xff, "ababab")]), ("b", &[(0xab, "x"), (0xcd, "y")])]);
        assert_found(&catalog, &"ab".repeat(20), &[0xab], Some(0xab));
        assert_found(&catalog, "ababab", &[0xab, 0xff], Some(0xab));
        assert_found(&catalog, &"54".repeat(32), &[0xab], Some(0xab));
        assert_found(&catalog, &"54".repeat(20), &[0xab], Some(0xab));
        assert_found(&catalog, &"11".repeat(20), &[], None);
        let magnet = format!("magnet:?xt=urn:btih:{}&xt=urn:btmh:1220{}", "11".repeat(20), "32".repeat(32));
        assert_found(&catalog, &magnet, &[0xcd], Some(0xcd));
        assert_found(&catalog, "x", &[0xab], Some(0xab));
    }

    #[test]
    fn of_two_collections_the_better_place_counts() {
        let catalog = catalog(&[("Maps", &[(1, "old town")]), ("Others", &[(1, "old town"), (2, "town maps")])]);
        assert_found(&catalog, "town maps", &[2, 1], Some(2));
        assert_found(&catalog, "old", &[1], Some(1));
    }

    #[test]
    fn only_as_many_as_are_asked_for_are_put_in_order() {
        let names: Vec<String> = (0..200_u8).rev().map(|byte| format!("letters {byte:03}")).collect();
        let torrents: Vec<(u8, &str)> = (0..).zip(names.iter().map(String::as_str)).collect();
        let catalog = catalog(&[("Town", &torrents)]);
        let find =
            |text: &str, count| search(&catalog, &text.parse().expect(text), count, |torrent| torrent.name.as_deref());
        let found = find("letters", 3);
        assert_eq!((found.total, found.meant), (200, None));
        assert_eq!(found.torrents, [199, 198, 197].map(|byte| InfoHash::V1([byte; 20])));
        assert_eq!(find("letters 007", 0), Found { total: 1, torrents: vec![], meant: Some(InfoHash::V1([192; 20])) });
    }
}
