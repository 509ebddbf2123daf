//! The protocol as one machine: what comes in changes its parts, and what should go out waits in the outbox.

use std::{collections::BTreeSet, net::SocketAddr, sync::Arc, time::Duration};

use super::{
    Link, Links, Members, ProtocolSettings,
    event::{Outbox, ProtocolEvent},
    exchange::Exchange,
    flood::Flood,
    overlay::Overlay,
    own::Own,
    reconcile::{self, bucket, fingerprint},
};
use crate::{
    model::{BeaconId, DialAddress, Instant, LinkId, Rng},
    wire::{HighWater, Message, SignedHello, Signer, Verifier},
};

/// Membership, flood and exchange of one beacon.
#[derive(Debug)]
pub struct Protocol {
    pub(super) settings: ProtocolSettings,
    pub(super) verifier: Verifier,
    pub(super) own: Own,
    pub(super) members: Members,
    pub(super) links: Links,
    pub(super) flood: Flood,
    pub(super) overlay: Overlay,
    pub(super) exchange: Exchange,
    pub(super) rng: Rng,
    pub(super) outbox: Outbox,
    started: Instant,
    judged_at: Instant,
    next_reconcile: Instant,
    gone_after: Duration,
}

/// How long after a start the tree is not known yet.
const SETTLE: Duration = Duration::from_secs(10);
/// Forged or unreadable things after which a link is closed.
const OFFENCES_MAX: u32 = 3;
/// The most answers to summaries that are waited for on a link.
const SUMMARIES_MAX: u8 = 2;
/// What a question for a .torrent costs whoever asks: about the size of one.
const METAINFO_BYTES: usize = 64 * 1024;

impl Protocol {
    /// A beacon that knows nobody yet. `marks` are the newest versions of others' hellos that were seen before a restart,
    /// and a member silent for longer than `gone_after` is gone.
    pub fn new(
        now: Instant,
        settings: ProtocolSettings,
        signer: Signer,
        incarnation: u64,
        marks: impl IntoIterator<Item = (BeaconId, (u64, u64))>,
        gone_after: Duration,
        seed: u64,
    ) -> Self {
        let overlay = Overlay::new(now, settings.neighbors.clone(), settings.links);
        Self {
            verifier: signer.verifier(),
            own: Own::new(now, signer, settings.network, incarnation),
            members: Members::new(marks.into_iter().collect()),
            links: Links::default(),
            flood: Flood::default(),
            overlay,
            exchange: Exchange::default(),
            rng: Rng::new(seed),
            outbox: Outbox::default(),
            started: now,
            judged_at: now,
            next_reconcile: now + settings.heartbeat / 2,
            gone_after,
            settings,
        }
    }

    /// This beacon.
    pub const fn id(&self) -> BeaconId {
        self.own.id()
    }

    /// The beacons known.
    pub const fn members(&self) -> &Members {
        &self.members
    }

    /// The live connections.
    pub const fn links(&self) -> &Links {
        &self.links
    }

    /// Whether there should be links: neighbors are named, or members are remembered, be they ever so long silent.
    pub fn expects_links(&self) -> bool {
        self.overlay.has_named() || self.members.iter().next().is_some()
    }

    /// What this beacon says of itself.
    pub const fn own(&self) -> &Own {
        &self.own
    }

    /// Changes what this beacon says of itself; a change is flooded soon.
    pub fn own_mut(&mut self) -> &mut Own {
        &mut self.own
    }

    /// Notes a member known from before a restart.
    pub fn restore_member(&mut self, now: Instant, hello: Arc<SignedHello>, heard: Instant) {
        if hello.hello().id != self.id() && self.settings.accepts(&hello.hello().network) && hello.verify(self.verifier)
        {
            let id = Some(hello.hello().id);
            for address in &hello.hello().addresses {
                let (host, port) = (address.ip().to_string(), address.port());
                self.overlay.heard_of(heard, DialAddress { id, host, port });
            }
            self.members.restore(now, hello, heard);
        }
    }

    /// Notes an address at which there may be a beacon.
    pub fn heard_of(&mut self, now: Instant, address: DialAddress) {
        if address.id != Some(self.id()) {
            self.overlay.heard_of(now, address);
        }
    }

