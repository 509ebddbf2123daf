//! Since when what has held, whoever is told of it.

use std::{collections::BTreeMap, time::Duration};

use super::EventKind;
use crate::model::Instant;

/// Something that holds: what, and of what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// What kind of thing.
    pub kind: EventKind,
    /// Of what: an info-hash, an id or a text; empty where there is only one.
    pub of: String,
}

/// How long something must not have held before it counts as over. What flickers is told once.
pub(super) const OVER_AFTER: Duration = Duration::from_mins(5);

/// Since when what has held.
#[derive(Debug, Default)]
pub(super) struct Watch {
    standing: BTreeMap<Subject, Standing>,
}

#[derive(Debug, Clone, Copy)]
struct Standing {
    since: Instant,
    seen: Instant,
}

impl Watch {
    /// Takes up what was told before a restart.
    pub(super) fn recall(&mut self, now: Instant, subject: Subject, since: Instant) {
        // Under a clock that was ahead then, it has not held for longer than nothing.
        self.standing.insert(subject, Standing { since: since.min(now), seen: now });
    }

    /// Takes in what holds `now`. Of kinds that `is_unknown` names nothing is known at present, so that nothing of them
    /// ends. What is over is returned, with since when it had held.
    pub(super) fn update<'a>(
        &mut self,
        now: Instant,
        holding: impl Iterator<Item = &'a Subject>,
        is_unknown: impl Fn(&Subject) -> bool,
    ) -> Vec<(Subject, Instant)> {
        for subject in holding {
            match self.standing.get_mut(subject) {
                Some(standing) => standing.seen = now,
                None => drop(self.standing.insert(subject.clone(), Standing { since: now, seen: now })),
            }
        }
        for (_, standing) in self.standing.iter_mut().filter(|(subject, _)| is_unknown(subject)) {
            standing.seen = now;
        }
        let over = self.standing.extract_if(.., |_, standing| now.since(standing.seen) >= OVER_AFTER);
        over.map(|(subject, standing)| (subject, standing.since)).collect()
    }

    /// Since when something has held.
    pub(super) fn since(&self, subject: &Subject) -> Option<Instant> {
        self.standing.get(subject).map(|standing| standing.since)
    }
}
