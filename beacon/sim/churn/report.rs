//! What came of a year under each rule.

use std::{collections::BTreeSet, fmt, time::Duration};

use super::copies::Copies;
use crate::{census::TorrentIndex, model::ByteSize};

/// The figures of a run: what each rule made of the same sessions.
#[derive(Debug, Clone, PartialEq)]
pub struct ChurnReport {
    /// The seed, with which it can be played again.
    pub seed: u64,
    /// How many days it lasted.
    pub days: u32,
    /// How many beacons there are at a time.
    pub beacons: usize,
    /// How many beacons left for ever.
    pub departures: usize,
    /// The share of the time that a beacon is up, on the average, until it leaves.
    pub availability: f64,
    /// How many torrents there are.
    pub torrents: usize,
    /// Their bytes, each counted once.
    pub bytes: ByteSize,
    /// The copies wanted of each.
    pub target: u16,
    /// What the rule comes to that knows who will never return.
    pub oracle: PolicyFigures,
    /// What the rules come to that were to be compared with it.
    pub policies: Vec<PolicyFigures>,
}

/// What one rule comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyFigures {
    /// The rule's name.
    pub policy: String,
    /// Fetches begun.
    pub fetches: u64,
    /// Fetches that became copies.
    pub completed: u64,
    /// Fetches given up since a holder returned or another was sooner.
    pub cancelled: u64,
    /// Copies deleted since there were too many.
    pub deleted: u64,
    /// Bytes received, those of fetches that were given up among them.
    pub bytes_moved: u64,
    /// The same in each quarter of the time.
    pub bytes_by_quarter: [u64; 4],
    /// Torrents of which no copy is left at any beacon that will return.
    pub lost: BTreeSet<TorrentIndex>,
    /// The fewest copies that any torrent ever had at beacons that had not left, at most the target.
    pub copies_min: u16,
    /// Copies of a torrent at beacons that have not left, on the average of torrents and time.
    pub copies_mean: f64,
    /// Copies of a torrent at beacons that are up, on the average of torrents and time.
    pub live_mean: f64,
    /// The share of torrents and time with fewer copies than wanted at beacons that had not left.
    pub below_target: f64,
    /// The share of torrents and time with no copy at a beacon that is up.
    pub unserved: f64,
    /// The share of torrents and time with one copy at most at beacons that had not left: one more departure, and it is lost.
    pub last_copy: f64,
}

impl ChurnReport {
    /// Repair traffic as a multiple of the oracle's.
    pub fn ratio(&self, figures: &PolicyFigures) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
        let ratio = figures.bytes_moved as f64 / (self.oracle.bytes_moved.max(1)) as f64;
        ratio
    }

    /// How many torrents are lost that the oracle keeps.
    pub fn lost_needlessly(&self, figures: &PolicyFigures) -> usize {
        figures.lost.difference(&self.oracle.lost).count()
    }
}

impl PolicyFigures {
    pub(super) fn new(policy: &str) -> Self {
        Self {
            policy: policy.to_owned(),
            fetches: 0,
            completed: 0,
            cancelled: 0,
            deleted: 0,
            bytes_moved: 0,
            bytes_by_quarter: [0; 4],
            lost: BTreeSet::new(),
            copies_min: 0,
            copies_mean: 0.0,
            live_mean: 0.0,
            below_target: 0.0,
            unserved: 0.0,
            last_copy: 0.0,
        }
    }

    /// Notes bytes that were received until `after` the beginning of what lasts `whole`.
    pub(super) fn receive(&mut self, after: Duration, whole: Duration, bytes: u64) {
        let quarter = after.as_millis() * 4 / whole.as_millis().max(1);
        self.bytes_by_quarter[usize::try_from(quarter).unwrap_or(3).min(3)] += bytes;
        self.bytes_moved += bytes;
    }

    pub(super) fn conclude(&mut self, copies: &Copies) {
        let means = copies.means();
        self.lost.clone_from(copies.lost());
        self.copies_min = copies.least();
        (self.copies_mean, self.live_mean) = (means.kept, means.live);
        (self.below_target, self.unserved, self.last_copy) = (means.below, means.unserved, means.last);
    }
}

impl fmt::Display for ChurnReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "seed {}: {} days, {} beacons that are up {:.0} % of the time, {} left for ever; {} torrents of {} in all, {} copies wanted of each",
            self.seed,
            self.days,
            self.beacons,
            100.0 * self.availability,
            self.departures,
            self.torrents,
            self.bytes,
            self.target
        )?;
        writeln!(
            f,
            "| {:<20} | {:>8} | {:>8} | {:>6} | {:>9} | {:>8} | {:>6} | {:>11} | {:>5} | {:>12} | {:>9} | {:>9} | {:>27} |",
            "rule",
            "fetched",
            "moved",
            "ratio",
            "given up",
            "deleted",
            "lost",
            "copies, min",
            "mean",
            "below target",
            "last copy",
            "unserved",
            "ratio in each quarter"
        )?;
        writeln!(f, "|{}", "---|".repeat(13))?;
        for figures in std::iter::once(&self.oracle).chain(&self.policies) {
            let quarters: Vec<String> = figures
                .bytes_by_quarter
                .iter()
                .zip(&self.oracle.bytes_by_quarter)
                .map(|(bytes, oracle)| hundredths(*bytes, *oracle))
                .collect();
            writeln!(
                f,
                "| {:<20} | {:>8} | {:>8} | {:>6} | {:>9} | {:>8} | {:>6} | {:>11} | {:>5.2} | {:>10.2} % | {:>7.4} % | {:>7.3} % | {:>27} |",
                figures.policy,
                figures.completed,
                ByteSize::from_bytes(figures.bytes_moved),
                hundredths(figures.bytes_moved, self.oracle.bytes_moved),
                figures.cancelled,
                figures.deleted,
                figures.lost.len(),
                figures.copies_min,
                figures.copies_mean,
                100.0 * figures.below_target,
                100.0 * figures.last_copy,
                100.0 * figures.unserved,
                quarters.join(", ")
            )?;
        }
        Ok(())
    }
}

fn hundredths(part: u64, whole: u64) -> String {
    let ratio = u128::from(part) * 100 / u128::from(whole.max(1));
    format!("{}.{:02}", ratio / 100, ratio % 100)
}
