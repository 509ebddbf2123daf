//! The copies that there really are, whatever anybody knows, and for how long they were too few.

use std::collections::BTreeSet;

use crate::{census::TorrentIndex, model::Instant};

/// Copies of every torrent, with sums over torrents and time.
#[derive(Debug)]
pub(super) struct Copies {
    target: u16,
    torrents: Vec<Counts>,
    now: Sums,
    /// Each sum times the milliseconds that it stood.
    ever: Sums,
    since: Instant,
    least: u16,
    lost: BTreeSet<TorrentIndex>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    /// At beacons that are up.
    live: u16,
    /// At beacons that are up or will return.
    kept: u16,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    live: u64,
    kept: u64,
    /// Torrents with fewer kept copies than wanted.
    below: u64,
    /// Torrents without any live copy.
    unserved: u64,
    /// Torrents with one kept copy at most.
    last: u64,
}

/// Means over torrents and time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Means {
    pub(super) live: f64,
    pub(super) kept: f64,
    pub(super) below: f64,
    pub(super) unserved: f64,
    pub(super) last: f64,
}

impl Copies {
    pub(super) fn new(torrents: usize, target: u16) -> Self {
        let all = torrents as u64;
        Self {
            target,
            torrents: vec![Counts::default(); torrents],
            now: Sums { live: 0, kept: 0, below: all, unserved: all, last: all },
            ever: Sums::default(),
            since: Instant::ZERO,
            least: u16::MAX,
            lost: BTreeSet::new(),
        }
    }

    /// Whether anyone could fetch the torrent.
    pub(super) fn is_served(&self, torrent: TorrentIndex) -> bool {
        self.torrents[torrent as usize].live > 0
    }

    /// Copies at beacons that are up.
    pub(super) fn live(&self, torrent: TorrentIndex) -> u16 {
        self.torrents[torrent as usize].live
    }

    /// A copy is there from the beginning, at a beacon that is about to come up.
    pub(super) fn lay_down(&mut self, torrent: TorrentIndex) {
        self.change(torrent, |counts| counts.kept += 1);
    }

    /// A copy comes about at a beacon that is up.
    pub(super) fn appear(&mut self, torrent: TorrentIndex) {
        self.change(torrent, |counts| {
            counts.kept += 1;
            counts.live += 1;
        });
    }

    /// The beacon of a copy returns.
    pub(super) fn wake(&mut self, torrent: TorrentIndex) {
        self.change(torrent, |counts| counts.live += 1);
    }

    /// The beacon of a copy goes, perhaps for ever.
    pub(super) fn sleep(&mut self, torrent: TorrentIndex, for_ever: bool) {
        self.change(torrent, |counts| {
            counts.live -= 1;
            counts.kept -= u16::from(for_ever);
        });
        let kept = self.torrents[torrent as usize].kept;
        self.least = self.least.min(kept);
        if kept == 0 {
            self.lost.insert(torrent);
        }
    }

    /// Lets time pass.
    pub(super) fn advance(&mut self, now: Instant) {
        let millis = u64::try_from(now.since(self.since).as_millis()).unwrap_or(u64::MAX);
        self.since = now;
        self.ever.live += self.now.live * millis;
        self.ever.kept += self.now.kept * millis;
        self.ever.below += self.now.below * millis;
        self.ever.unserved += self.now.unserved * millis;
        self.ever.last += self.now.last * millis;
    }

    /// The fewest kept copies that any torrent ever had once a beacon had left.
    pub(super) fn least(&self) -> u16 {
        self.least.min(self.target)
    }

    /// Torrents of which nothing is left.
    pub(super) const fn lost(&self) -> &BTreeSet<TorrentIndex> {
        &self.lost
    }

    /// Means over all torrents and all time so far.
    pub(super) fn means(&self) -> Means {
        #[expect(clippy::cast_precision_loss, reason = "figures for people")]
        let mean = |sum: u64| {
            let all = self.since.as_millis() * self.torrents.len() as u64;
            sum as f64 / all.max(1) as f64
        };
        let Sums { live, kept, below, unserved, last } = self.ever;
        Means { live: mean(live), kept: mean(kept), below: mean(below), unserved: mean(unserved), last: mean(last) }
    }

    fn change(&mut self, torrent: TorrentIndex, change: impl Fn(&mut Counts)) {
        let counts = &mut self.torrents[torrent as usize];
        let before = *counts;
        change(counts);
        let after = *counts;
        let sums = &mut self.now;
        sums.live = sums.live + u64::from(after.live) - u64::from(before.live);
        sums.kept = sums.kept + u64::from(after.kept) - u64::from(before.kept);
        let below = |counts: Counts| u64::from(counts.kept < self.target);
        sums.below = sums.below + below(after) - below(before);
        let unserved = |counts: Counts| u64::from(counts.live == 0);
        sums.unserved = sums.unserved + unserved(after) - unserved(before);
        let last = |counts: Counts| u64::from(counts.kept <= 1);
        sums.last = sums.last + last(after) - last(before);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn means_are_over_torrents_and_time() {
        let mut copies = Copies::new(2, 2);
        for torrent in [0, 0, 1] {
            copies.appear(torrent);
        }
        copies.advance(Instant::ZERO + Duration::from_secs(10));
        copies.sleep(0, false);
        copies.sleep(1, true);
        assert!(copies.is_served(0) && !copies.is_served(1));
        copies.advance(Instant::ZERO + Duration::from_secs(20));
        let means = copies.means();
        assert_eq!(means, Means { live: 1.0, kept: 1.25, below: 0.5, unserved: 0.25, last: 0.5 });
        assert_eq!((copies.least(), copies.lost().clone()), (0, BTreeSet::from([1])));
    }
}
