//! How the time and the memory of planning grow with the torrents and with the beacons, one in a hundred torrents being
//! under its target: `cargo bench --bench growth --no-default-features -- [--plot FILE.svg]`.
//!
//! Each point is measured in a process of its own, so that its peak of resident memory (`VmHWM`, of Linux only) is that of
//! the catalog, the census and the plans of this point, and of what it took to make them.

#![expect(clippy::print_stdout, reason = "it prints its figures")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]
#![expect(clippy::disallowed_methods, reason = "it measures wall time")]

#[path = "parts/planning.rs"]
mod planning;

use std::{
    fs,
    hint::black_box,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use beacon::{
    plan::Plan,
    sim::plot::{Figure, Line, Scale, draw},
};
use planning::World;

/// Numbers of torrents, each for [`MANY_BEACONS`], and of beacons, each for [`MANY_TORRENTS`].
const TORRENTS: [usize; 7] = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, MANY_TORRENTS];
const BEACONS: [usize; 7] = [10, 30, 100, 300, MANY_BEACONS, 3_000, 10_000];
const MANY_TORRENTS: usize = 1_000_000;
const MANY_BEACONS: usize = 1_000;

/// Plans are made anew until there are so many, and for so long.
const ROUNDS: usize = 15;
const AT_LEAST: Duration = Duration::from_millis(500);

/// Asks a process to measure one point.
const POINT: &str = "--point";

/// What planning costs at one size.
#[derive(Clone, Copy)]
struct Point {
    torrents: usize,
    beacons: usize,
    median_ms: f64,
    fastest_ms: f64,
    memory_mb: f64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        Some(&arguments[at + 1..])
    };
    if let Some([torrents, beacons, ..]) = after(POINT) {
        let number = |text: &String| text.parse().expect("a number");
        return measure_here(number(torrents), number(beacons));
    }
    let by_torrents = column(TORRENTS.map(|torrents| (torrents, MANY_BEACONS)));
    let by_beacons = column(BEACONS.map(|beacons| (MANY_TORRENTS, beacons)));
    if let Some(path) = after("--plot").and_then(<[_]>::first) {
        fs::write(path, draw(&figures(&by_torrents, &by_beacons))).expect("the file can be written");
        println!("drawn to {path}");
    }
}

/// Measures and prints one point after the other.
fn column<const N: usize>(sizes: [(usize, usize); N]) -> [Point; N] {
    println!("| torrents | beacons | a round of planning, median | fastest | most memory |");
    println!("|{}", "---|".repeat(5));
    sizes.map(|(torrents, beacons)| {
        let point = measure(torrents, beacons);
        let Point { median_ms, fastest_ms, memory_mb, .. } = point;
        let (torrents, beacons) = (grouped(torrents), grouped(beacons));
        println!("| {torrents} | {beacons} | {median_ms:.2} ms | {fastest_ms:.2} ms | {memory_mb:.0} MB |");
        point
    })
}

/// A number with a comma after each thousand.
fn grouped(number: usize) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", grouped(number / 1_000), number % 1_000) }
}

/// Measures a point in a process of its own.
fn measure(torrents: usize, beacons: usize) -> Point {
    let program = std::env::current_exe().expect("this program");
    let arguments = [POINT, &torrents.to_string(), &beacons.to_string()].map(str::to_owned);
    let run = Command::new(program).args(arguments).stderr(Stdio::inherit()).output().expect("it can be run");
    let said = String::from_utf8_lossy(&run.stdout);
    let figures: Vec<f64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [median_ms, fastest_ms, memory_mb] = figures[..] else { panic!("the point failed: {said}") };
    Point { torrents, beacons, median_ms, fastest_ms, memory_mb }
}

/// Measures a point in this process, and prints its figures.
fn measure_here(torrents: usize, beacons: usize) {
    let world = World::new(torrents, beacons);
    let situation = world.situation();
    let began = Instant::now();
    let mut rounds = Vec::new();
    while rounds.len() < ROUNDS || began.elapsed() < AT_LEAST {
        let round = Instant::now();
        black_box(Plan::make(black_box(&situation)));
        rounds.push(round.elapsed().as_secs_f64() * 1e3);
    }
    rounds.sort_by(f64::total_cmp);
    println!("{} {} {}", rounds[rounds.len() / 2], rounds[0], memory_mb());
}

/// The most memory that this process has had, in megabytes.
fn memory_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells of its processes");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes: f64 = peak.and_then(|line| line.split_whitespace().next()?.parse().ok()).expect("a peak");
    kibibytes * 1_024.0 / 1e6
}

fn figures(by_torrents: &[Point], by_beacons: &[Point]) -> Vec<Figure> {
    type Across = fn(&Point) -> usize;
    let torrents =
        (format!("{} beacons", grouped(MANY_BEACONS)), "torrents", by_torrents, (|point| point.torrents) as Across);
    let beacons =
        (format!("{} torrents", grouped(MANY_TORRENTS)), "beacons", by_beacons, (|point| point.beacons) as Across);
    let mut figures = Vec::new();
    for (fixed, across, points, place) in [torrents, beacons] {
        let line = |name: &str, value: &dyn Fn(&Point) -> f64| Line {
            name: name.to_owned(),
            points: points.iter().map(|point| (place(point) as f64, value(point))).collect(),
        };
        let figure = |title: String, up: &str, lines| Figure {
            title,
            across: across.to_owned(),
            up: up.to_owned(),
            scale: Scale::Logarithmic,
            lines,
        };
        figures.push(figure(
            format!("A round of planning, {fixed}"),
            "ms",
            vec![line("median", &|point| point.median_ms), line("1 s", &|_| 1e3)],
        ));
        figures.push(figure(
            format!("Most memory, {fixed}"),
            "MB",
            vec![line("catalog, census and plan", &|point| point.memory_mb), line("1 GB", &|_| 1e3)],
        ));
    }
    figures
}
