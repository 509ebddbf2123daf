//! Nodes with clients that do as they are told, joined in memory, for tests.

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use super::{
    Input, Memory, Node, NodeSettings, Outcome, Output, ReclaimSettings,
    view::{ActionKind, Mode},
};
use crate::{
    model::{
        BeaconId, ByteSize, Catalog, CatalogCollection, CatalogTorrent, ClientChange, CollectionId, ContentState,
        Holding, InfoHash, InfoHashes, Instant, LinkId, NetworkId, Redundancy, Source,
    },
    protocol::ProtocolSettings,
    wire::{Message, Signer},
};

pub(super) const PLAN: Duration = Duration::from_secs(15);
pub(super) const REPAIR_DELAY: Duration = Duration::from_hours(1);
const POLL: Duration = Duration::from_secs(5);
/// Polls until a fetch is complete, if it can be had from anywhere.
const FETCH_POLLS: u64 = 6;

/// A client, and whether it can be reached or refuses to take torrents.
#[derive(Debug, Default)]
pub(super) struct FakeClient {
    pub(super) torrents: BTreeMap<InfoHash, Holding>,
    pub(super) down: bool,
    pub(super) refuses: bool,
    /// Whether it fails to delete.
    pub(super) fails: bool,
}

/// Nodes with their clients and links.
#[derive(Debug)]
pub(super) struct World {
    pub(super) now: Instant,
    pub(super) nodes: Vec<Node>,
    pub(super) clients: Vec<FakeClient>,
    /// Everything but messages that each node put out, in order.
    pub(super) outputs: Vec<Vec<Output>>,
    ends: BTreeMap<LinkId, (usize, LinkId)>,
    in_flight: VecDeque<(LinkId, Message)>,
    /// Nodes that are switched off.
    pub(super) off: Vec<bool>,
    /// Whether answers to questions for grants are lost.
    pub(super) drop_grants: bool,
}

impl World {
    /// A world without nodes.
    pub(super) fn empty() -> Self {
        Self {
            now: Instant::from_millis(1_000_000_000),
            nodes: Vec::new(),
            clients: Vec::new(),
            outputs: Vec::new(),
            ends: BTreeMap::new(),
            in_flight: VecDeque::new(),
            off: Vec::new(),
            drop_grants: false,
        }
    }

    /// Nodes that act, each with this budget, all with the same catalog, and joined in a chain.
    pub(super) fn of(count: u8, budget: u64, catalog: &Arc<Catalog>) -> Self {
        let mut world = Self::empty();
        for byte in 1..=count {
            world.add(byte, settings(byte, budget, Mode::Apply), catalog);
        }
        (1..usize::from(count)).for_each(|place| world.join(place, place - 1));
        world
    }

    pub(super) fn add(&mut self, byte: u8, settings: NodeSettings, catalog: &Arc<Catalog>) {
        self.add_with(byte, settings, catalog, Memory::default());
    }

    /// Adds a node that remembers something from before.
    pub(super) fn add_with(&mut self, byte: u8, settings: NodeSettings, catalog: &Arc<Catalog>, memory: Memory) {
        let mut node = Node::new(self.now, settings, Signer::simulated(id(byte)), memory, u64::from(byte));
        let client = vec![format!("127.0.0.{byte}:6881").parse().expect("an address")];
        node.handle(self.now, Input::Addresses { beacon: vec![], client });
        node.handle(self.now, Input::Catalog { catalog: Arc::clone(catalog), problems: vec![] });
        self.nodes.push(node);
        self.clients.push(FakeClient::default());
        self.outputs.push(Vec::new());
        self.off.push(false);
    }

    pub(super) fn join(&mut self, dialer: usize, other: usize) {
        let next = self.ends.keys().next_back().map_or(1, |link| link.0 + 1);
        let (near, far) = (LinkId(next), LinkId(next + 1));
        self.ends.insert(near, (dialer, far));
        self.ends.insert(far, (other, near));
        let address: SocketAddr = "10.0.0.1:9000".parse().expect("an address");
        for (place, link, peer, dialed) in
            [(dialer, near, other, "10.0.0.1:9000".parse().ok()), (other, far, dialer, None)]
        {
            let beacon = self.nodes[peer].id();
            self.nodes[place].handle(self.now, Input::LinkUp { link, beacon, address, dialed });
        }
        self.settle();
    }

