//! Which links to keep: a random graph of bounded degree, with the neighbors that the user named.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use super::{Link, Links, Members, event::Outbox, event::ProtocolEvent};
use crate::model::{BeaconId, DialAddress, Instant, LinkId, Liveness, Rng};

/// Whom to dial, and when again.
#[derive(Debug)]
pub(super) struct Overlay {
    pub(super) named: Vec<DialAddress>,
    /// Named while the beacon ran.
    pub(super) added: BTreeSet<DialAddress>,
    /// Found on the local network or remembered from before a restart.
    heard_of: BTreeSet<DialAddress>,
    pub(super) attempts: BTreeMap<DialAddress, Attempt>,
    /// Named addresses at which this beacon itself answers, or one it has a link to already.
    pub(super) settled: BTreeMap<DialAddress, LinkId>,
    links_wanted: usize,
    next_look: Instant,
    /// `None` until the first look: beacons that start together are not to change neighbors together.
    next_feeler: Option<Instant>,
    /// When a silent member is tried again; `None` until the first look, for the same reason.
    next_silent: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt {
    pub(super) failures: u32,
    pub(super) under_way: bool,
    pub(super) not_before: Instant,
}

/// How often the links are looked over.
const LOOK: Duration = Duration::from_secs(1);
/// The first wait after an address did not answer; it doubles up to the last.
const BACKOFF_FIRST: Duration = Duration::from_secs(1);
const BACKOFF_LAST: Duration = Duration::from_mins(5);
/// How often a link is given up for another while there are enough: this keeps the graph random, and the seeker unable to
/// surround a beacon for good.
const FEELER: Duration = Duration::from_mins(10);
/// How often a member is tried that has fallen silent. Each part of a network that was cut in two has links enough of its
/// own, and takes the other for gone: without this nothing would ever join them again.
const SILENT: Duration = Duration::from_mins(2);
/// How long even a surplus link stays: long enough to learn whom else to dial.
const STAY_FIRST: Duration = Duration::from_secs(10);
/// A link that is down before this was as good as none: who closes at once is dialed less and less.
const LASTING: Duration = Duration::from_mins(1);
/// The most addresses tried at a time.
const DIALS_MAX: usize = 4;
/// The most addresses found on the local network that are remembered.
const HEARD_OF_MAX: usize = 256;
/// The most addresses whose failures are remembered.
const ATTEMPTS_MAX: usize = 4_096;

impl Overlay {
    pub(super) fn new(now: Instant, named: Vec<DialAddress>, links_wanted: usize) -> Self {
        Self {
            named,
            added: BTreeSet::new(),
            heard_of: BTreeSet::new(),
            attempts: BTreeMap::new(),
            settled: BTreeMap::new(),
            links_wanted,
            next_look: now,
            next_feeler: None,
            next_silent: None,
        }
    }

    /// Notes an address that may be a beacon's.
    pub(super) fn heard_of(&mut self, now: Instant, address: DialAddress) {
        if self.heard_of.len() < HEARD_OF_MAX && self.heard_of.insert(address) {
            self.next_look = now;
        }
    }

    /// Whether the user named neighbors.
    pub(super) fn has_named(&self) -> bool {
        !self.named.is_empty() || !self.added.is_empty()
    }

    /// Names a further neighbor, which is dialed at the next look whatever became of it before. Whether it is news.
    pub(super) fn add_named(&mut self, now: Instant, address: DialAddress) -> bool {
        if self.is_named(&address) {
            return false;
        }
        self.attempts.retain(|tried, attempt| *tried != address || attempt.under_way);
        self.added.insert(address);
        self.next_look = now;
        true
    }

    /// Takes that back. Whether it was named while the beacon ran.
    pub(super) fn remove_named(&mut self, address: &DialAddress) -> bool {
        self.attempts.retain(|tried, attempt| tried != address || attempt.under_way);
        self.added.remove(address)
    }

    fn is_named(&self, address: &DialAddress) -> bool {
        self.named.contains(address) || self.added.contains(address)
    }

    pub(super) fn link_up(&mut self, now: Instant, link: LinkId, dialed: Option<&DialAddress>) {
        if let Some(address) = dialed {
            // Its failures are forgotten only once the link has lasted.
            if let Some(attempt) = self.attempts.get_mut(address) {
                attempt.under_way = false;
            }
            self.settled.insert(address.clone(), link);
        }
        self.next_look = now;
    }

    pub(super) fn link_down(&mut self, now: Instant, link: LinkId, closed: &Link, rng: &mut Rng) {
        self.settled.retain(|_, settled| *settled != link);
        self.next_look = self.next_look.min(now + BACKOFF_FIRST);
        if let Some(address) = &closed.dialed {
            if now.since(closed.since) >= LASTING {
                self.attempts.remove(address);
            }
            self.dial_failed(now, address, rng);
        }
    }

