//! How a run went over time, for plots.

use std::time::Duration;

use super::{simulation::Simulation, traffic::Traffic};
use crate::model::Instant;

/// What was so at one moment of a run; counts are since its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: Instant,
    /// Torrents without a live copy.
    pub missing: usize,
    /// Torrents with fewer live copies than wanted, but with some.
    pub under: usize,
    /// Torrents with as many as wanted.
    pub met: usize,
    /// Torrents with more than their max.
    pub over: usize,
    /// Fetches begun.
    pub fetches: u64,
    /// Copies deleted.
    pub deletions: u64,
    /// Bytes that clients received.
    pub bytes_moved: u64,
    /// Bytes that beacons sent.
    pub bytes_sent: u64,
}

impl Simulation {
    /// Plays on until this moment, and notes at every `step` how things stand.
    pub fn record_until(&mut self, until: Instant, step: Duration) -> Vec<Moment> {
        let mut course = vec![self.moment()];
        while self.now < until {
            self.run_until((self.now + step).min(until));
            course.push(self.moment());
        }
        course
    }

    /// How things stand.
    pub fn moment(&self) -> Moment {
        let [missing, under, met, over] = self.truth.standings();
        Moment {
            at: self.now,
            missing,
            under,
            met,
            over,
            fetches: self.truth.fetches,
            deletions: self.truth.deletions,
            bytes_moved: self.truth.bytes_moved,
            bytes_sent: self.beacons.iter().fold(Traffic::default(), |sum, beacon| sum + beacon.sent).total(),
        }
    }
}
