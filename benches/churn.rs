//! A year of churn: what repairs cost by each rule of patience, against an oracle that knows who will never return.
//!
//! `cargo bench --bench churn --no-default-features -- [SCENARIO] [SEEDS] [TARGET]` compares the rules; with `sweep` before
//! the scenario it compares repair delays. Scenarios are `mixed`, `homes` and `servers`; seeds are joined by commas; three
//! copies are wanted unless another target is given.

#![expect(clippy::print_stdout, reason = "it prints its figures")]

use std::time::Duration;

use beacon::{
    model::Redundancy,
    sim::churn::{ChurnReport, ChurnScenario, Patience, Policy, run},
};

/// The repair delays that are compared, in days.
const SWEPT_DAYS: [f64; 9] = [1.0 / 144.0, 1.0 / 24.0, 1.0, 3.0, 7.0, 14.0, 21.0, 28.0, 42.0];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let (sweeps, rest) = match arguments.split_first() {
        Some((first, rest)) if first == "sweep" => (true, rest),
        _ => (false, &arguments[..]),
    };
    let name = rest.first().map_or("mixed", String::as_str);
    let redundancy = rest.get(2).map_or(Redundancy::default(), |target| {
        Redundancy::new(target.parse().expect("a target is a number"), None).expect("a possible target")
    });
    let kinds: fn(u64) -> ChurnScenario = match name {
        "mixed" => ChurnScenario::mixed,
        "homes" => ChurnScenario::homes,
        "servers" => ChurnScenario::servers,
        other => panic!("`{other}` is not a scenario; there are mixed, homes and servers"),
    };
    let seeds = rest.get(1).map_or("1", String::as_str);
    let seeds: Vec<u64> = seeds.split(',').map(|seed| seed.parse().expect("a seed is a number")).collect();
    let scenario = |seed| ChurnScenario { redundancy, ..kinds(seed) };
    if sweeps {
        let reports: Vec<ChurnReport> = seeds.iter().map(|seed| run(&scenario(*seed).with_policies(swept()))).collect();
        print_sweep(name, &reports);
    } else {
        for seed in seeds {
            println!("{}", run(&scenario(seed).with_policies(Policy::standard())));
        }
    }
}

/// Each delay with and without regard to how many copies are in doubt.
fn swept() -> Vec<Policy> {
    let policies = |days: f64| {
        let delay = Duration::from_secs_f64(days * 86_400.0);
        let name = match delay.as_secs() {
            seconds if seconds < 3_600 => format!("{} min", seconds / 60),
            seconds if seconds < 86_400 => format!("{} h", seconds / 3_600),
            seconds => format!("{} d", seconds / 86_400),
        };
        [Policy::ours(delay).named(name), Policy::new(String::new(), Patience::Fixed(delay))]
    };
    SWEPT_DAYS.into_iter().flat_map(policies).collect()
}

/// A line for each delay: what the seeds come to on the average, and the worst.
fn print_sweep(name: &str, reports: &[ChurnReport]) {
    println!("{name}: with regard to the copies in doubt, and without");
    println!("| repair delay | ratio, mean (most) | lost | last copy | ratio, mean (most) | lost | last copy |");
    println!("|{}", "---|".repeat(7));
    for (place, policy) in swept().iter().enumerate().step_by(2) {
        let columns: Vec<String> = [place, place + 1].map(|place| columns(reports, place)).into();
        println!("| {} | {} |", policy.name, columns.join(" | "));
    }
}

fn columns(reports: &[ChurnReport], place: usize) -> String {
    let ratios: Vec<f64> = reports.iter().map(|report| report.ratio(&report.policies[place])).collect();
    let lost: usize = reports.iter().map(|report| report.lost_needlessly(&report.policies[place])).sum();
    #[expect(clippy::cast_precision_loss, reason = "seeds are few")]
    let seeds = reports.len() as f64;
    let at_stake: f64 = reports.iter().map(|report| report.policies[place].last_copy).sum::<f64>() / seeds;
    let mean = ratios.iter().sum::<f64>() / seeds;
    let most = ratios.into_iter().fold(0.0, f64::max);
    format!("{mean:.2} ({most:.2}) | {lost} | {:.4} %", 100.0 * at_stake)
}
