//! A few beacons, and what they fetch.

use std::time::Duration;

use super::runs::{at, run_twice, torrents};
use crate::{
    model::{ByteSize, Instant, Rng},
    node::{ReclaimSettings, view::Mode},
    sim::{Act, BeaconSpec, Scenario, Simulation, Timing},
};

const MB: u64 = 1_000_000;

fn beacon(neighbors: &[usize], library: &[usize]) -> BeaconSpec {
    BeaconSpec { neighbors: neighbors.to_vec(), library: library.to_vec(), ..BeaconSpec::default() }
}

/// Short intervals, as users set who watch.
fn brisk() -> Timing {
    let secs = Duration::from_secs;
    Timing { heartbeat: secs(5), plan: secs(5), poll: secs(2), repair_delay: secs(60) }
}

/// Surplus goes at once, and for good.
fn at_once() -> ReclaimSettings {
    ReclaimSettings { delay: Duration::from_secs(20), quarantine: Duration::ZERO, ..ReclaimSettings::default() }
}

/// Six torrents complete at the first of three beacons, which are started in any order within half a minute.
fn three(seed: u64) -> Scenario {
    let mut beacons = vec![beacon(&[], &[0, 1, 2, 3, 4, 5]), beacon(&[0], &[]), beacon(&[0], &[])];
    let mut rng = Rng::new(seed);
    for beacon in &mut beacons {
        beacon.starts = Instant::from_millis(rng.below(30_000) as u64);
    }
    // Two copies are wanted, so a beacon is waited for a sixteenth of this: a minute.
    let timing = Timing { repair_delay: Duration::from_mins(16), ..brisk() };
    Scenario { timing, ..Scenario::new(seed, torrents(6, 2, 50 * MB), beacons) }
}

#[test]
fn three_beacons_fetch_each_torrent_once_whatever_the_order_in_which_they_start() {
    for seed in 0..200 {
        let mut simulation = Simulation::new(three(seed));
        simulation.run_until(at(120));
        let report = simulation.report();
        assert_eq!(simulation.copies(), [2; 6], "{report:?}");
        assert_eq!((report.fetches, report.duplicate_fetches, report.cancels), (6, 0, 0), "{report:?}");
        assert_eq!(report.bytes_moved, report.bytes_needed, "{report:?}");
    }
}

#[test]
fn copies_of_a_beacon_that_crashed_are_made_anew_and_counted_again_when_it_returns() {
    for seed in 0..20 {
        let mut simulation = Simulation::new(three(seed));
        simulation.run_until(at(120));
        let lost = simulation.copies_at(1);
        simulation.act(Act::Crash(1));
        simulation.run_until(at(120 + 30));
        assert_eq!(simulation.report().fetches, 6, "it may still return");
        simulation.run_until(at(120 + 150));
        let report = simulation.report();
        assert_eq!(simulation.copies(), [2; 6], "{report:?}");
        assert_eq!((report.fetches, report.duplicate_fetches), (6 + lost as u64, 0), "{report:?}");

        simulation.act(Act::Start(1));
        simulation.run_until(at(600));
        assert_eq!(simulation.report().fetches, report.fetches, "nothing is fetched when it returns");
        assert_eq!(simulation.copies().iter().sum::<u32>() as usize, 12 + lost, "its copies are there again");
        assert!(simulation.knowledge().is_full(), "{:?}", simulation.knowledge());
    }
}

#[test]
fn a_beacon_that_is_back_in_time_costs_nothing() {
    let mut simulation = Simulation::new(three(7));
    simulation.run_until(at(120));
    simulation.act(Act::Crash(2));
    simulation.run_until(at(120 + 40));
    simulation.act(Act::Start(2));
    simulation.run_until(at(400));
    assert_eq!((simulation.report().fetches, simulation.copies()), (6, vec![2; 6]));
}

/// Seven beacons with fourteen copies of seven files of which three each are wanted. One file has a copy too many.
#[test]
fn the_worked_example_takes_exactly_eight_fetches_and_one_deletion() {
    let libraries: [&[usize]; 7] = [&[0], &[1], &[0, 2, 3, 4], &[5, 6], &[1, 6], &[0, 1], &[1, 6]];
    for seed in 0..20 {
        let beacons = libraries.iter().enumerate().map(|(place, held)| {
            let neighbors = place.checked_sub(1).into_iter().collect();
            BeaconSpec { neighbors, held: held.to_vec(), ..BeaconSpec::default() }
        });
        let reclaim = at_once();
        let scenario = Scenario::new(seed, torrents(7, 3, 50 * MB), beacons.collect());
        let scenario = Scenario { timing: brisk(), reclaim, ..scenario };
        let mut simulation = Simulation::new(scenario);
        simulation.run_until(at(120));
        let report = simulation.report();
        assert_eq!(simulation.copies(), [3; 7], "{report:?}");
        assert_eq!((report.fetches, report.duplicate_fetches, report.cancels), (8, 0, 0), "{report:?}");
        assert_eq!((report.deletions, report.below_target_by_deletion), (1, 0), "{report:?}");
    }
}

#[test]
fn a_joiner_takes_exactly_what_fits() {
    let joiner = BeaconSpec { starts: at(60), budget: ByteSize::from_bytes(60 * MB), ..beacon(&[1], &[]) };
    let beacons = vec![beacon(&[], &[0, 1, 2, 3, 4, 5]), beacon(&[0], &[]), beacon(&[0], &[]), joiner];
    let scenario = Scenario { timing: brisk(), ..Scenario::new(1, torrents(6, 4, 50 * MB), beacons) };
    let mut simulation = Simulation::new(scenario);
    simulation.run_until(at(200));
    assert_eq!(simulation.copies_at(3), 1);
    assert_eq!(simulation.report().fetches, 6 + 6 + 1);
}

#[test]
fn a_beacon_in_dry_run_is_counted_and_fetches_nothing() {
    let observer = BeaconSpec { mode: Mode::DryRun, ..beacon(&[0], &[0]) };
    let beacons = vec![beacon(&[], &[1]), observer, beacon(&[0], &[])];
    let scenario = Scenario { timing: brisk(), ..Scenario::new(1, torrents(2, 2, 50 * MB), beacons) };
    let mut simulation = Simulation::new(scenario);
    simulation.run_until(at(120));
    assert_eq!((simulation.copies_at(1), simulation.copies()), (1, vec![2, 2]));
    assert_eq!(simulation.report().fetches, 2);
}

#[test]
fn two_halves_that_were_parted_find_together_again() {
    let mut scenario = three(3);
    scenario.acts = vec![(at(120), Act::Part(vec![vec![0], vec![1, 2]])), (at(300), Act::Join)];
    let mut simulation = Simulation::new(scenario);
    simulation.run_until(at(299));
    assert_eq!(simulation.node(0).expect("it runs").protocol().links().len(), 0);
    let healed =
        simulation.run_until_holds(at(900), Duration::from_secs(1), |simulation| simulation.knowledge().is_full());
    assert!(healed.is_some(), "{:?}", simulation.knowledge());
    assert!(simulation.copies().iter().all(|copies| *copies >= 2));
}

#[test]
fn a_seed_replays_exactly_and_another_does_not() {
    let one = run_twice(|| three(11), at(120));
    let other = run_twice(|| three(12), at(120));
    assert_ne!(one.trace_hash, other.trace_hash);
}
