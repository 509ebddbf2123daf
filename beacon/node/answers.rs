//! What a node answers when asked.

use std::{collections::BTreeSet, time::Duration};

use super::{
    explain::explain,
    local::LocalTorrent,
    node::Node,
    reclaims::Stage,
    round::name_or_id,
    view::{
        ActionKind, ActionView, ActionsView, BeaconView, ClientState, ClientView, MemberView, Mode, Notice, PlanView,
        Severity, Standing, StatusView, TorrentDetail, TorrentView, UnplacedView,
    },
};
use crate::{
    census::TorrentIndex,
    model::{
        BeaconId, ByteSize, CatalogCollection, CatalogTorrent, ContentState, InfoHash, Instant, Liveness, TorrentState,
        readable,
    },
    plan::counted_copies,
};

/// The most actions of a kind in the overview; the plan has them all.
const ACTIONS_SHOWN: usize = 100;
/// The most torrents shown as impossible to place.
const UNPLACED_SHOWN: usize = 1_000;

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
            uptime: now.since(self.started),
            addresses: self.protocol.own().addresses(),
        }
    }

    /// The plan as it stands.
    pub fn plan_view(&self, now: Instant) -> PlanView {
        let torrents = self.census.torrents();
        let fetch = self.plan.fetch.iter().map(|(index, reason)| (ActionKind::Fetch, *index, reason.to_string()));
        let cancel = self.plan.cancel.iter().map(|(index, reason)| (ActionKind::Cancel, *index, reason.to_string()));
        let reclaim = self.plan.reclaim.iter().map(|(index, reason)| (ActionKind::Reclaim, *index, reason.to_string()));
        let planned = fetch
            .chain(cancel)
            .chain(reclaim)
            .map(|(kind, index, reason)| self.action(kind, torrents.at(index).info_hash, reason, now));
        let mut actions: Vec<ActionView> = self.pending(now);
        let known: BTreeSet<InfoHash> = actions.iter().map(|action| action.info_hash).collect();
        actions.extend(planned.filter(|action| !known.contains(&action.info_hash)));
        let unplaced = self.plan.unplaced.iter().take(UNPLACED_SHOWN).map(|(index, lacking, reason)| UnplacedView {
            info_hash: torrents.at(*index).info_hash,
            name: self.name(*index),
            lacking: u32::from(*lacking),
            reason: reason.to_string(),
        });
        PlanView { mode: self.settings.mode, waiting: self.waiting.clone(), actions, unplaced: unplaced.collect() }
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

    /// What people call a beacon.
    pub(super) fn beacon_name(&self, id: &BeaconId) -> String {
        if *id == self.id() {
            return name_or_id(&self.settings.name, id);
        }
        let member = self.protocol.members().find(id);
        name_or_id(member.map_or("", |member| member.hello().hello().name.as_str()), id)
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

    fn member_views(&self, now: Instant) -> Vec<MemberView> {
        let storage = self.storage();
        let me = MemberView {
            id: self.id(),
            name: self.settings.name.clone(),
            state: Liveness::Alive,
            addresses: self.protocol.own().addresses(),
            last_heard: Duration::ZERO,
            budget: self.capacity(),
            used: storage.used.saturating_add(storage.reserved),
            draining: self.drain.is_some(),
            observer: self.settings.mode == Mode::DryRun,
            neighbor: false,
            this: true,
        };
        let mut others: Vec<_> = self
            .protocol
            .members()
            .iter()
            .map(|(id, member)| {
                let hello = member.hello().hello();
                MemberView {
                    id: *id,
                    name: readable(&hello.name),
                    state: member.liveness(),
                    addresses: hello.addresses.clone(),
                    last_heard: now.since(member.heard()),
                    budget: hello.budget,
                    used: hello.used,
                    draining: hello.draining,
                    observer: hello.observer,
                    neighbor: self.protocol.links().to(id).is_some(),
                    this: false,
                }
            })
            .collect();
        others.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        others.insert(0, me);
        others
    }

    fn actions_view(&self, now: Instant) -> ActionsView {
        let mut pending = self.pending(now);
        if self.settings.mode == Mode::DryRun {
            let fetch = self.plan.fetch.iter().map(|(index, reason)| (ActionKind::Fetch, *index, reason.to_string()));
            let reclaim = self.plan.reclaim.iter();
            let reclaim = reclaim.map(|(index, reason)| (ActionKind::Reclaim, *index, reason.to_string()));
            let planned = fetch.take(ACTIONS_SHOWN).chain(reclaim.take(ACTIONS_SHOWN)).map(|(kind, index, reason)| {
                self.action(kind, self.census.torrents().at(index).info_hash, reason, self.started)
            });
            pending.extend(planned);
        }
        pending.truncate(ACTIONS_SHOWN);
        let running = self
            .actions
            .running()
            .map(|(kind, hash, begun)| self.action(kind, *hash, begun.reason.clone(), begun.since));
        let asking = self.reclaims.iter().filter(|(_, reclaim)| !reclaim.claim.is_committed());
        let asking = asking.map(|(hash, reclaim)| {
            self.action(
                ActionKind::Reclaim,
                *hash,
                reclaim.describe(now, self.settings.reclaim.quarantine),
                reclaim.since,
            )
        });
        let recent = self.actions.recent().take(ACTIONS_SHOWN);
        ActionsView {
            pending,
            running: running.chain(asking).take(ACTIONS_SHOWN).collect(),
            recent: recent
                .map(|ended| ActionView {
                    outcome: Some(ended.outcome.clone()),
                    ..self.action(ended.kind, ended.info_hash, ended.reason.clone(), ended.at)
                })
                .collect(),
        }
    }

    fn pending(&self, now: Instant) -> Vec<ActionView> {
        let intents = self
            .actions
            .intents()
            .map(|(hash, intent)| self.action(ActionKind::Fetch, *hash, intent.reason.clone(), intent.since));
        let quarantined = self.reclaims.iter().filter(|(_, reclaim)| reclaim.stage == Stage::Quarantined);
        let quarantined = quarantined.map(|(hash, reclaim)| {
            self.action(
                ActionKind::Delete,
                *hash,
                reclaim.describe(now, self.settings.reclaim.quarantine),
                reclaim.since,
            )
        });
        intents.chain(quarantined).collect()
    }

    fn action(&self, kind: ActionKind, info_hash: InfoHash, reason: String, at: Instant) -> ActionView {
        let index = self.census.torrents().find(&info_hash);
        ActionView {
            kind,
            info_hash,
            name: index.and_then(|index| self.name(index)),
            size: index.and_then(|index| self.census.torrents().at(index).size).map(ByteSize::from_bytes),
            reason,
            outcome: None,
            at,
        }
    }

    /// What the client says is broken of what collections list: often an unmounted disk, and never a ground to delete.
    fn broken_notice(&self) -> Option<String> {
        let listed = self.local.listed(self.census.torrents());
        let mut broken = listed.filter(|(_, torrent)| torrent.content == ContentState::Broken).map(|(index, _)| index);
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
