//! Lazy push: a hello goes in full along a tree of links that grows by itself, and as twelve bytes on all others.
//!
//! After Leitão, Pereira and Rodrigues, "Epidemic broadcast trees" (SRDS 2007): a link that brings a hello in full which
//! is here already is pruned to ids; who learns an id and is not sent the hello soon after asks for it, and if many were
//! missing the link it asked on joins the tree.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use super::{event::Outbox, links::Links};
use crate::{
    model::{Instant, LinkId},
    wire::{HelloId, Message, SignedHello},
};

/// Ids that wait to be sent, and hellos that are known by their ids only.
#[derive(Debug, Default)]
pub(super) struct Flood {
    /// Ids to send, by link.
    ids: BTreeMap<LinkId, BTreeSet<HelloId>>,
    flush_at: Option<Instant>,
    missing: BTreeMap<HelloId, Missing>,
    /// Not later than the first of `missing` is due.
    next_ask: Option<Instant>,
    /// Rises with hellos that had to be asked for, falls with those that came by themselves.
    thirst: u32,
    /// When a link may be pruned again.
    prune_at: Instant,
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
const GRACE: Duration = Duration::from_millis(300);
/// How long an answer may take before another link is asked.
const ANSWER: Duration = Duration::from_millis(600);
/// Beyond this the sources have lied or are as lost as we are; reconciliation will find what is missing.
const TRIES_MAX: u32 = 8;
/// The most hellos waited for; ids beyond that are passed over.
const MISSING_MAX: usize = 20_000;
/// The most links remembered as having one hello.
const SOURCES_MAX: usize = 4;
/// A hello that had to be asked for weighs as much as this many that came by themselves: where more than a fifth has to be
/// asked for, it is not chance but a broken tree.
const THIRST: u32 = 4;
/// How often a hello has to be asked for, beyond that, before a link joins the tree.
const THIRST_MAX: u32 = 4 * THIRST;
/// The shortest time between two prunes: beacons that prune links of one circle at once would break it apart.
const PRUNE_EVERY: Duration = Duration::from_secs(1);

impl Flood {
    /// Passes a new hello on to every link but the one it came from; whether it had been asked for.
    pub(super) fn spread(
        &mut self,
        now: Instant,
        hello: &Arc<SignedHello>,
        from: Option<LinkId>,
        links: &Links,
        outbox: &mut Outbox,
    ) -> bool {
        let short = hello.short_id();
        let missing = self.missing.remove(&short);
        let have_it = |link| missing.as_ref().is_some_and(|missing| missing.sources.contains(&link));
        for (id, link) in links.iter().filter(|(id, _)| Some(*id) != from && !have_it(*id)) {
            if link.eager {
                outbox.send(id, Message::Hellos(vec![Arc::clone(hello)]));
            } else {
                self.ids.entry(id).or_default().insert(short);
                self.flush_at.get_or_insert(now + BATCH);
            }
        }
        let asked = missing.as_ref().is_some_and(|missing| missing.tries > 0);
        if !asked {
            self.thirst = self.thirst.saturating_sub(1);
        }
        asked
    }

    /// Notes that a neighbor has a hello that is not here.
    pub(super) fn announced(&mut self, now: Instant, short: HelloId, link: LinkId) {
        if let Some(missing) = self.missing.get_mut(&short) {
            if missing.sources.len() < SOURCES_MAX && !missing.sources.contains(&link) {
                missing.sources.push(link);
            }
        } else if self.missing.len() < MISSING_MAX {
            let ask_at = now + GRACE;
            self.missing.insert(short, Missing { sources: vec![link], ask_at, tries: 0 });
            self.next_ask = Some(self.next_ask.map_or(ask_at, |next| next.min(ask_at)));
        }
    }

    /// Notes that a neighbor has a hello that is here too: it need not be told of it.
    pub(super) fn has_too(&mut self, short: &HelloId, link: LinkId) {
        if let Some(ids) = self.ids.get_mut(&link) {
            ids.remove(short);
        }
    }

    /// Whether a link that brings what is here already may be pruned now: not the last, and not too many at once.
    pub(super) fn may_prune(&mut self, now: Instant, link: LinkId, links: &Links) -> bool {
        let may = self.prune_at <= now && links.iter().any(|(id, other)| id != link && other.eager);
        if may {
            self.prune_at = now + PRUNE_EVERY;
        }
        may
    }

    /// Forgets a link that is down.
    pub(super) fn link_down(&mut self, link: LinkId) {
        self.ids.remove(&link);
        self.missing.retain(|_, missing| {
            missing.sources.retain(|source| *source != link);
            !missing.sources.is_empty()
        });
    }

    /// Sends the ids that have waited long enough, and asks for what has not come. Where that happens often the tree is
    /// broken here, and the link asked on joins it.
    pub(super) fn tick(&mut self, now: Instant, links: &mut Links, outbox: &mut Outbox) {
        if self.flush_at.is_some_and(|at| at <= now) {
            self.flush_at = None;
            for (link, ids) in std::mem::take(&mut self.ids) {
                let ids: Vec<HelloId> = ids.into_iter().collect();
                for batch in ids.chunks(Message::IDS_MAX) {
                    outbox.send(link, Message::HaveHellos(batch.to_vec()));
                }
            }
        }
        if self.next_ask.is_some_and(|at| at <= now) {
            self.ask(now, links, outbox);
        }
    }

    fn ask(&mut self, now: Instant, links: &mut Links, outbox: &mut Outbox) {
        let mut asks: BTreeMap<LinkId, Vec<HelloId>> = BTreeMap::new();
        let mut next_ask = None;
        self.missing.retain(|short, missing| {
            if missing.ask_at <= now {
                if missing.tries >= TRIES_MAX {
                    return false;
                }
                let source = missing.sources[missing.tries as usize % missing.sources.len()];
                missing.tries += 1;
                missing.ask_at = now + ANSWER;
                asks.entry(source).or_default().push(*short);
                self.thirst += THIRST;
            }
            next_ask = Some(next_ask.map_or(missing.ask_at, |next: Instant| next.min(missing.ask_at)));
            true
        });
        self.next_ask = next_ask;
        for (link, ids) in asks {
            if self.thirst > THIRST_MAX
                && let Some(lazy) = links.find_mut(link).filter(|link| !link.eager)
            {
                self.thirst = 0;
                lazy.eager = true;
                outbox.send(link, Message::Graft);
            }
            for batch in ids.chunks(Message::IDS_MAX) {
                outbox.send(link, Message::AskHellos(batch.to_vec()));
            }
        }
    }

    /// When it next has something to do.
    pub(super) fn next_timeout(&self) -> Instant {
        let [flush, ask] = [self.flush_at, self.next_ask].map(|at| at.unwrap_or(Instant::FAR_FUTURE));
        flush.min(ask)
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
        flood.tick(Instant::ZERO, &mut links, &mut outbox);
        assert_eq!(sent(&mut outbox), vec![], "it may still come by itself");
        let mut asked = Vec::new();
        while flood.next_timeout() != Instant::FAR_FUTURE {
            flood.tick(flood.next_timeout(), &mut links, &mut outbox);
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
        let (mut links, mut outbox) = (Links::default(), Outbox::default());
        flood.tick(flood.next_timeout(), &mut links, &mut outbox);
        assert_eq!((sent(&mut outbox), flood.next_timeout()), (vec![], Instant::FAR_FUTURE));
    }
}
