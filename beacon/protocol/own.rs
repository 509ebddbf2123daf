//! What this beacon says of itself, and when.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use super::Links;
use crate::{
    census::Status,
    model::{BeaconId, ByteSize, Instant, LinkId, NetworkId},
    wire::{Hello, Record, Signed, SignedHello, Signer},
};

/// This beacon's own hello and status.
#[derive(Debug)]
pub struct Own {
    signer: Signer,
    network: NetworkId,
    incarnation: u64,
    next_seq: u64,
    profile: Profile,
    status: Option<Arc<Status>>,
    hello: Option<Arc<SignedHello>>,
    said_at: Instant,
    /// How much earlier than promised the next hello is said.
    haste: Duration,
    /// Until when what was said uses up this beacon's share of the line.
    paid_until: Instant,
    /// From when on news may be said.
    news_at: Instant,
    changed: bool,
    /// By whom we are seen where.
    observed: BTreeMap<BeaconId, SocketAddr>,
}

/// The part of a hello that changes seldom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// The name its user gave it.
    pub name: String,
    /// The failure domain its user declared; empty where none.
    pub zone: String,
    /// Where it can be reached, as far as it knows by itself.
    pub addresses: Vec<SocketAddr>,
    /// Where its BitTorrent client can be reached.
    pub peer_addresses: Vec<SocketAddr>,
    /// The most that it may hold at present.
    pub budget: ByteSize,
    /// What it holds of its own, with what is on its way.
    pub used: ByteSize,
    /// Whether it is leaving.
    pub draining: bool,
    /// Whether it only observes.
    pub observer: bool,
}

/// Changes closer together than this part of the interval share a hello, on the whole.
const COALESCE_PART: u32 = 20;
/// So many may be closer together, as at a start, when the client's first answer is news to everyone.
const COALESCE_BURST: u32 = 3;
const COALESCE_MIN: Duration = Duration::from_millis(100);
/// An address that this many neighbors see us at is worth telling.
const OBSERVERS_MIN: usize = 2;
const OBSERVERS_MAX: usize = 64;

impl Own {
    /// The incarnation under which this beacon runs.
    pub const fn incarnation(&self) -> u64 {
        self.incarnation
    }

    pub(super) const fn new(now: Instant, signer: Signer, network: NetworkId, incarnation: u64) -> Self {
        Self {
            signer,
            network,
            incarnation,
            next_seq: 0,
            profile: Profile {
                name: String::new(),
                zone: String::new(),
                addresses: Vec::new(),
                peer_addresses: Vec::new(),
                budget: ByteSize::ZERO,
                used: ByteSize::ZERO,
                draining: false,
                observer: true,
            },
            status: None,
            hello: None,
            said_at: now,
            haste: Duration::ZERO,
            paid_until: now,
            news_at: now,
            changed: true,
            observed: BTreeMap::new(),
        }
    }

    /// Its id.
    pub const fn id(&self) -> BeaconId {
        self.signer.id()
    }

    /// Its latest hello, once it has said one.
    pub const fn hello(&self) -> Option<&Arc<SignedHello>> {
        self.hello.as_ref()
    }

    /// Its latest status, once its client is known.
    pub const fn status(&self) -> Option<&Arc<Status>> {
        self.status.as_ref()
    }

    /// What it says of itself.
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Changes what it says of itself.
    pub fn set_profile(&mut self, mut profile: Profile) {
        truncate(&mut profile.name);
        truncate(&mut profile.zone);
        if profile != self.profile {
            self.profile = profile;
            self.changed = true;
        }
    }

    /// Changes what it says of the torrents.
    pub fn set_status(&mut self, status: Arc<Status>) {
        if self.status.as_ref().is_none_or(|before| before.root() != status.root()) {
            self.status = Some(status);
            self.changed = true;
        }
    }

