//! The names of all torrents, made ready to be looked through and to put torrents in order by them.

use std::{collections::BTreeMap, sync::Arc};

use super::fold::{fold, fold_into};
use crate::{
    census::{TorrentIndex, Torrents},
    model::Catalog,
};

/// What the torrents of a catalog are called. It is costly to make for many, and cheap to ask.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub(super) lists: Vec<NameList>,
    /// The torrents by name; those without one come last.
    order: Vec<TorrentIndex>,
    /// Where in that order each torrent stands.
    ranks: Vec<u32>,
}

/// The names that one collection gives its torrents, as they are looked for: without case and accents.
#[derive(Debug, Clone)]
pub(super) struct NameList {
    /// The collection's own.
    pub(super) collection: String,
    pub(super) torrents: Arc<[TorrentIndex]>,
    /// The names one after another, in one block of memory, and where each ends.
    text: String,
    ends: Vec<usize>,
    /// Names that became known later, by place.
    learnt: BTreeMap<usize, String>,
}

impl Names {
    /// Of the torrents of a catalog, given for each of its collections in the order in which that lists them.
    pub fn new(catalog: &Catalog, torrents: &Torrents, lists: impl IntoIterator<Item = Arc<[TorrentIndex]>>) -> Self {
        let lists = catalog.collections.iter().zip(lists).map(|(collection, torrents)| {
            let mut list = NameList {
                collection: fold(&collection.name),
                torrents,
                text: String::new(),
                ends: Vec::with_capacity(collection.torrents.len()),
                learnt: BTreeMap::new(),
            };
            for torrent in &collection.torrents {
                fold_into(&mut list.text, torrent.name.as_deref().unwrap_or_default());
                list.ends.push(list.text.len());
            }
            list.text.shrink_to_fit();
            list
        });
        let mut names = Self { lists: lists.collect(), order: Vec::new(), ranks: Vec::new() };
        let mut order: Vec<TorrentIndex> = (0..).zip(torrents.entries()).map(|(index, _)| index).collect();
        order.sort_unstable_by(|a, b| names.key(torrents, *a).cmp(&names.key(torrents, *b)));
        names.ranks = vec![0; order.len()];
        for (rank, index) in (0..).zip(&order) {
            names.ranks[*index as usize] = rank;
        }
        names.order = order;
        names
    }

    /// Takes over the name of a torrent that had none.
    pub fn learn(&mut self, torrents: &Torrents, index: TorrentIndex, name: &str) {
        let mut is_new = false;
        for list in &mut self.lists {
            if let Ok(place) = list.torrents.binary_search(&index)
                && list.name(place).is_empty()
            {
                list.learnt.insert(place, fold(name));
                is_new = true;
            }
        }
        if !is_new {
            return;
        }
        let from = self.ranks[index as usize] as usize;
        self.order.remove(from);
        let to = self.order.partition_point(|other| self.key(torrents, *other) < self.key(torrents, index));
        self.order.insert(to, index);
        let moved = from.min(to)..=from.max(to);
        for (rank, index) in (0..).zip(&self.order).skip(*moved.start()).take(moved.count()) {
            self.ranks[*index as usize] = rank;
        }
    }

    /// Where a torrent stands among all in the order of their names; those without one come last.
    ///
    /// # Panics
    /// If `index` is not of this catalog.
    pub fn rank(&self, index: TorrentIndex) -> u32 {
        self.ranks[index as usize]
    }

    /// The torrent that stands there.
    ///
    /// # Panics
    /// If there are not so many torrents.
    pub fn at_rank(&self, rank: u32) -> TorrentIndex {
        self.order[rank as usize]
    }

    fn key(&self, torrents: &Torrents, index: TorrentIndex) -> (bool, &str, TorrentIndex) {
        let (collection, place) = torrents.at(index).listed;
        let name = self.lists[collection as usize].name(place as usize);
        (name.is_empty(), name, index)
    }
}

impl NameList {
    /// What the torrent at a place is called; empty where that is not known.
    pub(super) fn name(&self, place: usize) -> &str {
        let begin = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        match &self.text[begin..self.ends[place]] {
            "" if !self.learnt.is_empty() => self.learnt.get(&place).map_or("", String::as_str),
            name => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        catalog::testing::{catalog, names_of},
        model::InfoHash,
    };

    #[test]
    fn torrents_are_ordered_by_name_without_case_and_accents_and_those_without_one_come_last() {
        let catalog = catalog(&[("a", &[(1, "Zoo"), (2, ""), (3, "été"), (4, "Eta")]), ("b", &[(3, "x"), (5, "eta")])]);
        let (torrents, names) = names_of(&catalog);
        let order: Vec<_> = (0..5).map(|rank| torrents.at(names.at_rank(rank)).info_hash).collect();
        assert_eq!(order, [4, 5, 3, 1, 2].map(|byte| InfoHash::V1([byte; 20])));
        assert!((0..5).all(|rank| names.rank(names.at_rank(rank)) == rank));
    }

    #[test]
    fn a_name_that_becomes_known_takes_its_place() {
        let given = [(1, "d"), (2, ""), (3, "b"), (4, ""), (5, "a")];
        let catalog = catalog(&[("a", &given)]);
        let (torrents, mut names) = names_of(&catalog);
        for (byte, name) in [(2, "C"), (4, "A"), (5, "another name for what has one")] {
            let index = torrents.find(&InfoHash::V1([byte; 20])).expect("listed");
            names.learn(&torrents, index, name);
        }
        let order: Vec<_> = (0..5).map(|rank| torrents.at(names.at_rank(rank)).info_hash).collect();
        assert_eq!(order, [4, 5, 3, 2, 1].map(|byte| InfoHash::V1([byte; 20])));
        assert!((0..5).all(|rank| names.rank(names.at_rank(rank)) == rank));
    }
}
