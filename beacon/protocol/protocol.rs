//! The protocol as one machine: what comes in changes its parts, and what should go out waits in the outbox.

use std::{collections::BTreeSet, net::SocketAddr, sync::Arc};

use super::{
    Link, Links, Members, ProtocolSettings,
    event::{Outbox, ProtocolEvent},
    exchange::{Exchange, Progress, status_message},
    flood::Flood,
    members::Verdict,
    overlay::Overlay,
    own::Own,
    reconcile,
};
use crate::{
    census::Status,
    collection::Manifest,
    model::{BeaconId, DialAddress, Instant, LinkId, ObjectHash, Rng},
    wire::{HelloId, Message, SignedHello, Signer, Verifier},
};

/// Membership, flood and exchange of one beacon.
#[derive(Debug)]
pub struct Protocol {
    pub(super) settings: ProtocolSettings,
    verifier: Verifier,
    pub(super) own: Own,
    pub(super) members: Members,
    pub(super) links: Links,
    flood: Flood,
    overlay: Overlay,
    exchange: Exchange,
    pub(super) rng: Rng,
    pub(super) outbox: Outbox,
    next_judgement: Instant,
    next_reconcile: Instant,
    gone_after: std::time::Duration,
}

/// Forged or unreadable things after which a link is closed.
const OFFENCES_MAX: u32 = 3;

