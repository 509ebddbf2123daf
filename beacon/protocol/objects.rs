//! Statuses and manifests: what this beacon pulls, and what it gives to neighbors.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Protocol,
    event::ProtocolEvent,
    exchange::{Progress, status_message},
};
use crate::{
    census::Status,
    collection::Manifest,
    model::{BeaconId, Instant, LinkId, ObjectHash},
    wire::{Message, SignedHello},
};

impl Protocol {
    /// Takes over this beacon's own manifests, and keeps those of others that their statuses use.
    pub fn set_manifests(&mut self, manifests: impl IntoIterator<Item = Arc<Manifest>>) {
        self.exchange.set_own_manifests(manifests);
        self.exchange.keep_manifests(&self.manifests_in_use());
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

    pub(super) fn take_manifest(&mut self, link: LinkId, bytes: &[u8]) {
        if !self.exchange.awaits_manifest(link) {
            return;
        }
        let Ok(manifest) = Manifest::decode(bytes) else {
            return self.offence(link, "it sent a manifest that cannot be read");
        };
        if self.exchange.is_full_of_manifests() {
            self.exchange.keep_manifests(&self.manifests_in_use());
        }
        if let Some(manifest) = self.exchange.take_manifest(manifest) {
            self.outbox.push(ProtocolEvent::Manifest(manifest));
        }
    }

    fn manifests_in_use(&self) -> BTreeSet<ObjectHash> {
        let statuses = self.members.iter().filter_map(|(_, member)| member.status());
        statuses.flat_map(|status| status.collections()).map(|collection| collection.manifest).collect()
    }

    /// Pulls a member's status if the one its hello names is not here.
    pub(super) fn pull(&mut self, now: Instant, link: LinkId, beacon: &BeaconId) {
        let Some(member) = self.members.find(beacon).filter(|member| !member.status_is_current()) else { return };
        if let Some(root) = member.hello.hello().root {
            self.exchange.pull_status(now, *beacon, root, link, &mut self.outbox);
        }
    }

    pub(super) fn send_status(
        &mut self,
        now: Instant,
        link: LinkId,
        beacon: BeaconId,
        root: ObjectHash,
        parts: &[ObjectHash],
    ) {
        let own = (beacon == self.id()).then(|| self.own.status()).flatten();
        let known = own.or_else(|| self.members.find(&beacon).and_then(|member| member.status()));
        match known.filter(|status| status.root() == root).map(|status| status_message(beacon, status, parts)) {
            Some(message) => self.answer(now, link, message),
            None if self.exchange.queue_asker(&beacon, &root, link) => {}
            None => self.outbox.send(link, Message::NoStatus { beacon, root }),
        }
    }

    pub(super) fn take_status(
        &mut self,
        now: Instant,
        link: LinkId,
        beacon: BeaconId,
        root: ObjectHash,
        parts: &[Arc<[u8]>],
    ) {
        let before = self.members.find(&beacon).and_then(|member| member.status().cloned());
        let before = before.as_deref();
        match self.exchange.take_status(now, link, (beacon, root), parts, before, &mut self.outbox) {
            Progress::Waiting => {}
            Progress::Offence => self.offence(link, "it sent a status that is not the one asked for"),
            Progress::Complete(status) => self.complete_status(beacon, status),
        }
    }

    /// Keeps a member's status where it is kept already, if it is this one.
    pub fn share_status(&mut self, beacon: &BeaconId, status: &Arc<Status>) {
        let kept = self.members.find_mut(beacon).and_then(|member| member.status.as_mut());
        if let Some(kept) = kept.filter(|kept| kept.root() == status.root()) {
            *kept = Arc::clone(status);
        }
    }

    /// Begins with a member known by a hello that came at `heard` and by the status it names, neither of which is checked;
    /// false where something newer is known.
    pub fn know(&mut self, now: Instant, hello: &Arc<SignedHello>, heard: Instant, status: &Arc<Status>) -> bool {
        self.members.restore(now, Arc::clone(hello), heard);
        let member = self.members.find_mut(&hello.hello().id).filter(|member| Arc::ptr_eq(&member.hello, hello));
        let is_new = member.is_some();
        if let Some(member) = member {
            member.status = Some(Arc::clone(status));
        }
        is_new
    }

    /// Begins with the members that another beacon knows.
    pub fn know_like(&mut self, other: &Self) {
        self.members = other.members.without(&self.id());
    }

    fn complete_status(&mut self, beacon: BeaconId, status: Arc<Status>) {
        if let Some(member) = self.members.find_mut(&beacon)
            && member.hello.hello().root == Some(status.root())
        {
            member.status = Some(status);
            self.outbox.push(ProtocolEvent::Status(beacon));
        }
    }
}