    /// Ends every link of a node.
    pub(super) fn isolate(&mut self, place: usize) {
        let links: Vec<_> = self.ends.iter().filter(|(_, (owner, _))| *owner == place).map(|(link, _)| *link).collect();
        for link in links {
            let (_, far) = self.ends.remove(&link).expect("listed");
            let (other, _) = self.ends.remove(&far).expect("both ends");
            self.nodes[place].handle(self.now, Input::LinkDown(link));
            self.nodes[other].handle(self.now, Input::LinkDown(far));
        }
        self.settle();
    }

    /// Puts a complete torrent of the user's into a client.
    pub(super) fn give(&mut self, place: usize, torrent: &CatalogTorrent) {
        let holding = Holding {
            hashes: torrent.hashes,
            name: "letters".to_owned(),
            size: torrent.size.or(Some(100)),
            done: torrent.size.unwrap_or(100),
            content: ContentState::Serving,
            marked: false,
            keep: false,
            outside_seeders: None,
        };
        self.clients[place].torrents.insert(torrent.info_hash, holding);
    }

    /// Puts a complete torrent that the beacon added itself into a client. The node has to know it from its memory.
    pub(super) fn hold(&mut self, place: usize, torrent: &CatalogTorrent) {
        self.give(place, torrent);
        if let Some(holding) = self.clients[place].torrents.get_mut(&torrent.info_hash) {
            holding.marked = true;
        }
    }

    /// The torrents that a node told its client to delete, in order.
    pub(super) fn deleted(&self, place: usize) -> Vec<InfoHash> {
        let deleted = self.outputs[place].iter().filter_map(|output| match output {
            Output::Delete(info_hash) => Some(*info_hash),
            _ => None,
        });
        deleted.collect()
    }

    /// Hands a node an input.
    pub(super) fn hand(&mut self, place: usize, input: Input) {
        self.nodes[place].handle(self.now, input);
        self.settle();
    }

    /// Lets time pass: clients are polled every five seconds, and nodes wake at their timeouts.
    pub(super) fn run(&mut self, duration: Duration) {
        let end = self.now + duration;
        while self.now < end {
            self.poll_clients();
            let next_poll = end.min(self.now + POLL);
            while self.now < next_poll {
                for place in 0..self.nodes.len() {
                    if !self.off[place] && self.nodes[place].next_timeout() <= self.now {
                        self.nodes[place].handle_timeout(self.now);
                    }
                }
                self.settle();
                self.now += Duration::from_millis(50);
            }
        }
    }

    /// The torrents that a node told its client to fetch, in order.
    pub(super) fn fetched(&self, place: usize) -> Vec<InfoHash> {
        let fetched = self.outputs[place].iter().filter_map(|output| match output {
            Output::Fetch { info_hash, .. } => Some(*info_hash),
            _ => None,
        });
        fetched.collect()
    }

    /// All fetches of all nodes.
    pub(super) fn fetches(&self) -> usize {
        (0..self.nodes.len()).map(|place| self.fetched(place).len()).sum()
    }

    pub(super) fn copies(&self, seen_by: usize, torrent: u32) -> u16 {
        self.nodes[seen_by].census().tally(torrent).copies
    }

    pub(super) fn explain(&self, place: usize, torrent: &CatalogTorrent) -> String {
        self.nodes[place].torrent(self.now, &torrent.info_hash).expect("listed").explain.join("\n")
    }

    fn poll_clients(&mut self) {
        for place in 0..self.nodes.len() {
            if self.off[place] {
                continue;
            }
            let served: Vec<InfoHash> = (0..self.clients.len())
                .filter(|other| *other != place && !self.off[*other] && !self.clients[*other].down)
                .flat_map(|other| self.clients[other].torrents.values())
                .filter(|holding| holding.content == ContentState::Serving)
                .flat_map(|holding| holding.hashes.iter())
                .collect();
            let client = &mut self.clients[place];
            for holding in client.torrents.values_mut().filter(|holding| holding.content == ContentState::Fetching) {
                if holding.hashes.iter().any(|hash| served.contains(&hash)) {
                    let size = holding.size.unwrap_or(100);
                    holding.done = size.min(holding.done + size.div_ceil(FETCH_POLLS));
                    if holding.done == size {
                        holding.content = ContentState::Serving;
                    }
                }
            }
            let input = if client.down {
                Input::ClientTrouble("the client cannot be reached".to_owned())
            } else {
                Input::Client(ClientChange::Full(client.torrents.values().cloned().collect()))
            };
            self.nodes[place].handle(self.now, input);
        }
        self.settle();
    }

