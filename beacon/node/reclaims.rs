//! The copies that this beacon is about to be rid of, and how far each is.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use super::{Leaving, ReclaimSettings};
use crate::{
    model::{BeaconId, ByteSize, InfoHash, Instant},
    protocol::Claim,
};

/// Every deletion under way, and what limits new ones.
#[derive(Debug, Default)]
pub(super) struct Reclaims {
    by_hash: BTreeMap<InfoHash, Reclaim>,
    /// Since when each surplus has stood.
    standing: BTreeMap<InfoHash, Instant>,
    /// Attempts that failed: how many in a row, and until when there is no other.
    failed: BTreeMap<InfoHash, (u32, Instant)>,
    /// What was decided to be deleted when, in the last day.
    spent: VecDeque<(Instant, ByteSize)>,
}

/// One copy on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reclaim {
    pub(super) claim: Claim,
    pub(super) stage: Stage,
    /// Since when it has been in this stage.
    pub(super) since: Instant,
    /// Why it is to go.
    pub(super) reason: String,
    /// Whether the user wants it gone.
    pub(super) wanted: bool,
    /// Commands to the client that failed in a row, and until when there is no other.
    pub(super) failures: (u32, Instant),
}

/// How far a copy is on its way out. From `Stopping` on the claim is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    /// The other holders are asked for their grants.
    Asking {
        /// Who was asked.
        holders: Vec<BeaconId>,
    },
    /// The client is to stop it.
    Stopping,
    /// It is stopped, and its files are kept for a while.
    Quarantined,
    /// The client is to delete it, or has been told.
    Deleting,
    /// The client is to start it again.
    Restoring,
}

/// Over which time deletions are counted.
const DAY: Duration = Duration::from_hours(24);
/// The most attempts and deletions at a time: each attempt is a message to every other holder.
pub(super) const UNDER_WAY_MAX: usize = 100;
/// The longest rest after commands that failed.
const COMMAND_REST_LAST: Duration = Duration::from_mins(30);
/// The longest rest after failed attempts.
const REST_LAST: Duration = Duration::from_hours(6);

impl Reclaims {
    /// What was under way before a restart. Nothing is granted for those torrents until it is clear what became of them.
    pub(super) fn recall(leaving: Vec<(InfoHash, Leaving)>, deleted: Vec<(Instant, ByteSize)>, now: Instant) -> Self {
        let reclaim = |leaving: Leaving| {
            let (stage, since) = match leaving {
                Leaving::Quarantined(since) => (Stage::Stopping, since),
                Leaving::Deleting => (Stage::Deleting, now),
            };
            let reason = "begun before the beacon was last started".to_owned();
            let claim = Claim::after_restart(true);
            Reclaim { claim, stage, since, reason, wanted: true, failures: (0, Instant::ZERO) }
        };
        Self {
            by_hash: leaving.into_iter().map(|(info_hash, leaving)| (info_hash, reclaim(leaving))).collect(),
            spent: deleted.into(),
            ..Self::default()
        }
    }

    pub(super) fn find(&self, info_hash: &InfoHash) -> Option<&Reclaim> {
        self.by_hash.get(info_hash)
    }

    pub(super) fn find_mut(&mut self, info_hash: &InfoHash) -> Option<&mut Reclaim> {
        self.by_hash.get_mut(info_hash)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&InfoHash, &Reclaim)> {
        self.by_hash.iter()
    }

    /// Torrents whose copy here is given up: it counts no more, whatever the client shows.
    pub(super) fn committed(&self) -> impl Iterator<Item = &InfoHash> {
        self.by_hash.iter().filter(|(_, reclaim)| reclaim.claim.is_committed()).map(|(hash, _)| hash)
    }

    pub(super) fn begin(&mut self, info_hash: InfoHash, reclaim: Reclaim) {
        self.by_hash.insert(info_hash, reclaim);
    }

    /// Whether there may be more attempts.
    pub(super) fn has_room(&self) -> bool {
        self.by_hash.values().filter(|reclaim| reclaim.stage != Stage::Quarantined).count() < UNDER_WAY_MAX
    }

    /// It is over: deleted, restored or given up.
    pub(super) fn end(&mut self, info_hash: &InfoHash) -> Option<Reclaim> {
        self.standing.remove(info_hash);
        self.by_hash.remove(info_hash)
    }

    /// An attempt came to nothing: the next has to wait, longer each time. `jitter` is from 0 to 1 in 256 parts.
    pub(super) fn fail(&mut self, now: Instant, info_hash: InfoHash, first: Duration, jitter: u32) {
        self.by_hash.remove(&info_hash);
        let tries = self.failed.get(&info_hash).map_or(0, |(tries, _)| *tries).saturating_add(1);
        let rest = first.saturating_mul(2_u32.saturating_pow(tries.min(16) - 1)).min(REST_LAST);
        self.failed.insert(info_hash, (tries, now + rest + rest / 256 * jitter));
    }

    /// Notes which surpluses there are; whichever is not among them any more has to stand anew.
    pub(super) fn observe(&mut self, now: Instant, surplus: impl Iterator<Item = InfoHash>) {
        let before = std::mem::take(&mut self.standing);
        self.standing = surplus.map(|hash| (hash, before.get(&hash).copied().unwrap_or(now))).collect();
        let standing = &self.standing;
        self.failed.retain(|hash, _| standing.contains_key(hash));
    }

    /// Whether an attempt may begin now.
    pub(super) fn is_due(&self, now: Instant, info_hash: &InfoHash, delay: Duration) -> bool {
        let stood = self.standing.get(info_hash).is_some_and(|since| now.since(*since) >= delay);
        let rested = self.failed.get(info_hash).is_none_or(|(_, until)| *until <= now);
        stood && rested && !self.by_hash.contains_key(info_hash)
    }

