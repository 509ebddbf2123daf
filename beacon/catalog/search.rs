//! Finding torrents in the collections by what people know of them.

use super::{
    Sought,
    names::{NameList, Names},
};
use crate::{
    census::{TorrentIndex, Torrents},
    model::InfoHashes,
};

/// How well a torrent is what is looked for, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
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
pub struct Hit {
    /// Which.
    pub torrent: TorrentIndex,
    /// How well.
    pub fit: Fit,
}

impl Names {
    /// What somebody looks for in all collections, or in the one at this place of the catalog; by torrent, each once.
    ///
    /// It looks at every name: no index of words is kept, since a hundred thousand names are looked through in milliseconds.
    /// Within one collection the collection's own name does not count: it would fit all alike.
    pub fn search(&self, torrents: &Torrents, sought: &Sought, collection: Option<usize>) -> Vec<Hit> {
        let lists = match collection {
            Some(place) => self.lists.get(place..=place).unwrap_or_default(),
            None => &self.lists,
        };
        let mut hits = by_hash(torrents, sought);
        hits.retain(|hit| lists.iter().any(|list| list.torrents.binary_search(&hit.torrent).is_ok()));
        let is_mixed = !hits.is_empty() || lists.len() > 1;
        if let Sought::Words { whole, words, .. } = sought {
            for list in lists {
                let around = if collection.is_some() { "" } else { &list.collection };
                list.search(whole, words, around, &mut hits);
            }
        }
        if is_mixed {
            // Those of each collection are in order already, which a stable sort makes use of.
            hits.sort();
            hits.dedup_by_key(|hit| hit.torrent);
        }
        hits
    }
}

/// The one that is meant beyond doubt: the only one of that info-hash or of just that name, or the only one at all.
pub fn meant(hits: &[Hit]) -> Option<TorrentIndex> {
    if let [only] = hits {
        return Some(only.torrent);
    }
    let best = hits.iter().min_by_key(|hit| hit.fit).filter(|best| best.fit <= Fit::Name)?;
    let as_good = hits.iter().filter(|hit| hit.fit == best.fit).count();
    (as_good == 1).then_some(best.torrent)
}

fn by_hash(torrents: &Torrents, sought: &Sought) -> Vec<Hit> {
    let digits = match sought {
        Sought::Hashes(sought) => return by_whole_hash(torrents, sought),
        Sought::Beginning(digits) | Sought::Words { beginning: Some(digits), .. } => digits,
        Sought::Words { beginning: None, .. } => return Vec::new(),
    };
    let begin = torrents.hashes().filter(|(_, hash)| digits.begin(hash));
    let mut hits: Vec<Hit> = begin.map(|(torrent, _)| Hit { torrent, fit: Fit::Hash }).collect();
    hits.sort_unstable();
    hits.dedup();
    hits
}

/// Clients show v2 hashes cut to the length of v1 ones, so these are taken too.
fn by_whole_hash(torrents: &Torrents, sought: &InfoHashes) -> Vec<Hit> {
    let whole = sought.iter().filter_map(|hash| torrents.find(&hash));
    let short = sought.v1.and_then(|hash| torrents.find_short(&hash));
    let mut hits: Vec<Hit> = whole.chain(short).map(|torrent| Hit { torrent, fit: Fit::Hash }).collect();
    hits.sort_unstable();
    hits.dedup();
    hits
}

impl NameList {
    /// Adds those in whose names, or in the text around them, all words are.
    fn search(&self, whole: &str, words: &[String], around: &str, hits: &mut Vec<Hit>) {
        let around: Vec<bool> = words.iter().map(|word| around.contains(word.as_str())).collect();
        for (place, torrent) in self.torrents.iter().enumerate() {
            let name = self.name(place);
            let fit = words.iter().zip(&around).try_fold(Fit::WordStarts, |worst, (word, around)| {
                let fit = fit(name, word).or_else(|| around.then_some(Fit::Collection))?;
                Some(worst.max(fit))
            });
            if let Some(fit) = fit {
                let fit = if name == whole { Fit::Name } else { fit };
                hits.push(Hit { torrent: *torrent, fit });
            }
        }
    }
}

/// How well one word fits a name.
fn fit(name: &str, word: &str) -> Option<Fit> {
    let first = name.find(word)?;
    let follows_a_gap = |at: usize| !name[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    let begins_a_word = follows_a_gap(first) || name.match_indices(word).any(|(at, _)| follows_a_gap(at));
    Some(if begins_a_word { Fit::WordStarts } else { Fit::Anywhere })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalog::testing::{catalog, names_of},
        model::{Catalog, InfoHash},
    };

    /// The first bytes of what is found, the best first, and of the one that is meant.
    fn found_in(catalog: &Catalog, text: &str, collection: Option<usize>) -> (Vec<u8>, Option<u8>) {
        let (torrents, names) = names_of(catalog);
        let mut hits = names.search(&torrents, &text.parse().expect(text), collection);
        assert!(hits.is_sorted_by_key(|hit| hit.torrent), "{text}");
        hits.sort_by_key(|hit| (hit.fit, names.rank(hit.torrent)));
        let byte = |torrent| match torrents.at(torrent).info_hash {
            InfoHash::V1(bytes) => bytes[0],
            InfoHash::V2(_) => panic!("the v1 hash is canonical"),
        };
        (hits.iter().map(|hit| byte(hit.torrent)).collect(), meant(&hits).map(byte))
    }

    #[track_caller]
    fn assert_found(catalog: &Catalog, text: &str, bytes: &[u8], meant: Option<u8>) {
        assert_eq!(found_in(catalog, text, None), (bytes.to_vec(), meant), "{text}");
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
        assert_found(&catalog, "letters", &[2, 4, 5, 1, 3], Some(2));
        assert_found(&catalog, "LETTERS 1901", &[1], Some(1));
        assert_found(&catalog, "1901 photos", &[], None);
        assert_found(&catalog, "town letters", &[1, 2, 4, 3, 5], None);
        assert_found(&catalog, "archive maps", &[6], Some(6));
        assert_found(&catalog, "town", &[1, 2, 4, 6, 3, 5, 7], None);
    }

    #[test]
    fn within_a_collection_its_own_name_does_not_count() {
        let catalog = catalog(&[("Maps", &[(1, "old town"), (2, "maps")]), ("Town", &[(2, "maps"), (3, "letters")])]);
        assert_eq!(found_in(&catalog, "maps", Some(0)), (vec![2], Some(2)));
        assert_eq!(found_in(&catalog, "town", Some(0)), (vec![1], Some(1)));
        assert_eq!(found_in(&catalog, "town", Some(1)), (vec![], None));
        assert_eq!(found_in(&catalog, &"01".repeat(20), Some(1)), (vec![], None));
        assert_eq!(found_in(&catalog, &"02".repeat(20), Some(1)), (vec![2], Some(2)));
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
    fn names_that_become_known_later_are_found() {
        let catalog = catalog(&[("a", &[(1, ""), (2, "maps")])]);
        let (torrents, mut names) = names_of(&catalog);
        let first = torrents.find(&InfoHash::V1([1; 20])).expect("listed");
        names.learn(&torrents, first, "Letters");
        let hits = names.search(&torrents, &"letters".parse().expect("words"), None);
        assert_eq!(hits, [Hit { torrent: first, fit: Fit::Name }]);
    }
}
