//! One simulated beacon: its node while it runs, and what outlives it.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::Arc,
};

use super::{
    client::Client,
    event::{End, Life},
    traffic::Traffic,
};
use crate::{
    model::{BeaconId, InfoHash, Instant},
    node::{Leaving, Memory, Node, view::Drain},
    protocol::Members,
    wire::SignedHello,
};

/// One beacon with its client and its disk.
#[derive(Debug)]
pub(super) struct Beacon {
    pub(super) id: BeaconId,
    /// `None` while it does not run.
    pub(super) node: Option<Box<Node>>,
    pub(super) client: Client,
    /// Fetches that the client was told and has not begun, with the other clients to ask.
    pub(super) orders: BTreeMap<InfoHash, BTreeSet<SocketAddr>>,
    pub(super) disk: Disk,
    pub(super) life: Life,
    /// Its ends of connections, by the other beacon.
    pub(super) links: BTreeMap<usize, End>,
    /// When it is to be woken; later wakes in the queue are stale.
    pub(super) wake_at: Instant,
    pub(super) sent: Traffic,
    pub(super) dials: u64,
    pub(super) links_lost: u64,
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
            orders: BTreeMap::new(),
            disk: Disk::default(),
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
}

impl Disk {
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
            drain: self.drain,
        }
    }

    /// Writes down what a node knows that ends.
    pub(super) fn save_members(&mut self, members: &Members) {
        self.members = members.iter().map(|(_, member)| (Arc::clone(member.hello()), member.heard())).collect();
    }
}
