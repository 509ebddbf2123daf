//! What the beacon means to do, is doing, and has done.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use super::{Outcome, view::ActionKind};
use crate::model::{InfoHash, Instant};

/// Intents, commands to the client, fetches under way, and what ended lately.
#[derive(Debug, Default)]
pub(super) struct Actions {
    /// Fetches that are announced and wait for a round in which nobody comes before us.
    intents: BTreeMap<InfoHash, Begun>,
    /// Commands that the client has not answered.
    commands: BTreeMap<(InfoHash, ActionKind), Begun>,
    /// Torrents that the client took and has not completed.
    fetching: BTreeMap<InfoHash, Fetching>,
    /// Torrents that the client or its user would not have, until they are tried again.
    refused: BTreeMap<InfoHash, Refused>,
    recent: VecDeque<Ended>,
    /// Whether any of it has changed since somebody last looked.
    is_news: bool,
    /// How many have ended since the start, by whether they failed.
    ended: BTreeMap<(ActionKind, bool), u64>,
}

/// Something that has begun, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Begun {
    pub(super) since: Instant,
    pub(super) reason: String,
}

#[derive(Debug, Clone)]
struct Fetching {
    begun: Begun,
    seen: bool,
}

#[derive(Debug, Clone, Copy)]
struct Refused {
    tries: u32,
    until: Instant,
}

/// Something that ended, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ended {
    pub(super) kind: ActionKind,
    pub(super) info_hash: InfoHash,
    pub(super) at: Instant,
    pub(super) reason: String,
    pub(super) outcome: String,
    /// Whether the client could not do it.
    pub(super) failed: bool,
}

/// The most that is remembered of what ended.
const RECENT_MAX: usize = 100;
/// A torrent that the client took and never shows is given up after this long.
const SHOWN_WITHIN: Duration = Duration::from_mins(2);
/// The first wait after the client refused a torrent; it doubles up to the last.
const REFUSED_FIRST: Duration = Duration::from_mins(1);
const REFUSED_LAST: Duration = Duration::from_hours(6);

impl Actions {
    /// Whether anything has changed since this was last asked.
    pub(super) fn take_news(&mut self) -> bool {
        std::mem::take(&mut self.is_news)
    }

    /// Torrents that are to be counted as being fetched here though the client does not show them.
    pub(super) fn coming(&self) -> impl Iterator<Item = &InfoHash> {
        let commanded = self.commands.keys().filter(|(_, kind)| *kind == ActionKind::Fetch).map(|(hash, _)| hash);
        let unseen = self.fetching.iter().filter(|(_, fetching)| !fetching.seen).map(|(hash, _)| hash);
        self.intents.keys().chain(commanded).chain(unseen)
    }

    /// Torrents that the client or its user would not have, and that are left to others for a while.
    pub(super) fn refused(&self, now: Instant) -> impl Iterator<Item = &InfoHash> {
        self.refused.iter().filter(move |(_, refused)| refused.until > now).map(|(hash, _)| hash)
    }

    /// How many torrents are on their way or about to be.
    pub(super) fn outstanding(&self) -> usize {
        self.intents.len() + self.commands.len() + self.fetching.len()
    }

    /// Leaves a torrent to others for a while, because the user took it out of the client; false where the beacon itself
    /// is about to.
    pub(super) fn leave(&mut self, now: Instant, info_hash: InfoHash) -> bool {
        let removes = [ActionKind::Cancel, ActionKind::Delete];
        if removes.iter().any(|kind| self.commands.contains_key(&(info_hash, *kind))) {
            return false;
        }
        self.refuse(now, info_hash);
        true
    }

    /// Announces a fetch.
    pub(super) fn intend(&mut self, now: Instant, info_hash: InfoHash, reason: String) {
        self.is_news = true;
        self.intents.entry(info_hash).or_insert(Begun { since: now, reason });
    }

    /// Takes an intent back; whether there was one.
    pub(super) fn withdraw(&mut self, info_hash: &InfoHash) -> bool {
        self.is_news = true;
        self.intents.remove(info_hash).is_some()
    }

    /// Forgets intents and refusals of torrents that no collection lists any more.
    pub(super) fn forget_unlisted(&mut self, is_unlisted: impl Fn(&InfoHash) -> bool) {
        self.intents.retain(|info_hash, _| !is_unlisted(info_hash));
        self.refused.retain(|info_hash, _| !is_unlisted(info_hash));
    }

