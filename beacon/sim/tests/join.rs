//! Many beacons that join at once.

use std::time::Duration;

use super::runs::{at, torrents};
use crate::{
    model::{ByteSize, Instant, Rng},
    sim::{BeaconSpec, Scenario, Simulation},
};

const MB: u64 = 1_000_000;

/// Beacons that have the torrents and give no room; all others join within a second.
const HOLDERS: usize = 5;

fn joining(seed: u64, joiners: usize, count: usize) -> Scenario {
    let mut rng = Rng::new(seed);
    let mut beacons: Vec<BeaconSpec> = (0..HOLDERS)
        .map(|place| BeaconSpec {
            neighbors: if place == 0 { vec![] } else { vec![place - 1] },
            library: (0..count).filter(|torrent| torrent % HOLDERS == place).collect(),
            ..BeaconSpec::default()
        })
        .collect();
    for _ in 0..joiners {
        beacons.push(BeaconSpec {
            neighbors: vec![rng.below(HOLDERS)],
            starts: Instant::from_millis(600_000 + rng.below(1_000) as u64),
            ..BeaconSpec::default()
        });
    }
    for beacon in &mut beacons[..HOLDERS] {
        beacon.budget = ByteSize::ZERO;
    }
    Scenario::new(seed, torrents(count, 3, 20 * MB), beacons)
}

#[test]
fn who_joins_at_once_shares_alike_and_fetches_nothing_twice() {
    let (joiners, count) = (40, 200);
    let mut simulation = Simulation::new(joining(1, joiners, count));
    simulation.run_until_holds(at(1_200), Duration::from_secs(10), |simulation| simulation.report().lacking == 0);
    let report = simulation.report();
    assert_eq!((report.fetches, report.duplicate_fetches, report.lacking), (2 * count as u64, 0, 0), "{report:?}");
    // Ten torrents each are the mean.
    let held: Vec<usize> = (HOLDERS..HOLDERS + joiners).map(|place| simulation.copies_at(place)).collect();
    assert!(held.iter().all(|held| *held <= 13), "{held:?}");
}
