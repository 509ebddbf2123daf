//! The torrents of a collection in four bytes each, so that a page can draw all of them.

use super::{
    node::Node,
    view::{Cell, MapView},
};
use crate::{
    census::TorrentIndex,
    model::{CollectionId, TorrentState},
};

impl Node {
    /// A collection's torrents from `offset` on, at most `limit`; `None` where there is no such collection.
    pub fn map(&self, collection: CollectionId, offset: usize, limit: usize) -> Option<MapView> {
        let (manifest, torrents) = &self.lists[self.place_of(collection)?];
        let cells = torrents.iter().skip(offset).take(limit).map(|index| self.cell(*index)).collect();
        Some(MapView { total: torrents.len(), offset, revision: manifest.hash(), cells })
    }

    fn cell(&self, index: TorrentIndex) -> Cell {
        let torrent = self.census.torrents().at(index);
        let tally = self.census.tally(index);
        let here = self.census.state(&self.id(), index);
        let local = self.local.find(self.census.torrents(), index);
        let is_leaving = here == TorrentState::Draining || self.reclaims.find(&torrent.info_hash).is_some();
        let flags = [
            (Cell::FETCHING, tally.fetching > 0),
            (Cell::COMPLETE_HERE, here.is_complete()),
            (Cell::FETCHING_HERE, matches!(here, TorrentState::Fetching | TorrentState::Stalled)),
            (Cell::PINNED_HERE, here == TorrentState::Pinned || self.pins.contains(&torrent.info_hash)),
            (Cell::OUTSIDE, self.outside_seeders(index, local, here).is_some_and(|seen| seen > 0)),
            (Cell::LEAVING_HERE, is_leaving && here.is_complete()),
        ];
        Cell {
            copies: byte(tally.copies),
            target: byte(torrent.redundancy.target()),
            max: byte(torrent.redundancy.max()),
            flags: flags.into_iter().filter(|(_, holds)| *holds).map(|(flag, _)| flag).sum(),
        }
    }
}

fn byte(count: u16) -> u8 {
    u8::try_from(count).unwrap_or(u8::MAX)
}
