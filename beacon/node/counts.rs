//! What the torrents of all collections add up to, kept until something changes.

use std::collections::BTreeMap;

use super::{
    node::Node,
    view::{CollectionView, Liveness, Standing, SummaryView, TrendPoint},
};
use crate::{
    census::TorrentIndex,
    model::{ByteSize, CatalogCollection, CollectionId, Instant, TorrentState},
    plan::all_counted_copies,
};

/// What torrents and collections add up to.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// The census's own at which this was counted; `None` where it has to be counted anew.
    revision: Option<u64>,
    /// How many copies of each torrent count: all, or of each zone up to a cap.
    pub(super) counted: Vec<u16>,
    /// How many beacons have something of each torrent, once anybody has asked for it.
    pub(super) holders: Option<Vec<u16>>,
    collections: Vec<CollectionView>,
    summary: SummaryView,
}

impl Counts {
    /// Has all of it counted anew.
    pub(super) fn forget(&mut self) {
        self.revision = None;
    }
}

impl Node {
    /// Counts anew what has changed.
    pub(super) fn count_up(&mut self) {
        if self.counts.revision != Some(self.census.revision()) {
            self.counts = self.count_all();
        }
    }

    /// The collections by name, and what all torrents add up to.
    pub(super) fn collection_views(&mut self) -> (Vec<CollectionView>, SummaryView) {
        self.count_up();
        (self.counts.collections.clone(), self.counts.summary)
    }

    /// Counts how many beacons have something of each torrent.
    pub(super) fn count_holders(&mut self) {
        self.count_up();
        if self.counts.holders.is_some() {
            return;
        }
        let mut holders = vec![0_u16; self.census.tallies().len()];
        for (_, _, member) in self.census.members() {
            for (index, _) in member.holdings() {
                let count = &mut holders[index as usize];
                *count = count.saturating_add(1);
            }
        }
        self.counts.holders = Some(holders);
    }

    /// How all torrents stand now, and those of each collection; nothing while not enough is known to say.
    pub fn trend_points(&mut self, now: Instant) -> Vec<(Option<CollectionId>, TrendPoint)> {
        if self.waiting.is_some() {
            return Vec::new();
        }
        let (collections, all) = self.collection_views();
        let all = TrendPoint {
            at: now,
            missing: few(all.missing),
            under: few(all.under),
            met: few(all.met),
            over: few(all.over),
            bytes_total: all.bytes_total,
            bytes_wanted: all.bytes_wanted,
            bytes_stored: all.bytes_stored,
            bytes_mirrored: all.bytes_mirrored,
        };
        let point = |view: &CollectionView| TrendPoint {
            at: now,
            missing: few(view.missing),
            under: few(view.under),
            met: few(view.met),
            over: few(view.over),
            bytes_total: view.bytes_total,
            bytes_wanted: view.bytes_wanted,
            bytes_stored: view.bytes_stored,
            bytes_mirrored: view.bytes_mirrored,
        };
        let collections = collections.iter().map(|view| (Some(view.id), point(view)));
        std::iter::once((None, all)).chain(collections).collect()
    }

    /// What each torrent is here.
    pub(super) fn states_here(&self) -> Vec<TorrentState> {
        let mut states = vec![TorrentState::Absent; self.census.tallies().len()];
        for (index, state) in self.census.holdings(&self.id()) {
            states[index as usize] = state;
        }
        states
    }

    fn count_all(&self) -> Counts {
        let counted = all_counted_copies(&self.census, &self.domains);
        let here = self.states_here();
        let followers = self.followers();
        let mut collections = Vec::with_capacity(self.catalog.collections.len());
        // By how many beacons each torrent would be stored if everyone stored all.
        let mut mirrors = vec![0_usize; counted.len()];
        for (collection, (_, torrents)) in self.catalog.collections.iter().zip(&self.lists) {
            let members = 1 + followers.get(&collection.id).copied().unwrap_or_default();
            let mut view = empty_view(collection, members);
            for index in torrents.iter() {
                self.add(&mut view, *index, counted[*index as usize], here[*index as usize]);
                let mirrored = &mut mirrors[*index as usize];
                *mirrored = members.max(*mirrored);
            }
            view.bytes_mirrored = times(view.bytes_total, members);
            collections.push(view);
        }
        collections.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        let summary = self.summary(&counted, &here, &mirrors);
        Counts { revision: Some(self.census.revision()), counted, holders: None, collections, summary }
    }