impl Protocol {
    /// A beacon that knows nobody yet. `marks` are the newest versions of others' hellos that were seen before a restart,
    /// and a member silent for longer than `gone_after` is gone.
    pub fn new(
        now: Instant,
        settings: ProtocolSettings,
        signer: Signer,
        incarnation: u64,
        marks: impl IntoIterator<Item = (BeaconId, (u64, u64))>,
        gone_after: std::time::Duration,
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
            next_judgement: now,
            next_reconcile: now + settings.heartbeat,
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

    /// Whether there should be links: neighbors are named, or members are known.
    pub fn expects_links(&self) -> bool {
        self.overlay.has_named() || self.members.present() > 0
    }

    /// What this beacon says of itself.
    pub const fn own(&self) -> &Own {
        &self.own
    }

    /// Changes what this beacon says of itself; a change is flooded soon.
    pub fn own_mut(&mut self) -> &mut Own {
        &mut self.own
    }

    /// Takes over this beacon's own manifests, and keeps those of others that their statuses use.
    pub fn set_manifests(&mut self, manifests: impl IntoIterator<Item = Arc<Manifest>>) {
        let mut used: BTreeSet<ObjectHash> = BTreeSet::new();
        for (_, member) in self.members.iter() {
            used.extend(member.status().iter().flat_map(|status| status.collections()).map(|status| status.manifest));
        }
        for manifest in manifests {
            used.insert(manifest.hash());
            self.exchange.add_manifest(manifest);
        }
        self.exchange.keep_manifests(&used);
    }

    /// A manifest that is known, by its address.
    pub fn manifest(&self, hash: &ObjectHash) -> Option<&Arc<Manifest>> {
        self.exchange.manifest(hash)
    }

    /// Asks for a manifest by which a member's status is numbered.
    pub fn want_manifest(&mut self, now: Instant, hash: ObjectHash, of: &BeaconId) {
        let direct = self.links.to(of);
        let others = self.links.iter().map(|(id, _)| id).filter(|id| Some(*id) != direct);
        let links: Vec<_> = direct.into_iter().chain(others).collect();
        self.exchange.pull_manifest(now, hash, &links, &mut self.outbox);
    }

    /// Notes a member known from before a restart.
    pub fn restore_member(&mut self, hello: SignedHello, heard: Instant) {
        if hello.hello().id != self.id()
            && hello.hello().network == self.settings.network
            && hello.verify(self.verifier)
        {
            let id = Some(hello.hello().id);
            for address in &hello.hello().addresses {
                let (host, port) = (address.ip().to_string(), address.port());
                self.overlay.heard_of(heard, DialAddress { id, host, port });
            }
            self.members.restore(Arc::new(hello), heard);
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
        self.links.insert(link, Link { beacon, address, dialed, since: now, eager: true, offences: 0 });
        self.outbox.send(link, Message::Welcome { observed: address });
        if let Some(hello) = self.own.hello() {
            self.outbox.send(link, Message::Hellos(vec![Arc::clone(hello)]));
        }
        if is_dialer {
            self.outbox.send(link, Message::Summary(Box::new(*self.members.sums())));
        }
    }

    /// A link is down.
    pub fn link_down(&mut self, now: Instant, link: LinkId) {
        self.links.remove(link);
        self.flood.link_down(link);
        self.exchange.link_down(now, link);
        self.overlay.link_down(now, link);
    }

    /// An address did not answer, or not as the beacon it should be.
    pub fn dial_failed(&mut self, now: Instant, address: &DialAddress) {
        self.overlay.dial_failed(now, address, &mut self.rng);
    }

    /// Something on `link` could not even be read.
    pub fn unreadable(&mut self, link: LinkId) {
        self.offence(link, "it sent what cannot be read");
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
            Message::AskHellos(ids) => self.send_asked(link, &ids),
            Message::Prune => {
                if let Some(link) = self.links.find_mut(link) {
                    link.eager = false;
                }
            }
            Message::Summary(sums) => reconcile::on_summary(self, link, &sums),
            Message::Ranges { ranges, known } => reconcile::on_ranges(self, link, &ranges, &known),
            Message::AskMembers(ids) => reconcile::on_ask_members(self, link, &ids),
            Message::WantStatus { beacon, root, parts } => self.send_status(link, beacon, root, &parts),
            Message::Status { beacon, root, parts } => self.take_status(now, link, beacon, root, &parts),
            Message::NoStatus { beacon, root } => {
                self.exchange.no_status(now, link, beacon, &root, &mut self.outbox);
            }
            Message::WantManifest(hash) => {
                let answer =
                    self.exchange.manifest(&hash).map(|manifest| Message::Manifest(Arc::clone(manifest.bytes())));
                self.outbox.send(link, answer.unwrap_or(Message::NoManifest(hash)));
            }
            Message::Manifest(bytes) => match Manifest::decode(&bytes) {
                Ok(manifest) => {
                    if let Some(manifest) = self.exchange.take_manifest(manifest) {
                        self.outbox.push(ProtocolEvent::Manifest(manifest));
                    }
                }
                Err(_) => self.offence(link, "it sent a manifest that cannot be read"),
            },
            Message::NoManifest(hash) => self.exchange.no_manifest(now, link, hash, &mut self.outbox),
            Message::WantMetainfo(info_hash) => self.outbox.push(ProtocolEvent::MetainfoWanted { link, info_hash }),
            Message::Metainfo { info_hash, bytes } => self.outbox.push(ProtocolEvent::Metainfo { info_hash, bytes }),
            Message::NoMetainfo(_) => {}
            Message::Equivocation(pair) => self.take_equivocation(Some(link), &pair.0, &pair.1),
        }
    }

    /// Sends a message of the driver's own: a .torrent, or a question for one.
    pub fn send(&mut self, link: LinkId, message: Message) {
        self.outbox.send(link, message);
    }

    /// Does whatever is due.
    pub fn tick(&mut self, now: Instant) {
        let interval = self.settings.interval(self.members.present() + 1);
        if let Some(hello) = self.own.due(now, interval) {
            self.flood.spread(now, &hello, None, &self.links, &mut self.outbox);
        }
        // Where many hellos are missing at once it is not loss but a broken tree.
        let graft_above = self.members.present() / 128;
        self.flood.tick(now, graft_above, &mut self.links, &mut self.outbox);
        let links: Vec<LinkId> = self.links.iter().map(|(id, _)| id).collect();
        self.exchange.tick(now, &links, &mut self.outbox);
        self.overlay.tick(now, &self.own.id(), &self.links, &self.members, &mut self.rng, &mut self.outbox);
        if self.next_judgement <= now {
            self.judge(now);
            self.next_judgement = now + self.settings.heartbeat / 4;
        }
        if self.next_reconcile <= now {
            self.next_reconcile = now + interval;
            if let Some(link) = self.rng.choose(&links) {
                self.outbox.send(*link, Message::Summary(Box::new(*self.members.sums())));
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
            .min(self.next_judgement)
            .min(self.next_reconcile)
    }

    /// The next thing to do or to know.
    pub fn pop_event(&mut self) -> Option<ProtocolEvent> {
        self.outbox.pop()
    }

    fn take_hellos(&mut self, now: Instant, link: LinkId, hellos: Vec<Arc<SignedHello>>) {
        let pushed = hellos.len() == 1;
        for hello in hellos {
            let stranger = hello.hello().network != self.settings.network;
            if stranger {
                return self.offence(link, "its hellos are of another network");
            }
            if hello.hello().id == self.id() {
                if let Some(incarnation) = self.own.meet_own(now, &hello) {
                    self.outbox.push(ProtocolEvent::IncarnationRaised(incarnation));
                }
                continue;
            }
            let verifier = self.verifier;
            match self.members.take(now, &hello, |hello| hello.verify(verifier)) {
                Verdict::Newer => {
                    self.outbox.push(ProtocolEvent::Hello(hello.hello().id));
                    self.flood.spread(now, &hello, Some(link), &self.links, &mut self.outbox);
                    self.pull(now, link, &hello.hello().id);
                }
                Verdict::Known => {
                    // Heard here before: this link need not carry hellos in full, in either direction.
                    if pushed && let Some(sender) = self.links.find_mut(link).filter(|sender| sender.eager) {
                        sender.eager = false;
                        self.outbox.send(link, Message::Prune);
                    }
                    self.pull(now, link, &hello.hello().id);
                }
                Verdict::Older | Verdict::TooOften => {}
                Verdict::Forged => return self.offence(link, "it sent a hello with a forged signature"),
                Verdict::Equivocation(known) => self.take_equivocation(None, &known, &hello),
            }
        }
    }

    fn announced(&mut self, now: Instant, link: LinkId, short: HelloId) {
        let known = match self.members.by_short_id(&short) {
            Some(member) => !short.is_newer_than(&member.hello.short_id()),
            None => short.beacon == self.id().as_bytes()[..6],
        };
        if !known {
            self.flood.announced(now, short, link);
        }
    }

    fn send_asked(&mut self, link: LinkId, ids: &[HelloId]) {
        let graft_above = self.members.present() / 128;
        if ids.len() > graft_above
            && let Some(link) = self.links.find_mut(link)
        {
            link.eager = true;
        }
        for short in ids {
            let own = self.own.hello().filter(|hello| hello.short_id().beacon == short.beacon);
            let hello = own.or_else(|| self.members.by_short_id(short).map(|member| &member.hello));
            if let Some(hello) = hello.filter(|hello| !short.is_newer_than(&hello.short_id())) {
                self.outbox.send(link, Message::Hellos(vec![Arc::clone(hello)]));
            }
        }
    }

    /// Pulls a member's status if the one its hello names is not here.
    fn pull(&mut self, now: Instant, link: LinkId, beacon: &BeaconId) {
        let Some(member) = self.members.find(beacon).filter(|member| !member.status_is_current()) else { return };
        if let Some(root) = member.hello.hello().root {
            self.exchange.pull_status(now, *beacon, root, link, &mut self.outbox);
        }
    }

    fn send_status(&mut self, link: LinkId, beacon: BeaconId, root: ObjectHash, parts: &[ObjectHash]) {
        let own = (beacon == self.id()).then(|| self.own.status()).flatten();
        let known = own.or_else(|| self.members.find(&beacon).and_then(|member| member.status()));
        match known.filter(|status| status.root() == root) {
            Some(status) => self.outbox.send(link, status_message(beacon, status, parts)),
            None if self.exchange.queue_asker(&beacon, &root, link) => {}
            None => self.outbox.send(link, Message::NoStatus { beacon, root }),
        }
    }

    fn take_status(&mut self, now: Instant, link: LinkId, beacon: BeaconId, root: ObjectHash, parts: &[Arc<[u8]>]) {
        let before = self.members.find(&beacon).and_then(|member| member.status().cloned());
        let before = before.as_deref();
        match self.exchange.take_status(now, link, (beacon, root), parts, before, &mut self.outbox) {
            Progress::Waiting => {}
            Progress::Offence => self.offence(link, "it sent a status that is not the one asked for"),
            Progress::Complete(status) => self.complete_status(beacon, status),
        }
    }

    fn complete_status(&mut self, beacon: BeaconId, status: Arc<Status>) {
        if let Some(member) = self.members.find_mut(&beacon)
            && member.hello.hello().root == Some(status.root())
        {
            member.status = Some(status);
            self.outbox.push(ProtocolEvent::Status(beacon));
        }
    }

    /// Two hellos of one version that differ, both signed by the beacon: proof that it tells two stories. It is barred for
    /// this incarnation, and the proof is passed on once.
    fn take_equivocation(&mut self, from: Option<LinkId>, one: &SignedHello, other: &SignedHello) {
        let id = one.hello().id;
        let proven = other.hello().id == id
            && one.version() == other.version()
            && one.bytes() != other.bytes()
            && one.verify(self.verifier)
            && other.verify(self.verifier);
        if !proven {
            if let Some(link) = from {
                self.offence(link, "its proof of two stories proves nothing");
            }
            return;
        }
        let barred = self
            .members
            .newest(&id)
            .is_some_and(|(incarnation, seq)| seq == u64::MAX && incarnation >= one.hello().incarnation);
        if barred || id == self.id() {
            return;
        }
        self.members.bar(id, one.hello().incarnation);
        self.exchange.forget(&id);
        self.outbox.push(ProtocolEvent::Equivocated(id));
        for (link, _) in self.links.iter().filter(|(link, _)| Some(*link) != from) {
            self.outbox.send(link, Message::Equivocation(Box::new((one.clone(), other.clone()))));
        }
    }

    fn judge(&mut self, now: Instant) {
        let outbox = &mut self.outbox;
        self.members.judge(now, self.gone_after, |id, liveness| outbox.push(ProtocolEvent::Liveness(id, liveness)));
        for id in self.members.silent_for(now, self.settings.forget_after) {
            self.members.forget(&id);
            self.exchange.forget(&id);
            self.outbox.push(ProtocolEvent::Forgotten(id));
        }
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
