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

#[test]
fn what_is_stopped_is_started_again_when_nobody_else_has_it_though_somebody_waits_for_it() {
    let mut scenario = everywhere(3, torrents(1, 1, 500 * MB));
    scenario.reclaim.quarantine = Duration::from_hours(1);
    let slow = BeaconSpec { neighbors: vec![0], bandwidth: 1, ..BeaconSpec::default() };
    scenario.beacons.push(slow);
    let pin = Order::Pin(Scenario::info_hash(0));
    scenario.acts = vec![(at(100), Act::Order { beacon: 3, order: pin })];
    let mut simulation = Simulation::new(scenario);
    simulation.run_until(at(200));
    assert_eq!(simulation.copies(), [1], "two copies are stopped, and one beacon fetches");
    let last = (0..3).find(|place| simulation.beacons[*place].client.serves(&Scenario::info_hash(0)));
    simulation.act(Act::Lose(last.expect("one serves it")));
    simulation.run_until(at(400));
    assert!(simulation.copies()[0] > 0, "{:?}", simulation.report());
}

#[test]
fn halves_that_took_each_other_for_gone_find_together_without_the_beacon_that_both_were_pointed_at() {
    let mut scenario = everywhere(7, torrents(1, 3, MB));
    for spec in &mut scenario.beacons[1..] {
        spec.neighbors = vec![0];
    }
    scenario.acts = vec![(at(60), Act::Lose(0)), (at(60), Act::Part(vec![vec![1, 2, 3]])), (at(60 + 1_200), Act::Join)];
    let mut simulation = Simulation::new(scenario);
    simulation.run_until(at(60 + 1_200));
    let healed = simulation
        .run_until_holds(at(60 + 1_200 + 900), Duration::from_secs(1), |simulation| simulation.overlay().parts == 1);
    assert!(healed.is_some(), "{:?}", simulation.overlay());
}
