//! Beacons that give less, or leave.

use std::time::Duration;

use super::{
    Expectation, Staged,
    tools::{MB, MET, SAFE, minute, patient, reclaims_after, settled, torrents},
};
use crate::{
    model::{ByteSize, Rng},
    node::{Order, view::Drain},
    sim::{Act, Scenario},
};

pub(super) const BUDGET_SQUEEZE: &str = "budget-squeeze";
pub(super) const BUDGET_SQUEEZE_ABOUT: &str =
    "of 10 beacons 4 lower their budgets below what they hold, one after another; others take it over first";
pub(super) const ROLLING_DEPARTURE: &str = "rolling-departure";
pub(super) const ROLLING_DEPARTURE_ABOUT: &str =
    "of 12 beacons 6 drain and leave, one an hour; what they hold moves to the others first";

const NO_DUPLICATES: Expectation =
    Expectation { text: "no duplicate fetch", holds: |report| report.duplicate_fetches == 0 };

/// Four beacons give only half of what they hold from some moment on, ten minutes apart.
pub(super) fn budget_squeeze(seed: u64) -> Staged {
    let mut rng = Rng::new(seed);
    let beacons = settled(&mut rng, 10, 200, 3);
    let squeeze = |beacon: usize| {
        let half = ByteSize::from_bytes(beacons[beacon].held.len() as u64 / 2 * 20 * MB);
        (minute(15 + 10 * beacon as u64), Act::Budget { beacon, budget: half })
    };
    let acts = (0..4).map(squeeze).collect();
    let reclaim = reclaims_after(Duration::from_mins(10), Duration::ZERO);
    let scenario = Scenario::new(seed, torrents(200, 3, 20 * MB), beacons);
    Staged {
        name: BUDGET_SQUEEZE,
        about: BUDGET_SQUEEZE_ABOUT,
        scenario: Scenario { timing: patient(), reclaim, acts, ..scenario },
        lasts: Duration::from_hours(4),
        expectations: vec![
            SAFE,
            MET,
            Expectation { text: "in the end nobody is over budget", holds: |report| report.over_budget == 0 },
            NO_DUPLICATES,
            Expectation {
                text: "every copy that goes was taken over once",
                holds: |report| report.fetches == report.deletions,
            },
        ],
    }
}

/// Each of six beacons drains for 50 minutes, then stops for good.
pub(super) fn rolling_departure(seed: u64) -> Staged {
    let mut rng = Rng::new(seed);
    let beacons = settled(&mut rng, 12, 200, 3);
    let mut acts = Vec::new();
    for beacon in 6..12 {
        let begins = minute(15 + 60 * (beacon as u64 - 6));
        acts.push((begins, Act::Order { beacon, order: Order::Drain(Drain { until: None }) }));
        acts.push((begins + Duration::from_mins(50), Act::Lose(beacon)));
    }
    let reclaim = reclaims_after(Duration::from_mins(10), Duration::ZERO);
    let scenario = Scenario::new(seed, torrents(200, 3, 20 * MB), beacons);
    Staged {
        name: ROLLING_DEPARTURE,
        about: ROLLING_DEPARTURE_ABOUT,
        scenario: Scenario { timing: patient(), reclaim, acts, ..scenario },
        lasts: Duration::from_hours(8),
        expectations: vec![
            SAFE,
            MET,
            NO_DUPLICATES,
            Expectation {
                text: "every copy of those that left was taken over once, then deleted",
                holds: |report| report.fetches == report.deletions,
            },
        ],
    }
}
