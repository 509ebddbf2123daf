//! What others hold, and what the collections list: how both come into the census.

use std::{collections::BTreeSet, sync::Arc};

use super::{Listing, Note, Output, node::Node, round::NO_COLLECTION};
use crate::{
    census::{Status, TorrentIndex},
    model::{BeaconId, Catalog, Instant, ObjectHash},
    plan::{Loads, Plan},
};

impl Node {
    /// Counts a member's status, and asks for the manifests without which it cannot be read.
    pub(super) fn count(&mut self, now: Instant, id: &BeaconId) {
        let Some(member) = self.protocol.members().find(id) else { return };
        let Some(status) = member.status().cloned() else { return };
        let liveness = member.liveness();
        let ours: BTreeSet<_> = self.catalog.collections.iter().map(|collection| collection.id).collect();
        let wanted: BTreeSet<ObjectHash> = status
            .collections()
            .iter()
            .filter(|collection| ours.contains(&collection.collection))
            .map(|collection| collection.manifest)
            .collect();
        for manifest in self.census.set_status(*id, &status) {
            if let Some(known) = self.protocol.manifest(&manifest).cloned() {
                self.census.learn_manifest(manifest, known.entries().iter().map(|(hash, _)| hash));
            } else if wanted.contains(&manifest) {
                self.protocol.want_manifest(now, manifest, id);
            }
        }
        self.census.set_liveness(id, liveness);
    }

    /// Counts again the statuses that use a manifest, or all.
    pub(super) fn recount(&mut self, now: Instant, manifest: Option<ObjectHash>) {
        let uses = |status: &Status| {
            manifest.is_none_or(|hash| status.collections().iter().any(|collection| collection.manifest == hash))
        };
        let members = self.protocol.members().iter();
        let ids: Vec<BeaconId> = members
            .filter(|(_, member)| member.status().is_some_and(|status| uses(status)))
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            self.count(now, &id);
        }
    }

    pub(super) fn set_catalog(&mut self, now: Instant, catalog: Arc<Catalog>, problems: Vec<String>) {
        self.set_problems(problems);
        if catalog != self.catalog {
            self.set_listing(now, Listing::new(catalog));
        }
    }

    pub(super) fn set_problems(&mut self, problems: Vec<String>) {
        for problem in problems.iter().filter(|problem| !self.catalog_problems.contains(problem)) {
            self.outputs.push_back(Output::Note(Note { is_warning: true, info_hash: None, text: problem.clone() }));
        }
        self.news.collections |= self.catalog_problems != problems;
        self.catalog_problems = problems;
    }

    /// Takes over collections in place of those until now.
    pub(super) fn set_listing(&mut self, now: Instant, listing: Listing) {
        (self.news.collections, self.news.torrents, self.news.actions) = (true, true, true);
        Listing { catalog: self.catalog, census: self.census, lists: self.lists, names: self.names } = listing;
        self.counts.forget();
        self.put_names_in_order();
        self.protocol.set_manifests(self.lists.iter().map(|(manifest, _)| Arc::clone(manifest)));
        self.local.find_places(self.census.torrents(), true);
        self.learn_sizes();
        self.plan = Plan::default();
        self.loads = Loads::default();
        self.metainfo_asks.restart(now);
        let torrents = self.census.torrents();
        self.actions.forget_unlisted(|info_hash| torrents.find(info_hash).is_none());
        self.served.retain(|info_hash, _| torrents.find(info_hash).is_some());
        self.recount(now, None);
        self.status_dirty = true;
        if self.waiting.as_deref() == Some(NO_COLLECTION) && !self.catalog.collections.is_empty() {
            self.waiting = Some("the collections have only just been read".to_owned());
        }
    }

    /// Takes over sizes that the client has learnt from metadata.
    pub(super) fn learn_sizes(&mut self) {
        let torrents = self.census.torrents();
        let learnt: Vec<(TorrentIndex, u64)> = self
            .local
            .listed(torrents)
            .filter(|(index, _)| torrents.at(*index).size.is_none())
            .filter_map(|(index, torrent)| Some((index, torrent.size?)))
            .collect();
        for (index, size) in learnt {
            self.census.learn_size(index, size);
        }
    }
}
