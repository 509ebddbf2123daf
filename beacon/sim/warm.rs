//! A network that is at rest when a run begins.

use std::{sync::Arc, time::Duration};

use super::{event::Event, scenario::Scenario, simulation::Simulation};
use crate::{census::Status, model::Instant, wire::SignedHello};

/// What a beacon said of itself before the run.
struct Said {
    at: Instant,
    hello: Arc<SignedHello>,
    status: Arc<Status>,
}

/// How long after the beginning the hello comes that makes the tree: by then there are links.
const ROOT_AFTER: Duration = Duration::from_secs(15);

impl Simulation {
    /// A scenario in which everyone knows everyone's hello and status from the beginning, as if all had been running for
    /// long; the hellos were said evenly over the last interval. Links are made at the beginning, by the rules of the
    /// overlay, and the tree forms with the next hello of the beacon whose hellos make it, a quarter of a minute later.
    ///
    /// The clock begins one interval after zero. All beacons are there, whatever the scenario says of their starts.
    pub fn at_rest(scenario: Scenario) -> Self {
        let mut simulation = Self::before(scenario);
        let beacons = simulation.beacons.len();
        let interval = simulation.scenario.settings(0).protocol.interval(beacons);
        simulation.now = Instant::ZERO + interval;
        simulation.began = simulation.now;
        for place in 0..beacons {
            simulation.start(place);
            simulation.report_client(place);
        }
        let said = simulation.say_all(interval);
        simulation.introduce_all(&said);
        for (at, act) in simulation.scenario.acts.clone() {
            simulation.queue.push(at, Event::Act(act));
        }
        simulation
    }

    /// Has everyone say a hello, evenly over the last interval; those hellos in the order of the scenario.
    fn say_all(&mut self, interval: Duration) -> Vec<Said> {
        let beacons = self.beacons.len();
        let mut turns: Vec<u32> = (0..).take(beacons).collect();
        self.rng.shuffle(&mut turns);
        let root = self.beacons.iter().map(|beacon| beacon.id).min();
        let mut said = Vec::with_capacity(beacons);
        for (beacon, turn) in self.beacons.iter_mut().zip(turns) {
            let share = interval * (turn + 1) / u32::try_from(beacons).unwrap_or(u32::MAX);
            let at = Instant::ZERO + if Some(beacon.id) == root { ROOT_AFTER.min(interval) } else { share };
            let Some(node) = &mut beacon.node else { continue };
            let hello = node.say_before(at, beacons);
            let Some(status) = node.protocol().own().status().cloned() else { continue };
            said.push(Said { at, hello, status });
        }
        said
    }

    /// Makes everyone known to everyone: all to the first, and to the others whom the first knows.
    fn introduce_all(&mut self, said: &[Said]) {
        let Some((first, others)) = self.beacons.split_first_mut() else { return };
        let (Some(first), Some((said_first, said))) = (&mut first.node, said.split_first()) else { return };
        for (node, said) in others.iter().filter_map(|beacon| beacon.node.as_ref()).zip(said) {
            first.know(self.now, (&said.hello, said.at), &said.status, node.census());
        }
        for node in others.iter_mut().filter_map(|beacon| beacon.node.as_mut()) {
            node.know_like(first);
            node.know(self.now, (&said_first.hello, said_first.at), &said_first.status, first.census());
        }
    }
}
