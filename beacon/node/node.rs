//! The node: what comes in is applied, what follows from it waits as outputs.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use super::{
    Input, Memory, NodeSettings, Note, Outcome, Output,
    actions::Actions,
    local::Local,
    view::{ActionKind, ClientState, Mode},
};
use crate::{
    census::{Census, Status, TorrentIndex},
    collection::Manifest,
    metainfo::Metainfo,
    model::{
        BeaconId, ByteSize, Catalog, ClientInfo, InfoHash, Instant, LinkId, Liveness, ObjectHash, Rng, TorrentState,
        mix,
    },
    plan::Plan,
    protocol::{Profile, Protocol, ProtocolEvent},
    wire::{Message, Signer},
};

/// One beacon, without its sockets, its disk and its clock.
#[derive(Debug)]
pub struct Node {
    pub(super) settings: NodeSettings,
    pub(super) started: Instant,
    pub(super) protocol: Protocol,
    pub(super) census: Census,
    pub(super) catalog: Arc<Catalog>,
    pub(super) catalog_problems: Vec<String>,
    /// The torrents of each collection in the order of its manifest.
    lists: Vec<(Arc<Manifest>, Vec<TorrentIndex>)>,
    pub(super) local: Local,
    pub(super) actions: Actions,
    pub(super) plan: Plan,
    /// Why the last round planned nothing, where that is so.
    pub(super) waiting: Option<String>,
    pub(super) client: ClientState,
    pub(super) client_info: Option<ClientInfo>,
    client_trouble_since: Option<Instant>,
    pub(super) beacon_addresses: Vec<SocketAddr>,
    pub(super) client_addresses: Vec<SocketAddr>,
    pub(super) disk_free: Option<ByteSize>,
    /// Until when nothing is planned, because much of the library vanished at once.
    pub(super) alarmed_until: Instant,
    pub(super) first_link_at: Option<Instant>,
    /// Which peers the client was told of for a torrent, and when.
    pub(super) told: BTreeMap<InfoHash, (Instant, BTreeSet<SocketAddr>)>,
    /// When a stopped torrent was last started again.
    pub(super) served: BTreeMap<InfoHash, Instant>,
    rng: Rng,
    status_dirty: bool,
    next_round: Instant,
    next_metainfo_ask: Instant,
    /// Which .torrent files were asked for last, and where.
    metainfo_asked: BTreeMap<InfoHash, LinkId>,
    pub(super) outputs: VecDeque<Output>,
}

/// How often neighbors are asked for .torrent files that are lacking, and for how many at once.
const METAINFO_ASK: Duration = Duration::from_secs(10);
const METAINFO_ASK_MAX: usize = 16;
/// A client that lost this many complete torrents at once, and half of all, may have lost its disk.
const VANISHED_MIN: usize = 5;

impl Node {
    /// A node that knows of its collections and its client nothing yet.
    pub fn new(now: Instant, settings: NodeSettings, signer: Signer, memory: Memory, seed: u64) -> Self {
        let mut protocol = Protocol::new(
            now,
            settings.protocol.clone(),
            signer,
            memory.incarnation,
            memory.marks,
            settings.repair_delay,
            seed,
        );
        for (hello, heard) in memory.members {
            protocol.restore_member(now, hello, heard);
        }
        Self {
            started: now,
            protocol,
            census: Census::default(),
            catalog: Arc::default(),
            catalog_problems: Vec::new(),
            lists: Vec::new(),
            local: Local::new(memory.ledger),
            actions: Actions::default(),
            plan: Plan::default(),
            waiting: Some("this beacon has just started".to_owned()),
            client: ClientState::Starting,
            client_info: None,
            client_trouble_since: None,
            beacon_addresses: Vec::new(),
            client_addresses: Vec::new(),
            disk_free: None,
            alarmed_until: Instant::ZERO,
            first_link_at: None,
            told: BTreeMap::new(),
            served: BTreeMap::new(),
            rng: Rng::new(mix(seed)),
            status_dirty: false,
            next_round: now + settings.plan,
            next_metainfo_ask: now + METAINFO_ASK,
            metainfo_asked: BTreeMap::new(),
            outputs: VecDeque::new(),
            settings,
        }
    }