    /// Intents that have stood this long are taken out, to be carried out.
    pub(super) fn ripe(&mut self, now: Instant, age: Duration) -> Vec<(InfoHash, Begun)> {
        let ripe: Vec<_> = self.intents.extract_if(.., |_, intent| now.since(intent.since) >= age).collect();
        self.is_news |= !ripe.is_empty();
        ripe
    }

    /// Notes a command to the client; false where the same is under way already.
    pub(super) fn command(&mut self, now: Instant, kind: ActionKind, info_hash: InfoHash, reason: String) -> bool {
        if self.commands.contains_key(&(info_hash, kind)) {
            return false;
        }
        self.is_news = true;
        self.commands.insert((info_hash, kind), Begun { since: now, reason });
        true
    }

    /// Whether a command about this torrent is under way.
    pub(super) fn is_commanded(&self, info_hash: &InfoHash) -> bool {
        self.commands.keys().any(|(commanded, _)| commanded == info_hash)
    }

    /// Notes how a command ended.
    pub(super) fn finish(&mut self, now: Instant, kind: ActionKind, info_hash: InfoHash, outcome: &Outcome) {
        let Some(begun) = self.commands.remove(&(info_hash, kind)) else { return };
        self.is_news = true;
        let failed = matches!(outcome, Outcome::Failed(_));
        let text = match (kind, outcome) {
            (ActionKind::Fetch, Outcome::Done) => {
                self.refused.remove(&info_hash);
                self.fetching.insert(info_hash, Fetching { begun: Begun { since: now, ..begun }, seen: false });
                return;
            }
            (ActionKind::Fetch, Outcome::AlreadyThere) => {
                self.refuse(now, info_hash);
                "the client had it already; it is yours and left alone".to_owned()
            }
            (_, Outcome::Failed(reason)) => {
                if matches!(kind, ActionKind::Fetch | ActionKind::Cancel | ActionKind::Serve) {
                    self.refuse(now, info_hash);
                }
                format!("failed: {reason}")
            }
            (ActionKind::Cancel, _) => {
                self.fetching.remove(&info_hash);
                "given up".to_owned()
            }
            (ActionKind::Serve | ActionKind::Restore, _) => "started again".to_owned(),
            (ActionKind::Reclaim, _) => "granted".to_owned(),
            (ActionKind::Quarantine, _) => "stopped; its files are kept for a while".to_owned(),
            (ActionKind::Delete, _) => "deleted".to_owned(),
        };
        self.end(Ended { kind, info_hash, at: now, reason: begun.reason, outcome: text, failed });
    }

    /// Whether a torrent should be on its way in the client.
    pub(super) fn is_fetching(&self, info_hash: &InfoHash) -> bool {
        self.fetching.contains_key(info_hash)
    }

    /// Compares what should be on its way with what the client shows: `incomplete` are this beacon's own torrents that are,
    /// and `complete` those of them that should be on their way and are complete. What ended is returned.
    pub(super) fn observe(
        &mut self,
        now: Instant,
        complete: &BTreeSet<InfoHash>,
        incomplete: &BTreeSet<InfoHash>,
    ) -> Vec<(InfoHash, &'static str)> {
        let known = self.fetching.len();
        for info_hash in incomplete {
            let unexplained = || Begun { since: now, reason: "begun before the beacon was last started".to_owned() };
            let under_way = self.commands.contains_key(&(*info_hash, ActionKind::Fetch));
            if !under_way {
                self.fetching.entry(*info_hash).or_insert_with(|| Fetching { begun: unexplained(), seen: true }).seen =
                    true;
            }
        }
        self.is_news |= self.fetching.len() != known;
        let done: Vec<_> = self
            .fetching
            .extract_if(.., |info_hash, fetching| {
                let lost = !incomplete.contains(info_hash)
                    && (fetching.seen || now.since(fetching.begun.since) > SHOWN_WITHIN);
                complete.contains(info_hash) || lost
            })
            .collect();
        let mut ended = Vec::new();
        for (info_hash, fetching) in done {
            let outcome = if complete.contains(&info_hash) { "complete" } else { "no longer in the client" };
            let Begun { reason, .. } = fetching.begun;
            ended.push((info_hash, outcome));
            let outcome = outcome.to_owned();
            self.end(Ended { kind: ActionKind::Fetch, info_hash, at: now, reason, outcome, failed: false });
        }
        ended
    }