    /// A link is up.
    pub fn link_up(
        &mut self,
        now: Instant,
        link: LinkId,
        beacon: BeaconId,
        address: SocketAddr,
        dialed: Option<DialAddress>,
    ) {
        self.overlay.link_up(now, link, dialed.as_ref());
        let is_dialer = dialed.is_some();
        // At first, all links are of the tree, until the root's next hello.
        let eager = now.since(self.started) < SETTLE || !self.links.iter().any(|(_, link)| link.eager);
        self.links.insert(link, Link { eager, ..Link::new(now, beacon, address, dialed) });
        self.outbox.send(link, Message::Welcome { observed: address });
        if let Some(hello) = self.own.hello() {
            self.outbox.send(link, Message::Hellos(vec![Arc::clone(hello)]));
        }
        if is_dialer {
            self.send_summary(link);
        }
        // Members remembered from before a restart are known by their hellos only.
        for id in self.members.lacking() {
            self.pull(now, link, &id);
        }
    }

    /// A link is down.
    pub fn link_down(&mut self, now: Instant, link: LinkId) {
        let Some(closed) = self.links.remove(link) else { return };
        self.flood.link_down(link);
        self.exchange.link_down(now, link);
        self.overlay.link_down(now, link, &closed, &mut self.rng);
        if self.links.to(&closed.beacon).is_none() {
            self.own.unobserved(&closed.beacon);
        }
    }

    /// An address did not answer, or not as the beacon it should be.
    pub fn dial_failed(&mut self, now: Instant, address: &DialAddress) {
        self.overlay.dial_failed(now, address, &mut self.rng);
    }

    /// Something on `link` could not even be read.
    pub fn unreadable(&mut self, link: LinkId) {
        self.offence(link, "it sent what cannot be read");
    }

    /// A .torrent that came on `link` is not the one it should be.
    pub fn wrong_metainfo(&mut self, link: LinkId) {
        self.offence(link, "it sent a .torrent that is not the one asked for");
    }

    /// A message has come.
    pub fn receive(&mut self, now: Instant, link: LinkId, message: Message) {
        if self.links.find(link).is_none() {
            return;
        }
        match message {
            Message::Welcome { observed } => self.own.observed(&mut self.links, link, observed),
            Message::Hellos(hellos) => self.take_hellos(now, link, hellos),
            Message::HaveHellos(ids) => ids.into_iter().for_each(|short| self.announced(now, link, short)),
            Message::AskHellos(ids) => self.send_asked(now, link, &ids),
            Message::Prune => {
                if let Some(link) = self.links.find_mut(link) {
                    link.eager = false;
                }
            }
            Message::Graft => {
                if let Some(link) = self.links.find_mut(link) {
                    link.eager = true;
                }
            }
            Message::Summary(sums) => reconcile::on_summary(self, now, link, &sums),
            Message::Ranges { ranges, known } => reconcile::on_ranges(self, now, link, ranges, &known),
            Message::AskMembers(ids) => reconcile::on_ask_members(self, now, link, &ids),
            Message::WantStatus { beacon, root, parts } => self.send_status(now, link, beacon, root, &parts),
            Message::Status { beacon, root, parts } => self.take_status(now, link, beacon, root, &parts),
            Message::NoStatus { beacon, root } => {
                self.exchange.no_status(now, link, beacon, &root, &mut self.outbox);
            }
            Message::WantManifest(hash) => {
                let answer =
                    self.exchange.manifest(&hash).map(|manifest| Message::Manifest(Arc::clone(manifest.bytes())));
                self.answer(now, link, answer.unwrap_or(Message::NoManifest(hash)));
            }
            Message::Manifest(bytes) => self.take_manifest(link, &bytes),
            Message::NoManifest(hash) => self.exchange.no_manifest(now, link, hash, &mut self.outbox),
            Message::WantMetainfo(info_hash) => {
                if self.links.find_mut(link).is_some_and(|asker| asker.answers.spend(now, METAINFO_BYTES)) {
                    self.outbox.push(ProtocolEvent::MetainfoWanted { link, info_hash });
                }
            }
            Message::Metainfo { info_hash, bytes } => {
                self.outbox.push(ProtocolEvent::Metainfo { link, info_hash, bytes });
            }
            Message::NoMetainfo(info_hash) => {
                self.outbox.push(ProtocolEvent::NoMetainfo { link, info_hash });
            }
            Message::GrantAsk { hops, ask } => self.take_grant_ask(now, link, hops, ask),
            Message::GrantAnswer { hops, answer } => self.take_grant_answer(now, link, hops, answer),
            Message::Equivocation(pair) => self.take_equivocation(now, Some(link), &pair.0, &pair.1),
        }
    }

    /// Sends a message of the driver's own: a .torrent, or a question for one.
    pub fn send(&mut self, link: LinkId, message: Message) {
        self.outbox.send(link, message);
    }

    /// Sends what a neighbor asked for, unless it asks for more than its share.
    pub fn answer(&mut self, now: Instant, link: LinkId, message: Message) {
        let Some(asker) = self.links.find_mut(link) else { return };
        if asker.answers.spend(now, message.size_estimate()) {
            self.outbox.send(link, message);
        }
    }

