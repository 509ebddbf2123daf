//! What came of a run.

use std::time::Duration;

use super::{simulation::Simulation, traffic::Traffic, truth::Incident};
use crate::model::Instant;

/// The figures of a run, all since its beginning.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The seed, with which it can be played again.
    pub seed: u64,
    /// How many beacons there were.
    pub beacons: usize,
    /// How many torrents.
    pub torrents: usize,
    /// How long it lasted.
    pub lasted: Duration,
    /// Fetches begun in clients.
    pub fetches: u64,
    /// Copies deleted.
    pub deletions: u64,
    /// Fetches begun while copies and fetches together were too few.
    pub necessary_fetches: u64,
    /// Fetches begun while there were enough already.
    pub duplicate_fetches: u64,
    /// Fetches given up.
    pub cancels: u64,
    /// Bytes that clients received.
    pub bytes_moved: u64,
    /// Bytes of the torrents of all necessary fetches.
    pub bytes_needed: u64,
    /// Deletions that left fewer copies than wanted.
    pub below_target_by_deletion: u64,
    /// The first of them.
    pub incidents: Vec<Incident>,
    /// Commands to stop or delete what the client had said to be its user's own.
    pub users_commanded: u64,
    /// Fetches of what the same beacon had deleted less than an hour before, while there were copies enough.
    pub refetches: u64,
    /// Torrents that have fewer live copies than wanted at the end.
    pub lacking: usize,
    /// How many torrents have 0, 1, 2, ... live copies at the end.
    pub copies_histogram: Vec<usize>,
    /// Of the beacons that hold nothing of their users' own: what the fullest holds, in parts of the mean.
    pub fullest_over_mean: Option<f64>,
    /// Beacons that hold more of their own than their budget at the end.
    pub over_budget: usize,
    /// Seconds until for the first time every torrent had its copies.
    pub seconds_to_target: Option<u64>,
    /// The same in rounds of planning, the one under way counted.
    pub rounds_to_target: Option<u64>,
    /// Bytes that a beacon sent per second, on the average.
    pub bytes_per_beacon_per_s: f64,
    /// What all beacons sent, by purpose.
    pub traffic: Traffic,
    /// How often a beacon dialed, all together.
    pub dials: u64,
    /// How often a beacon lost a link, all together.
    pub links_lost: u64,
    /// A number for all that happened; equal for equal runs.
    pub trace_hash: u64,
}

impl Simulation {
    /// The figures until now.
    pub fn report(&self) -> Report {
        let traffic = self.beacons.iter().fold(Traffic::default(), |sum, beacon| sum + beacon.sent);
        let lasted = self.now.since(self.began);
        let plan = self.scenario.timing.plan.as_millis().max(1);
        let since = |at: Instant| u64::try_from(at.since(self.began).as_millis()).unwrap_or(u64::MAX);
        let rounds = |at: Instant| u64::try_from(u128::from(since(at)).div_ceil(plan)).unwrap_or(u64::MAX);
        let truth = &self.truth;
        Report {
            seed: self.scenario.seed,
            beacons: self.beacons.len(),
            torrents: self.scenario.torrents.len(),
            lasted,
            fetches: truth.fetches,
            deletions: truth.deletions,
            necessary_fetches: truth.fetches - truth.duplicate_fetches,
            duplicate_fetches: truth.duplicate_fetches,
            cancels: truth.cancels,
            bytes_moved: truth.bytes_moved,
            bytes_needed: truth.bytes_needed,
            below_target_by_deletion: truth.below_target_by_deletion,
            incidents: truth.incidents.clone(),
            users_commanded: truth.users_commanded,
            refetches: truth.refetches,
            lacking: truth.lacking(),
            copies_histogram: histogram(truth.copies()),
            fullest_over_mean: self.fullest_over_mean(),
            over_budget: (0..self.beacons.len()).filter(|place| self.is_over_budget(*place)).count(),
            seconds_to_target: truth.met_at.map(|at| since(at).div_ceil(1_000)),
            rounds_to_target: truth.met_at.map(rounds),
            bytes_per_beacon_per_s: per_beacon_per_s(traffic.total(), self.beacons.len(), lasted),
            traffic,
            dials: self.beacons.iter().map(|beacon| beacon.dials).sum(),
            links_lost: self.beacons.iter().map(|beacon| beacon.links_lost).sum(),
            trace_hash: self.trace.hash(),
        }
    }

    /// Whether a beacon that runs holds more of its own than its user gives.
    pub(super) fn is_over_budget(&self, place: usize) -> bool {
        let beacon = &self.beacons[place];
        beacon.is_up() && beacon.client.marked_bytes() > self.scenario.beacons[place].budget
    }

    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    fn fullest_over_mean(&self) -> Option<f64> {
        let takers = self.beacons.iter().filter(|beacon| beacon.is_up() && !beacon.client.has_library());
        let held: Vec<u64> = takers.map(|beacon| beacon.client.marked_bytes().bytes()).collect();
        let mean = held.iter().sum::<u64>() as f64 / held.len() as f64;
        let fullest = *held.iter().max()? as f64;
        (mean > 0.0).then(|| fullest / mean)
    }
}

fn histogram(copies: impl Iterator<Item = u32>) -> Vec<usize> {
    let mut histogram = Vec::new();
    for copies in copies {
        let copies = copies as usize;
        if histogram.len() <= copies {
            histogram.resize(copies + 1, 0);
        }
        histogram[copies] += 1;
    }
    histogram
}

/// Bytes in all as bytes per beacon and second.
#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
pub(super) fn per_beacon_per_s(bytes: u64, beacons: usize, lasted: Duration) -> f64 {
    bytes as f64 / (beacons as f64).max(1.0) / lasted.as_secs_f64().max(0.001)
}
