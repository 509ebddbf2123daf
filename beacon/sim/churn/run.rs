//! Plays a year under each rule.

use std::time::Duration;

use super::{
    library::Library,
    lives::{Life, lives},
    play::Play,
    policy::Policy,
    report::ChurnReport,
    scenario::ChurnScenario,
};
use crate::model::{ByteSize, Instant};

/// Plays the scenario's sessions under the oracle and under each of its policies. Equal scenarios give equal reports.
pub fn run(scenario: &ChurnScenario) -> ChurnReport {
    let library = Library::new(scenario, scenario.redundancy);
    let lives = lives(scenario);
    let play = |policy: &Policy| {
        let library = Library::new(scenario, policy.surplus.redundancy(scenario.redundancy));
        Play::run(scenario, policy, &library, &lives)
    };
    ChurnReport {
        seed: scenario.seed,
        days: scenario.days,
        beacons: scenario.kinds.iter().map(|kind| kind.beacons).sum(),
        departures: lives.iter().filter(|life| life.leaves).count(),
        availability: availability(&lives, Instant::ZERO + scenario.lasts()),
        torrents: library.sizes().len(),
        bytes: ByteSize::from_bytes(library.sizes().iter().sum()),
        target: scenario.redundancy.target(),
        oracle: play(&Policy::oracle()),
        policies: scenario.policies.iter().map(play).collect(),
    }
}

/// The share of their lives that beacons are up.
fn availability(lives: &[Life], end: Instant) -> f64 {
    let up = |life: &Life| life.sessions.iter().map(|(from, to)| to.since(*from)).sum::<Duration>();
    let takes_part = |life: &Life| {
        let last = life.sessions.last().map_or(Instant::ZERO, |(_, to)| if life.leaves { *to } else { end });
        last.since(life.sessions[0].0)
    };
    let up: Duration = lives.iter().map(up).sum();
    let whole: Duration = lives.iter().map(takes_part).sum();
    up.as_secs_f64() / whole.as_secs_f64().max(1.0)
}
