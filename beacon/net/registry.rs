//! All links of this beacon, and the rule by which two beacons that dial each other at once keep the same one link.
//!
//! Both ends must choose alike without asking. The dialer sees to it that it never offers a second link while it has,
//! or is about to have, one to the same beacon. So the acceptor meets a link that it already has only in three cases:
//! the other beacon was restarted (its instance differs), or the old link is dead at the other end (the same end
//! dialed): then the new link replaces the old. Or both dialed at once: then the one dialed by the smaller id stays.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use quinn::Connection;
use tokio::sync::mpsc::UnboundedReceiver;

use super::{admission::Instance, link::Link};
use crate::model::{BeaconId, LinkId};

/// Bytes on the wire, headers of QUIC included, of all links since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Bytes sent.
    pub sent: u64,
    /// Bytes received.
    pub received: u64,
}

/// A connection that both ends have been admitted on.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) beacon: BeaconId,
    pub(super) instance: Instance,
    pub(super) connection: Connection,
}

/// A link that is registered, to be carried now.
#[derive(Debug)]
pub(super) struct Admitted {
    pub(super) link: Arc<Link>,
    pub(super) outbox: UnboundedReceiver<Bytes>,
    /// The link whose place it takes, to be closed first.
    pub(super) replaced: Option<Arc<Link>>,
}

/// Why a link is not wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Another link to the same beacon stays.
    Duplicate,
    /// There are enough links.
    Full,
}

/// All links of this beacon.
#[derive(Debug)]
pub(super) struct Registry {
    own: BeaconId,
    links_max: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last_id: u64,
    links: BTreeMap<LinkId, Arc<Link>>,
    by_beacon: BTreeMap<BeaconId, LinkId>,
    /// Who we have a connection to that is not a link yet.
    dialing: BTreeSet<BeaconId>,
    /// Of links that are gone.
    past: Traffic,
}

/// The right to make a link to a beacon that we dialed; nobody else in this process has it meanwhile.
#[derive(Debug)]
pub(super) struct DialClaim {
    registry: Arc<Registry>,
    beacon: BeaconId,
}

impl Drop for DialClaim {
    fn drop(&mut self) {
        self.registry.lock().dialing.remove(&self.beacon);
    }
}

impl Registry {
    pub(super) fn new(own: BeaconId, links_max: usize) -> Self {
        Self { own, links_max, inner: Mutex::default() }
    }

    pub(super) fn link(&self, id: LinkId) -> Option<Arc<Link>> {
        self.lock().links.get(&id).cloned()
    }

    pub(super) fn is_linked(&self, beacon: &BeaconId) -> bool {
        self.lock().by_beacon.contains_key(beacon)
    }

    /// Asked by the dialer once it knows who answered, before it offers the link.
    pub(super) fn claim(self: &Arc<Self>, beacon: BeaconId) -> Result<DialClaim, Refusal> {
        let mut inner = self.lock();
        if inner.by_beacon.contains_key(&beacon) || inner.dialing.contains(&beacon) {
            return Err(Refusal::Duplicate);
        }
        if inner.links.len() + inner.dialing.len() >= self.links_max {
            return Err(Refusal::Full);
        }
        inner.dialing.insert(beacon);
        Ok(DialClaim { registry: self.clone(), beacon })
    }

    /// Registers a link that we dialed. The other end has decided for it, so it replaces whatever there is.
    pub(super) fn register_dialed(&self, claim: DialClaim, candidate: Candidate) -> Admitted {
        let admitted = self.lock().insert(candidate, true);
        drop(claim);
        admitted
    }

    /// Registers a link that the other beacon dialed, unless there is a better one.
    pub(super) fn register_accepted(&self, candidate: Candidate) -> Result<Admitted, Refusal> {
        let mut inner = self.lock();
        let we_win = self.own < candidate.beacon;
        if we_win && inner.dialing.contains(&candidate.beacon) {
            return Err(Refusal::Duplicate);
        }
        match inner.link_of(&candidate.beacon) {
            Some(old) if we_win && old.dialed && old.instance == candidate.instance => return Err(Refusal::Duplicate),
            Some(_) => {}
            None => {
                let accepted = inner.links.values().filter(|link| !link.dialed).count();
                if accepted >= self.accepted_max() || inner.links.len() >= self.links_max {
                    return Err(Refusal::Full);
                }
            }
        }
        Ok(inner.insert(candidate, false))
    }

    /// Forgets a link that ended, and remembers what it carried.
    pub(super) fn remove(&self, link: &Link) {
        let mut inner = self.lock();
        if inner.links.remove(&link.id).is_none() {
            return;
        }
        let traffic = traffic(&link.connection);
        inner.past.sent += traffic.sent;
        inner.past.received += traffic.received;
        if inner.by_beacon.get(&link.beacon) == Some(&link.id) {
            inner.by_beacon.remove(&link.beacon);
        }
    }

    pub(super) fn traffic(&self) -> Traffic {
        let inner = self.lock();
        inner
            .links
            .values()
            .map(|link| traffic(&link.connection))
            .fold(inner.past, |sum, one| Traffic { sent: sum.sent + one.sent, received: sum.received + one.received })
    }

    /// What QUIC measures on each link.
    pub(super) fn round_trips(&self) -> Vec<(LinkId, Duration)> {
        self.lock().links.iter().map(|(id, link)| (*id, link.connection.rtt())).collect()
    }

    /// Others cannot take the places of links that we choose ourselves.
    fn accepted_max(&self) -> usize {
        (self.links_max - self.links_max / 4).max(1)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing in here panics half-way.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn link_of(&self, beacon: &BeaconId) -> Option<&Arc<Link>> {
        self.by_beacon.get(beacon).and_then(|id| self.links.get(id))
    }

    fn insert(&mut self, candidate: Candidate, dialed: bool) -> Admitted {
        let replaced = self.link_of(&candidate.beacon).cloned();
        self.last_id += 1;
        let id = LinkId(self.last_id);
        let (link, outbox) = Link::new(id, candidate.beacon, candidate.instance, dialed, candidate.connection);
        let link = Arc::new(link);
        self.links.insert(id, link.clone());
        self.by_beacon.insert(candidate.beacon, id);
        Admitted { link, outbox, replaced }
    }
}

fn traffic(connection: &Connection) -> Traffic {
    let stats = connection.stats();
    Traffic { sent: stats.udp_tx.bytes, received: stats.udp_rx.bytes }
}
