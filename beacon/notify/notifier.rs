//! The state machine that decides who is told what.

use std::collections::BTreeMap;

use super::{
    CollectionSeen, Message, Observation, Policy, Subject,
    facts::{facts, is_unknown},
    hook::Hook,
    sentences,
    watch::Watch,
};
use crate::model::Instant;

/// Decides who is told what.
#[derive(Debug)]
pub struct Notifier {
    hooks: Vec<(String, Hook)>,
    watch: Watch,
    /// The collections as they were last seen.
    collections: Option<Vec<CollectionSeen>>,
}

/// A message for a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The place of the hook in the list that was given.
    pub hook: usize,
    /// What to tell it.
    pub message: Message,
}

/// Something to remember over a restart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldChange {
    /// The name of the hook.
    pub hook: String,
    /// What it was told of.
    pub subject: Subject,
    /// Since when that has held; `None` where it is over and need not be remembered.
    pub since: Option<Instant>,
}

impl Notifier {
    /// One for these hooks, by name, of which `told` remembers what they have been told: hook, subject, and since when.
    pub fn new(now: Instant, hooks: Vec<(String, Policy)>, told: Vec<(String, Subject, Instant)>) -> Self {
        let mut watch = Watch::default();
        let mut by_hook: BTreeMap<String, BTreeMap<Subject, Instant>> = BTreeMap::new();
        for (hook, subject, since) in told {
            watch.recall(now, subject.clone(), since);
            by_hook.entry(hook).or_default().insert(subject, since.min(now));
        }
        let hook = |(name, policy): (String, Policy)| {
            let told = by_hook.remove(&name).unwrap_or_default();
            (name, Hook::new(policy, told))
        };
        Self { hooks: hooks.into_iter().map(hook).collect(), watch, collections: None }
    }

    /// Takes in what the beacon looks like `now`. What is to be told, and what is to be remembered of it.
    pub fn look(&mut self, now: Instant, observation: &Observation) -> (Vec<Delivery>, Vec<ToldChange>) {
        let facts = facts(observation);
        let over = self.watch.update(now, facts.keys(), |subject| is_unknown(observation, subject));
        let happened = match self.collections.replace(observation.collections.clone()) {
            Some(before) => sentences::changes(&before, &observation.collections, now),
            // After a start everything is as it was left.
            None => Vec::new(),
        };
        let (mut deliveries, mut remembered) = (Vec::new(), Vec::new());
        for (place, (name, hook)) in self.hooks.iter_mut().enumerate() {
            hook.take_over(now, &over);
            hook.take_facts(now, &facts, &self.watch, observation.lacking_left_out);
            happened.iter().cloned().for_each(|event| hook.happen(event));
            deliveries.extend(hook.message(now).map(|message| Delivery { hook: place, message }));
            let change = |(subject, since)| ToldChange { hook: name.clone(), subject, since };
            remembered.extend(hook.changes().into_iter().map(change));
        }
        (deliveries, remembered)
    }
}
