//! What the scenarios have in common.

use std::time::Duration;

use super::Expectation;
use crate::{
    model::{ByteSize, Instant, Redundancy, Rng},
    node::ReclaimSettings,
    sim::{BeaconSpec, Timing, TorrentSpec},
};

pub(super) const MB: u64 = 1_000_000;

pub(super) const fn minute(minutes: u64) -> Instant {
    Instant::from_millis(minutes * 60_000)
}

/// Short intervals, as users set who watch.
pub(super) const fn brisk() -> Timing {
    Timing {
        heartbeat: Duration::from_secs(5),
        plan: Duration::from_secs(5),
        poll: Duration::from_secs(2),
        repair_delay: Duration::from_mins(1),
    }
}

/// The usual intervals, but ten minutes of patience.
pub(super) fn patient() -> Timing {
    Timing { repair_delay: Duration::from_mins(10), ..Timing::default() }
}

/// Surplus that has stood for a while goes for good, as much of it as there is.
pub(super) fn reclaims_after(delay: Duration, quarantine: Duration) -> ReclaimSettings {
    ReclaimSettings {
        delay,
        quarantine,
        torrents_per_day: u32::MAX,
        bytes_per_day: ByteSize::MAX,
        ..ReclaimSettings::default()
    }
}

pub(super) fn torrents(count: usize, target: u64, size: u64) -> Vec<TorrentSpec> {
    vec![TorrentSpec { size, redundancy: Redundancy::new(target, None).unwrap_or_default() }; count]
}

/// A network in which so many copies of every torrent are spread over the beacons, which added them themselves.
pub(super) fn settled(rng: &mut Rng, beacons: usize, torrents: usize, copies: usize) -> Vec<BeaconSpec> {
    let mut specs: Vec<BeaconSpec> = (0..beacons)
        .map(|place| BeaconSpec {
            neighbors: if place == 0 { Vec::new() } else { vec![rng.below(place)] },
            ..BeaconSpec::default()
        })
        .collect();
    for torrent in 0..torrents {
        let mut places: Vec<usize> = (0..beacons).collect();
        rng.shuffle(&mut places);
        for place in &places[..copies] {
            specs[*place].held.push(torrent);
        }
    }
    specs
}

pub(super) const SAFE: Expectation = Expectation {
    text: "no deletion leaves fewer copies than wanted",
    holds: |report| report.below_target_by_deletion == 0,
};
pub(super) const MET: Expectation =
    Expectation { text: "in the end every torrent has its copies", holds: |report| report.lacking == 0 };
pub(super) const USERS_OWN: Expectation =
    Expectation { text: "nothing of the users' own is touched", holds: |report| report.users_commanded == 0 };