    /// Where it can be reached: what it knows by itself, then where enough neighbors see it.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        let mut votes: BTreeMap<SocketAddr, usize> = BTreeMap::new();
        for address in self.observed.values() {
            *votes.entry(*address).or_default() += 1;
        }
        let seen = votes.into_iter().filter(|(_, votes)| *votes >= OBSERVERS_MIN).map(|(address, _)| address);
        let mut told = BTreeSet::new();
        let all = self.profile.addresses.iter().copied().chain(seen);
        all.filter(|address| told.insert(*address)).take(Hello::ADDRESSES_MAX).collect()
    }

    /// A neighbor says where it sees us.
    pub(super) fn observed(&mut self, links: &mut Links, link: LinkId, address: SocketAddr) {
        let Some(link) = links.find_mut(link).filter(|link| !link.welcomed) else { return };
        link.welcomed = true;
        let usable = !address.ip().is_unspecified() && !address.ip().is_multicast() && address.port() != 0;
        if usable && (self.observed.len() < OBSERVERS_MAX || self.observed.contains_key(&link.beacon)) {
            let before = self.addresses();
            self.observed.insert(link.beacon, address);
            self.changed |= self.addresses() != before;
        }
    }

    /// Whoever saw us is a neighbor no more, and what it said may be stale.
    pub(super) fn unobserved(&mut self, beacon: &BeaconId) {
        self.observed.remove(beacon);
    }

    /// Someone passed on a hello of ours. One that is newer than all we said is from before a restart that lost its
    /// incarnation, or of another beacon with our key: the larger incarnation has the word.
    pub(super) fn meet_own(&mut self, now: Instant, hello: &SignedHello) -> Option<u64> {
        let newest = self.hello.as_ref().map(|hello| hello.version());
        let is_ours = self.hello.as_ref().is_some_and(|own| own.bytes() == hello.bytes());
        if is_ours || newest.is_some_and(|newest| hello.version() < newest) || !hello.verify(self.signer.verifier()) {
            return None;
        }
        if hello.hello().incarnation < self.incarnation {
            return None;
        }
        self.incarnation = hello.hello().incarnation.saturating_add(1);
        self.next_seq = 0;
        self.hello = None;
        self.changed = true;
        self.said_at = now;
        Some(self.incarnation)
    }

    /// Signs a record as this beacon's, for its network.
    pub(super) fn sign<R: Record>(&self, record: impl FnOnce(NetworkId) -> R) -> Signed<R> {
        Signed::sign(record(self.network), &self.signer)
    }

    /// The next hello, if it is time for one.
    pub(super) fn due(&mut self, now: Instant, interval: Duration) -> Option<Arc<SignedHello>> {
        (self.next_timeout(interval) <= now).then(|| self.say(now, interval))
    }

    pub(super) fn next_timeout(&self, interval: Duration) -> Instant {
        match (&self.hello, self.changed) {
            (None, _) => self.said_at,
            (Some(_), true) => (self.said_at + COALESCE_MIN).max(self.news_at),
            // Others were promised the next one within the interval of then, which may have been shorter.
            (Some(hello), false) => self.said_at + interval.min(hello.hello().valid_for).saturating_sub(self.haste),
        }
    }

    /// How long news waits for other news to share a hello with.
    pub(super) fn news_delay(interval: Duration) -> Duration {
        (interval / COALESCE_PART).max(COALESCE_MIN)
    }

    /// Says the next hello as if that had been `at`: for simulations that begin with a network at rest.
    pub fn say_before(&mut self, at: Instant, interval: Duration) -> Arc<SignedHello> {
        let hello = self.say(at, interval);
        self.haste = Duration::ZERO;
        hello
    }

    fn say(&mut self, now: Instant, interval: Duration) -> Arc<SignedHello> {
        let profile = self.profile.clone();
        let hello = Hello {
            network: self.network,
            id: self.id(),
            incarnation: self.incarnation,
            seq: self.next_seq,
            previous: self.hello.as_ref().map(|hello| hello.hash()),
            name: profile.name,
            zone: profile.zone,
            addresses: self.addresses(),
            peer_addresses: profile.peer_addresses.into_iter().take(Hello::ADDRESSES_MAX).collect(),
            valid_for: interval.min(Hello::VALID_FOR_MAX),
            budget: profile.budget,
            used: profile.used,
            draining: profile.draining,
            observer: profile.observer,
            root: self.status.as_ref().map(|status| status.root()),
        };
        let hello = Arc::new(hello.sign(&self.signer));
        // Whoever has news at the same time as others does not go on to say its hellos together with them for ever.
        self.haste =
            if self.changed { interval / 2 / 256 * u32::from(self.id().as_bytes()[31]) } else { Duration::ZERO };
        self.next_seq += 1;
        self.said_at = now;
        let gap = Self::news_delay(interval);
        self.paid_until = self.paid_until.max(now) + gap;
        let ahead = self.paid_until.since(now).saturating_sub(gap * COALESCE_BURST);
        self.news_at = now + ahead;
        self.changed = false;
        self.hello = Some(Arc::clone(&hello));
        hello
    }
}

fn truncate(text: &mut String) {
    text.truncate(text.floor_char_boundary(Hello::NAME_BYTES_MAX));
}