    /// This beacon.
    pub const fn id(&self) -> BeaconId {
        self.protocol.id()
    }

    /// Takes something that happened. Drain [`Node::poll_output`] afterwards.
    pub fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::LinkUp { link, beacon, address, dialed } => {
                self.first_link_at.get_or_insert(now);
                self.protocol.link_up(now, link, beacon, address, dialed);
            }
            Input::LinkDown(link) => {
                self.protocol.link_down(now, link);
                if self.protocol.links().is_empty() {
                    self.first_link_at = None;
                }
            }
            Input::Received(link, message) => self.protocol.receive(now, link, message),
            Input::Unreadable(link) => self.protocol.unreadable(link),
            Input::DialFailed(address) => self.protocol.dial_failed(now, &address),
            Input::Nearby(address) => self.protocol.heard_of(now, address),
            Input::Addresses { beacon, client } => {
                self.beacon_addresses = beacon;
                self.client_addresses = client;
                self.update_profile();
            }
            Input::Catalog { catalog, problems } => self.set_catalog(now, catalog, problems),
            Input::Client(change) => self.apply_client(now, change),
            Input::ClientInfo(info) => self.client_info = Some(info),
            Input::ClientTrouble(reason) => {
                self.client = ClientState::Trouble(reason);
                self.client_trouble_since.get_or_insert(now);
            }
            Input::Outcome { kind, info_hash, outcome } => self.finish(now, kind, info_hash, &outcome),
            Input::DiskFree(free) => {
                self.disk_free = Some(free);
                self.update_profile();
            }
            Input::Metainfo { link, info_hash, bytes } => {
                let answer = bytes.map(|bytes| Message::Metainfo { info_hash, bytes });
                self.protocol.send(link, answer.unwrap_or(Message::NoMetainfo(info_hash)));
            }
        }
        self.settle(now);
    }

    /// Does whatever is due. Drain [`Node::poll_output`] afterwards.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.protocol.tick(now);
        if self.next_round <= now {
            self.next_round = now + self.settings.plan;
            // Fetches stall and clients stay away without any news, so the status is looked at anew.
            self.status_dirty = true;
            self.publish_status(now);
            self.round(now);
        }
        if self.next_metainfo_ask <= now {
            self.next_metainfo_ask = now + METAINFO_ASK;
            self.ask_for_metainfo();
        }
        self.settle(now);
    }

    /// When [`Node::handle_timeout`] next has something to do.
    pub fn next_timeout(&self) -> Instant {
        self.protocol.next_timeout().min(self.next_round).min(self.next_metainfo_ask)
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The protocol's own state, to look at.
    pub const fn protocol(&self) -> &Protocol {
        &self.protocol
    }

    /// Who holds what, to look at.
    pub const fn census(&self) -> &Census {
        &self.census
    }

    /// Follows up whatever the last input led to.
    fn settle(&mut self, now: Instant) {
        self.publish_status(now);
        self.protocol.tick(now);
        while let Some(event) = self.protocol.pop_event() {
            self.follow(now, event);
        }
    }

    fn follow(&mut self, now: Instant, event: ProtocolEvent) {
        match event {
            ProtocolEvent::Send { link, message } => self.outputs.push_back(Output::Send(link, message)),
            ProtocolEvent::Dial(address) => self.outputs.push_back(Output::Dial(address)),
            ProtocolEvent::Close { link, reason } => self.outputs.push_back(Output::Close { link, reason }),
            ProtocolEvent::Hello(id) => {
                if let Some(member) = self.protocol.members().find(&id) {
                    self.outputs.push_back(Output::SaveMember(Arc::clone(member.hello())));
                }
                self.census.set_liveness(&id, Liveness::Alive);
            }
            ProtocolEvent::Status(id) => self.count(now, &id),
            ProtocolEvent::Liveness(id, liveness) => self.census.set_liveness(&id, liveness),
            ProtocolEvent::Forgotten(id) => {
                self.census.forget(&id);
                self.outputs.push_back(Output::ForgetMember(id));
            }
            ProtocolEvent::Equivocated(id) => {
                self.census.forget(&id);
                self.outputs.push_back(Output::ForgetMember(id));
                self.note(
                    true,
                    None,
                    format!(
                        "beacon {} tells different beacons different things; it counts no more until it is restarted",
                        id.short()
                    ),
                );
            }
            ProtocolEvent::Manifest(manifest) => {
                self.census.learn_manifest(manifest.hash(), manifest.entries().iter().map(|(hash, _)| hash));
                self.recount(now, Some(manifest.hash()));
            }
            ProtocolEvent::MetainfoWanted { link, info_hash } => {
                self.outputs.push_back(Output::ReadMetainfo { link, info_hash });
            }
            ProtocolEvent::Metainfo { link, info_hash, bytes } => self.take_metainfo(link, info_hash, bytes),
            ProtocolEvent::IncarnationRaised(incarnation) => {
                self.outputs.push_back(Output::SaveIncarnation(incarnation));
                self.note(true, None, "others know a later state of this beacon than it remembers itself; was an old copy of its data directory put back?".to_owned());
            }
        }
    }

    /// Counts a member's status, and asks for the manifests without which it cannot be read.
    fn count(&mut self, now: Instant, id: &BeaconId) {
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
    fn recount(&mut self, now: Instant, manifest: Option<ObjectHash>) {
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

    fn set_catalog(&mut self, now: Instant, catalog: Arc<Catalog>, problems: Vec<String>) {
        for problem in problems.iter().filter(|problem| !self.catalog_problems.contains(problem)) {
            self.outputs.push_back(Output::Note(Note { is_warning: true, info_hash: None, text: problem.clone() }));
        }
        self.catalog_problems = problems;
        if catalog == self.catalog {
            return;
        }
        self.catalog = catalog;
        self.census = Census::new(&self.catalog);
        self.lists.clear();
        for collection in &self.catalog.collections {
            let manifest = Arc::new(Manifest::of(collection));
            let hashes = manifest.entries().iter().map(|(hash, _)| hash);
            self.census.learn_manifest(manifest.hash(), hashes.clone());
            let torrents = hashes.filter_map(|hash| self.census.torrents().find(hash)).collect();
            self.lists.push((manifest, torrents));
        }
        self.protocol.set_manifests(self.lists.iter().map(|(manifest, _)| Arc::clone(manifest)));
        self.learn_sizes();
        self.plan = Plan::default();
        self.actions.forget_intents(|info_hash| self.census.torrents().find(info_hash).is_none());
        self.recount(now, None);
        self.status_dirty = true;
    }

    fn apply_client(&mut self, now: Instant, change: crate::model::ClientChange) {
        if let ClientState::Trouble(_) = self.client {
            self.note(false, None, "the client answers again".to_owned());
        }
        self.client = ClientState::Ready;
        self.client_trouble_since = None;
        let was_known = self.local.is_known();
        let applied = self.local.apply(now, change);
        if was_known && applied.vanished >= VANISHED_MIN && applied.vanished * 2 > applied.complete_before {
            self.alarmed_until = now + self.settings.repair_delay;
            let (vanished, before) = (applied.vanished, applied.complete_before);
            self.note(true, None, format!("{vanished} of {before} complete torrents vanished from the client at once; is a disk unmounted? Nothing is fetched for a while"));
        }
        self.learn_sizes();
        self.status_dirty = true;
    }

    /// Takes over sizes that the client has learnt from metadata.
    fn learn_sizes(&mut self) {
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

    /// Puts what the client holds, and what is meant to be fetched, into this beacon's status.
    fn publish_status(&mut self, now: Instant) {
        // While a client that just started checks its data, nothing is said, so that nobody takes its copies for lost.
        let patient = now.since(self.started) < self.settings.repair_delay;
        let unsure =
            self.protocol.own().status().is_none() && patient && self.local.has_unknown(self.census.torrents());
        if !self.status_dirty || !self.local.is_known() || unsure {
            return;
        }
        self.status_dirty = false;
        let of_torrents = self.states(now);
        let collections = self.catalog.collections.iter().zip(&self.lists).map(|(collection, (manifest, list))| {
            let of_list = list.iter().map(|index| of_torrents[*index as usize]).collect();
            (collection.id, manifest.hash(), of_list)
        });
        let status = Arc::new(Status::new(collections));
        self.census.set_status(self.id(), &status);
        self.protocol.own_mut().set_status(status);
        self.update_profile();
    }

    fn states(&self, now: Instant) -> Vec<TorrentState> {
        let torrents = self.census.torrents();
        let mut states = vec![TorrentState::Absent; torrents.entries().len()];
        for info_hash in self.actions.coming() {
            if let Some(index) = torrents.find(info_hash) {
                states[index as usize] = TorrentState::Fetching;
            }
        }
        for info_hash in self.actions.refused(now) {
            if let Some(index) = torrents.find(info_hash) {
                states[index as usize] = TorrentState::Stalled;
            }
        }
        // A client that has been out of reach for long serves nobody.
        let unserved = self.client_trouble_since.is_some_and(|since| now.since(since) > self.settings.repair_delay);
        for (index, torrent) in self.local.listed(torrents) {
            let state = self.local.state(now, &torrents.at(index).info_hash, torrent);
            states[index as usize] = match state {
                state if unserved && state.is_served() => TorrentState::Resting,
                TorrentState::Fetching if unserved => TorrentState::Stalled,
                state => state,
            };
        }
        states
    }

    /// Puts what this beacon gives into its next hello.
    pub(super) fn update_profile(&mut self) {
        let storage = self.storage();
        let profile = Profile {
            name: self.settings.name.clone(),
            zone: self.settings.zone.clone(),
            addresses: self.beacon_addresses.clone(),
            peer_addresses: self.client_addresses.clone(),
            budget: self.capacity(),
            used: storage.used.saturating_add(storage.reserved),
            draining: false,
            observer: self.settings.mode == Mode::DryRun,
        };
        self.protocol.own_mut().set_profile(profile);
    }

    fn finish(&mut self, now: Instant, kind: ActionKind, info_hash: InfoHash, outcome: &Outcome) {
        // What failed may still show up in the client; only what is surely not ours leaves the ledger.
        let not_ours = match (kind, outcome) {
            (ActionKind::Fetch, Outcome::AlreadyThere) => !self.local.is_marked(&info_hash),
            (ActionKind::Cancel, Outcome::Done) => true,
            _ => false,
        };
        if not_ours {
            self.local.strike(&info_hash);
            self.outputs.push_back(Output::LedgerRemove(info_hash));
        }
        if let Outcome::Failed(reason) = outcome {
            let text = format!("could not {} {}: {reason}", kind.word(), self.title(&info_hash));
            self.note(true, Some(info_hash), text);
        }
        self.actions.finish(now, kind, info_hash, outcome);
        self.status_dirty = true;
    }

    /// Asks neighbors for .torrent files of torrents of which not even the size is known.
    fn ask_for_metainfo(&mut self) {
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
    fn take_metainfo(&mut self, link: LinkId, info_hash: InfoHash, bytes: Arc<[u8]>) {
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

    pub(super) fn mark_status_dirty(&mut self) {
        self.status_dirty = true;
    }

    pub(super) fn note(&mut self, is_warning: bool, info_hash: Option<InfoHash>, text: String) {
        self.outputs.push_back(Output::Note(Note { is_warning, info_hash, text }));
    }
}
