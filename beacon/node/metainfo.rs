//! .torrent files from other beacons, where a collection gives only a magnet link.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
    time::Duration,
};

use super::{Output, node::Node};
use crate::{
    metainfo::Metainfo,
    model::{InfoHash, Instant, LinkId, Rng, readable},
    wire::Message,
};

/// Which .torrent files are asked for, and of whom.
#[derive(Debug, Default)]
pub(super) struct Asks {
    /// Asked and not answered.
    asked: BTreeMap<InfoHash, (LinkId, Instant)>,
    /// Still to be asked for in this round.
    queue: Vec<InfoHash>,
    /// How many rounds all that is lacking was asked for.
    rounds: u32,
    next_round: Instant,
}

/// The most questions under way: each answer may be megabytes.
const ASKED_MAX: usize = 16;
/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(10);
/// The first rounds follow each other quickly; a .torrent that none of them found may come with the torrent itself.
const QUICK_ROUNDS: u32 = 5;
const QUICK: Duration = Duration::from_secs(1);
const SLOW: Duration = Duration::from_secs(30);

impl Asks {
    /// Begins anew: there are new torrents, or a first neighbor to ask.
    pub(super) fn restart(&mut self, now: Instant) {
        self.queue.clear();
        self.rounds = 0;
        self.next_round = now;
    }

    /// Whether every neighbor may have been asked for everything, so that what is lacking need not be waited for.
    pub(super) const fn were_quick(&self) -> bool {
        self.rounds >= QUICK_ROUNDS
    }

    pub(super) fn next_timeout(&self) -> Instant {
        self.asked.values().map(|(_, at)| *at + ANSWER).min().unwrap_or(Instant::FAR_FUTURE).min(self.next_round)
    }

    /// Whom to ask for what now. `lacking` is called when a round begins.
    fn due(
        &mut self,
        now: Instant,
        links: &[LinkId],
        rng: &mut Rng,
        lacking: impl Fn() -> Vec<InfoHash>,
    ) -> Vec<(InfoHash, LinkId)> {
        self.asked.retain(|_, (_, at)| now.since(*at) < ANSWER);
        if self.next_round <= now {
            self.next_round = now + if self.were_quick() { SLOW } else { QUICK };
            if self.queue.is_empty() && !links.is_empty() {
                self.queue = lacking();
                rng.shuffle(&mut self.queue);
                self.rounds = self.rounds.saturating_add(1);
            }
        }
        let mut due = Vec::new();
        while self.asked.len() < ASKED_MAX {
            let Some(link) = rng.choose(links).copied() else { break };
            let Some(hash) = self.queue.pop() else { break };
            if let Entry::Vacant(place) = self.asked.entry(hash) {
                place.insert((link, now));
                due.push((hash, link));
            }
        }
        due
    }

    /// Takes note of an answer; whether it was asked for.
    fn answered(&mut self, link: LinkId, info_hash: &InfoHash) -> bool {
        let expected = self.asked.get(info_hash).is_some_and(|(asked, _)| *asked == link);
        if expected {
            self.asked.remove(info_hash);
        }
        expected
    }
}

impl Node {
    /// Asks neighbors for .torrent files of torrents of which not even the size is known.
    pub(super) fn ask_for_metainfo(&mut self, now: Instant) {
        let links: Vec<LinkId> = self.protocol.links().iter().map(|(id, _)| id).collect();
        let torrents = self.census.torrents().entries();
        let lacking =
            || torrents.iter().filter(|torrent| torrent.size.is_none()).map(|torrent| torrent.info_hash).collect();
        for (hash, link) in self.metainfo_asks.due(now, &links, &mut self.rng, lacking) {
            self.protocol.send(link, Message::WantMetainfo(hash));
        }
    }

    /// A neighbor does not have a .torrent.
    pub(super) fn no_metainfo(&mut self, now: Instant, link: LinkId, info_hash: &InfoHash) {
        if self.metainfo_asks.answered(link, info_hash) {
            self.ask_for_metainfo(now);
        }
    }

    /// Takes a .torrent that was asked for; reading one costs too much to do it for whatever comes.
    pub(super) fn take_metainfo(&mut self, now: Instant, link: LinkId, info_hash: InfoHash, bytes: Arc<[u8]>) {
        if !self.metainfo_asks.answered(link, &info_hash) {
            return;
        }
        if let Some(index) = self.census.torrents().find(&info_hash)
            && self.census.torrents().at(index).size.is_none()
        {
            match Metainfo::read(&bytes) {
                Ok(metainfo) if metainfo.hashes.contains(&info_hash) => {
                    self.census.learn_size(index, metainfo.size);
                    self.news.torrents = true;
                    let (name, size) = (readable(&metainfo.name), metainfo.size);
                    self.learn_name(index, info_hash, name.clone());
                    self.outputs.push_back(Output::SaveMetainfo { info_hash, bytes, name, size });
                }
                _ => self.protocol.wrong_metainfo(link),
            }
        }
        self.ask_for_metainfo(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: LinkId = LinkId(1);

    fn hash(byte: u8) -> InfoHash {
        InfoHash::V1([byte; 20])
    }

    fn at(secs: u64) -> Instant {
        Instant::from_millis(secs * 1_000)
    }

    #[test]
    fn a_few_are_asked_for_at_a_time_and_each_answer_makes_room_for_the_next() {
        let (mut asks, mut rng) = (Asks::default(), Rng::new(1));
        let lacking = || (0..100).map(hash).collect::<Vec<_>>();
        let first = asks.due(at(0), &[LINK], &mut rng, lacking);
        assert_eq!(first.len(), ASKED_MAX);
        assert_eq!(asks.due(at(1), &[LINK], &mut rng, lacking), []);
        assert!(!asks.answered(LinkId(2), &first[0].0), "another link was not asked");
        assert!(asks.answered(LINK, &first[0].0));
        assert_eq!(asks.due(at(1), &[LINK], &mut rng, lacking).len(), 1);
        assert_eq!(asks.due(at(10), &[LINK], &mut rng, lacking).len(), ASKED_MAX - 1, "no answer makes room as well");
    }

    #[test]
    fn what_quick_rounds_do_not_find_is_no_longer_waited_for_but_still_asked_for() {
        let (mut asks, mut rng) = (Asks::default(), Rng::new(1));
        let lacking = || vec![hash(1)];
        assert_eq!(asks.due(at(0), &[], &mut rng, lacking), [], "there is nobody to ask");
        for second in 1..=5 {
            assert!(!asks.were_quick());
            assert_eq!(asks.due(at(second), &[LINK], &mut rng, lacking), [(hash(1), LINK)]);
            asks.answered(LINK, &hash(1));
        }
        assert!(asks.were_quick());
        assert_eq!(asks.due(at(7), &[LINK], &mut rng, lacking), [(hash(1), LINK)]);
        asks.answered(LINK, &hash(1));
        assert_eq!(asks.due(at(20), &[LINK], &mut rng, lacking), []);
        asks.restart(at(20));
        assert!(!asks.were_quick());
    }
}
