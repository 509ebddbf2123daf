//! What is done with hellos that come: taken, passed on, asked for, and the tree shaped by them.

use std::sync::Arc;

use super::{Protocol, event::ProtocolEvent, flood::Kind, members::Verdict};
use crate::{
    model::{BeaconId, Instant, LinkId, Liveness},
    wire::{HelloId, Message, SignedHello},
};

impl Protocol {
    /// Takes hellos: what is new is passed on, and the statuses that they name are pulled.
    pub(super) fn take_hellos(&mut self, now: Instant, link: LinkId, hellos: Vec<Arc<SignedHello>>) {
        let pushed = hellos.len() == 1;
        for hello in hellos {
            let stranger = !self.settings.accepts(&hello.hello().network);
            if stranger {
                return self.offence(link, "its hellos are of another network");
            }
            if hello.hello().id == self.id() {
                if let Some(incarnation) = self.own.meet_own(now, &hello) {
                    self.outbox.push(ProtocolEvent::IncarnationRaised(incarnation));
                }
                continue;
            }
            let known = self.members.find(&hello.hello().id);
            let was_alive = known.is_some_and(|member| member.liveness() == Liveness::Alive);
            let before = known.map(|member| Arc::clone(&member.hello));
            if before.is_none() && !self.links.find_mut(link).is_some_and(|sender| sender.newcomers.spend(now, 1)) {
                continue;
            }
            let verifier = self.verifier;
            match self.members.take(now, &hello, |hello| hello.verify(verifier)) {
                Verdict::Newer => {
                    self.close_forgotten(link, &hello);
                    self.members.came_by(&hello.hello().id, link);
                    let says_as_before = |before: &Arc<SignedHello>| before.hello().says_as(hello.hello());
                    let is_news = !was_alive || !before.as_ref().is_some_and(says_as_before);
                    self.outbox.push(ProtocolEvent::Hello { beacon: hello.hello().id, is_news });
                    let kind = if pushed { self.kind(&hello, before.as_deref()) } else { Kind::Heartbeat };
                    let budget = self.settings.hello_budget;
                    self.flood.spread(now, (&hello, kind), budget, Some(link), &self.links, &mut self.outbox);
                    if kind == Kind::Root
                        && let Some(parent) = self.links.find_mut(link)
                    {
                        parent.eager = true;
                        self.outbox.send(link, Message::Graft);
                    }
                    self.pull(now, link, &hello.hello().id);
                    for evicted in self.members.take_evicted() {
                        self.exchange.forget(&evicted);
                        self.outbox.push(ProtocolEvent::Forgotten(evicted));
                    }
                }
                Verdict::Known => {
                    self.note_incarnation(link, &hello);
                    if pushed {
                        self.prune(link, &hello);
                    }
                    self.pull(now, link, &hello.hello().id);
                }
                Verdict::Older | Verdict::TooOften => {}
                Verdict::Forged => return self.offence(link, "it sent a hello with a forged signature"),
                Verdict::Equivocation(known) => self.take_equivocation(now, None, &known, &hello),
            }
        }
    }

    /// A beacon that is started again after a power cut knows nothing of the links that it had, and nobody was told that they
    /// are gone: whatever is sent there would be lost until they time out. So they are closed at its first new hello,
    /// whichever way it comes.
    fn close_forgotten(&mut self, link: LinkId, hello: &SignedHello) {
        self.note_incarnation(link, hello);
        if let Some(link) = self.links.forgotten(&hello.hello().id, hello.hello().incarnation) {
            self.outbox.push(ProtocolEvent::Close { link, reason: "its beacon has been started again since" });
        }
    }

    /// Notes which start of its beacon a link is of, where the hello is the other end's own.
    fn note_incarnation(&mut self, link: LinkId, hello: &SignedHello) {
        if let Some(sender) = self.links.find_mut(link).filter(|sender| sender.beacon == hello.hello().id) {
            sender.incarnation = sender.incarnation.max(Some(hello.hello().incarnation));
        }
    }

    /// How a hello is to be passed on. `before` is the one before it, if there was one.
    pub(super) fn kind(&self, hello: &SignedHello, before: Option<&SignedHello>) -> Kind {
        if self.is_root(&hello.hello().id) {
            Kind::Root
        } else if before.is_some_and(|before| before.hello().root == hello.hello().root) {
            Kind::Heartbeat
        } else {
            Kind::News
        }
    }

    /// Whether it is by this beacon's hellos that the tree is made.
    fn is_root(&self, id: &BeaconId) -> bool {
        *id <= self.id() && self.members.lowest_alive().is_none_or(|lowest| *id <= lowest)
    }

    /// A link brought what another had brought before. If it is the root's, it need not carry hellos in full, in either
    /// direction; the other end most often sees the same.
    fn prune(&mut self, link: LinkId, hello: &SignedHello) {
        self.flood.has_too(&hello.short_id(), link);
        if self.is_root(&hello.hello().id)
            && let Some(sender) = self.links.find_mut(link)
            && sender.eager
        {
            sender.eager = false;
            self.outbox.send(link, Message::Prune);
        }
    }

    /// A neighbor has a hello.
    pub(super) fn announced(&mut self, now: Instant, link: LinkId, short: HelloId) {
        if self.exchange.awaits_no_status() && self.flood.is_recent(&short) {
            return self.flood.has_too(&short, link);
        }
        let member = if self.flood.is_missing(&short) { None } else { self.members.by_short_id(&short) };
        let known = match member {
            Some(member) => !short.is_newer_than(&member.hello.short_id()),
            None => short.beacon == self.id().as_bytes()[..6],
        };
        if known {
            self.flood.has_too(&short, link);
            if let Some(member) = member.filter(|member| !member.status_is_current()) {
                self.exchange.add_source(&member.hello.hello().id, link);
            }
        } else if self.links.find_mut(link).is_some_and(|sender| sender.announcements.spend(now, 1)) {
            self.flood.announced(now, short, link);
        }
    }

    /// A neighbor wants hellos in full.
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
