//! Lazy push: a hello goes in full along a tree of links that grows by itself, and as twelve bytes on all others.
//!
//! After Leitão, Pereira and Rodrigues, "Epidemic broadcast trees" (SRDS 2007): a link that brings a hello in full which
//! is here already is pruned to ids; who learns an id and is not sent the hello soon after asks for it, and if many were
//! missing the link it asked on joins the tree.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use super::{event::Outbox, links::Links};
use crate::{
    model::{Instant, LinkId},
    wire::{HelloId, Message, SignedHello},
};

/// Ids that wait to be sent, and hellos that are known by their ids only.
#[derive(Debug, Default)]
pub(super) struct Flood {
    /// Ids to send, by link.
    ids: BTreeMap<LinkId, Vec<HelloId>>,
    flush_at: Option<Instant>,
    missing: BTreeMap<HelloId, Missing>,
}

#[derive(Debug)]
struct Missing {
    sources: Vec<LinkId>,
    ask_at: Instant,
    tries: u32,
}

/// How long ids wait for others to share a datagram with.
const BATCH: Duration = Duration::from_millis(50);
/// How long a hello may take to come in full after its id, before it is asked for.
const GRACE: Duration = Duration::from_millis(150);
/// How long an answer may take before another link is asked.
const ANSWER: Duration = Duration::from_millis(400);
/// Beyond this the sources have lied or are as lost as we are; reconciliation will find what is missing.
const TRIES_MAX: u32 = 8;
/// The most hellos waited for; ids beyond that are passed over.
const MISSING_MAX: usize = 20_000;
/// The most links remembered as having one hello.
const SOURCES_MAX: usize = 4;

impl Flood {
    /// Passes a hello on to every link but the one it came from.
    pub(super) fn spread(
        &mut self,
        now: Instant,
        hello: &Arc<SignedHello>,
        from: Option<LinkId>,
        links: &Links,
        outbox: &mut Outbox,
    ) {
        let short = hello.short_id();
        self.missing.remove(&short);
        for (id, link) in links.iter().filter(|(id, _)| Some(*id) != from) {
            if link.eager {
                outbox.send(id, Message::Hellos(vec![Arc::clone(hello)]));
            } else {
                self.ids.entry(id).or_default().push(short);
                self.flush_at.get_or_insert(now + BATCH);
            }
        }
    }

    /// Notes that a neighbor has a hello that is not here.
    pub(super) fn announced(&mut self, now: Instant, short: HelloId, link: LinkId) {
        if let Some(missing) = self.missing.get_mut(&short) {
            if missing.sources.len() < SOURCES_MAX && !missing.sources.contains(&link) {
                missing.sources.push(link);
            }
        } else if self.missing.len() < MISSING_MAX {
            self.missing.insert(short, Missing { sources: vec![link], ask_at: now + GRACE, tries: 0 });
        }
    }

    /// Forgets a link that is down.
    pub(super) fn link_down(&mut self, link: LinkId) {
        self.ids.remove(&link);
        self.missing.retain(|_, missing| {
            missing.sources.retain(|source| *source != link);
            !missing.sources.is_empty()
        });
    }

    /// Sends the ids that have waited long enough, and asks for what has not come. Where more than `graft_above` hellos
    /// are asked for at once, the tree is broken here, and the link asked on joins it.
    pub(super) fn tick(&mut self, now: Instant, graft_above: usize, links: &mut Links, outbox: &mut Outbox) {
        if self.flush_at.is_some_and(|at| at <= now) {
            self.flush_at = None;
            for (link, ids) in std::mem::take(&mut self.ids) {
                for batch in ids.chunks(Message::IDS_MAX) {
                    outbox.send(link, Message::HaveHellos(batch.to_vec()));
                }
            }
        }
        let mut asks: BTreeMap<LinkId, Vec<HelloId>> = BTreeMap::new();
        self.missing.retain(|short, missing| {
            if missing.ask_at > now {
                return true;
            }
            if missing.tries >= TRIES_MAX {
                return false;
            }
            let source = missing.sources[missing.tries as usize % missing.sources.len()];
            missing.tries += 1;
            missing.ask_at = now + ANSWER;
            asks.entry(source).or_default().push(*short);
            true
        });
        for (link, ids) in asks {
            if ids.len() > graft_above
                && let Some(link) = links.find_mut(link)
            {
                link.eager = true;
            }
            for batch in ids.chunks(Message::IDS_MAX) {
                outbox.send(link, Message::AskHellos(batch.to_vec()));
            }
        }
    }

    /// When it next has something to do.
    pub(super) fn next_timeout(&self) -> Instant {
        let asks = self.missing.values().map(|missing| missing.ask_at);
        asks.chain(self.flush_at).min().unwrap_or(Instant::FAR_FUTURE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::BeaconId;

    const A: LinkId = LinkId(1);
    const B: LinkId = LinkId(2);

    fn short(seq: u64) -> HelloId {
        HelloId::new(&BeaconId::new([1; 32]), 1, seq)
    }

    fn sent(outbox: &mut Outbox) -> Vec<super::super::ProtocolEvent> {
        std::iter::from_fn(|| outbox.pop()).collect()
    }

    #[test]
    fn what_was_announced_and_does_not_come_is_asked_for_at_one_source_after_another() {
        let (mut flood, mut links, mut outbox) = (Flood::default(), Links::default(), Outbox::default());
        flood.announced(Instant::ZERO, short(1), A);
        flood.announced(Instant::ZERO, short(1), B);
        flood.tick(Instant::ZERO, 1, &mut links, &mut outbox);
        assert_eq!(sent(&mut outbox), vec![], "it may still come by itself");
        let mut asked = Vec::new();
        while flood.next_timeout() != Instant::FAR_FUTURE {
            flood.tick(flood.next_timeout(), 1, &mut links, &mut outbox);
            asked.extend(sent(&mut outbox));
        }
        let ask = |link| super::super::ProtocolEvent::Send { link, message: Message::AskHellos(vec![short(1)]) };
        assert_eq!(asked.len(), TRIES_MAX as usize);
        assert_eq!(asked[..3], [ask(A), ask(B), ask(A)]);
    }

    #[test]
    fn a_link_that_is_down_is_not_asked() {
        let mut flood = Flood::default();
        flood.announced(Instant::ZERO, short(1), A);
        flood.link_down(A);
        assert_eq!(flood.next_timeout(), Instant::FAR_FUTURE);
    }
}