    /// Does whatever is due.
    pub fn tick(&mut self, now: Instant) {
        let interval = self.settings.interval(self.members.present() + 1);
        let said = self.own.hello().cloned();
        if let Some(hello) = self.own.due(now, interval) {
            let kind = self.kind(&hello, said.as_deref());
            self.flood.spread(now, (&hello, kind), self.settings.hello_budget, None, &self.links, &mut self.outbox);
        }
        self.flood.tick(now, &mut self.links, &mut self.outbox);
        self.exchange.tick(now, &self.links, &mut self.outbox);
        self.overlay.tick(now, &self.own.id(), &self.links, &self.members, &mut self.rng, &mut self.outbox);
        if self.next_judgement() <= now {
            self.judge(now);
        }
        if self.next_reconcile <= now {
            // Never together with the hellos, which would seem to be missing while they are on their way.
            let millis = usize::try_from(interval.as_millis()).unwrap_or(usize::MAX);
            self.next_reconcile = now + interval / 2 + Duration::from_millis(self.rng.below(millis) as u64);
            let links: Vec<LinkId> = self.links.iter().map(|(id, _)| id).collect();
            if let Some(link) = self.rng.choose(&links) {
                self.send_summary(*link);
            }
        }
    }

    /// When [`Protocol::tick`] next has something to do.
    pub fn next_timeout(&self) -> Instant {
        let interval = self.settings.interval(self.members.present() + 1);
        self.own
            .next_timeout(interval)
            .min(self.flood.next_timeout())
            .min(self.exchange.next_timeout())
            .min(self.overlay.next_timeout())
            .min(self.next_judgement())
            .min(self.next_reconcile)
    }

    /// How long news of this beacon may wait before it is told.
    pub fn news_delay(&self) -> Duration {
        Own::news_delay(self.settings.interval(self.members.present() + 1))
    }

    /// The next thing to do or to know.
    pub fn pop_event(&mut self) -> Option<ProtocolEvent> {
        self.outbox.pop()
    }

    fn judge(&mut self, now: Instant) {
        let step = self.settings.heartbeat / 4;
        let since_last = now.since(self.judged_at);
        if since_last > self.settings.heartbeat {
            self.members.excuse(since_last.saturating_sub(step));
        }
        self.judged_at = now;
        let outbox = &mut self.outbox;
        self.members
            .judge(now, step, self.gone_after, |id, liveness| outbox.push(ProtocolEvent::Liveness(id, liveness)));
        for id in self.members.silent_for(now, self.settings.forget_after) {
            self.members.forget(&id);
            self.exchange.forget(&id);
            self.outbox.push(ProtocolEvent::Forgotten(id));
        }
    }

    fn next_judgement(&self) -> Instant {
        self.judged_at + self.settings.heartbeat / 4
    }

    /// A number for each range of ids that differs from a neighbor's where it knows other hellos than this beacon.
    pub(super) fn sums(&self) -> Box<[u64; 256]> {
        let mut sums = Box::new(*self.members.sums());
        if let Some(own) = self.own.hello() {
            sums[bucket(&own.hello().id)] ^= fingerprint(own);
        }
        sums
    }

    /// The versions known in these ranges of ids, this beacon's own among them.
    pub(super) fn known_in(&self, ranges: &BTreeSet<u8>) -> Vec<HighWater> {
        let mut known = self.members.known_in(ranges);
        let own = self.own.hello().filter(|own| ranges.contains(&own.hello().id.as_bytes()[0]));
        known.extend(own.map(|own| {
            let (incarnation, seq) = own.version();
            HighWater { beacon: own.hello().id, incarnation, seq }
        }));
        known
    }

    /// The newest hello of a beacon, be it this one.
    pub(super) fn newest_hello(&self, id: &BeaconId) -> Option<&Arc<SignedHello>> {
        let own = self.own.hello().filter(|own| own.hello().id == *id);
        own.or_else(|| self.members.find(id).map(|member| &member.hello))
    }

    fn send_summary(&mut self, link: LinkId) {
        let sums = self.sums();
        if let Some(link) = self.links.find_mut(link) {
            link.summaries = SUMMARIES_MAX.min(link.summaries + 1);
        }
        self.outbox.send(link, Message::Summary(sums));
    }

    pub(super) fn offence(&mut self, link: LinkId, reason: &'static str) {
        if let Some(sender) = self.links.find_mut(link) {
            sender.offences += 1;
            if sender.offences >= OFFENCES_MAX {
                self.outbox.push(ProtocolEvent::Close { link, reason });
            }
        }
    }
}
