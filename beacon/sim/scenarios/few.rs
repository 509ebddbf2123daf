//! A few beacons.

use std::time::Duration;

use super::{
    Expectation, Staged,
    tools::{MB, MET, SAFE, brisk, reclaims_after, torrents},
};
use crate::sim::{BeaconSpec, Scenario};

pub(super) const WORKED_EXAMPLE: &str = "worked-example";
pub(super) const WORKED_EXAMPLE_ABOUT: &str =
    "7 beacons with 14 copies of 7 files, 3 of each wanted: exactly 8 fetches and 1 deletion";

/// Seven beacons with fourteen copies of seven files of which three each are wanted. One file has a copy too many.
pub(super) fn worked_example(seed: u64) -> Staged {
    let held: [&[usize]; 7] = [&[0], &[1], &[0, 2, 3, 4], &[5, 6], &[1, 6], &[0, 1], &[1, 6]];
    let beacons = held.iter().enumerate().map(|(place, held)| BeaconSpec {
        neighbors: place.checked_sub(1).into_iter().collect(),
        held: held.to_vec(),
        ..BeaconSpec::default()
    });
    let reclaim = reclaims_after(Duration::from_secs(20), Duration::ZERO);
    let scenario = Scenario::new(seed, torrents(7, 3, 50 * MB), beacons.collect());
    Staged {
        name: WORKED_EXAMPLE,
        about: WORKED_EXAMPLE_ABOUT,
        scenario: Scenario { timing: brisk(), reclaim, ..scenario },
        lasts: Duration::from_mins(2),
        expectations: vec![
            Expectation {
                text: "exactly 8 fetches, none given up",
                holds: |report| report.fetches == 8 && report.cancels == 0,
            },
            Expectation { text: "no duplicate fetch", holds: |report| report.duplicate_fetches == 0 },
            Expectation { text: "exactly 1 deletion", holds: |report| report.deletions == 1 },
            Expectation {
                text: "3 copies of each of 7 files",
                holds: |report| report.copies_histogram == [0, 0, 0, 7],
            },
            MET,
            SAFE,
        ],
    }
}
