//! Ports that are slow, lose, break off and come and go.

use std::time::Duration;

use super::fetcher::Fetcher;
use crate::support::{Faults, Port, TestTorrent, Weather, World};

const BYTES: usize = 800_000;
/// Bytes a second of each port.
const RATES: [u64; 5] = [40_000, 50_000, 60_000, 70_000, 80_000];
const TIME_MAX: Duration = Duration::from_mins(4);

#[tokio::test(flavor = "multi_thread")]
async fn five_slow_lossy_ports_that_come_and_go_are_enough() {
    let world = World::new();
    let torrent = TestTorrent::single("letters.bin", BYTES, 1);
    let mut sources = Vec::new();
    let mut ports = Vec::new();
    for (place, rate) in (0..).zip(RATES) {
        let source = Fetcher::sharing(&world.dir().join(format!("source-{place}")), &torrent).await;
        let faults = Faults {
            seed: place,
            lost_ppm: 10_000,
            wait: Duration::from_millis(200),
            open: Duration::from_secs(2),
            shut: Duration::from_millis(500),
        };
        ports.push(Port::open(source.address, Weather { rate, faults: Some(faults) }).await);
        sources.push(source);
    }
    let mut fetcher = Fetcher::start(&world.dir().join("fetcher")).await;
    fetcher.fetch(&torrent, ports.iter().map(|port| port.address).collect()).await;
    fetcher.complete(TIME_MAX).await;
    torrent.assert_data(&fetcher.files());
}
