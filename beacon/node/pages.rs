//! Pages of torrents: those that match, in an order, a few at a time.

use super::{
    node::Node,
    view::{Page, PlacesView, Standing, TorrentFilter, TorrentOrder, TorrentsView},
};
use crate::{
    catalog::{Fit, Hit, meant},
    census::TorrentIndex,
    model::{CollectionId, TorrentState},
};

impl Node {
    /// A page of the torrents that match; `None` where there is no such collection.
    pub fn torrents(&mut self, filter: &TorrentFilter, page: Page) -> Option<TorrentsView> {
        let hits = self.matching(filter)?;
        let meant = filter.sought.as_ref().and_then(|_| meant(&hits));
        let order = page.order.or(match filter {
            TorrentFilter { sought: Some(_), .. } => None,
            TorrentFilter { collection: Some(_), .. } => Some(TorrentOrder::Manifest),
            _ => Some(TorrentOrder::Name),
        });
        let total = hits.len();
        let shown = self.in_order(&hits, order, page);
        Some(TorrentsView {
            total,
            meant: meant.map(|index| self.census.torrents().at(index).info_hash),
            torrents: shown.into_iter().map(|index| self.torrent_view(index)).collect(),
        })
    }

    /// Where the torrents that match stand in the manifest of their collection, at most `limit` of them; `None` where there
    /// is no such collection.
    pub fn places(&mut self, collection: CollectionId, filter: &TorrentFilter, limit: usize) -> Option<PlacesView> {
        let filter = TorrentFilter { collection: Some(collection), ..filter.clone() };
        let hits = self.matching(&filter)?;
        let (_, list) = &self.lists[self.place_of(collection)?];
        let place = |hit: &Hit| list.binary_search(&hit.torrent).ok().and_then(|place| u32::try_from(place).ok());
        Some(PlacesView { total: hits.len(), places: hits.iter().take(limit).filter_map(place).collect() })
    }

    /// The place of a collection in the catalog.
    pub(super) fn place_of(&self, collection: CollectionId) -> Option<usize> {
        self.catalog.collections.iter().position(|listed| listed.id == collection)
    }

    /// The torrents that match, in their order; `None` where there is no such collection.
    fn matching(&mut self, filter: &TorrentFilter) -> Option<Vec<Hit>> {
        let collection = match filter.collection {
            Some(id) => Some(self.place_of(id)?),
            None => None,
        };
        let unsought = |torrent: TorrentIndex| Hit { torrent, fit: Fit::Collection };
        let mut hits: Vec<Hit> = match (&filter.sought, collection) {
            (Some(sought), _) => self.names.search(self.census.torrents(), sought, collection),
            (None, Some(place)) => self.lists[place].1.iter().copied().map(unsought).collect(),
            (None, None) => (0..).take(self.census.tallies().len()).map(unsought).collect(),
        };
        if let Some(wanted) = filter.here {
            let here: Vec<TorrentState> = self.states_here();
            hits.retain(|hit| here[hit.torrent as usize] == wanted);
        }
        if let Some(wanted) = filter.standing {
            self.count_up();
            let counted = &self.counts.counted;
            let torrents = self.census.torrents();
            hits.retain(|hit| {
                let copies = u32::from(counted[hit.torrent as usize]);
                Standing::of(copies, torrents.at(hit.torrent).redundancy) == wanted
            });
        }
        Some(hits)
    }

    /// Those on the page, in order. `None` is how well they fit.
    fn in_order(&mut self, hits: &[Hit], order: Option<TorrentOrder>, page: Page) -> Vec<TorrentIndex> {
        if order == Some(TorrentOrder::Manifest) {
            let shown = |hit: &Hit| hit.torrent;
            return if page.descending {
                hits.iter().rev().skip(page.offset).take(page.limit).map(shown).collect()
            } else {
                hits.iter().skip(page.offset).take(page.limit).map(shown).collect()
            };
        }
        let keys = self.keys(hits, order);
        let turned = |key: u64| if page.descending { u64::MAX - key } else { key };
        let keyed = keys.into_iter().zip(hits).map(|(key, hit)| (turned(key), self.names.rank(hit.torrent)));
        let shown = window(keyed.collect(), page.offset, page.limit);
        shown.into_iter().map(|(_, rank)| self.names.at_rank(rank)).collect()
    }

    /// What each is ordered by, smaller first.
    fn keys(&mut self, hits: &[Hit], order: Option<TorrentOrder>) -> Vec<u64> {
        let each = |key: &dyn Fn(TorrentIndex) -> u64| hits.iter().map(|hit| key(hit.torrent)).collect();
        match order {
            None => hits.iter().map(|hit| hit.fit as u64).collect(),
            Some(TorrentOrder::Manifest) => each(&u64::from),
            Some(TorrentOrder::Name) => each(&|index| self.names.rank(index).into()),
            Some(TorrentOrder::Size) => each(&|index| self.census.torrents().at(index).size.unwrap_or(0)),
            Some(TorrentOrder::Copies) => each(&|index| self.census.tally(index).copies.into()),
            Some(TorrentOrder::Lacking) => {
                self.count_up();
                let counted = &self.counts.counted;
                each(&|index| {
                    let target = self.census.torrents().at(index).redundancy.target();
                    target.saturating_sub(counted[index as usize]).into()
                })
            }
            Some(TorrentOrder::Holders) => {
                self.count_holders();
                let holders = self.counts.holders.as_deref().unwrap_or_default();
                each(&|index| holders[index as usize].into())
            }
        }
    }
}

/// The items from `offset` on that a sorted list of these would have, at most `limit`. The rest is not sorted, since the
/// lists are long and the pages short.
fn window<T: Ord>(mut items: Vec<T>, offset: usize, limit: usize) -> Vec<T> {
    let end = offset.saturating_add(limit).min(items.len());
    if end < items.len() {
        items.select_nth_unstable(end);
        items.truncate(end);
    }
    if offset >= end {
        return Vec::new();
    }
    if offset > 0 {
        items.select_nth_unstable(offset);
        items.drain(..offset);
    }
    items.sort_unstable();
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rng;

    #[test]
    fn a_window_is_what_a_sorted_list_has_there() {
        let mut rng = Rng::new(7);
        let items: Vec<usize> = (0..300).map(|_| rng.below(50)).collect();
        let mut sorted = items.clone();
        sorted.sort_unstable();
        for (offset, limit) in
            [(0, 10), (0, 0), (0, 1000), (17, 100), (299, 5), (300, 5), (1000, 1000), (250, usize::MAX)]
        {
            let expected: Vec<usize> = sorted.iter().copied().skip(offset).take(limit).collect();
            assert_eq!(window(items.clone(), offset, limit), expected, "{offset} {limit}");
        }
    }
}
