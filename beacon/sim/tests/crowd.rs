//! Many beacons that start one after another, while few of them know where the copies are.

use super::runs::{at, torrents};
use crate::{
    model::{Instant, Rng},
    sim::{BeaconSpec, Scenario, Simulation, Timing},
};

const BEACONS: usize = 30;
const TORRENTS: usize = 60;
const MB: u64 = 1_000_000;

/// The first holds everything; each of the others is pointed at one before it, and they start in any order within half a
/// minute, so that for a while there are groups that do not know of each other.
fn crowd(seed: u64) -> Scenario {
    let mut rng = Rng::new(seed);
    let beacons = (0..BEACONS).map(|place| BeaconSpec {
        neighbors: if place == 0 { vec![] } else { vec![rng.below(place)] },
        library: if place == 0 { (0..TORRENTS).collect() } else { vec![] },
        starts: Instant::from_millis(rng.below(30_000) as u64),
        ..BeaconSpec::default()
    });
    let beacons = beacons.collect();
    let secs = std::time::Duration::from_secs;
    let timing = Timing { heartbeat: secs(10), plan: secs(5), poll: secs(2), repair_delay: secs(60) };
    Scenario { timing, ..Scenario::new(seed, torrents(TORRENTS, 3, 20 * MB), beacons) }
}

#[test]
fn groups_that_do_not_know_of_each_other_yet_do_not_fetch_everything_twice() {
    for seed in 0..3 {
        let mut simulation = Simulation::new(crowd(seed));
        simulation.run_until(at(600));
        let report = simulation.report();
        assert_eq!(report.lacking, 0, "{report:?}");
        assert_eq!((report.fetches, report.duplicate_fetches), (2 * TORRENTS as u64, 0), "{report:?}");
        assert_eq!(report.bytes_moved, report.bytes_needed, "{report:?}");
    }
}
