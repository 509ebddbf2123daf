//! What a node answers when asked.

use super::{
    explain::explain,
    local::LocalTorrent,
    node::Node,
    view::{BeaconView, ClientState, ClientView, Notice, Severity, Standing, StatusView, TorrentDetail, TorrentView},
};
use crate::{
    census::TorrentIndex,
    model::{ByteSize, CatalogCollection, CatalogTorrent, InfoHash, Instant, TorrentState},
    plan::counted_copies,
};

impl Node {
    /// The overview.
    pub fn status(&mut self, now: Instant) -> StatusView {
        let (collections, summary) = self.collection_views();
        StatusView {
            beacon: self.beacon_view(now),
            client: ClientView {
                info: self.client_info.clone(),
                traffic: self.client_traffic,
                state: self.client.clone(),
                peer_addresses: self.client_addresses.clone(),
            },
            storage: self.storage(),
            drain: self.drain_view(),
            members: self.member_views(now),
            collections,
            summary,
            actions: self.actions_view(now),
            notices: self.notices(),
        }
    }

    pub(super) fn beacon_view(&self, now: Instant) -> BeaconView {
        BeaconView {
            id: self.id(),
            name: self.settings.name.clone(),
            mode: self.settings.mode,
            mode_is_ordered: self.settings.mode != self.configured,
            uptime: now.since(self.started),
            addresses: self.protocol.own().addresses(),
        }
    }

    /// One torrent; `None` where no collection lists it.
    pub fn torrent(&self, now: Instant, info_hash: &InfoHash) -> Option<TorrentDetail> {
        let index = self.census.torrents().find(info_hash)?;
        let canonical = self.census.torrents().at(index).info_hash;
        let lists = |collection: &&CatalogCollection| {
            collection.torrents.binary_search_by_key(&canonical, |torrent| torrent.info_hash).is_ok()
        };
        let collections = self.catalog.collections.iter().filter(lists);
        Some(TorrentDetail {
            torrent: self.torrent_view(index),
            collections: collections.map(|collection| (collection.id, collection.name.clone())).collect(),
            explain: explain(self, now, index),
            holder_details: self.holder_details(now, index),
            magnet: self.magnet(index).to_string(),
        })
    }

    /// A torrent as a collection lists it.
    pub(super) fn listed(&self, index: TorrentIndex) -> &CatalogTorrent {
        let (collection, place) = self.census.torrents().at(index).listed;
        &self.catalog.collections[collection as usize].torrents[place as usize]
    }

    pub(super) fn standing(&self, index: TorrentIndex) -> Standing {
        Standing::of(u32::from(self.counted(index)), self.census.torrents().at(index).redundancy)
    }

    /// How many copies of a torrent count: all, or of each zone up to a cap.
    pub(super) fn counted(&self, index: TorrentIndex) -> u16 {
        counted_copies(&self.census, &self.domains, index)
    }

    pub(super) fn torrent_view(&self, index: TorrentIndex) -> TorrentView {
        let torrent = self.census.torrents().at(index);
        let tally = self.census.tally(index);
        let local = self.local.find(self.census.torrents(), index);
        let size = torrent.size.or_else(|| local.and_then(|local| local.size));
        let here = self.census.state(&self.id(), index);
        TorrentView {
            info_hash: torrent.info_hash,
            name: self.name(index),
            size: size.map(ByteSize::from_bytes),
            target: torrent.redundancy.target(),
            max: torrent.redundancy.max(),
            copies: u32::from(tally.copies),
            fetching: u32::from(tally.fetching),
            outside_seeders: self.outside_seeders(index, local, here),
            holders: self.holder_views(index),
            here,
            progress: match (local, size) {
                (Some(local), _) if local.is_complete() => 1.0,
                (Some(local), Some(size)) if size > 0 => share(local.done, size),
                _ => 0.0,
            },
            pinned: self.pins.contains(&torrent.info_hash),
            requested: self.requests.contains(&torrent.info_hash),
            priority: torrent.priority,
        }
    }

    /// Seeders that are no beacons' clients, as the client guesses; it counts these among the seeders it sees.
    pub(super) fn outside_seeders(
        &self,
        index: TorrentIndex,
        local: Option<&LocalTorrent>,
        here: TorrentState,
    ) -> Option<u32> {
        let others = u32::from(self.census.tally(index).served).saturating_sub(u32::from(here.is_served()));
        local.and_then(|local| local.outside_seeders).map(|seen| seen.saturating_sub(others))
    }

    /// What the client says is broken of what collections list: often an unmounted disk, and never a ground to delete.
    fn broken_notice(&self) -> Option<String> {
        let mut broken = self.local.broken(self.census.torrents());
        let title = self.title(&self.census.torrents().at(broken.next()?).info_hash);
        let which = match broken.count() {
            0 => title,
            more => format!("{title} and {more} more"),
        };
        Some(format!(
            "the client misses files or reports errors of {which}; look at its disks, or have it check them: as long as that is so they are no copies"
        ))
    }

    pub(super) fn notices(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        let mut add = |severity, text: String| notices.push(Notice { severity, text });
        if let ClientState::Trouble(reason) = &self.client {
            add(Severity::Error, reason.clone());
        }
        for problem in &self.catalog_problems {
            add(Severity::Error, problem.clone());
        }
        if let Some(info) = &self.client_info {
            info.warnings.iter().for_each(|warning| add(Severity::Warning, warning.clone()));
        }
        if let Some(text) = self.broken_notice() {
            add(Severity::Error, text);
        }
        if let Some(free) = self.disk_free.filter(|free| *free <= self.settings.keep_free) {
            let kept = self.settings.keep_free;
            let text = format!(
                "nothing can be fetched: {free} are free where `storage.dir` is, and {kept} are to stay free; make room there, or lower `storage.keep_free`"
            );
            add(Severity::Warning, text);
        }
        if self.client == ClientState::Ready
            && !self.catalog.collections.is_empty()
            && let Some(waiting) = &self.waiting
        {
            add(Severity::Info, format!("nothing is planned yet: {waiting}"));
        }
        notices.sort_by_key(|notice| notice.severity);
        notices
    }
}

/// Part of a whole, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a progress bar has fewer pixels than a float has bits")]
fn share(part: u64, whole: u64) -> f64 {
    (part as f64 / whole as f64).clamp(0.0, 1.0)
}
