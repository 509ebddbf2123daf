//! One simulated beacon: its node while it runs, and what outlives it.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use super::{
    client::Client,
    clock::Clock,
    event::{End, Life},
    traffic::Traffic,
};
use crate::{
    model::{BeaconId, InfoHash, Instant},
    node::{
        Leaving, Memory, Node,
        view::{ActionKind, Drain},
    },
    protocol::Members,
    wire::{Message, SignedHello},
};

/// One beacon with its client and its disk.
#[derive(Debug)]
pub(super) struct Beacon {
    pub(super) id: BeaconId,
    /// `None` while it does not run.
    pub(super) node: Option<Box<Node>>,
    pub(super) client: Client,
    /// What the client is to do, in this order: written down, then told, one after another.
    pub(super) tasks: VecDeque<Task>,
    pub(super) disk: Disk,
    pub(super) clock: Clock,
    /// Whether it ends at the next command about a copy on its way out: with its client or not, and for how long.
    pub(super) trap: Option<(bool, Duration)>,
    /// Whether it is gone for ever.
    pub(super) lost: bool,
    /// The start since which the client has run: what it was told since then it does.
    pub(super) client_since: u64,
    /// When it deleted what.
    pub(super) deleted: BTreeMap<InfoHash, Instant>,
    /// What a liar has heard and may say again.
    pub(super) heard: Vec<Message>,
    pub(super) life: Life,
    /// Its ends of connections, by the other beacon.
    pub(super) links: BTreeMap<usize, End>,
    /// When it is to be woken; later wakes in the queue are stale.
    pub(super) wake_at: Instant,
    pub(super) sent: Traffic,
    pub(super) dials: u64,
    pub(super) links_lost: u64,
}

/// Something for the client to do.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) of: Life,
    pub(super) kind: ActionKind,
    pub(super) info_hash: InfoHash,
    /// The other clients to ask, of a fetch.
    pub(super) peers: BTreeSet<SocketAddr>,
    /// What the ledger said of the torrent before.
    pub(super) before: Entry,
}

/// What a ledger says of a torrent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// It does not name it.
    None,
    /// The beacon added it.
    Added,
    /// The beacon added it, and is to be rid of it.
    Leaving(Leaving),
}

/// What a beacon writes down.
#[derive(Debug, Default)]
pub(super) struct Disk {
    pub(super) incarnation: u64,
    /// As the node had them written down when it ended: it has every hello written down that it takes, so that what it
    /// knows then is what is here, and keeping that twice while it runs would double the memory of a large network.
    pub(super) members: Vec<(Arc<SignedHello>, Instant)>,
    /// The newest versions seen of members that are forgotten.
    pub(super) marks: BTreeMap<BeaconId, (u64, u64)>,
    /// What the beacon added, and how far the deletion of each is.
    pub(super) ledger: BTreeMap<InfoHash, Option<Leaving>>,
    pub(super) pins: BTreeSet<InfoHash>,
    pub(super) drain: Option<Drain>,
}

impl Beacon {
    pub(super) fn new(place: usize, id: BeaconId) -> Self {
        Self {
            id,
            node: None,
            client: Client::default(),
            tasks: VecDeque::new(),
            disk: Disk::default(),
            clock: Clock::default(),
            trap: None,
            lost: false,
            client_since: 0,
            deleted: BTreeMap::new(),
            heard: Vec::new(),
            life: Life { beacon: place, starts: 0 },
            links: BTreeMap::new(),
            wake_at: Instant::FAR_FUTURE,
            sent: Traffic::default(),
            dials: 0,
            links_lost: 0,
        }
    }

    pub(super) const fn is_up(&self) -> bool {
        self.node.is_some()
    }

    /// Whether a torrent is complete on its disk and meant to stay there.
    pub(super) fn keeps(&self, info_hash: &InfoHash) -> bool {
        let leaves = self.disk.ledger.get(info_hash).is_some_and(Option::is_some);
        !self.lost && self.client.is_complete(info_hash) && !leaves
    }
}

impl Disk {
    pub(super) fn entry(&self, info_hash: &InfoHash) -> Entry {
        match self.ledger.get(info_hash) {
            None => Entry::None,
            Some(None) => Entry::Added,
            Some(Some(leaving)) => Entry::Leaving(*leaving),
        }
    }

    pub(super) fn set_entry(&mut self, info_hash: InfoHash, entry: Entry) {
        match entry {
            Entry::None => self.ledger.remove(&info_hash),
            Entry::Added => self.ledger.insert(info_hash, None),
            Entry::Leaving(leaving) => self.ledger.insert(info_hash, Some(leaving)),
        };
    }

    /// What the next start reads.
    pub(super) fn recall(&mut self) -> Memory {
        self.incarnation += 1;
        Memory {
            incarnation: self.incarnation,
            marks: self.marks.iter().map(|(id, version)| (*id, *version)).collect(),
            members: std::mem::take(&mut self.members),
            ledger: self.ledger.keys().copied().collect(),
            leaving: self.ledger.iter().filter_map(|(hash, leaving)| Some((*hash, (*leaving)?))).collect(),
            deleted: Vec::new(),
            pins: self.pins.iter().copied().collect(),
            requests: Vec::new(),
            mode: None,
            neighbors: Vec::new(),
            drain: self.drain,
        }
    }

    /// Writes down what a node knows that ends.
    pub(super) fn save_members(&mut self, members: &Members) {
        self.members = members.iter().map(|(_, member)| (Arc::clone(member.hello()), member.heard())).collect();
    }
}