    fn settle(&mut self) {
        loop {
            for place in 0..self.nodes.len() {
                while let Some(output) = self.nodes[place].poll_output() {
                    if !self.off[place] {
                        self.carry_out(place, output);
                    }
                }
            }
            let Some((link, message)) = self.in_flight.pop_front() else { return };
            if let Some((owner, _)) = self.ends.get(&link).filter(|(owner, _)| !self.off[*owner]) {
                self.nodes[*owner].handle(self.now, Input::Received(link, message));
            }
        }
    }

    fn carry_out(&mut self, place: usize, output: Output) {
        let done = |kind, info_hash, outcome| Some(Input::Outcome { kind, info_hash, outcome });
        let client = &mut self.clients[place];
        let answer = match &output {
            Output::Send(_, Message::GrantAnswer { .. }) if self.drop_grants => return,
            Output::Send(link, message) => {
                if let Some((_, far)) = self.ends.get(link) {
                    self.in_flight.push_back((*far, message.clone()));
                }
                return;
            }
            Output::Fetch { info_hash, .. } if client.refuses => {
                done(ActionKind::Fetch, *info_hash, Outcome::Failed("no".to_owned()))
            }
            Output::Fetch { info_hash, .. } => {
                let index = self.nodes[place].census().torrents().find(info_hash).expect("listed");
                let size = self.nodes[place].census().torrents().at(index).size;
                let holding = Holding {
                    hashes: InfoHashes::from(*info_hash),
                    name: String::new(),
                    size,
                    done: 0,
                    content: ContentState::Fetching,
                    marked: true,
                    keep: false,
                    outside_seeders: None,
                };
                client.torrents.insert(*info_hash, holding);
                done(ActionKind::Fetch, *info_hash, Outcome::Done)
            }
            Output::Quarantine(info_hash) => {
                set_content(client, info_hash, ContentState::Resting);
                done(ActionKind::Quarantine, *info_hash, Outcome::Done)
            }
            Output::Restore(info_hash) => {
                set_content(client, info_hash, ContentState::Serving);
                done(ActionKind::Restore, *info_hash, Outcome::Done)
            }
            Output::Delete(_) if client.refuses => None,
            Output::Delete(info_hash) if client.fails => {
                done(ActionKind::Delete, *info_hash, Outcome::Failed("its disk is gone".to_owned()))
            }
            Output::Delete(info_hash) => {
                client.torrents.remove(info_hash);
                done(ActionKind::Delete, *info_hash, Outcome::Done)
            }
            Output::Cancel(info_hash) => {
                client.torrents.remove(info_hash);
                done(ActionKind::Cancel, *info_hash, Outcome::Done)
            }
            _ => None,
        };
        self.outputs[place].push(output);
        if let Some(answer) = answer {
            self.nodes[place].handle(self.now, answer);
        }
    }
}

fn set_content(client: &mut FakeClient, info_hash: &InfoHash, content: ContentState) {
    if let Some(holding) = client.torrents.get_mut(info_hash) {
        holding.content = content;
    }
}

pub(super) fn id(byte: u8) -> BeaconId {
    BeaconId::new([byte; 32])
}

pub(super) fn settings(byte: u8, budget: u64, mode: Mode) -> NodeSettings {
    NodeSettings {
        protocol: ProtocolSettings::new(NetworkId::new([0; 16]), Vec::new(), Duration::from_mins(1)),
        mode,
        name: ["", "attic", "barn", "cellar", "den"].get(usize::from(byte)).unwrap_or(&"shed").to_string(),
        zone: String::new(),
        budget: ByteSize::from_bytes(budget),
        keep_free: ByteSize::ZERO,
        plan: PLAN,
        repair_delay: REPAIR_DELAY,
        reclaim: ReclaimSettings { delay: Duration::from_hours(1), ..ReclaimSettings::default() },
    }
}

/// A collection of so many torrents of a hundred bytes.
pub(super) fn catalog(torrents: u8, target: u64) -> Arc<Catalog> {
    let torrent = |byte| {
        let info_hash = InfoHash::V1([byte; 20]);
        CatalogTorrent {
            info_hash,
            hashes: InfoHashes::from(info_hash),
            name: Some(format!("torrent {byte}")),
            size: Some(100),
            redundancy: Redundancy::new(target, None).expect("possible"),
            priority: 0,
            source: Source::Magnet(String::new()),
        }
    };
    let collection = CatalogCollection {
        id: CollectionId::from_bytes([1; 16]),
        name: "Town archive".to_owned(),
        redundancy: Redundancy::default(),
        torrents: (1..=torrents).map(torrent).collect(),
    };
    Arc::new(Catalog { collections: vec![collection] })
}
