//! The network, the beacons and the torrents of a seed.

use std::time::Duration;

use super::befall::befall;
use crate::{
    model::{ByteSize, Instant, Redundancy, Rng, mix},
    node::{ReclaimSettings, view::Mode},
    sim::{BeaconSpec, Lie, Scenario, Timing, TorrentSpec},
};

/// How long there are faults.
pub(super) const FAULTS_LAST: Duration = Duration::from_mins(8);

const MB: u64 = 1_000_000;

/// The scenario of a seed, with faults until [`FAULTS_LAST`].
pub(super) fn draw(seed: u64) -> Scenario {
    let mut rng = Rng::new(mix(seed ^ 0xfa17));
    let torrents: Vec<TorrentSpec> = (0..between(&mut rng, 5, 40)).map(|_| torrent(&mut rng)).collect();
    let honest = between(&mut rng, 3, 9);
    let liars = if rng.chance_ppm(300_000) { between(&mut rng, 1, honest / 3) } else { 0 };
    let mut beacons: Vec<BeaconSpec> = (0..honest).map(|place| beacon(&mut rng, place, &torrents, honest)).collect();
    place_copies(&mut rng, &mut beacons, &torrents);
    beacons.extend((0..liars).map(|_| liar(&mut rng, honest)));
    let spare = u16::from(rng.chance_ppm(200_000));
    let mut scenario = Scenario::new(seed, torrents, beacons);
    scenario.timing = Timing {
        heartbeat: Duration::from_secs(10),
        plan: Duration::from_secs(5),
        poll: seconds(&mut rng, 2, 5),
        repair_delay: seconds(&mut rng, 30, 90),
    };
    scenario.reclaim = ReclaimSettings {
        delay: seconds(&mut rng, 10, 40),
        quarantine: if rng.chance_ppm(500_000) { Duration::ZERO } else { seconds(&mut rng, 10, 120) },
        torrents_per_day: u32::MAX,
        bytes_per_day: ByteSize::MAX,
        margin: u16::try_from(liars).unwrap_or(0) + spare,
    };
    scenario.checking = seconds(&mut rng, 0, 15);
    scenario.real_keys = rng.chance_ppm(50_000);
    scenario.network.loss_ppm = up_to(&mut rng, 300_000);
    scenario.network.duplicate_ppm = up_to(&mut rng, 100_000);
    scenario.network.reorder_ppm = up_to(&mut rng, 100_000);
    scenario.acts = befall(&mut rng, &scenario);
    scenario
}

fn torrent(rng: &mut Rng) -> TorrentSpec {
    let target = between(rng, 1, 4) as u64;
    let max = target + rng.below(3) as u64;
    TorrentSpec {
        size: (1 + rng.below(40)) as u64 * MB,
        redundancy: Redundancy::new(target, Some(max)).unwrap_or_default(),
    }
}

fn beacon(rng: &mut Rng, place: usize, torrents: &[TorrentSpec], honest: usize) -> BeaconSpec {
    let bytes: u64 = torrents.iter().map(|torrent| torrent.size * u64::from(torrent.redundancy.target())).sum();
    let share = bytes / honest as u64;
    let budget = if rng.chance_ppm(700_000) { bytes * 2 } else { share / 10 * between(rng, 5, 20) as u64 };
    BeaconSpec {
        starts: Instant::from_millis(rng.below(30_000) as u64),
        mode: if rng.chance_ppm(50_000) { Mode::DryRun } else { Mode::Apply },
        budget: ByteSize::from_bytes(budget),
        neighbors: if place == 0 { Vec::new() } else { vec![rng.below(place)] },
        bandwidth: (1 + rng.below(10)) as u64 * MB,
        zone: (*rng.choose(&["", "", "attic", "bunker"]).unwrap_or(&"")).to_owned(),
        drift_ppm: i32::try_from(rng.below(201)).unwrap_or(0) - 100,
        ..BeaconSpec::default()
    }
}

/// A beacon that deceives, with nothing of its own.
fn liar(rng: &mut Rng, honest: usize) -> BeaconSpec {
    let lie = *rng.choose(&Lie::ALL).unwrap_or(&Lie::Inflates);
    BeaconSpec {
        neighbors: vec![rng.below(honest)],
        // Who denies what it holds and fetches what it denies would be of no use to others, so that it only watches.
        mode: if lie == Lie::Deflates { Mode::DryRun } else { Mode::Apply },
        lie: Some(lie),
        ..BeaconSpec::default()
    }
}

/// Each torrent has from none to three copies more than wanted; most were added by beacons, some by users.
fn place_copies(rng: &mut Rng, beacons: &mut [BeaconSpec], torrents: &[TorrentSpec]) {
    for (torrent, spec) in torrents.iter().enumerate() {
        let copies = rng.below(usize::from(spec.redundancy.max()) + 4);
        let mut places: Vec<usize> = (0..beacons.len()).collect();
        rng.shuffle(&mut places);
        for place in places.into_iter().take(copies) {
            let list = if rng.chance_ppm(150_000) { &mut beacons[place].library } else { &mut beacons[place].held };
            list.push(torrent);
        }
    }
}

/// One of the numbers from `least` to `most`, both possible.
pub(super) fn between(rng: &mut Rng, least: usize, most: usize) -> usize {
    least + rng.below(most.saturating_sub(least) + 1)
}

pub(super) fn seconds(rng: &mut Rng, least: usize, most: usize) -> Duration {
    Duration::from_millis(between(rng, least * 1_000, most * 1_000) as u64)
}

/// Half of the time nothing, else up to `most` millionths.
pub(super) fn up_to(rng: &mut Rng, most: usize) -> u32 {
    if rng.chance_ppm(500_000) { 0 } else { u32::try_from(rng.below(most + 1)).unwrap_or(0) }
}
