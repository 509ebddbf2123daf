//! What a beacon stores and sends, by the size of the network.

use std::time::Duration;

use super::tools::{MB, torrents};
use crate::{
    model::{ByteSize, Instant, Rng},
    sim::{BeaconSpec, Scenario, Simulation},
};

/// The load of a beacon, on the average of a network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// How many beacons there are.
    pub beacons: usize,
    /// Bytes that a beacon stores once all torrents have their copies.
    pub stored: f64,
    /// Bytes that its client has received until then.
    pub received: f64,
    /// Bytes a second that it sends to other beacons afterwards.
    pub protocol_per_s: f64,
    /// Torrents that lack copies all the same.
    pub lacking: usize,
}

/// A collection of 200 torrents, 20 GB in all.
const TORRENTS: usize = 200;
const SIZE: u64 = 100 * MB;
/// How long everyone fetches, and over how long traffic is then measured.
const SETTLES: Duration = Duration::from_mins(50);
const MEASURED: Duration = Duration::from_mins(10);

/// Plays a network in which each torrent is at one beacon in the beginning, until three have it, or with `mirroring` all.
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
pub fn load(seed: u64, beacons: usize, mirroring: bool) -> Load {
    let mut rng = Rng::new(seed);
    let copies = if mirroring { beacons } else { 3 };
    let spec = |place: usize| BeaconSpec {
        neighbors: if place == 0 { Vec::new() } else { vec![rng.below(place)] },
        held: (place..TORRENTS).step_by(beacons).collect(),
        bandwidth: 20 * MB,
        budget: ByteSize::from_bytes(1_000_000 * MB),
        ..BeaconSpec::default()
    };
    let scenario = Scenario::new(seed, torrents(TORRENTS, copies as u64, SIZE), (0..beacons).map(spec).collect());
    let mut simulation = Simulation::new(scenario);
    simulation.run_until(Instant::ZERO + SETTLES);
    let settled = simulation.moment();
    simulation.run_until(Instant::ZERO + SETTLES + MEASURED);
    let moment = simulation.moment();
    let each = |bytes: u64| bytes as f64 / beacons as f64;
    let stored: u64 = (0..beacons).map(|place| simulation.copies_at(place) as u64 * SIZE).sum();
    Load {
        beacons,
        stored: each(stored),
        received: each(settled.bytes_moved),
        protocol_per_s: each(moment.bytes_sent - settled.bytes_sent) / MEASURED.as_secs_f64(),
        lacking: simulation.report().lacking,
    }
}