    pub(super) fn dial_failed(&mut self, now: Instant, address: &DialAddress, rng: &mut Rng) {
        let failures = self.attempts.get(address).map_or(0, |attempt| attempt.failures).saturating_add(1);
        let backoff = (BACKOFF_FIRST * 2_u32.saturating_pow(failures - 1).min(1_000)).min(BACKOFF_LAST);
        // Up to half as long again, so that beacons that failed together do not try together.
        let jitter = Duration::from_millis(rng.below(usize::try_from(backoff.as_millis() / 2).unwrap_or(0)) as u64);
        let not_before = now + backoff + jitter;
        self.attempts.insert(address.clone(), Attempt { failures, under_way: false, not_before });
        if !self.is_named(address) && failures > 3 {
            self.heard_of.remove(address);
        }
    }

    pub(super) const fn next_timeout(&self) -> Instant {
        self.next_look
    }

    /// Looks over the links: dials where there are too few, closes where there are too many.
    pub(super) fn tick(
        &mut self,
        now: Instant,
        me: &BeaconId,
        links: &Links,
        members: &Members,
        rng: &mut Rng,
        outbox: &mut Outbox,
    ) {
        if now < self.next_look {
            return;
        }
        self.next_look = now + LOOK;
        if self.attempts.len() > ATTEMPTS_MAX {
            self.attempts.retain(|_, attempt| attempt.under_way || attempt.not_before > now);
        }
        let under_way = self.attempts.values().filter(|attempt| attempt.under_way).count();
        let mut room = DIALS_MAX.saturating_sub(under_way);
        for address in self.due(now, links, members, me, rng) {
            if room == 0 {
                break;
            }
            room -= 1;
            self.dial(now, address, outbox);
        }
        if room > 0
            && let Some(address) = self.silent(now, members, rng)
        {
            self.dial(now, address, outbox);
        }
        self.shed(now, links, rng, outbox);
    }

    fn dial(&mut self, now: Instant, address: DialAddress, outbox: &mut Outbox) {
        let attempt = self.attempts.entry(address.clone());
        attempt.and_modify(|attempt| attempt.under_way = true).or_insert(Attempt {
            failures: 0,
            under_way: true,
            not_before: now,
        });
        outbox.push(ProtocolEvent::Dial(address));
    }

    /// The address of a member that has fallen silent, now and then.
    fn silent(&mut self, now: Instant, members: &Members, rng: &mut Rng) -> Option<DialAddress> {
        let millis = usize::try_from(SILENT.as_millis()).unwrap_or(usize::MAX);
        let mut wait = || SILENT / 2 + Duration::from_millis(rng.below(millis) as u64);
        if *self.next_silent.get_or_insert_with(|| now + wait()) > now {
            return None;
        }
        self.next_silent = Some(now + wait());
        let silent: Vec<_> = members.iter().filter(|(_, member)| member.liveness() != Liveness::Alive).collect();
        let (id, member) = rng.choose(&silent)?;
        let address = rng.choose(&member.hello().hello().addresses).filter(|address| is_dialable(address))?;
        let address = DialAddress { id: Some(**id), host: address.ip().to_string(), port: address.port() };
        let under_way = self.attempts.get(&address).is_some_and(|attempt| attempt.under_way);
        (!under_way).then_some(address)
    }

    /// What to dial now, most wanted first: neighbors that the user named, then others as long as links are lacking.
    fn due(&self, now: Instant, links: &Links, members: &Members, me: &BeaconId, rng: &mut Rng) -> Vec<DialAddress> {
        let may = |address: &DialAddress| {
            self.attempts.get(address).is_none_or(|attempt| !attempt.under_way && attempt.not_before <= now)
        };
        let linked: BTreeSet<BeaconId> = links.iter().map(|(_, link)| link.beacon).collect();
        let is_new = |address: &DialAddress| {
            !self.settled.contains_key(address) && address.id.is_none_or(|id| id != *me && !linked.contains(&id))
        };
        let named = self.named.iter().chain(&self.added);
        let mut due: Vec<_> = named.filter(|address| may(address) && is_new(address)).cloned().collect();

        // What is under way counts as if it were there, else looks that follow close upon each other dial too many.
        let under_way = self.attempts.values().filter(|attempt| attempt.under_way).count() + due.len();
        let dialed = links.iter().filter(|(_, link)| link.dialed.is_some()).count() + under_way;
        let all = links.len() + under_way;
        let lacking = all < self.links_wanted && dialed < self.links_wanted / 2 || all < self.links_wanted / 2;
        if lacking {
            let mut others: Vec<_> =
                self.heard_of.iter().filter(|address| may(address) && is_new(address)).cloned().collect();
            others.extend(
                Self::member_addresses(members, links, &linked, rng).into_iter().filter(|address| may(address)),
            );
            rng.shuffle(&mut others);
            let lacking = (self.links_wanted / 2).saturating_sub(dialed).max(1);
            due.extend(others.into_iter().take(lacking));
        }
        due
    }

