//! One look at everything that is counted.

use std::collections::BTreeMap;

use super::process::ProcessFigures;
use crate::{
    model::readable,
    node::view::{CollectionView, FiguresView},
    tracker::Totals,
};

/// The most collections that have series of their own. A beacon with more is told of the others together.
pub(super) const COLLECTIONS_MAX: usize = 1_000;
/// Characters of a collection's name in a label.
const NAME_CHARS_MAX: usize = 100;
/// What the collections beyond [`COLLECTIONS_MAX`] are called together.
const OTHERS: &str = "(others)";

/// One look at everything that is counted.
#[derive(Debug)]
pub(super) struct Scrape {
    pub(super) figures: FiguresView,
    /// The collections by the names that their series have.
    pub(super) collections: Vec<(String, CollectionFigures)>,
    pub(super) process: ProcessFigures,
    pub(super) version: String,
    /// Torrents with clients that announced to the tracker, and these clients.
    pub(super) tracker: Totals,
    /// Pages that follow live.
    pub(super) streams: usize,
}

/// What is counted of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct CollectionFigures {
    /// Torrents by their standing: missing, under, met, over.
    pub(super) torrents: [usize; 4],
    /// The copies of the torrent that has fewest; `None` where it lists none.
    pub(super) copies_min: Option<usize>,
    pub(super) bytes_total: u64,
    pub(super) bytes_here: u64,
}

impl CollectionFigures {
    fn of(view: &CollectionView) -> Self {
        Self {
            torrents: [view.missing, view.under, view.met, view.over],
            copies_min: view.copies_histogram.iter().position(|torrents| *torrents > 0),
            bytes_total: view.bytes_total.bytes(),
            bytes_here: view.bytes_here.bytes(),
        }
    }

    fn with(self, other: Self) -> Self {
        let mut torrents = self.torrents;
        torrents.iter_mut().zip(other.torrents).for_each(|(sum, more)| *sum += more);
        Self {
            torrents,
            copies_min: self.copies_min.into_iter().chain(other.copies_min).min(),
            bytes_total: self.bytes_total.saturating_add(other.bytes_total),
            bytes_here: self.bytes_here.saturating_add(other.bytes_here),
        }
    }
}

/// The collections under names that are all different; those beyond the limit are taken together.
pub(super) fn named(views: &[CollectionView]) -> Vec<(String, CollectionFigures)> {
    let (own, rest) = views.split_at(views.len().min(COLLECTIONS_MAX));
    let name = |view: &CollectionView| readable(&view.name).chars().take(NAME_CHARS_MAX).collect::<String>();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for view in own {
        *times.entry(name(view)).or_default() += 1;
    }
    let mut named: Vec<_> = own
        .iter()
        .map(|view| {
            let name = name(view);
            let is_unique = times.get(&name) == Some(&1) && name != OTHERS;
            // Ids differ, so that two of one name stay two.
            let label = if is_unique { name } else { format!("{name} {}", view.id) };
            (label, CollectionFigures::of(view))
        })
        .collect();
    if !rest.is_empty() {
        let sum = rest.iter().map(CollectionFigures::of).fold(CollectionFigures::default(), CollectionFigures::with);
        named.push((OTHERS.to_owned(), sum));
    }
    named
}
