//! How questions for grants and their answers find their way: straight where there is a link, else by way of a neighbor
//! that has one.

use std::sync::Arc;

use crate::{
    model::{BeaconId, DialAddress, InfoHash, Instant, LinkId, Nonce, Refusal},
    protocol::{Protocol, ProtocolEvent},
    wire::{GrantAnswer, GrantAsk, Message, Signed},
};

impl Protocol {
    /// Asks a holder for its leave to delete this beacon's copy. With `dial`, a link to it is made where there is none:
    /// neighbors that are linked to it pass the question on, but there need not be such a neighbor.
    pub fn ask_grant(&mut self, holder: &BeaconId, info_hash: InfoHash, nonce: Nonce, dial: bool) {
        let asker = self.id();
        let ask = self.own.sign(|network| GrantAsk { network, asker, holder: *holder, info_hash, nonce });
        let message = Message::GrantAsk(Arc::new(ask));
        if let Some(link) = self.links.to(holder) {
            self.outbox.send(link, message);
            return;
        }
        if dial && let Some(address) = self.address_of(holder) {
            self.outbox.push(ProtocolEvent::Dial(address));
        }
        for (link, _) in self.links.iter() {
            self.outbox.send(link, message.clone());
        }
    }

    /// Answers a question that came on `link`.
    pub fn answer_grant(&mut self, link: LinkId, ask: GrantAsk, verdict: Result<u16, Refusal>) {
        let back = self.links.to(&ask.asker).unwrap_or(link);
        let answer = self.own.sign(|network| GrantAnswer { ask: GrantAsk { network, ..ask }, verdict });
        self.outbox.send(back, Message::GrantAnswer(Arc::new(answer)));
    }

    pub(in crate::protocol) fn take_grant_ask(&mut self, now: Instant, link: LinkId, ask: Arc<Signed<GrantAsk>>) {
        if !self.may_bring_grants(now, link) || !self.settings.accepts(&ask.record().network) {
            return;
        }
        if ask.record().holder != self.id() {
            let holder = ask.record().holder;
            return self.pass_on(link, &holder, Message::GrantAsk(ask));
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
        answer: Arc<Signed<GrantAnswer>>,
    ) {
        let ask = &answer.record().ask;
        if !self.may_bring_grants(now, link) || !self.settings.accepts(&ask.network) {
            return;
        }
        if ask.asker != self.id() {
            let asker = ask.asker;
            return self.pass_on(link, &asker, Message::GrantAnswer(answer));
        }
        if answer.verify(self.verifier) {
            self.outbox.push(ProtocolEvent::GrantAnswered(*answer.record()));
        }
    }

    /// Hands something on to whom it is for, if that is a neighbor.
    fn pass_on(&mut self, from: LinkId, to: &BeaconId, message: Message) {
        if let Some(link) = self.links.to(to).filter(|link| *link != from) {
            self.outbox.send(link, message);
        }
    }

    fn may_bring_grants(&mut self, now: Instant, link: LinkId) -> bool {
        self.links.find_mut(link).is_some_and(|link| link.grants.spend(now, 1))
    }

    fn address_of(&self, beacon: &BeaconId) -> Option<DialAddress> {
        let address = *self.members.find(beacon)?.hello().hello().addresses.first()?;
        Some(DialAddress { id: Some(*beacon), host: address.ip().to_string(), port: address.port() })
    }
}
