//! What a node looks like to whoever decides what its user is told.

use std::collections::BTreeMap;

use super::{
    node::Node,
    view::{ClientState, Liveness, Standing},
};
use crate::{
    census::TorrentIndex,
    model::{BeaconId, Instant, readable},
    notify::{
        ClientCondition, CollectionSeen, DiskSeen, DrainSeen, FailedAction, GoneMember, LackingTorrent, Observation,
    },
    protocol::Member,
};

impl Node {
    /// What it looks like `now`. Every torrent is looked at once, and few of them are written down.
    pub fn observe(&self, now: Instant) -> Observation {
        let (lacking, lacking_left_out) = self.lacking_torrents();
        let disk = self.disk_free.map(|free| DiskSeen { free, keep_free: self.settings.keep_free });
        let drain = self.drain_view().map(|drain| DrainSeen { safe: drain.safe, waiting: drain.waiting });
        let members = self.protocol.members();
        let gone = members.iter().filter(|(_, member)| member.liveness() == Liveness::Gone);
        let failures = self.actions.recent().filter(|ended| ended.failed);
        Observation {
            counts_known: self.waiting.is_none(),
            lacking,
            lacking_left_out,
            client: match &self.client {
                ClientState::Starting => ClientCondition::Starting,
                ClientState::Ready => ClientCondition::Ready,
                ClientState::Trouble(reason) => ClientCondition::Trouble(reason.clone()),
            },
            disk,
            collections: self.collections_seen(),
            problems: self.catalog_problems.clone(),
            drain,
            gone: gone.take(Observation::GONE_MAX).map(|(id, member)| self.gone_member(now, id, member)).collect(),
            failures: failures
                .filter(|ended| now.since(ended.at) < Observation::FAILURE_AGE_MAX)
                .map(|ended| FailedAction {
                    at: ended.at,
                    action: ended.kind.word(),
                    info_hash: ended.info_hash,
                    name: self.census.torrents().find(&ended.info_hash).and_then(|index| self.name(index)),
                    outcome: ended.outcome.clone(),
                })
                .collect(),
        }
    }

    /// The torrents below their targets, those without any copy first, and how many more there are.
    fn lacking_torrents(&self) -> (Vec<LackingTorrent>, usize) {
        let (mut missing, mut under, mut total) = (Vec::new(), Vec::new(), 0);
        for index in (0..).take(self.census.torrents().entries().len()) {
            let list = match self.standing(index) {
                Standing::Missing => &mut missing,
                Standing::Under => &mut under,
                Standing::Met | Standing::Over => continue,
            };
            total += 1;
            if list.len() < Observation::LACKING_MAX {
                list.push(index);
            }
        }
        missing.append(&mut under);
        missing.truncate(Observation::LACKING_MAX);
        let unplaced = self.plan.unplaced.iter().take(Observation::LACKING_MAX);
        let unplaced: BTreeMap<TorrentIndex, String> =
            unplaced.map(|(index, _, reason)| (*index, reason.to_string())).collect();
        let left_out = total - missing.len();
        let lacking = missing.into_iter().map(|index| self.lacking_torrent(index, unplaced.get(&index).cloned()));
        (lacking.collect(), left_out)
    }

    fn lacking_torrent(&self, index: TorrentIndex, unplaced: Option<String>) -> LackingTorrent {
        let torrent = self.census.torrents().at(index);
        LackingTorrent {
            info_hash: torrent.info_hash,
            name: self.name(index),
            collection: self.catalog.collections[torrent.listed.0 as usize].name.clone(),
            copies: self.counted(index),
            target: torrent.redundancy.target(),
            fetching: self.census.tally(index).fetching,
            unplaced,
        }
    }

    fn collections_seen(&self) -> Vec<CollectionSeen> {
        let seen = self.catalog.collections.iter().zip(&self.lists).map(|(collection, (manifest, _))| CollectionSeen {
            id: collection.id,
            name: collection.name.clone(),
            torrents: collection.torrents.len(),
            list: manifest.hash(),
        });
        seen.collect()
    }

    fn gone_member(&self, now: Instant, id: &BeaconId, member: &Member) -> GoneMember {
        let silent = now.since(member.heard());
        GoneMember {
            id: *id,
            name: readable(&member.hello().hello().name),
            silent,
            gone: silent.saturating_sub(self.settings.repair_delay),
        }
    }
}