    /// Addresses of a few random members that are there and are not neighbors; of each subnet, those of the links that this
    /// beacon dialed among them, only one. Who has no link at all tries even those that have long been silent: after a
    /// long sleep or stop that is everyone.
    fn member_addresses(
        members: &Members,
        links: &Links,
        linked: &BTreeSet<BeaconId>,
        rng: &mut Rng,
    ) -> Vec<DialAddress> {
        const SAMPLE: usize = 16;
        let strangers: Vec<_> = members
            .iter()
            .filter(|(id, member)| (member.liveness() == Liveness::Alive || links.is_empty()) && !linked.contains(id))
            .filter(|(_, member)| !member.hello().hello().addresses.is_empty())
            .collect();
        let dialed = links.iter().filter(|(_, link)| link.dialed.is_some());
        let mut subnets: BTreeSet<Vec<u8>> = dialed.map(|(_, link)| subnet(&link.address)).collect();
        let mut addresses = Vec::new();
        for _ in 0..SAMPLE.min(strangers.len() * 2) {
            let Some((id, member)) = rng.choose(&strangers) else { break };
            let Some(address) = rng.choose(&member.hello().hello().addresses) else { continue };
            if is_dialable(address) && subnets.insert(subnet(address)) {
                let (host, port) = (address.ip().to_string(), address.port());
                addresses.push(DialAddress { id: Some(**id), host, port });
            }
        }
        addresses
    }

    /// Closes accepted links beyond twice the number wanted at once, and now and then one dialed link for another.
    fn shed(&mut self, now: Instant, links: &Links, rng: &mut Rng, outbox: &mut Outbox) {
        let close = |outbox: &mut Outbox, link, reason| outbox.push(ProtocolEvent::Close { link, reason });
        let accepted: Vec<LinkId> = links.iter().filter(|(_, link)| link.dialed.is_none()).map(|(id, _)| id).collect();
        // The oldest stay: they carry the tree. Newcomers have learnt whom else to dial by the time they go.
        let limit = self.links_wanted * 3 / 2;
        if links.len() > limit {
            let young = accepted
                .iter()
                .rev()
                .filter(|id| links.find(**id).is_some_and(|link| now.since(link.since) > STAY_FIRST));
            for link in young.take(links.len() - limit) {
                close(outbox, *link, "this beacon has enough links; dial others that it knows");
            }
        }
        let is_named = |link: &Link| link.dialed.as_ref().is_some_and(|address| self.is_named(address));
        let may_go = |link: &Link| link.dialed.is_some() && !is_named(link);
        let dialed: Vec<LinkId> = links.iter().filter(|(_, link)| may_go(link)).map(|(id, _)| id).collect();
        // Made to ask somebody something, and not needed any more.
        let young =
            dialed.iter().rev().filter(|id| links.find(**id).is_some_and(|link| now.since(link.since) > STAY_FIRST));
        for link in young.take(dialed.len().saturating_sub(self.links_wanted)) {
            close(outbox, *link, "this beacon has asked what it wanted to know");
        }
        let millis = usize::try_from(FEELER.as_millis()).unwrap_or(usize::MAX);
        let next =
            *self.next_feeler.get_or_insert_with(|| now + FEELER / 2 + Duration::from_millis(rng.below(millis) as u64));
        if now >= next {
            self.next_feeler = Some(now + FEELER);
            // Without a link of the tree, others would have to ask until they have mended it.
            let is_lazy = |id: &LinkId| links.find(*id).is_some_and(|link| !link.eager);
            let lazy: Vec<LinkId> = dialed.iter().copied().filter(is_lazy).collect();
            let dialed = if lazy.is_empty() { dialed } else { lazy };
            if links.len() >= self.links_wanted
                && let Some(link) = rng.choose(&dialed)
            {
                close(outbox, *link, "this beacon changes a neighbor now and then");
            }
        }
    }
}

/// Whether an address that another beacon tells could be one's own.
fn is_dialable(address: &SocketAddr) -> bool {
    let ip = address.ip();
    address.port() != 0 && !ip.is_unspecified() && !ip.is_multicast() && ip != IpAddr::V4(Ipv4Addr::BROADCAST)
}

/// What one operator is likely to own: a /24 of IPv4, a /48 of IPv6. Private networks count by address, since there each
/// machine is somebody's own.
fn subnet(address: &SocketAddr) -> Vec<u8> {
    let each = |octets: &[u8]| [octets, &address.port().to_be_bytes()].concat();
    match address.ip().to_canonical() {
        IpAddr::V4(ip) if ip.is_private() || ip.is_loopback() || ip.is_link_local() => each(&ip.octets()),
        IpAddr::V4(ip) => ip.octets()[..3].to_vec(),
        IpAddr::V6(ip) if ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local() => each(&ip.octets()),
        IpAddr::V6(ip) => ip.octets()[..6].to_vec(),
    }
}