    /// How many others follow each collection.
    fn followers(&self) -> BTreeMap<CollectionId, usize> {
        let mut followers = BTreeMap::new();
        let there = self.protocol.members().iter().filter(|(_, member)| member.liveness() != Liveness::Gone);
        for status in there.filter_map(|(_, member)| member.status()) {
            for collection in status.collections() {
                *followers.entry(collection.collection).or_default() += 1;
            }
        }
        followers
    }

    fn add(&self, view: &mut CollectionView, index: TorrentIndex, counted: u16, here: TorrentState) {
        let torrent = self.census.torrents().at(index);
        match Standing::of(u32::from(counted), torrent.redundancy) {
            Standing::Missing => view.missing += 1,
            Standing::Under => view.under += 1,
            Standing::Met => view.met += 1,
            Standing::Over => view.over += 1,
        }
        let copies = usize::from(self.census.tally(index).copies);
        if view.copies_histogram.len() <= copies {
            view.copies_histogram.resize(copies + 1, 0);
        }
        view.copies_histogram[copies] += 1;
        let size = ByteSize::from_bytes(torrent.size.unwrap_or(0));
        view.bytes_total = view.bytes_total.saturating_add(size);
        view.bytes_wanted = view.bytes_wanted.saturating_add(times(size, torrent.redundancy.target().into()));
        view.bytes_stored = view.bytes_stored.saturating_add(times(size, copies));
        if here.is_complete() {
            view.bytes_here = view.bytes_here.saturating_add(size);
        }
    }

    fn summary(&self, counted: &[u16], here: &[TorrentState], mirrors: &[usize]) -> SummaryView {
        let torrents = self.census.torrents().entries();
        let mut view = SummaryView { torrents: torrents.len(), ..SummaryView::default() };
        for (place, (torrent, tally)) in torrents.iter().zip(self.census.tallies()).enumerate() {
            let standing = Standing::of(u32::from(counted[place]), torrent.redundancy);
            match standing {
                Standing::Missing => view.missing += 1,
                Standing::Under => view.under += 1,
                Standing::Met => view.met += 1,
                Standing::Over => view.over += 1,
            }
            let is_low = matches!(standing, Standing::Missing | Standing::Under);
            view.repairing += usize::from(is_low && tally.fetching > 0);
            let size = ByteSize::from_bytes(torrent.size.unwrap_or(0));
            view.bytes_total = view.bytes_total.saturating_add(size);
            view.bytes_wanted = view.bytes_wanted.saturating_add(times(size, torrent.redundancy.target().into()));
            view.bytes_stored = view.bytes_stored.saturating_add(times(size, tally.copies.into()));
            view.bytes_mirrored = view.bytes_mirrored.saturating_add(times(size, mirrors[place]));
            if here[place].is_complete() {
                view.bytes_here = view.bytes_here.saturating_add(size);
            }
        }
        view
    }
}

fn empty_view(collection: &CatalogCollection, members: usize) -> CollectionView {
    CollectionView {
        id: collection.id,
        name: collection.name.clone(),
        torrents: collection.torrents.len(),
        missing: 0,
        under: 0,
        met: 0,
        over: 0,
        copies_histogram: vec![0],
        bytes_total: ByteSize::ZERO,
        bytes_here: ByteSize::ZERO,
        target: collection.redundancy.target(),
        max: collection.redundancy.max(),
        members,
        bytes_wanted: ByteSize::ZERO,
        bytes_stored: ByteSize::ZERO,
        bytes_mirrored: ByteSize::ZERO,
        file: None,
        problem: None,
    }
}

/// As many torrents as there can be fit into 32 bits.
fn few(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn times(size: ByteSize, copies: usize) -> ByteSize {
    ByteSize::from_bytes(size.bytes().saturating_mul(copies as u64))
}
