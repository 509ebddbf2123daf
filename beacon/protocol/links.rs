//! The live connections to neighbors.

use std::net::SocketAddr;

use super::allowance::Allowance;
use crate::model::{BeaconId, DialAddress, Instant, LinkId};

/// One live connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Who is at the other end.
    pub beacon: BeaconId,
    /// From where its packets come.
    pub address: SocketAddr,
    /// The address that this beacon dialed; `None` where the other did.
    pub dialed: Option<DialAddress>,
    /// Since when.
    pub since: Instant,
    /// The incarnation of the other end, as its own hellos on this link say; `None` before the first.
    pub(super) incarnation: Option<u64>,
    /// Whether hellos go in full; else only their ids do.
    pub(super) eager: bool,
    /// Forged or unreadable things that came from there.
    pub(super) offences: u32,
    /// Whether it has said where it sees us; once is enough.
    pub(super) welcomed: bool,
    /// Summaries sent there that are not answered yet.
    pub(super) summaries: u8,
    /// Bytes that it may ask for.
    pub(super) answers: Allowance,
    /// Beacons never heard of that it may bring.
    pub(super) newcomers: Allowance,
    /// Ids of hellos that are not here that it may announce.
    pub(super) announcements: Allowance,
    /// Questions for grants and answers to them that it may bring, for this beacon or for others.
    pub(super) grants: Allowance,
}

/// Enough for all of a network of ten thousand at once: their hellos, and statuses of two kilobytes. Then a megabyte a
/// second.
const ANSWERS_BYTES: (u32, u32) = (64 << 20, 1 << 20);
/// All of that network's beacons at once, then some each second: who makes up beacons fills the table slowly.
const NEWCOMERS: (u32, u32) = (10_000, 10);
const ANNOUNCEMENTS: (u32, u32) = (4_096, 512);
/// Checking a signature costs some fifty microseconds: a fortieth of a core for each neighbor at most, but for the first.
const GRANTS: (u32, u32) = (5_000, 500);

impl Link {
    pub(super) const fn new(now: Instant, beacon: BeaconId, address: SocketAddr, dialed: Option<DialAddress>) -> Self {
        Self {
            beacon,
            address,
            dialed,
            since: now,
            incarnation: None,
            eager: true,
            offences: 0,
            welcomed: false,
            summaries: 0,
            answers: Allowance::full(now, ANSWERS_BYTES.0, ANSWERS_BYTES.1),
            newcomers: Allowance::full(now, NEWCOMERS.0, NEWCOMERS.1),
            announcements: Allowance::full(now, ANNOUNCEMENTS.0, ANNOUNCEMENTS.1),
            grants: Allowance::full(now, GRANTS.0, GRANTS.1),
        }
    }
}

impl Link {
    /// Whether hellos go in full on it, and not only as ids.
    pub const fn is_eager(&self) -> bool {
        self.eager
    }
}

/// All of them.
#[derive(Debug, Default)]
pub struct Links {
    /// In order, and by themselves: every message is looked for here.
    ids: Vec<LinkId>,
    /// In the same order.
    links: Vec<Link>,
}

impl Links {
    /// Every link, by its id.
    pub fn iter(&self) -> impl Iterator<Item = (LinkId, &Link)> {
        self.ids.iter().copied().zip(&self.links)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// One link.
    pub fn find(&self, id: LinkId) -> Option<&Link> {
        self.place(id).ok().map(|place| &self.links[place])
    }

    /// The link to a beacon, if it is a neighbor.
    pub fn to(&self, beacon: &BeaconId) -> Option<LinkId> {
        self.iter().find(|(_, link)| link.beacon == *beacon).map(|(id, _)| id)
    }

    /// The link to a beacon that it has been started again since, and so knows nothing of.
    pub(super) fn forgotten(&self, beacon: &BeaconId, incarnation: u64) -> Option<LinkId> {
        let is_older = |link: &Link| link.incarnation.is_some_and(|of| of < incarnation);
        self.iter().find(|(_, link)| link.beacon == *beacon && is_older(link)).map(|(id, _)| id)
    }

    pub(super) fn find_mut(&mut self, id: LinkId) -> Option<&mut Link> {
        self.place(id).ok().map(|place| &mut self.links[place])
    }

    pub(super) fn insert(&mut self, id: LinkId, link: Link) {
        match self.place(id) {
            Ok(place) => self.links[place] = link,
            Err(place) => {
                self.ids.insert(place, id);
                self.links.insert(place, link);
            }
        }
    }

    pub(super) fn remove(&mut self, id: LinkId) -> Option<Link> {
        let place = self.place(id).ok()?;
        self.ids.remove(place);
        Some(self.links.remove(place))
    }

    fn place(&self, id: LinkId) -> Result<usize, usize> {
        self.ids.binary_search(&id)
    }
}
