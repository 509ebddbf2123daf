//! Events in the order of their time; those of one moment in the order in which they came about.

use std::{cmp::Ordering, collections::BinaryHeap};

use super::event::Event;
use crate::model::Instant;

/// What is still to happen.
#[derive(Debug, Default)]
pub(super) struct Queue {
    heap: BinaryHeap<Entry>,
    pushed: u64,
}

#[derive(Debug)]
struct Entry {
    at: Instant,
    sequence: u64,
    event: Event,
}

impl Queue {
    pub(super) fn push(&mut self, at: Instant, event: Event) {
        self.heap.push(Entry { at, sequence: self.pushed, event });
        self.pushed += 1;
    }

    /// The next event, if it is not later than `until`.
    pub(super) fn pop(&mut self, until: Instant) -> Option<(Instant, Event)> {
        if self.heap.peek()?.at > until {
            return None;
        }
        self.heap.pop().map(|entry| (entry.at, entry.event))
    }
}

impl Ord for Entry {
    /// Reversed: the heap gives the largest first, and wanted is the earliest.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.sequence).cmp(&(self.at, self.sequence))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}
