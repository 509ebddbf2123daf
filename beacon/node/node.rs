//! The node: what comes in is applied, what follows from it waits as outputs.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use super::{
    Input, Listing, Memory, NodeSettings, Note, Outcome, Output,
    actions::Actions,
    counts::Counts,
    local::Local,
    metainfo::Asks,
    news::News,
    reclaims::Reclaims,
    view::{ActionKind, ClientState, Drain, Mode, Notice},
};
use crate::{
    catalog::Names,
    census::{Census, TorrentIndex},
    collection::Manifest,
    model::{
        BeaconId, ByteSize, Catalog, ClientInfo, ClientTraffic, DialAddress, Domain, InfoHash, Instant, Liveness, Rng,
        mix,
    },
    plan::{Loads, Plan},
    protocol::{Protocol, ProtocolEvent},
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
    pub(super) lists: Vec<(Arc<Manifest>, Arc<[TorrentIndex]>)>,
    pub(super) local: Local,
    pub(super) actions: Actions,
    pub(super) plan: Plan,
    /// Why the last round planned nothing, where that is so.
    pub(super) waiting: Option<String>,
    pub(super) client: ClientState,
    pub(super) client_info: Option<ClientInfo>,
    pub(super) client_traffic: Option<ClientTraffic>,
    pub(super) client_trouble_since: Option<Instant>,
    pub(super) beacon_addresses: Vec<SocketAddr>,
    pub(super) client_addresses: Vec<SocketAddr>,
    pub(super) disk_free: Option<ByteSize>,
    /// Until when nothing is planned, because much of the library vanished at once.
    pub(super) alarmed_until: Instant,
    /// Since when the statuses of new members are waited for.
    pub(super) waiting_for_statuses: Option<Instant>,
    pub(super) first_link_at: Option<Instant>,
    /// The round-trip times of live links, by who is at the other end, as they were last measured.
    pub(super) latencies: BTreeMap<BeaconId, Duration>,
    /// What is on its way anywhere, and whom it is fetched from; as of the last round.
    pub(super) loads: Loads,
    /// Which peers the client was told of for a torrent, and when.
    pub(super) told: BTreeMap<InfoHash, (Instant, BTreeSet<SocketAddr>)>,
    /// When a stopped torrent was last started again.
    pub(super) served: BTreeMap<InfoHash, Instant>,
    /// What each beacon shares the fate of, where a torrent's copies count by zones; as of the last round.
    pub(super) domains: BTreeMap<BeaconId, Domain>,
    /// What is on its way out.
    pub(super) reclaims: Reclaims,
    /// What the user wants here whatever the counts, by canonical info-hash.
    pub(super) pins: BTreeSet<InfoHash>,
    /// What the user wants fetched once, by canonical info-hash.
    pub(super) requests: BTreeSet<InfoHash>,
    /// The mode of the configuration; the user may have ordered another.
    pub(super) configured: Mode,
    /// Whether the user wants the beacon to leave.
    pub(super) drain: Option<Drain>,
    pub(super) rng: Rng,
    pub(super) status_dirty: bool,
    next_round: Instant,
    pub(super) metainfo_asks: Asks,
    /// Names that .torrent files from other beacons told, of torrents that magnets do not name.
    pub(super) learnt_names: BTreeMap<InfoHash, String>,
    /// The names of all torrents, to find them by and to show them in order.
    pub(super) names: Arc<Names>,
    /// What the torrents add up to, as it was last asked for.
    pub(super) counts: Counts,
    pub(super) outputs: VecDeque<Output>,
    /// What has changed since somebody last looked.
    pub(super) news: News,
    pub(super) notices_before: Vec<Notice>,
}

