//! Lazy push: a hello goes in full along a tree of links that grows by itself, and as twelve bytes on all others.
//!
//! One beacon, the root, has its hellos sent in full on all links; whoever gets one makes the link that brought it first
//! part of the tree and takes those out that bring it again. So the tree is that of the shortest ways from the root, and
//! is made anew with each of its hellos. The root is the beacon of the lowest id that is there; that beacons may differ
//! on it for a while does no harm. In between, the tree mends itself.
//!
//! After Leitão, Pereira and Rodrigues, "Epidemic broadcast trees" (SRDS 2007): a link that brings a hello in full which
//! is here already is pruned to ids; who learns an id and is not sent the hello soon after asks for it, and if many were
//! missing the link it asked on joins the tree.

use std::{
    collections::{BTreeMap, VecDeque},
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
    /// Ids to send on links, in no order.
    ids: Vec<(LinkId, HelloId)>,
    /// What need not be sent of them, since the neighbor has announced it in the meantime.
    announced: Vec<(LinkId, HelloId)>,
    flush_at: Option<Instant>,
    missing: BTreeMap<HelloId, Missing>,
    /// The ids passed on last, newest first: what neighbors announce is most often among them.
    recent: VecDeque<HelloId>,
    /// Not later than the first of `missing` is due.
    next_ask: Option<Instant>,
    spare: Spare,
    /// Rises with hellos that had to be asked for, falls with those that came by themselves.
    thirst: u32,
}

/// Why a hello goes in full on other links than those of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It says nothing new, and does not.
    Heartbeat,
    /// It is of a beacon not known before, or names another status: everyone should know soon.
    News,
    /// It is the root's, and makes the tree.
    Root,
}

/// What may be spent on sending news in full on all links: as much as the tree may take, saved up for a while.
#[derive(Debug, Default)]
struct Spare {
    spent: u64,
    at: Instant,
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
const GRACE: Duration = Duration::from_millis(500);
/// How long an answer may take before another link is asked.
const ANSWER: Duration = Duration::from_millis(600);
/// Beyond this the sources have lied or are as lost as we are; reconciliation will find what is missing.
const TRIES_MAX: u32 = 8;
/// The most hellos waited for; ids beyond that are passed over.
const MISSING_MAX: usize = 20_000;
/// The most ids remembered as passed on: those of a few seconds, even of large networks.
const RECENT_MAX: usize = 24;
/// Room for so many ids is kept from one flush to the next.
const IDS_KEPT_MAX: usize = 64;
/// The most links remembered as having one hello.
const SOURCES_MAX: usize = 4;
/// A hello that had to be asked for weighs as much as this many that came by themselves: where more than a fifth has to be
/// asked for, it is not chance but a broken tree.
const THIRST: u32 = 4;
/// How often a hello has to be asked for, beyond that, before a link joins the tree.
const THIRST_MAX: u32 = 12 * THIRST;
impl Flood {
    /// Passes a new hello on to every link but the one it came from, in full on all where it is the root's, or
    /// news and there is something to spare of the `budget` in bytes per second.
    pub(super) fn spread(
        &mut self,
        now: Instant,
        (hello, kind): (&Arc<SignedHello>, Kind),
        budget: u32,
        from: Option<LinkId>,
        links: &Links,
        outbox: &mut Outbox,
    ) {
        let short = hello.short_id();
        self.recent.truncate(RECENT_MAX - 1);
        self.recent.push_front(short);
        let bytes = hello.bytes().len() * links.len();
        let to_all = kind == Kind::Root || kind == Kind::News && self.spare.spend(now, bytes as u64, budget);
        let missing = self.missing.remove(&short);
        let have_it = |link| missing.as_ref().is_some_and(|missing| missing.sources.contains(&link));
        for (id, link) in links.iter().filter(|(id, _)| Some(*id) != from && (kind == Kind::Root || !have_it(*id))) {
            if link.eager || to_all {
                outbox.send(id, Message::Hellos(vec![Arc::clone(hello)]));
            } else {
                self.ids.push((id, short));
                self.flush_at.get_or_insert(now + BATCH);
            }
        }
        if missing.is_none_or(|missing| missing.tries == 0) {
            self.thirst = self.thirst.saturating_sub(1);
        }
    }

    /// Whether a hello was passed on just now.
    pub(super) fn is_recent(&self, short: &HelloId) -> bool {
        self.recent.contains(short)
    }

    /// Whether a hello is known by its id only.
    pub(super) fn is_missing(&self, short: &HelloId) -> bool {
        self.missing.contains_key(short)
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
        if !self.ids.is_empty() {
            self.announced.push((link, *short));
        }
    }

