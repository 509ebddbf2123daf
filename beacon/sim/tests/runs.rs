//! What the runs have in common.

use crate::{
    model::{Instant, Redundancy},
    sim::{Report, Scenario, Simulation, TorrentSpec},
};

pub(super) fn at(secs: u64) -> Instant {
    Instant::from_millis(secs * 1_000)
}

/// So many torrents, all alike.
pub(super) fn torrents(count: usize, target: u64, size: u64) -> Vec<TorrentSpec> {
    vec![TorrentSpec { size, redundancy: Redundancy::new(target, None).expect("possible") }; count]
}

/// Plays a scenario twice: all figures and the hash of all that happened must be equal.
pub(super) fn run_twice(scenario: impl Fn() -> Scenario, until: Instant) -> Report {
    let run = || {
        let mut simulation = Simulation::new(scenario());
        simulation.run_until(until);
        simulation.report()
    };
    let report = run();
    assert_eq!(report, run(), "the same seed gave another run");
    report
}
