//! The page and the API at a size that hurts: `cargo bench --bench page -- [--torrents 100000] [--page URL]`.
//!
//! Three beacons list the torrents; 94 of a hundred have their two copies, the others too few or too many. Their clients are
//! stand-ins that say what they hold, and that twenty torrents changed at every look. The page of one of them is read in
//! Debian's Chromium, without a screen, and then, with the page still open, the calls of the API are made that pages make. With `--page` only that page is read, of whatever
//! beacon shows it.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]
#![expect(clippy::print_stderr, reason = "progress is for people, not for the tables")]
#![expect(clippy::disallowed_methods, reason = "it measures wall time")]

mod calls;
mod reading;
#[path = "../../tests/it/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the tests use more of it")]
mod support;

use std::thread;

use calls::Timed;
use reading::Reader;
use serde_json::json;
use support::{BeaconProcess, Region};
use tokio::runtime::Runtime;

const TORRENTS: usize = 100_000;
const BEACONS: [&str; 3] = ["attic", "cellar", "loft"];
const LOADS: usize = 5;

fn main() {
    let torrents = argument("--torrents").map_or(TORRENTS, |number| number.parse().expect("a number of torrents"));
    if let Some(page) = argument("--page") {
        return read(&Reader::start(), &page, torrents);
    }
    // Rounds are as long as by default, but for heartbeats: everything has to be told once before anything is measured.
    let timing = |_: usize, beacon: &mut BeaconProcess| beacon.config["timing"] = json!({ "heartbeat": "5s" });
    let region = Region::start(&BEACONS, torrents, timing);
    let page = region.beacons[0].page();
    eprintln!("three beacons have counted {torrents} torrents");
    let reader = Reader::start();
    read(&reader, &page, torrents);
    print_calls(&Runtime::new().expect("a runtime").block_on(calls::time_all(&page, torrents)));
}

/// What follows a word on the command line.
fn argument(word: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != word).nth(1)
}

/// Reads the page and prints what came of it.
fn read(reader: &Reader, page: &str, torrents: usize) {
    let mut loads: Vec<_> = (0..LOADS).map(|_| reader.load(page)).collect();
    loads.sort_by(|one, other| one.said.total_cmp(&other.said));
    let median = &loads[LOADS / 2];
    let slowest_drawn = loads.iter().map(|load| load.drawn).fold(0.0, f64::max);
    let longest = loads.iter().map(|load| load.longest_task).fold(0.0, f64::max);
    println!("\nThe page of {torrents} torrents\n");
    println!("| what | took |\n|---|---|");
    println!("| until it says how the archive stands, median of {LOADS} | {:.0} ms |", median.said);
    println!("| ... slowest | {:.0} ms |", loads[LOADS - 1].said);
    println!("| until the map is drawn, slowest | {slowest_drawn:.0} ms |");
    println!("| longest task while loading | {} |", task(longest));
    println!("| ... while pointing at 200 cells | {} |", task(reader.points_at_the_map(torrents)));
    println!("| ... while filtering | {} |", task(reader.filters_the_map()));
    println!("| ... while searching | {} |", task(reader.searches()));
    thread::sleep(reading::SETTLING);
    let (heap, process) = reader.memory();
    println!("| memory: JavaScript | {:.1} MB |", heap / 1e6);
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    let megabytes = process as f64 / 1e6;
    println!("| memory: the page's process | {megabytes:.0} MB |");
}

/// Browsers tell only of tasks of 50 ms and more.
fn task(milliseconds: f64) -> String {
    if milliseconds < 50.0 { "under 50 ms".to_owned() } else { format!("{milliseconds:.0} ms") }
}

fn print_calls(all: &[Timed]) {
    println!("\nThe API meanwhile\n");
    println!("| call | p50 | p99 | slowest | bytes |\n|---|---|---|---|---|");
    for timed in all {
        let milliseconds = |percent| timed.percentile(percent).as_secs_f64() * 1e3;
        let [middle, late, last] = [50, 99, 100].map(milliseconds);
        println!("| {} | {middle:.1} ms | {late:.1} ms | {last:.1} ms | {} |", timed.what, timed.bytes);
    }
}
