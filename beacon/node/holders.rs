//! Who holds a torrent, how it can be fetched from there, and the link that says so to any client.

use std::time::Duration;

use super::{
    node::Node,
    sources::Asker,
    view::{HolderDetail, HolderView},
};
use crate::{
    census::TorrentIndex,
    metainfo::{Magnet, PeerAddress},
    model::{Instant, Source, readable},
};

/// The most addresses in a magnet link: enough to begin with, and still a link that can be pasted anywhere.
const MAGNET_PEERS_MAX: usize = 10;

impl Node {
    /// Who has something of a torrent, or had it when last heard from.
    pub(super) fn holder_views(&self, index: TorrentIndex) -> Vec<HolderView> {
        let holders = self.census.holders(index).map(|(id, state, liveness)| HolderView {
            beacon: id,
            name: self.beacon_name(&id),
            state,
            liveness,
            counted: state.is_copy() && liveness.counts(),
        });
        holders.collect()
    }

    /// The same with what is known of how to fetch from there.
    pub(super) fn holder_details(&self, now: Instant, index: TorrentIndex) -> Vec<HolderDetail> {
        self.holder_views(index).into_iter().map(|holder| self.holder_detail(now, index, holder)).collect()
    }

    fn holder_detail(&self, now: Instant, index: TorrentIndex, holder: HolderView) -> HolderDetail {
        if holder.beacon == self.id() {
            let progress = Some(self.torrent_view(index).progress);
            let (zone, client_addresses) = (self.settings.zone.clone(), self.client_addresses.clone());
            let last_heard = Duration::ZERO;
            return HolderDetail { holder, progress, zone, client_addresses, latency: None, last_heard, this: true };
        }
        let member = self.protocol.members().find(&holder.beacon);
        let hello = member.map(|member| member.hello().hello());
        HolderDetail {
            progress: (holder.state.is_complete()).then_some(1.0),
            zone: hello.map(|hello| readable(&hello.zone)).unwrap_or_default(),
            client_addresses: hello.map(|hello| hello.peer_addresses.clone()).unwrap_or_default(),
            latency: self.latency_to(&holder.beacon),
            last_heard: member.map_or(Duration::ZERO, |member| now.since(member.heard())),
            this: false,
            holder,
        }
    }

    /// A magnet link (BEP 9) with all info-hashes, the trackers of the link that the collection gives, and the addresses
    /// of the best holders.
    pub(super) fn magnet(&self, index: TorrentIndex) -> Magnet {
        let (torrent, listed) = (self.census.torrents().at(index), self.listed(index));
        let given = match &listed.source {
            Source::Magnet(link) => Magnet::parse(link).ok(),
            Source::File(_) => None,
        };
        let peers = self.sources(&torrent.info_hash, Asker::Anyone, MAGNET_PEERS_MAX);
        Magnet {
            hashes: listed.hashes,
            name: self.name(index),
            size: torrent.size,
            trackers: given.map(|magnet| magnet.trackers).unwrap_or_default(),
            peers: peers.into_iter().map(PeerAddress::from).collect(),
        }
    }
}
