//! From whose clients a torrent is best fetched, where more serve it than are useful.
//!
//! Whoever is near comes first. Among the rest, and among the near, each beacon is drawn by weighted rendezvous hashing as in
//! placement: the shorter the way and the less its line is used, the more often it is drawn, and each asker draws
//! others, so that the best is not everybody's first.

use std::{cmp::Ordering, time::Duration};

use super::placement::{Score, beacon_key, drawn, torrent_key};
use crate::{
    census::{Census, MemberView, TorrentIndex},
    model::{BeaconId, InfoHash, mix},
};

/// A beacon from whose client a torrent can be fetched, as the one who asks sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supplier {
    /// Who.
    pub id: BeaconId,
    /// Whether it is in the asker's zone or subnet.
    pub near: bool,
    /// The round-trip time to it, measured or guessed.
    pub latency: Duration,
    /// How much it is likely to be fetched from already.
    pub load: Load,
}

/// How much a beacon is likely to be fetched from, in thousandths of a fetch that it serves alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Load(pub u64);

/// The torrents that are on their way anywhere, and what each of them costs each beacon that serves it.
#[derive(Debug, Clone, Default)]
pub struct Loads {
    /// At most [`LOOKED_AT_MAX`] of them, in order.
    busy: Vec<(TorrentIndex, u64)>,
    /// Each of them stands for so many.
    each_for: u64,
}

/// What the way costs where it is as short as it can be: below this, a difference is no longer felt.
const LATENCY_LEAST: Duration = Duration::from_millis(10);
/// The most torrents that are looked at to tell the load of a beacon, which is asked for each of hundreds of holders; of more,
/// every so manieth.
const LOOKED_AT_MAX: usize = 250;

/// Puts the best first. The same suppliers come in the same order, whatever order they are given in; askers with different
/// keys draw differently.
pub fn rank_sources(info_hash: &InfoHash, asker: u64, suppliers: &mut [Supplier]) {
    let torrent = torrent_key(info_hash);
    let before = |one: &Supplier, other: &Supplier| {
        let [(near, score), (other_near, other_score)] =
            [one, other].map(|supplier| (supplier.near, draw(supplier, asker, torrent)));
        let scores = other_score.partial_cmp(&score).unwrap_or(Ordering::Equal);
        other_near.cmp(&near).then(scores).then(one.id.cmp(&other.id))
    };
    suppliers.sort_by(before);
}

fn draw(supplier: &Supplier, asker: u64, torrent: u64) -> Score {
    let way = supplier.latency.saturating_add(LATENCY_LEAST).as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a load need not be exact")]
    let others = supplier.load.0 as f64 / 1_000.0;
    drawn(1.0 / (way * (1.0 + others)), beacon_key(&supplier.id) ^ mix(torrent ^ mix(asker)))
}

impl Loads {
    /// Looks at what is on its way anywhere.
    pub fn of(census: &Census) -> Self {
        let fetched = (0..).zip(census.tallies()).filter(|(_, tally)| tally.fetching > 0 && tally.served > 0);
        let share = |fetching: u16, served: u16| u64::from(fetching) * 1_000 / u64::from(served);
        let all: Vec<_> = fetched.map(|(index, tally)| (index, share(tally.fetching, tally.served))).collect();
        let each_for = all.len().div_ceil(LOOKED_AT_MAX).max(1);
        Self { busy: all.into_iter().step_by(each_for).collect(), each_for: each_for as u64 }
    }

    /// How much a beacon is likely to be fetched from: each fetch is thought to come in equal parts from all who serve it.
    pub fn at(&self, member: MemberView<'_>) -> Load {
        let served = self.busy.iter().filter(|(torrent, _)| member.state(*torrent).is_served());
        Load(served.map(|(_, share)| share).sum::<u64>() * self.each_for)
    }
}

#[cfg(test)]
#[path = "sources_tests.rs"]
mod tests;
