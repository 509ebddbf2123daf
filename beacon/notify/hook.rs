//! One hook: what it has been told, what waits to be told, and how often it may be.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use super::{
    Event, EventKind, LackingTorrent, Message, Phase, Policy, Subject,
    facts::{Fact, GONE_IS_NEWS},
    sentences,
    watch::Watch,
};
use crate::model::Instant;

/// The most events that wait for a hook; those beyond are only counted.
const QUEUE_MAX: usize = 100;
/// Over which time messages are counted.
const HOUR: Duration = Duration::from_hours(1);

/// One hook.
#[derive(Debug)]
pub(super) struct Hook {
    policy: Policy,
    /// What it has been told and has not been over since, with since when that had held.
    told: BTreeMap<Subject, Instant>,
    /// Of which kinds a beginning has gone out whose end has not been told.
    begun: BTreeSet<EventKind>,
    queue: VecDeque<Event>,
    left_out: usize,
    /// When the messages of the last hour were sent.
    sent: VecDeque<Instant>,
    /// How `told` differs from what is remembered.
    unsaved: Changes,
}

/// What a hook now counts as told, and since when that has held; or no longer.
pub(super) type Changes = BTreeMap<Subject, Option<Instant>>;

impl Hook {
    pub(super) fn new(policy: Policy, told: BTreeMap<Subject, Instant>) -> Self {
        let (queue, sent) = (VecDeque::new(), VecDeque::new());
        // What is remembered has gone out.
        let begun = told.keys().map(|subject| subject.kind).collect();
        Self { policy, told, begun, queue, left_out: 0, sent, unsaved: Changes::new() }
    }

    /// Puts into the queue what has held long enough and was not told.
    pub(super) fn take_facts(
        &mut self,
        now: Instant,
        facts: &BTreeMap<Subject, Fact<'_>>,
        watch: &Watch,
        left_out: usize,
    ) {
        let mut lacking: BTreeMap<EventKind, Vec<(Instant, &LackingTorrent)>> = BTreeMap::new();
        for (subject, fact) in facts {
            let Some(since) = self.due(now, subject, fact, watch) else { continue };
            self.told.insert(subject.clone(), since);
            self.unsaved.insert(subject.clone(), Some(since));
            match *fact {
                Fact::Lacking(torrent) => lacking.entry(subject.kind).or_default().push((since, torrent)),
                Fact::ClientLost(reason) => self.push(sentences::client_lost(reason, since, now)),
                Fact::DiskFull(disk) => self.push(sentences::disk_full(disk, since)),
                Fact::Broken(problem) => self.push(sentences::broken(problem, since)),
                Fact::Drained(drain) => self.push(sentences::drained(drain, since)),
                Fact::Gone(member) if member.gone < GONE_IS_NEWS => self.push(sentences::gone(member, now)),
                Fact::Gone(_) => {}
                Fact::Failed(failure) => self.push(sentences::failed(failure)),
            }
        }
        for (kind, torrents) in lacking {
            let left_out = if kind == EventKind::Under { left_out } else { 0 };
            if let Some(event) = sentences::lacking(kind, &torrents, now, left_out) {
                self.push(event);
            }
        }
    }

    /// Takes in what is over: what was told may be told anew, and where people wait for its end, that is told.
    pub(super) fn take_over(&mut self, now: Instant, over: &[(Subject, Instant)]) {
        let mut ended: BTreeMap<EventKind, Instant> = BTreeMap::new();
        for (subject, _) in over {
            if let Some(since) = self.told.remove(subject) {
                let first = ended.entry(subject.kind).or_insert(since);
                *first = since.min(*first);
                self.unsaved.insert(subject.clone(), None);
            }
        }
        for (kind, since) in ended {
            if self.told.keys().any(|subject| subject.kind == kind) {
                continue;
            }
            self.withdraw(kind);
            // Nobody waits for the end of what nobody was told of.
            if self.begun.remove(&kind)
                && let Some(event) = sentences::over(kind, since, now)
            {
                self.happen(event);
            }
        }
    }

    /// Puts something into the queue that is told once and never over, or over.
    pub(super) fn happen(&mut self, event: Event) {
        if self.policy.kinds.contains(&event.kind) {
            self.push(event);
        }
    }

    /// All that waits as one message, unless the hook has had as many as it may.
    pub(super) fn message(&mut self, now: Instant) -> Option<Message> {
        while self.sent.front().is_some_and(|sent| now.since(*sent) >= HOUR) {
            self.sent.pop_front();
        }
        let may = self.sent.len() < usize::try_from(self.policy.per_hour).unwrap_or(usize::MAX);
        if self.queue.is_empty() || !may {
            return None;
        }
        self.sent.push_back(now);
        let left_out = std::mem::take(&mut self.left_out);
        let begun = self.queue.iter().filter(|event| event.phase == Phase::Begun);
        self.begun.extend(begun.map(|event| event.kind));
        Some(Message { at: now, events: self.queue.drain(..).collect(), left_out })
    }

    /// What is to be remembered from now on: nothing as long as something waits, so that a restart does not lose it.
    pub(super) fn changes(&mut self) -> Changes {
        if self.queue.is_empty() { std::mem::take(&mut self.unsaved) } else { Changes::new() }
    }

    /// Since when something has held that is to be told now.
    fn due(&self, now: Instant, subject: &Subject, fact: &Fact<'_>, watch: &Watch) -> Option<Instant> {
        let kinds = &self.policy.kinds;
        // Nobody is told twice of one torrent at a time: that it is missing says more than that copies lack.
        let is_told_as_missing =
            subject.kind == EventKind::Under && kinds.contains(&EventKind::Missing) && is_missing(fact);
        if !kinds.contains(&subject.kind) || self.told.contains_key(subject) || is_told_as_missing {
            return None;
        }
        let since = watch.since(subject)?;
        (now.since(since) >= self.policy.wait(subject.kind)).then_some(since)
    }

    /// Takes back what waits to be told and is over already.
    fn withdraw(&mut self, kind: EventKind) {
        self.queue.retain(|event| event.kind != kind || event.phase != Phase::Begun);
    }

    fn push(&mut self, event: Event) {
        if self.queue.len() < QUEUE_MAX {
            self.queue.push_back(event);
        } else {
            // It goes out as a number, which cannot be taken back.
            if event.phase == Phase::Begun {
                self.begun.insert(event.kind);
            }
            self.left_out += 1;
        }
    }
}

const fn is_missing(fact: &Fact<'_>) -> bool {
    matches!(fact, Fact::Lacking(torrent) if torrent.copies == 0)
}
