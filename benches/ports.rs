//! How long 800 kB take from five ports that are slow, lose, break off and come and go: `cargo bench --bench ports -- [SEED...]`.
//!
//! The ports carry 4, 5, 6, 7 and 8 kB/s, are open for 20 s and shut for 5 s on the average, and lose one parcel of 512 bytes
//! in a hundred, for which they wait 200 ms. Without any faults all five take 26.7 s at the least, and a fixed split, a fifth
//! from each, 40 s; with them a quarter more at the least, which is 33 s and 50 s.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]
#![expect(clippy::disallowed_methods, reason = "it measures wall time")]

#[path = "../tests/it/support/data.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod data;
#[path = "../tests/it/feats/fetcher.rs"]
mod fetcher;
#[path = "../tests/it/support/port.rs"]
mod port;
#[path = "../tests/it/support/torrent.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod torrent;

/// What the parts that it shares with the tests call each other.
mod support {
    pub(crate) use crate::torrent::TestTorrent;
}

use std::time::{Duration, Instant};

use fetcher::Fetcher;
use port::{Faults, Port, Weather};
use torrent::TestTorrent;

const BYTES: usize = 800_000;
/// Bytes a second of each port.
const RATES: [u64; 5] = [4_000, 5_000, 6_000, 7_000, 8_000];
const TIME_MAX: Duration = Duration::from_mins(10);

#[tokio::main]
async fn main() {
    let mut seeds: Vec<u64> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    if seeds.is_empty() {
        seeds = vec![1, 2, 3];
    }
    println!("| ports | seed | time | carried | least time at these rates, never shut |");
    println!("|{}", "---|".repeat(5));
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    let least = BYTES as f64 / RATES.iter().sum::<u64>() as f64;
    for (name, seed) in
        std::iter::once(("without faults", 0)).chain(seeds.into_iter().map(|seed| ("with faults", seed)))
    {
        let (time, carried) = fetch((seed > 0).then_some(seed)).await;
        println!("| {name} | {seed} | {:.1} s | {} kB | {least:.1} s |", time.as_secs_f64(), carried / 1_000);
    }
}

/// Fetches once; how long it took, and what the ports carried.
async fn fetch(seed: Option<u64>) -> (Duration, u64) {
    let dir = tempfile::tempdir().expect("a directory");
    let torrent = TestTorrent::single("letters.bin", BYTES, 1);
    let (mut sources, mut ports) = (Vec::new(), Vec::new());
    for (place, rate) in (0..).zip(RATES) {
        let source = Fetcher::sharing(&dir.path().join(format!("source-{place}")), &torrent).await;
        let faults = seed.map(|seed| Faults {
            seed: seed * 100 + place,
            lost_ppm: 10_000,
            wait: Duration::from_millis(200),
            open: Duration::from_secs(20),
            shut: Duration::from_secs(5),
        });
        ports.push(Port::open(source.address, Weather { rate, faults }).await);
        sources.push(source);
    }
    let mut fetcher = Fetcher::start(&dir.path().join("fetcher")).await;
    let began = Instant::now();
    fetcher.fetch(&torrent, ports.iter().map(|port| port.address).collect()).await;
    fetcher.complete(TIME_MAX).await;
    let time = began.elapsed();
    torrent.assert_data(&fetcher.files());
    (time, ports.iter().map(Port::carried).sum())
}