    /// Since when a surplus has stood.
    pub(super) fn standing(&self, info_hash: &InfoHash) -> Option<Instant> {
        self.standing.get(info_hash).copied()
    }

    /// Whether so much more may be deleted within a day. One torrent larger than all that may is let through alone.
    pub(super) fn may_spend(&mut self, now: Instant, size: ByteSize, settings: &ReclaimSettings) -> bool {
        while self.spent.front().is_some_and(|(at, _)| now.since(*at) >= DAY) {
            self.spent.pop_front();
        }
        // Attempts under way may all be granted.
        let coming = self.by_hash.values().filter(|reclaim| matches!(reclaim.stage, Stage::Asking { .. })).count();
        let bytes = self.spent.iter().fold(ByteSize::ZERO, |sum, (_, size)| sum.saturating_add(*size));
        let fits = bytes.saturating_add(size) <= settings.bytes_per_day || self.spent.is_empty();
        self.spent.len() + coming < settings.torrents_per_day as usize && fits
    }

    /// Notes that so much is being deleted.
    pub(super) fn spend(&mut self, now: Instant, size: ByteSize) {
        self.spent.push_back((now, size));
    }
}

impl Reclaim {
    /// A command to the client failed; the next has to wait, longer each time.
    pub(super) fn fail_command(&mut self, now: Instant, first: Duration) {
        let tries = self.failures.0.saturating_add(1);
        let rest = first.saturating_mul(2_u32.saturating_pow(tries.min(16) - 1)).min(COMMAND_REST_LAST);
        self.failures = (tries, now + rest);
    }

    /// Why it is to go, and how far it is. In quarantine its files are kept for `quarantine`.
    pub(super) fn describe(&self, now: Instant, quarantine: Duration) -> String {
        match &self.stage {
            Stage::Quarantined => {
                let left = quarantine.saturating_sub(now.since(self.since));
                format!("{}; stopped, its files are kept for another {}", self.reason, spoken(left))
            }
            Stage::Asking { holders } => {
                let granted = self.claim.granted().count();
                format!("{}; {granted} of {} holders that were asked have granted it", self.reason, holders.len())
            }
            stage => format!("{}; {}", self.reason, stage.word()),
        }
    }
}

/// A duration as people say it, to within its largest unit or two.
fn spoken(duration: Duration) -> String {
    match (duration.as_secs(), duration.as_secs() / 60) {
        (secs, 0..2) => format!("{secs} s"),
        (_, minutes @ 2..120) => format!("{minutes} min"),
        (_, minutes) => format!("{} h", minutes / 60),
    }
}

impl Stage {
    const fn word(&self) -> &'static str {
        match self {
            Self::Asking { .. } => "asking the other holders",
            Self::Stopping => "being stopped",
            Self::Quarantined => "stopped, files kept",
            Self::Deleting => "being deleted",
            Self::Restoring => "being restored",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: InfoHash = InfoHash::V1([1; 20]);

    fn at(secs: u64) -> Instant {
        Instant::from_millis(secs * 1_000)
    }

    #[test]
    fn a_surplus_has_to_stand_without_a_break() {
        let mut reclaims = Reclaims::default();
        let hour = Duration::from_hours(1);
        reclaims.observe(at(0), [HASH].into_iter());
        assert!(!reclaims.is_due(at(3_599), &HASH, hour));
        assert!(reclaims.is_due(at(3_600), &HASH, hour));
        reclaims.observe(at(3_600), [].into_iter());
        reclaims.observe(at(3_601), [HASH].into_iter());
        assert!(!reclaims.is_due(at(7_200), &HASH, hour));
        assert!(reclaims.is_due(at(7_201), &HASH, hour));
    }

    #[test]
    fn failed_attempts_rest_for_longer_each_time() {
        let mut reclaims = Reclaims::default();
        reclaims.observe(at(0), [HASH].into_iter());
        reclaims.fail(at(0), HASH, Duration::from_mins(1), 0);
        assert!(!reclaims.is_due(at(59), &HASH, Duration::ZERO));
        assert!(reclaims.is_due(at(60), &HASH, Duration::ZERO));
        reclaims.fail(at(60), HASH, Duration::from_mins(1), 0);
        assert!(!reclaims.is_due(at(179), &HASH, Duration::ZERO));
        for _ in 0..50 {
            reclaims.fail(at(180), HASH, Duration::from_mins(1), 0);
        }
        assert!(reclaims.is_due(at(180 + 6 * 3_600), &HASH, Duration::ZERO));
    }

    #[test]
    fn a_day_holds_so_many_torrents_and_bytes() {
        let settings = ReclaimSettings {
            torrents_per_day: 2,
            bytes_per_day: ByteSize::from_bytes(100),
            ..ReclaimSettings::default()
        };
        let bytes = ByteSize::from_bytes;
        let mut reclaims = Reclaims::default();
        assert!(reclaims.may_spend(at(0), bytes(500), &settings), "what is larger than a day's share goes alone");
        reclaims.spend(at(0), bytes(60));
        assert!(!reclaims.may_spend(at(0), bytes(41), &settings));
        assert!(reclaims.may_spend(at(0), bytes(40), &settings));
        reclaims.spend(at(10), bytes(1));
        assert!(!reclaims.may_spend(at(86_399), bytes(1), &settings), "two torrents are all");
        assert!(reclaims.may_spend(at(86_400), bytes(1), &settings), "the first is a day old");
    }
}
