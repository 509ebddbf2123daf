//! Many beacons: how fast news spreads, and what it costs. `cargo bench --bench network` shows the same for a thousand.

use std::time::Duration;

use super::runs::torrents;
use crate::{
    model::Rng,
    sim::{Act, BeaconSpec, Knowledge, Overlay, Scenario, Simulation},
};

const BEACONS: usize = 120;
const HOP: Duration = Duration::from_millis(100);

/// Each beacon was pointed at one that was there before it, and holds three torrents of which three copies are wanted.
fn settled(seed: u64) -> Simulation {
    let mut rng = Rng::new(seed);
    let spec = |place: usize| BeaconSpec {
        neighbors: if place == 0 { Vec::new() } else { vec![rng.below(place)] },
        library: (0..3).map(|next| (place + next) % BEACONS).collect(),
        ..BeaconSpec::default()
    };
    let beacons = (0..BEACONS).map(spec).collect();
    let mut simulation = Simulation::new(Scenario::new(seed, torrents(BEACONS, 3, 1_000_000_000), beacons));
    let end = simulation.now() + HOP * 40;
    let known = simulation.run_until_holds(end, HOP, |simulation| simulation.knowledge().is_full());
    assert!(known.is_some(), "{:?}", simulation.knowledge());
    simulation.run_until(simulation.now() + Duration::from_secs(150));
    simulation
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "figures")]
fn a_network_at_rest_costs_what_lazy_push_should_and_keeps_its_links() {
    let mut simulation = settled(1);
    let (before, began) = (simulation.report(), simulation.now());
    simulation.run_until(began + Duration::from_mins(3));
    let after = simulation.report();

    let Overlay { degrees, links, eager_links, parts, depth } = simulation.overlay();
    assert!(degrees.len() <= 13 && degrees[..4].iter().sum::<usize>() == 0, "between 4 and 12 links: {degrees:?}");
    assert_eq!(parts, 1);
    assert!(depth <= 6, "{depth}");
    assert!((BEACONS - 12..BEACONS * 5 / 4).contains(&eager_links), "about a tree: {eager_links}");
    assert!((after.dials - before.dials) < BEACONS as u64 / 2, "links stay: {} dials", after.dials - before.dials);

    let hello = simulation.node(0).and_then(|node| node.protocol().own().hello()).expect("it said one");
    let interval = hello.hello().valid_for.as_secs_f64();
    let degree = 2.0 * links as f64 / BEACONS as f64;
    let formula = 1.06 * BEACONS as f64 * (hello.bytes().len() as f64 + 12.0 * (degree - 1.0)) / interval;
    let spent = (after.traffic - before.traffic).messages() as f64 / BEACONS as f64 / 180.0;
    assert!(spent <= 1.3 * formula, "{spent} bytes/s, where lazy push takes {formula}");
}

#[test]
fn what_all_beacons_have_to_say_at_once_is_known_to_all_within_twenty_hops() {
    let mut simulation = settled(2);
    for beacon in 0..BEACONS {
        simulation.act(Act::Add { beacon, torrent: (beacon + BEACONS / 2) % BEACONS });
    }
    let deadline = simulation.now() + HOP * 20;
    simulation.run_until(simulation.now() + HOP);
    assert_eq!(simulation.knowledge().statuses, 0, "all is news");
    let known = simulation.run_until_holds(deadline, HOP, |simulation| simulation.knowledge().is_full());
    let Knowledge { pairs, statuses, .. } = simulation.knowledge();
    assert!(known.is_some(), "{statuses} of {pairs} statuses");
}