impl Node {
    /// A node that knows of its collections and its client nothing yet.
    pub fn new(now: Instant, mut settings: NodeSettings, signer: Signer, memory: Memory, seed: u64) -> Self {
        let configured = settings.mode;
        settings.mode = memory.mode.unwrap_or(configured);
        let mut protocol = Protocol::new(
            now,
            settings.protocol.clone(),
            signer,
            memory.incarnation,
            memory.marks,
            settings.repair_delay,
            seed,
        );
        for address in memory.neighbors {
            protocol.add_neighbor(now, address);
        }
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
            client_traffic: None,
            client_trouble_since: None,
            beacon_addresses: Vec::new(),
            client_addresses: Vec::new(),
            disk_free: None,
            alarmed_until: Instant::ZERO,
            waiting_for_statuses: None,
            first_link_at: None,
            latencies: BTreeMap::new(),
            loads: Loads::default(),
            told: BTreeMap::new(),
            served: BTreeMap::new(),
            domains: BTreeMap::new(),
            reclaims: Reclaims::recall(memory.leaving, memory.deleted, now),
            pins: memory.pins.into_iter().collect(),
            requests: memory.requests.into_iter().collect(),
            configured,
            drain: memory.drain,
            rng: Rng::new(mix(seed)),
            status_dirty: false,
            next_round: now + settings.plan,
            metainfo_asks: Asks::default(),
            learnt_names: BTreeMap::new(),
            names: Arc::default(),
            counts: Counts::default(),
            outputs: VecDeque::new(),
            news: News::default(),
            notices_before: Vec::new(),
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
                if self.first_link_at.is_none() {
                    self.first_link_at = Some(now);
                    self.metainfo_asks.restart(now);
                }
                self.protocol.link_up(now, link, beacon, address, dialed);
                self.news.members = true;
            }
            Input::LinkDown(link) => {
                if let Some(link) = self.protocol.links().find(link) {
                    self.latencies.remove(&link.beacon);
                }
                self.protocol.link_down(now, link);
                self.news.members = true;
                if self.protocol.links().is_empty() {
                    self.first_link_at = None;
                }
            }
            Input::RoundTrips(times) => self.measured(times),
            Input::Received(link, message) => self.protocol.receive(now, link, message),
            Input::Unreadable(link) => self.protocol.unreadable(link),
            Input::DialFailed(address) => self.dial_failed(now, &address),
            Input::Nearby(address) => self.protocol.heard_of(now, address),
            Input::Addresses { beacon, client } => {
                self.news.status |= self.beacon_addresses != beacon || self.client_addresses != client;
                self.beacon_addresses = beacon;
                self.client_addresses = client;
                self.update_profile();
            }
            Input::Catalog { catalog, problems } => self.set_catalog(now, catalog, problems),
            Input::Listing { listing, problems } => {
                self.set_problems(problems);
                self.set_listing(now, Listing::clone(&listing));
            }
            Input::Problems(problems) => self.set_problems(problems),
            Input::Client(change) => self.apply_client(now, change),
            Input::ClientInfo(info) => {
                let info = Some(info);
                self.news.status |= self.client_info != info;
                self.client_info = info;
            }
            Input::ClientTraffic(traffic) => {
                let traffic = Some(traffic);
                self.news.status |= self.client_traffic != traffic;
                self.client_traffic = traffic;
            }
            Input::ClientTrouble(reason) => {
                let trouble = ClientState::Trouble(reason);
                self.news.status |= self.client != trouble;
                self.client = trouble;
                self.client_trouble_since.get_or_insert(now);
            }
            Input::Outcome { kind, info_hash, outcome } => self.finish(now, kind, info_hash, &outcome),
            Input::DiskFree(free) => {
                // Other programs write all the time; what counts is how much may be held.
                let before = self.capacity();
                self.disk_free = Some(free);
                self.news.status |= self.capacity() != before;
                self.update_profile();
            }
            Input::Metainfo { link, info_hash, bytes } => {
                let answer = bytes.map(|bytes| Message::Metainfo { info_hash, bytes });
                self.protocol.answer(now, link, answer.unwrap_or(Message::NoMetainfo(info_hash)));
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
        if self.metainfo_asks.next_timeout() <= now {
            self.ask_for_metainfo(now);
        }
        self.settle(now);
    }

