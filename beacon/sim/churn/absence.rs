//! What others make of a beacon's silence, step by step.

use std::time::Duration;

use super::policy::Patience;
use crate::model::Liveness;

/// How often doubts are looked at until the repair delay is over: where it is three weeks, every hour and a half.
const LOOKS: u32 = 336;

/// What is noticed of a silent beacon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// It is taken for less alive.
    Becomes(Liveness),
    /// Patience with some of its copies is over.
    Due,
}

/// The steps of an absence with the silence after which each is taken, as
/// [`Members`](crate::protocol::Members) judges it from hellos that are promised every `interval`.
pub(super) fn steps(rule: Patience, interval: Duration, for_ever: bool) -> Vec<(Duration, Step)> {
    const MOMENT: Duration = Duration::from_millis(1);
    let becomes = |after: Duration, liveness| (after, Step::Becomes(liveness));
    let suspect = becomes(interval * 3 / 2 + MOMENT, Liveness::Suspect);
    let away = becomes(interval * 7 / 2 + MOMENT, Liveness::Away);
    let mut steps = match rule {
        Patience::Oracle if for_ever => vec![becomes(Duration::ZERO, Liveness::Gone)],
        Patience::Oracle => vec![suspect, away],
        Patience::Fixed(delay) => {
            let before = [suspect, away].into_iter().filter(|(after, _)| *after < delay);
            before.chain([becomes(delay, Liveness::Gone)]).collect()
        }
        Patience::Scaled(delay) => {
            let gone = becomes(delay.max(interval * 4) + MOMENT, Liveness::Gone);
            let looks = (1..=LOOKS).map(|look| (delay * look / LOOKS, Step::Due));
            let due = looks.filter(|(after, _)| *after > away.0 && *after < gone.0);
            [suspect, away, gone].into_iter().chain(due).collect()
        }
    };
    steps.sort_unstable();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(rule: Patience, for_ever: bool) -> Vec<(u64, Step)> {
        let steps = steps(rule, Duration::from_mins(1), for_ever);
        steps.into_iter().map(|(after, step)| (after.as_secs(), step)).collect()
    }

    #[test]
    fn each_rule_takes_its_steps() {
        let [suspect, away, gone] = [Liveness::Suspect, Liveness::Away, Liveness::Gone].map(Step::Becomes);
        assert_eq!(seconds(Patience::Oracle, false), [(90, suspect), (210, away)]);
        assert_eq!(seconds(Patience::Oracle, true), [(0, gone)]);
        assert_eq!(seconds(Patience::Fixed(Duration::from_mins(1)), false), [(60, gone)]);
        let ten = Duration::from_mins(10);
        assert_eq!(seconds(Patience::Fixed(ten), true), [(90, suspect), (210, away), (600, gone)]);
        let scaled = seconds(Patience::Scaled(Duration::from_mins(280)), false);
        assert_eq!(scaled[..3], [(90, suspect), (210, away), (250, Step::Due)]);
        assert_eq!(scaled[scaled.len() - 2..], [(16_800, Step::Due), (16_800, gone)]);
    }
}
