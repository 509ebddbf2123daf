//! Hellos as they come in: taken, announced and asked for.

use std::sync::Arc;

use super::{Protocol, event::ProtocolEvent, members::Verdict};
use crate::{
    model::{Instant, LinkId},
    wire::{HelloId, Message, SignedHello},
};

impl Protocol {
    pub(super) fn take_hellos(&mut self, now: Instant, link: LinkId, hellos: Vec<Arc<SignedHello>>) {
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
            let is_newcomer = self.members.find(&hello.hello().id).is_none();
            if is_newcomer && !self.links.find_mut(link).is_some_and(|sender| sender.newcomers.spend(now, 1)) {
                continue;
            }
            let verifier = self.verifier;
            match self.members.take(now, &hello, |hello| hello.verify(verifier)) {
                Verdict::Newer => {
                    self.outbox.push(ProtocolEvent::Hello(hello.hello().id));
                    let asked = self.flood.spread(now, &hello, Some(link), &self.links, &mut self.outbox);
                    if let Some(member) = self.members.find_mut(&hello.hello().id) {
                        member.asked = asked;
                    }
                    self.pull(now, link, &hello.hello().id);
                    for evicted in self.members.take_evicted() {
                        self.exchange.forget(&evicted);
                        self.outbox.push(ProtocolEvent::Forgotten(evicted));
                    }
                }
                Verdict::Known => {
                    if pushed {
                        self.prune(now, link, &hello);
                    }
                    self.pull(now, link, &hello.hello().id);
                }
                Verdict::Older | Verdict::TooOften => {}
                Verdict::Forged => return self.offence(link, "it sent a hello with a forged signature"),
                Verdict::Equivocation(known) => self.take_equivocation(now, None, &known, &hello),
            }
        }
    }

    /// A link brought what another had brought before: it need not carry hellos in full, in either direction. What had to
    /// be asked for says nothing about the link that brings it late.
    fn prune(&mut self, now: Instant, link: LinkId, hello: &SignedHello) {
        self.flood.has_too(&hello.short_id(), link);
        let asked = self.members.find(&hello.hello().id).is_some_and(|member| member.asked);
        if !asked
            && self.flood.may_prune(now, link, &self.links)
            && let Some(sender) = self.links.find_mut(link)
        {
            sender.eager = false;
            self.outbox.send(link, Message::Prune);
        }
    }

    pub(super) fn announced(&mut self, now: Instant, link: LinkId, short: HelloId) {
        let known = match self.members.by_short_id(&short) {
            Some(member) => !short.is_newer_than(&member.hello.short_id()),
            None => short.beacon == self.id().as_bytes()[..6],
        };
        if known {
            self.flood.has_too(&short, link);
            if let Some(member) = self.members.by_short_id(&short).filter(|member| !member.status_is_current()) {
                self.exchange.add_source(&member.hello.hello().id, link);
            }
        } else if self.links.find_mut(link).is_some_and(|sender| sender.announcements.spend(now, 1)) {
            self.flood.announced(now, short, link);
        }
    }

    pub(super) fn send_asked(&mut self, now: Instant, link: LinkId, ids: &[HelloId]) {
        for short in ids {
            let own = self.own.hello().filter(|hello| hello.short_id().beacon == short.beacon);
            let hello = own.or_else(|| self.members.by_short_id(short).map(|member| &member.hello));
            if let Some(hello) = hello.filter(|hello| !short.is_newer_than(&hello.short_id())).map(Arc::clone) {
                self.answer(now, link, Message::Hellos(vec![hello]));
            }
        }
    }
}