    /// Announced fetches.
    pub(super) fn intents(&self) -> impl Iterator<Item = (&InfoHash, &Begun)> {
        self.intents.iter()
    }

    /// Whatever is under way.
    pub(super) fn running(&self) -> impl Iterator<Item = (ActionKind, &InfoHash, &Begun)> {
        let commands = self.commands.iter().map(|((info_hash, kind), begun)| (*kind, info_hash, begun));
        let fetching = self.fetching.iter().map(|(hash, fetching)| (ActionKind::Fetch, hash, &fetching.begun));
        commands.chain(fetching)
    }

    /// What ended, the latest first.
    pub(super) fn recent(&self) -> impl Iterator<Item = &Ended> {
        self.recent.iter()
    }

    /// How many have ended since the start, by kind and whether they failed.
    pub(super) const fn ended(&self) -> &BTreeMap<(ActionKind, bool), u64> {
        &self.ended
    }

    fn refuse(&mut self, now: Instant, info_hash: InfoHash) {
        let tries = self.refused.get(&info_hash).map_or(0, |refused| refused.tries).saturating_add(1);
        let wait = REFUSED_FIRST.saturating_mul(2_u32.saturating_pow(tries - 1)).min(REFUSED_LAST);
        self.refused.insert(info_hash, Refused { tries, until: now + wait });
    }

    fn end(&mut self, ended: Ended) {
        self.is_news = true;
        *self.ended.entry((ended.kind, ended.failed)).or_default() += 1;
        self.recent.push_front(ended);
        self.recent.truncate(RECENT_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: InfoHash = InfoHash::V1([1; 20]);

    fn at(secs: u64) -> Instant {
        Instant::from_millis(secs * 1_000)
    }

    fn started() -> Actions {
        let mut actions = Actions::default();
        actions.intend(at(0), HASH, "scarce".to_owned());
        assert_eq!(actions.ripe(at(1), Duration::from_secs(2)), vec![], "an intent waits");
        let ripe = actions.ripe(at(2), Duration::from_secs(2));
        assert!(actions.command(at(2), ActionKind::Fetch, ripe[0].0, ripe[0].1.reason.clone()));
        assert!(!actions.command(at(2), ActionKind::Fetch, HASH, String::new()), "it is under way");
        actions
    }

    #[test]
    fn a_fetch_is_counted_from_its_intent_until_it_is_complete() {
        let mut actions = started();
        assert_eq!(actions.coming().collect::<Vec<_>>(), [&HASH]);
        actions.finish(at(3), ActionKind::Fetch, HASH, &Outcome::Done);
        assert_eq!(actions.coming().collect::<Vec<_>>(), [&HASH], "the client does not show it yet");
        actions.observe(at(4), &BTreeSet::new(), &BTreeSet::from([HASH]));
        assert_eq!(actions.coming().count(), 0);
        assert_eq!(actions.running().count(), 1);
        actions.observe(at(5), &BTreeSet::from([HASH]), &BTreeSet::new());
        assert_eq!(actions.running().count(), 0);
        assert_eq!(actions.recent().next().expect("ended").outcome, "complete");
    }

    #[test]
    fn a_refused_torrent_is_left_to_others_for_longer_each_time() {
        let mut actions = started();
        actions.finish(at(3), ActionKind::Fetch, HASH, &Outcome::Failed("bad torrent".to_owned()));
        assert_eq!(actions.refused(at(62)).count(), 1);
        assert_eq!(actions.refused(at(63)).count(), 0);
        actions.command(at(63), ActionKind::Fetch, HASH, String::new());
        actions.finish(at(63), ActionKind::Fetch, HASH, &Outcome::AlreadyThere);
        assert_eq!(actions.refused(at(182)).count(), 1);
    }

    #[test]
    fn a_torrent_that_the_client_never_shows_is_given_up() {
        let mut actions = started();
        actions.finish(at(3), ActionKind::Fetch, HASH, &Outcome::Done);
        actions.observe(at(100), &BTreeSet::new(), &BTreeSet::new());
        assert_eq!(actions.running().count(), 1);
        actions.observe(at(200), &BTreeSet::new(), &BTreeSet::new());
        assert_eq!(actions.running().count(), 0);
    }
}
