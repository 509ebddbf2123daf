//! How questions for grants and their answers find their way: straight where there is a link, else back along the way that
//! the other's latest hello came, from beacon to beacon.

use std::sync::Arc;

use crate::{
    model::{BeaconId, DialAddress, InfoHash, Instant, LinkId, Nonce, Refusal},
    protocol::{Protocol, ProtocolEvent},
    wire::{GrantAnswer, GrantAsk, Message, Signed},
};

/// How many beacons pass something on at most: twice as many as lie between any two of ten thousand.
const HOPS_MAX: u8 = 24;

impl Protocol {
    /// Asks a holder for its leave to delete this beacon's copy. With `dial`, a link to it is made where there is none: the
    /// way that its hello came may be gone.
    pub fn ask_grant(&mut self, holder: &BeaconId, info_hash: InfoHash, nonce: Nonce, dial: bool) {
        let asker = self.id();
        let ask = self.own.sign(|network| GrantAsk { network, asker, holder: *holder, info_hash, nonce });
        if dial
            && self.links.to(holder).is_none()
            && let Some(address) = self.address_of(holder)
        {
            self.outbox.push(ProtocolEvent::Dial(address));
        }
        if let Some(link) = self.way_to(holder) {
            self.outbox.send(link, Message::GrantAsk { hops: HOPS_MAX, ask: Arc::new(ask) });
        }
    }

    /// Answers a question that came on `link`.
    pub fn answer_grant(&mut self, link: LinkId, ask: GrantAsk, verdict: Result<u16, Refusal>) {
        let back = self.links.to(&ask.asker).unwrap_or(link);
        let answer = self.own.sign(|network| GrantAnswer { ask: GrantAsk { network, ..ask }, verdict });
        self.outbox.send(back, Message::GrantAnswer { hops: HOPS_MAX, answer: Arc::new(answer) });
    }

    pub(in crate::protocol) fn take_grant_ask(
        &mut self,
        now: Instant,
        link: LinkId,
        hops: u8,
        ask: Arc<Signed<GrantAsk>>,
    ) {
        if !self.may_bring_grants(now, link) || !self.settings.accepts(&ask.record().network) {
            return;
        }
        let holder = ask.record().holder;
        if holder != self.id() {
            return self.pass_on(link, &holder, hops, |hops| Message::GrantAsk { hops, ask });
        }
        // Whoever carried a forged one may not have known, and answers only for how much it brings.
        if ask.verify(self.verifier) {
            self.outbox.push(ProtocolEvent::GrantAsked { link, ask: *ask.record() });
        }
    }

    pub(in crate::protocol) fn take_grant_answer(
        &mut self,
        now: Instant,
        link: LinkId,
        hops: u8,
        answer: Arc<Signed<GrantAnswer>>,
    ) {
        let ask = answer.record().ask;
        if !self.may_bring_grants(now, link) || !self.settings.accepts(&ask.network) {
            return;
        }
        if ask.asker != self.id() {
            return self.pass_on(link, &ask.asker, hops, |hops| Message::GrantAnswer { hops, answer });
        }
        if answer.verify(self.verifier) {
            self.outbox.push(ProtocolEvent::GrantAnswered(*answer.record()));
        }
    }

    /// Hands something on towards whom it is for.
    fn pass_on(&mut self, from: LinkId, to: &BeaconId, hops: u8, message: impl FnOnce(u8) -> Message) {
        if let Some(hops) = hops.checked_sub(1)
            && let Some(link) = self.way_to(to).filter(|link| *link != from)
        {
            self.outbox.send(link, message(hops));
        }
    }

    /// The link to a beacon, or the one on which its latest hello came.
    pub fn way_to(&self, beacon: &BeaconId) -> Option<LinkId> {
        let back = || {
            let member = self.members.find(beacon)?;
            self.links.iter().map(|(id, _)| id).find(|link| member.has_come_by(*link))
        };
        self.links.to(beacon).or_else(back)
    }

    fn may_bring_grants(&mut self, now: Instant, link: LinkId) -> bool {
        self.links.find_mut(link).is_some_and(|link| link.grants.spend(now, 1))
    }

    fn address_of(&self, beacon: &BeaconId) -> Option<DialAddress> {
        let address = *self.members.find(beacon)?.hello().hello().addresses.first()?;
        Some(DialAddress { id: Some(*beacon), host: address.ip().to_string(), port: address.port() })
    }
}
