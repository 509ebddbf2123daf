//! One run of one seed.

use std::time::Duration;

use super::draw::{FAULTS_LAST, draw};
use crate::{
    model::Instant,
    node::Order,
    sim::{Act, Lie, Moment, Report, Simulation},
};

/// What a run is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// That nothing is ever lost: there are faults until the end.
    Safety,
    /// That everything comes right: there are faults for a while, then none.
    Liveness,
}

/// How a run went.
#[derive(Debug, Clone)]
pub struct FaultReport {
    /// What it was to show.
    pub kind: Kind,
    /// All figures.
    pub report: Report,
    /// How it went over time.
    pub course: Vec<Moment>,
    /// What happened when.
    pub acts: Vec<(Instant, Act)>,
    /// How long after the last fault everything had come right, in a liveness run.
    pub converged_after: Option<Duration>,
    /// What was not as it has to be; nothing where all was well.
    pub broken: Vec<String>,
}

/// Within this time after the last fault everything that can has come right. It is 360 rounds of planning: an attempt to
/// delete that failed again and again while beacons were cut off rests for about as long as they were, a fetch of which
/// nothing comes is given up after ten minutes, and copies then still have to be moved.
pub const CONVERGES_WITHIN: Duration = Duration::from_mins(30);
/// For so long everything has to be right and nothing be done before it counts as having come right.
const RIGHT_FOR: Duration = Duration::from_mins(3);
/// For so long after that nothing may be fetched or deleted.
const STAYS_QUIET: Duration = Duration::from_mins(12);
/// How often the oracles look.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// The most that a beacon may send on the average, in bytes per second: with hellos every ten seconds instead of every
/// minute, polls every few seconds and a change of some status at every moment, several times what a network at rest takes.
const BYTES_PER_S_MAX: f64 = 4_000.0;

/// Plays the mix of faults of a seed.
pub fn run(seed: u64, kind: Kind) -> FaultReport {
    let scenario = draw(seed);
    let acts = scenario.acts.clone();
    let mut watched = Watched { simulation: Simulation::new(scenario), course: Vec::new(), broken: Vec::new() };
    watched.play(Instant::ZERO + FAULTS_LAST);
    let mut converged_after = None;
    if kind == Kind::Liveness {
        watched.calm();
        converged_after = watched.converge();
        if converged_after.is_some() {
            watched.stay_quiet();
        }
    }
    let report = watched.simulation.report();
    if report.bytes_per_beacon_per_s > BYTES_PER_S_MAX {
        watched.broken.push(format!("bounds: {:.0} bytes per beacon and second", report.bytes_per_beacon_per_s));
    }
    let Watched { course, broken, .. } = watched;
    FaultReport { kind, report, course, acts, converged_after, broken }
}

struct Watched {
    simulation: Simulation,
    course: Vec<Moment>,
    broken: Vec<String>,
}

impl Watched {
    /// Plays on with the oracles looking; they complain once.
    fn play(&mut self, until: Instant) {
        while self.simulation.now < until {
            self.simulation.run_until((self.simulation.now + LOOK_EVERY).min(until));
            self.course.push(self.simulation.moment());
            if self.broken.is_empty() {
                self.broken = self.simulation.breaches();
            }
        }
    }

    /// Ends all faults: everyone is there who is not lost, and reaches everyone else.
    fn calm(&mut self) {
        let mut acts = vec![Act::Join, Act::Weather { loss_ppm: 10_000, duplicate_ppm: 0, reorder_ppm: 0 }];
        for beacon in 0..self.simulation.beacons.len() {
            self.simulation.beacons[beacon].trap = None;
            acts.extend([Act::Start(beacon), Act::ClientUp(beacon)]);
            // A drain that ends by itself later, and a lie that comes out later, would be news after all others.
            if self.simulation.beacons[beacon].disk.drain.is_some_and(|drain| drain.until.is_some()) {
                acts.push(Act::Order { beacon, order: Order::Stay });
            }
            if self.simulation.scenario.beacons[beacon].lie == Some(Lie::Equivocates) {
                acts.push(Act::Lose(beacon));
            }
        }
        for act in acts {
            self.simulation.act(act);
        }
    }

    /// How long after the last fault everything had come right, and for some minutes nothing more was done.
    fn converge(&mut self) -> Option<Duration> {
        let began = self.simulation.now;
        let mut right_since = None;
        let mut before = self.done();
        while self.simulation.now.since(began) < CONVERGES_WITHIN + RIGHT_FOR {
            self.play(self.simulation.now + LOOK_EVERY);
            let done = self.done();
            if done != before || !self.simulation.unsettled().is_empty() {
                right_since = None;
            } else {
                right_since.get_or_insert(self.simulation.now);
            }
            before = done;
            if let Some(since) = right_since.filter(|since| self.simulation.now.since(*since) >= RIGHT_FOR) {
                return Some(since.since(began));
            }
        }
        let mut unsettled = self.simulation.unsettled();
        if unsettled.is_empty() {
            unsettled.push(format!("there was always something done; {}", self.simulation.last_done()));
        }
        self.broken.extend(unsettled.into_iter().map(|what| format!("liveness: after {CONVERGES_WITHIN:?} {what}")));
        None
    }

    fn stay_quiet(&mut self) {
        let before = self.done();
        self.play(self.simulation.now + STAYS_QUIET);
        let after = self.done();
        if before != after {
            let (fetches, deletions) = (after.0 - before.0, after.1 - before.1);
            let last = self.simulation.last_done();
            self.broken
                .push(format!("oscillation: {fetches} fetches and {deletions} deletions after all was right; {last}"));
        }
        for what in self.simulation.unsettled() {
            self.broken.push(format!("oscillation: all was right, and now {what}"));
        }
    }

    /// Fetches of what can be had, and deletions.
    const fn done(&self) -> (u64, u64) {
        (self.simulation.truth.sourced_fetches, self.simulation.truth.deletions)
    }
}
