//! Runs that show what the whole does.

mod few;

use super::{Report, Scenario, Simulation, TorrentSpec};
use crate::model::{Instant, Redundancy};

fn at(secs: u64) -> Instant {
    Instant::from_millis(secs * 1_000)
}

/// So many torrents, all alike.
fn torrents(count: usize, target: u64, size: u64) -> Vec<TorrentSpec> {
    vec![TorrentSpec { size, redundancy: Redundancy::new(target, None).expect("possible") }; count]
}

/// Plays a scenario twice: all figures and the hash of all that happened must be equal.
fn run_twice(scenario: impl Fn() -> Scenario, until: Instant) -> Report {
    let run = || {
        let mut simulation = Simulation::new(scenario());
        simulation.run_until(until);
        simulation.report()
    };
    let report = run();
    assert_eq!(report, run(), "the same seed gave another run");
    report
}
