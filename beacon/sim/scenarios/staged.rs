//! A scenario with what has to come of it, and how it went.

use std::time::Duration;

use crate::{
    model::Instant,
    sim::{Moment, Report, Scenario, Simulation},
};

/// A scenario with what has to come of it.
#[derive(Debug, Clone)]
pub struct Staged {
    /// Its name.
    pub name: &'static str,
    /// What it is about, in a line.
    pub about: &'static str,
    /// What is played.
    pub scenario: Scenario,
    /// For how long.
    pub lasts: Duration,
    /// What has to come of it.
    pub expectations: Vec<Expectation>,
}

/// Something that has to come of a run.
#[derive(Debug, Clone, Copy)]
pub struct Expectation {
    /// What, in words.
    pub text: &'static str,
    /// Whether it did.
    pub holds: fn(&Report) -> bool,
}

/// How a scenario went.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// All figures.
    pub report: Report,
    /// How it went over time.
    pub course: Vec<Moment>,
    /// What did not come of it though it should have.
    pub failures: Vec<&'static str>,
}

/// How many moments of a run are noted.
const MOMENTS: u32 = 400;

impl Staged {
    /// Plays it.
    pub fn play(&self) -> Outcome {
        let mut simulation = Simulation::new(self.scenario.clone());
        let course = simulation.record_until(Instant::ZERO + self.lasts, self.lasts / MOMENTS);
        let report = simulation.report();
        let failed = self.expectations.iter().filter(|expectation| !(expectation.holds)(&report));
        let failures = failed.map(|expectation| expectation.text).collect();
        Outcome { report, course, failures }
    }
}
