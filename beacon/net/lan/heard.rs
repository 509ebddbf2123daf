//! Whom we heard on the local network, and how often anyone is told of it.

use std::{collections::BTreeMap, time::Duration};

use crate::model::BeaconId;

/// What to do about a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Tell our owner where the beacon is.
    pub(super) tell: bool,
    /// Make ourselves known to it.
    pub(super) answer: bool,
}

/// Whom we heard lately. Times are since discovery started.
#[derive(Debug, Default)]
pub(super) struct Heard {
    told: BTreeMap<BeaconId, Duration>,
    /// The start of the current window, and how many were told in it.
    window: (Duration, usize),
}

impl Heard {
    /// Decides about a packet of `beacon`, heard `now`.
    pub(super) fn hear(&mut self, beacon: BeaconId, now: Duration) -> Verdict {
        let newcomer = match self.told.get(&beacon) {
            Some(&told) if now.saturating_sub(told) < TELL_INTERVAL => return Verdict { tell: false, answer: false },
            Some(_) => false,
            None => true,
        };
        if now.saturating_sub(self.window.0) >= WINDOW {
            self.window = (now, 0);
        }
        if self.window.1 >= TOLD_PER_WINDOW_MAX || !self.make_room(now) {
            return Verdict { tell: false, answer: false };
        }
        self.window.1 += 1;
        self.told.insert(beacon, now);
        Verdict { tell: true, answer: newcomer }
    }

    /// Forgets those that were silent for long, when the table is full.
    fn make_room(&mut self, now: Duration) -> bool {
        if self.told.len() >= BEACONS_MAX {
            self.told.retain(|_, told| now.saturating_sub(*told) < FORGET_AFTER);
        }
        self.told.len() < BEACONS_MAX
    }
}

/// A beacon is told of again after this time, so that a lost link is found anew.
const TELL_INTERVAL: Duration = Duration::from_secs(25);
/// Larger than any group on one local network.
const BEACONS_MAX: usize = 1024;
const FORGET_AFTER: Duration = Duration::from_mins(2);
/// Someone who floods the local network with made-up ids makes us dial no more than these.
const WINDOW: Duration = Duration::from_secs(10);
const TOLD_PER_WINDOW_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u64) -> BeaconId {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        BeaconId::new(bytes)
    }

    #[test]
    fn a_newcomer_is_answered_once_and_told_of_now_and_then() {
        let mut heard = Heard::default();
        let second = Duration::from_secs(1);
        assert_eq!(heard.hear(id(1), second), Verdict { tell: true, answer: true });
        assert_eq!(heard.hear(id(1), second * 20), Verdict { tell: false, answer: false });
        assert_eq!(heard.hear(id(1), second * 31), Verdict { tell: true, answer: false });
    }

    #[test]
    fn a_flood_of_ids_is_bounded_and_passes() {
        let mut heard = Heard::default();
        let mut told = 0;
        for millisecond in 0..60_000 {
            told += u32::from(heard.hear(id(millisecond), Duration::from_millis(millisecond)).tell);
        }
        assert_eq!(told, 6 * 64);
        assert!(heard.told.len() <= BEACONS_MAX);
        for number in 0..20_000 {
            heard.hear(id(1_000_000 + number), Duration::from_secs(100 + number));
        }
        assert!(heard.told.len() <= BEACONS_MAX);
        assert!(heard.hear(id(2_000_000), Duration::from_hours(9)).tell);
    }
}
