//! Events in the order of their time; those of one moment in the order in which they came about.

use std::collections::{BTreeMap, VecDeque};

use super::event::Event;
use crate::model::Instant;

/// What is still to happen: a list for each of the next milliseconds, and what is later by its time.
///
/// Most of what happens happens soon, and putting it into a list costs the same however much else there is.
#[derive(Debug)]
pub(super) struct Queue {
    /// The first list is that of `first`.
    soon: VecDeque<VecDeque<Event>>,
    first: Instant,
    /// Nothing of it is of a time for which there is a list.
    later: BTreeMap<Instant, VecDeque<Event>>,
    /// How many events the lists have.
    waiting: usize,
}

/// How many milliseconds have a list: messages take less.
const SOON: u64 = 1 << 12;

impl Default for Queue {
    fn default() -> Self {
        let soon = (0..SOON).map(|_| VecDeque::new()).collect();
        Self { soon, first: Instant::ZERO, later: BTreeMap::new(), waiting: 0 }
    }
}

impl Queue {
    /// Puts an event in, not earlier than the last that was taken out.
    pub(super) fn push(&mut self, at: Instant, event: Event) {
        let ahead = at.as_millis().saturating_sub(self.first.as_millis());
        match usize::try_from(ahead).ok().and_then(|ahead| self.soon.get_mut(ahead)) {
            Some(list) => {
                list.push_back(event);
                self.waiting += 1;
            }
            None => self.later.entry(at).or_default().push_back(event),
        }
    }

    /// How many events wait.
    pub(super) fn len(&self) -> usize {
        self.waiting + self.later.values().map(VecDeque::len).sum::<usize>()
    }

    /// The next event, if it is not later than `until`.
    pub(super) fn pop(&mut self, until: Instant) -> Option<(Instant, Event)> {
        loop {
            if self.first > until {
                return None;
            }
            // It never goes beyond `until`: what is put in next may be of that very moment.
            if let Some(event) = self.soon[0].pop_front() {
                self.waiting -= 1;
                return Some((self.first, event));
            }
            self.advance(until)?;
        }
    }

    /// Goes on to the next millisecond, or to the next event where that is far; `None` where there is nothing.
    fn advance(&mut self, until: Instant) -> Option<()> {
        if self.waiting == 0 {
            self.first = self.later.keys().next().copied().filter(|next| *next <= until)?;
        } else if self.first == until {
            return None;
        } else {
            self.first = Instant::from_millis(self.first.as_millis() + 1);
            // Its memory is let go, for a wave of news needs much.
            let list = self.soon.pop_front().unwrap_or_default();
            self.soon.push_back(if list.capacity() > LIST_KEPT_MAX { VecDeque::new() } else { list });
        }
        let end = self.first.as_millis() + SOON;
        while let Some(entry) = self.later.first_entry()
            && entry.key().as_millis() < end
        {
            let (at, events) = entry.remove_entry();
            self.waiting += events.len();
            let ahead = usize::try_from(at.as_millis() - self.first.as_millis()).ok()?;
            self.soon[ahead] = events;
        }
        Some(())
    }
}

/// The longest list whose memory is kept for another millisecond.
const LIST_KEPT_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::{
        super::event::{End, Event},
        *,
    };
    use crate::model::Rng;

    /// The numbers of the ends that were put in.
    fn drained(queue: &mut Queue, until: u64) -> Vec<(u64, u64)> {
        let next = || queue.pop(Instant::from_millis(until));
        let number = |(at, event): (Instant, Event)| match event {
            Event::Down(End(number)) => (at.as_millis(), number),
            _ => unreachable!("only these are put in"),
        };
        std::iter::from_fn(next).map(number).collect()
    }

    #[test]
    fn events_come_in_the_order_of_their_times_and_of_one_time_in_the_order_they_came_about() {
        let (mut queue, mut rng, mut expected, mut now) = (Queue::default(), Rng::new(5), Vec::new(), 0);
        let mut came = Vec::new();
        for number in 0..20_000 {
            let far = [1, 100, 10_000, 1_000_000][rng.below(4)];
            let at = now + rng.below(far) as u64;
            queue.push(Instant::from_millis(at), Event::Down(End(number)));
            expected.push((at, number));
            if rng.below(50) == 0 {
                now += rng.below(30_000) as u64;
                came.extend(drained(&mut queue, now));
            }
        }
        came.extend(drained(&mut queue, u64::MAX));
        expected.sort_unstable();
        assert_eq!(came, expected);
    }
}