    /// When [`Node::handle_timeout`] next has something to do.
    pub fn next_timeout(&self) -> Instant {
        self.protocol.next_timeout().min(self.next_round).min(self.metainfo_asks.next_timeout())
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// What has changed since this was last asked.
    pub fn take_news(&mut self) -> News {
        self.news.actions |= self.actions.take_news();
        self.news.take()
    }

    /// The protocol's own state, to look at.
    pub const fn protocol(&self) -> &Protocol {
        &self.protocol
    }

    /// Who holds what, to look at.
    pub const fn census(&self) -> &Census {
        &self.census
    }

    fn dial_failed(&mut self, now: Instant, address: &DialAddress) {
        // How it stands with those that the user named is shown.
        self.news.members |= self.protocol.neighbors().iter().any(|neighbor| neighbor.address == *address);
        self.protocol.dial_failed(now, address);
    }

    /// Follows up whatever the last input led to.
    pub(super) fn settle(&mut self, now: Instant) {
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
            ProtocolEvent::Hello { beacon: id, is_news } => {
                self.news.members |= is_news;
                if let Some(member) = self.protocol.members().find(&id) {
                    self.outputs.push_back(Output::SaveMember(Arc::clone(member.hello())));
                }
                self.news.torrents |= self.census.set_liveness(&id, Liveness::Alive);
            }
            ProtocolEvent::Status(id) => {
                self.news.torrents = true;
                self.count(now, &id);
            }
            ProtocolEvent::Liveness(id, liveness) => {
                (self.news.members, self.news.torrents) = (true, true);
                self.census.set_liveness(&id, liveness);
            }
            ProtocolEvent::Forgotten(id) => {
                (self.news.members, self.news.torrents) = (true, true);
                self.census.forget(&id);
                self.outputs.push_back(Output::ForgetMember(id));
            }
            ProtocolEvent::Equivocated(id) => {
                (self.news.members, self.news.torrents) = (true, true);
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
                self.news.torrents = true;
                // Those of other beacons come and go: none stays here longer than the protocol keeps it.
                self.census.keep_manifests(|hash| self.protocol.manifest(hash).is_some());
                self.census.learn_manifest(manifest.hash(), manifest.entries().iter().map(|(hash, _)| hash));
                self.recount(now, Some(manifest.hash()));
            }
            ProtocolEvent::GrantAsked { link, ask } => self.take_grant_ask(now, link, ask),
            ProtocolEvent::GrantAnswered(answer) => self.take_grant_answer(now, &answer),
            ProtocolEvent::MetainfoWanted { link, info_hash } => {
                self.outputs.push_back(Output::ReadMetainfo { link, info_hash });
            }
            ProtocolEvent::Metainfo { link, info_hash, bytes } => self.take_metainfo(now, link, info_hash, bytes),
            ProtocolEvent::NoMetainfo { link, info_hash } => self.no_metainfo(now, link, &info_hash),
            ProtocolEvent::IncarnationRaised(incarnation) => {
                self.outputs.push_back(Output::SaveIncarnation(incarnation));
                self.note(true, None, "others know a later state of this beacon than it remembers itself; was an old copy of its data directory put back?".to_owned());
            }
        }
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
        if not_ours && kind == ActionKind::Fetch {
            self.note(
                false,
                Some(info_hash),
                format!("{} was here already: it is the user's own", self.title(&info_hash)),
            );
        }
        if let Outcome::Failed(reason) = outcome {
            let text = format!("could not {} {}: {reason}", kind.word(), self.title(&info_hash));
            self.note(true, Some(info_hash), text);
        }
        self.actions.finish(now, kind, info_hash, outcome);
        self.follow_up(now, kind, info_hash, outcome);
        self.status_dirty = true;
    }

    pub(super) fn mark_status_dirty(&mut self) {
        self.status_dirty = true;
    }

    pub(super) fn note(&mut self, is_warning: bool, info_hash: Option<InfoHash>, text: String) {
        self.news.actions = true;
        self.outputs.push_back(Output::Note(Note { is_warning, info_hash, text }));
    }
}
