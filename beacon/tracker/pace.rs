//! When clients are to come back, and for how long they are remembered.

use std::time::Duration;

use crate::model::Rng;

/// A client of this machine that lacks data: it should hear of a new holder at once, and asking costs it nothing.
const HERE_LACKING: Duration = Duration::from_secs(5);
/// A client of this machine that does not know yet what it has.
const HERE_UNSURE: Duration = Duration::from_secs(30);
/// A client elsewhere that lacks data.
const AWAY_LACKING: Duration = Duration::from_mins(1);
/// A client that has everything waits for others to come; it only has to say that it is still there.
const COMPLETE: Duration = Duration::from_mins(30);
/// So that a client with a thousand torrents does not come for all of them at once.
const COMPLETE_SPREAD: Duration = Duration::from_mins(3);
/// The least time that a client is remembered. Whatever they are told, clients built on libtorrent stay away for five
/// minutes (`min_announce_interval`), and may miss once.
const REMEMBERED_MIN: Duration = Duration::from_mins(11);

/// What a client is told of when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    /// When it should.
    pub(super) interval: Duration,
    /// The earliest at which it may. Some clients, librqbit among them, take this for the interval.
    pub(super) interval_min: Duration,
}

/// How much a client has, as far as can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// It lacks data.
    Lacking,
    /// It says that it lacks nothing, but may only not know yet: an engine that has just begun, or waits for metadata.
    Unsure,
    /// It has everything.
    Complete,
}

impl Pace {
    pub(super) fn of(stage: Stage, is_here: bool, rng: &mut Rng) -> Self {
        let spread = || usize::try_from(COMPLETE_SPREAD.as_secs()).unwrap_or(0);
        match (stage, is_here) {
            (Stage::Lacking, true) => Self { interval: HERE_LACKING, interval_min: HERE_LACKING },
            (Stage::Unsure, true) => Self { interval: HERE_UNSURE, interval_min: HERE_LACKING },
            (Stage::Lacking | Stage::Unsure, false) => Self { interval: AWAY_LACKING, interval_min: AWAY_LACKING / 2 },
            (Stage::Complete, _) => {
                let interval = COMPLETE + Duration::from_secs(rng.below(spread()) as u64);
                Self { interval, interval_min: interval }
            }
        }
    }

    /// How long a client is remembered that does not come back: it may miss one time.
    pub(super) fn remembered(self) -> Duration {
        (self.interval * 2 + self.interval / 5).max(REMEMBERED_MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_lacks_data_comes_back_soon_and_who_has_it_later_and_not_all_at_once() {
        let mut rng = Rng::new(1);
        let mut seconds = |stage, is_here| Pace::of(stage, is_here, &mut rng).interval.as_secs();
        assert_eq!((seconds(Stage::Lacking, true), seconds(Stage::Lacking, false)), (5, 60));
        let complete: Vec<u64> = (0..100).map(|_| seconds(Stage::Complete, true)).collect();
        assert!(complete.iter().all(|interval| (1_800..1_980).contains(interval)));
        assert!(complete.iter().any(|interval| *interval != complete[0]));
    }

    #[test]
    fn whoever_misses_once_is_remembered() {
        let mut rng = Rng::new(1);
        for (stage, is_here) in [(Stage::Lacking, true), (Stage::Lacking, false), (Stage::Complete, false)] {
            let pace = Pace::of(stage, is_here, &mut rng);
            assert!(pace.remembered() > pace.interval * 2 && pace.interval_min <= pace.interval);
        }
    }
}
