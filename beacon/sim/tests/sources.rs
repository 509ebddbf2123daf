//! A torrent that many hold and many want.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use super::runs::{at, torrents};
use crate::sim::{BeaconSpec, Scenario, Simulation, Timing, scenario::client_address};

const HOLDERS: usize = 50;
const FETCHERS: usize = 50;

fn scenario() -> Scenario {
    let spec = |place: usize| BeaconSpec {
        neighbors: if place == 0 { Vec::new() } else { vec![place / 2] },
        library: if place < HOLDERS { vec![0] } else { Vec::new() },
        ..BeaconSpec::default()
    };
    let secs = Duration::from_secs;
    let timing = Timing { heartbeat: secs(5), plan: secs(5), poll: secs(2), repair_delay: secs(600) };
    let beacons = (0..HOLDERS + FETCHERS).map(spec).collect();
    Scenario { timing, ..Scenario::new(7, torrents(1, 100, 2_000_000_000), beacons) }
}

/// How many fetching clients know of each holder's.
fn known_by(simulation: &Simulation) -> Vec<usize> {
    let mut counts = BTreeMap::<SocketAddr, usize>::new();
    for beacon in &simulation.beacons[HOLDERS..] {
        for peer in beacon.client.incomplete().flat_map(|(_, peers)| peers) {
            *counts.entry(*peer).or_default() += 1;
        }
    }
    (0..HOLDERS).map(|holder| counts.get(&client_address(holder)).copied().unwrap_or(0)).collect()
}

#[test]
fn everyone_gets_it_and_no_holder_is_known_to_all() {
    let mut simulation = Simulation::new(scenario());
    let all_fetch = |simulation: &Simulation| {
        simulation.beacons[HOLDERS..].iter().all(|beacon| beacon.client.incomplete().count() == 1)
    };
    let begun = simulation.run_until_holds(at(300), Duration::from_secs(1), all_fetch);
    assert!(begun.is_some(), "all fetch at the same time");
    let known = known_by(&simulation);
    assert!(known.iter().sum::<usize>() == FETCHERS * 20 && known.iter().all(|known| *known <= 30), "{known:?}");

    simulation.run_until(simulation.now() + Duration::from_mins(1));
    assert!(all_fetch(&simulation));
    let known = known_by(&simulation);
    assert!(
        known.iter().all(|known| (20..=40).contains(known)),
        "now the holders were told of fetchers too: {known:?}"
    );
    let mut again = Simulation::new(scenario());
    again.run_until(simulation.now());
    assert_eq!(again.report(), simulation.report(), "the same seed gives the same run");

    let done =
        simulation.run_until_holds(at(3_600), Duration::from_secs(10), |simulation| simulation.copies() == [100]);
    assert!(done.is_some(), "{:?}", simulation.report());
    assert_eq!(simulation.report().fetches, FETCHERS as u64);
}
