//! .torrent files from other beacons, where a collection gives only a magnet link.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use super::{Output, node::Node};
use crate::{
    metainfo::Metainfo,
    model::{InfoHash, LinkId},
    wire::Message,
};

/// How often neighbors are asked for .torrent files that are lacking, and for how many at once.
pub(super) const METAINFO_ASK: Duration = Duration::from_secs(10);
const METAINFO_ASK_MAX: usize = 16;
impl Node {
    /// Asks neighbors for .torrent files of torrents of which not even the size is known.
    pub(super) fn ask_for_metainfo(&mut self) {
        let links: Vec<LinkId> = self.protocol.links().iter().map(|(id, _)| id).collect();
        if links.is_empty() {
            return;
        }
        let unknown = self.census.torrents().entries().iter().filter(|torrent| torrent.size.is_none());
        let hashes: Vec<InfoHash> = unknown.map(|torrent| torrent.info_hash).collect();
        let mut asked: BTreeMap<InfoHash, LinkId> = BTreeMap::new();
        for _ in 0..METAINFO_ASK_MAX.min(hashes.len()) {
            if let (Some(hash), Some(link)) = (self.rng.choose(&hashes).copied(), self.rng.choose(&links).copied()) {
                asked.insert(hash, link);
            }
        }
        for (hash, link) in &asked {
            self.protocol.send(*link, Message::WantMetainfo(*hash));
        }
        self.metainfo_asked = asked;
    }

    /// Takes a .torrent that was asked for; reading one costs too much to do it for whatever comes.
    pub(super) fn take_metainfo(&mut self, link: LinkId, info_hash: InfoHash, bytes: Arc<[u8]>) {
        if self.metainfo_asked.remove(&info_hash) != Some(link) {
            return;
        }
        let Some(index) = self.census.torrents().find(&info_hash) else { return };
        if self.census.torrents().at(index).size.is_some() {
            return;
        }
        match Metainfo::read(&bytes) {
            Ok(metainfo) if metainfo.hashes.contains(&info_hash) => {
                self.census.learn_size(index, metainfo.size);
                self.outputs.push_back(Output::SaveMetainfo { info_hash, bytes });
            }
            _ => self.protocol.wrong_metainfo(link),
        }
    }
}
