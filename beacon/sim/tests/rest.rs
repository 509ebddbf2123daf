//! A network that is at rest when the run begins.

use std::time::Duration;

use super::runs::torrents;
use crate::sim::{Act, BeaconSpec, Report, Scenario, Simulation};

const BEACONS: usize = 60;

fn at_rest(seed: u64) -> Simulation {
    let spec = |place| BeaconSpec { library: vec![place], ..BeaconSpec::default() };
    Simulation::at_rest(Scenario::new(seed, torrents(BEACONS, 1, 1_000), (0..BEACONS).map(spec).collect()))
}

#[test]
fn everyone_knows_everyone_from_the_beginning_and_nothing_has_to_be_told() {
    let mut simulation = at_rest(4);
    assert!(simulation.knowledge().is_full(), "{:?}", simulation.knowledge());
    simulation.run_until(simulation.now() + Duration::from_mins(3));
    assert!(simulation.knowledge().is_full(), "{:?}", simulation.knowledge());
    let report = simulation.report();
    assert_eq!((report.traffic.status, report.fetches), (0, 0), "{report:?}");
    assert_eq!(report.lasted, Duration::from_mins(3));
    assert_eq!(simulation.overlay().parts, 1, "{:?}", simulation.overlay());
}

#[test]
fn news_of_a_network_at_rest_reaches_everyone_and_a_seed_replays_exactly() {
    let run = || -> Report {
        let mut simulation = at_rest(5);
        simulation.run_until(simulation.now() + Duration::from_mins(2));
        simulation.act(Act::Add { beacon: 7, torrent: 3 });
        simulation.run_until(simulation.now() + Duration::from_secs(2));
        assert!(simulation.knowledge().is_full(), "{:?}", simulation.knowledge());
        simulation.report()
    };
    assert_eq!(run(), run());
}
