//! Torrents as people look for them.

use super::{node::Node, view::FoundView};
use crate::catalog::{Sought, search};

impl Node {
    /// What somebody looks for, from the best on; the first `offset` are passed over, and not more than `limit` are shown.
    pub fn find(&self, sought: &Sought, offset: usize, limit: usize) -> FoundView {
        let found = search(&self.catalog, sought, offset.saturating_add(limit), |torrent| {
            torrent.name.as_deref().or_else(|| self.learnt_names.get(&torrent.info_hash).map(String::as_str))
        });
        let page = found.torrents.iter().skip(offset);
        let indices = page.filter_map(|info_hash| self.census.torrents().find(info_hash));
        FoundView {
            total: found.total,
            meant: found.meant,
            torrents: indices.map(|index| self.torrent_view(index)).collect(),
        }
    }
}