    /// Forgets a link that is down.
    pub(super) fn link_down(&mut self, link: LinkId) {
        self.ids.retain(|(on, _)| *on != link);
        self.missing.retain(|_, missing| {
            missing.sources.retain(|source| *source != link);
            !missing.sources.is_empty()
        });
    }

    /// Sends the ids that have waited long enough, and asks for what has not come. Where that happens often the tree is
    /// broken here, and the link asked on joins it.
    pub(super) fn tick(&mut self, now: Instant, links: &mut Links, outbox: &mut Outbox) {
        if self.flush_at.is_some_and(|at| at <= now) {
            self.flush(outbox);
        }
        if self.next_ask.is_some_and(|at| at <= now) {
            self.ask(now, links, outbox);
        }
    }

    /// Sends the ids that wait.
    fn flush(&mut self, outbox: &mut Outbox) {
        self.flush_at = None;
        self.announced.sort_unstable();
        self.ids.retain(|id| self.announced.binary_search(id).is_err());
        self.announced.clear();
        self.ids.sort_unstable();
        for of_link in self.ids.chunk_by(|(one, _), (other, _)| one == other) {
            for batch in of_link.chunks(Message::IDS_MAX) {
                let ids = batch.iter().map(|(_, id)| *id).collect();
                outbox.send(batch[0].0, Message::HaveHellos(ids));
            }
        }
        self.ids.clear();
        // What a wave of news took is let go.
        self.ids.shrink_to(IDS_KEPT_MAX);
        self.announced.shrink_to(IDS_KEPT_MAX);
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

impl Spare {
    /// For how long the budget is saved up: enough for a thousand beacons with news at once.
    const SAVED: Duration = Duration::from_mins(12);

    /// Takes so many bytes, if there are as many.
    fn spend(&mut self, now: Instant, bytes: u64, budget: u32) -> bool {
        let earned = now.since(self.at).as_millis() * u128::from(budget) / 1_000;
        // Kept until it is a whole byte at least, or frequent small steps would earn nothing.
        if earned > 0 {
            self.spent = self.spent.saturating_sub(u64::try_from(earned).unwrap_or(u64::MAX));
            self.at = now;
        }
        let enough = self.spent + bytes <= Self::SAVED.as_secs() * u64::from(budget);
        if enough {
            self.spent += bytes;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Link, Own},
        *,
    };
    use crate::{
        model::{BeaconId, NetworkId},
        wire::Signer,
    };

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

    fn linked(eager: bool) -> Link {
        let address = "198.51.100.7:9000".parse().expect("an address");
        Link { eager, ..Link::new(Instant::ZERO, BeaconId::new([9; 32]), address, None) }
    }

    fn hello() -> Arc<SignedHello> {
        let signer = Signer::simulated(BeaconId::new([1; 32]));
        Own::new(Instant::ZERO, signer, NetworkId::new([0; 16]), 1)
            .due(Instant::ZERO, Duration::from_mins(1))
            .expect("the first is due at once")
    }

    #[test]
    fn news_goes_in_full_on_all_links_as_long_as_there_is_something_to_spare() {
        let (mut flood, mut links, mut outbox) = (Flood::default(), Links::default(), Outbox::default());
        links.insert(A, linked(true));
        links.insert(B, linked(false));
        let mut full = |kind, budget| {
            flood.spread(Instant::ZERO, (&hello(), kind), budget, None, &links, &mut outbox);
            sent(&mut outbox).len()
        };
        assert_eq!(full(Kind::Heartbeat, 2_000), 1, "along the tree");
        assert_eq!(full(Kind::News, 2_000), 2);
        assert_eq!(full(Kind::News, 0), 1, "nothing to spare");
        assert_eq!(full(Kind::Root, 0), 2);
    }

    #[test]
    fn what_was_spent_is_earned_again() {
        let mut spare = Spare::default();
        let all = Spare::SAVED.as_secs() * 1_000;
        assert!(spare.spend(Instant::ZERO, all, 1_000));
        assert!(!spare.spend(Instant::from_millis(900), 1_000, 1_000));
        assert!(spare.spend(Instant::from_millis(1_000), 1_000, 1_000));
    }

    #[test]
    fn where_much_has_to_be_asked_for_a_link_joins_the_tree() {
        let (mut flood, mut links, mut outbox) = (Flood::default(), Links::default(), Outbox::default());
        links.insert(A, linked(false));
        for seq in 0..13 {
            flood.announced(Instant::ZERO, short(seq), A);
        }
        flood.tick(flood.next_timeout(), &mut links, &mut outbox);
        assert!(links.find(A).is_some_and(|link| link.eager));
        assert_eq!(sent(&mut outbox)[0], super::super::ProtocolEvent::Send { link: A, message: Message::Graft });
    }
}
