//! What people call torrents.

use std::sync::Arc;

use super::node::Node;
use crate::{census::TorrentIndex, model::InfoHash};

impl Node {
    /// What people call a torrent: its name, or its info-hash where it has none.
    pub(super) fn title(&self, info_hash: &InfoHash) -> String {
        let named = self.census.torrents().find(info_hash).and_then(|index| self.name(index));
        named.unwrap_or_else(|| info_hash.to_string())
    }

    /// The name of a torrent: as its collection or its magnet link gives it, or as its metainfo does.
    pub(super) fn name(&self, index: TorrentIndex) -> Option<String> {
        let listed = self.listed(index);
        listed.name.as_ref().or_else(|| self.learnt_names.get(&listed.info_hash)).cloned()
    }

    /// Takes over the name that the metainfo of a torrent tells.
    pub(super) fn learn_name(&mut self, index: TorrentIndex, info_hash: InfoHash, name: String) {
        Arc::make_mut(&mut self.names).learn(self.census.torrents(), index, &name);
        self.learnt_names.insert(info_hash, name);
    }

    /// Takes over for another list of torrents the names that were learnt.
    pub(super) fn put_names_in_order(&mut self) {
        let torrents = self.census.torrents();
        for (info_hash, name) in &self.learnt_names {
            if let Some(index) = torrents.find(info_hash)
                && self.listed(index).name.is_none()
            {
                Arc::make_mut(&mut self.names).learn(torrents, index, name);
            }
        }
    }
}
