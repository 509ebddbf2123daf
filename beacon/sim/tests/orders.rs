//! Orders and budgets that contradict each other, found by mixed faults.

use std::time::Duration;

use super::runs::{at, torrents};
use crate::{
    model::{ByteSize, Redundancy},
    node::{Order, ReclaimSettings, view::Drain},
    sim::{Act, BeaconSpec, Scenario, Simulation, Timing, TorrentSpec},
};

const MB: u64 = 1_000_000;

/// Beacons that all hold every torrent, and delete what is too much at once.
fn everywhere(beacons: usize, torrents: Vec<TorrentSpec>) -> Scenario {
    let secs = Duration::from_secs;
    let spec = |place: usize| BeaconSpec {
        neighbors: place.checked_sub(1).into_iter().collect(),
        held: (0..torrents.len()).collect(),
        ..BeaconSpec::default()
    };
    let beacons = (0..beacons).map(spec).collect();
    Scenario {
        timing: Timing { heartbeat: secs(5), plan: secs(5), poll: secs(2), repair_delay: secs(60) },
        reclaim: ReclaimSettings { delay: secs(20), quarantine: secs(30), ..ReclaimSettings::default() },
        ..Scenario::new(1, torrents, beacons)
    }
}

#[test]
fn what_is_pinned_stays_while_its_beacon_drains_and_is_not_stopped_again_and_again() {
    let redundancy = Redundancy::new(1, Some(3)).expect("possible");
    let mut scenario = everywhere(3, vec![TorrentSpec { size: MB, redundancy }; 2]);
    let order = |order| Act::Order { beacon: 0, order };
    scenario.acts =
        vec![(at(60), order(Order::Pin(Scenario::info_hash(0)))), (at(60), order(Order::Drain(Drain { until: None })))];
    let mut simulation = Simulation::new(scenario);
    simulation.run_until(at(300));
    assert_eq!((simulation.report().deletions, simulation.copies()), (1, vec![3, 2]));
    let course = simulation.record_until(at(600), Duration::from_secs(1));
    assert!(course.iter().all(|moment| moment.met == 2), "it was stopped for a while");
    assert_eq!(simulation.copies(), [3, 2]);
}

#[test]
fn what_nobody_can_take_over_does_not_keep_a_beacon_from_what_others_can_spare() {
    let scarce = torrents(1, 4, MB)[0];
    let mut scenario = everywhere(3, vec![scarce, torrents(1, 1, MB)[0]]);
    scenario.torrents[1].redundancy = Redundancy::new(1, Some(3)).expect("possible");
    scenario.acts = vec![(at(60), Act::Budget { beacon: 0, budget: ByteSize::from_bytes(MB) })];
    let mut simulation = Simulation::new(scenario);
    simulation.run_until(at(300));
    let report = simulation.report();
    assert_eq!((simulation.copies(), report.over_budget), (vec![3, 2], 0), "{report:?}");
}
