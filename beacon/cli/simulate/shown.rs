//! Figures for people and for programs.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{
    cli::{CliError, Env, table::table},
    model::ByteSize,
    sim::Report,
};

/// The figures of a run as JSON.
pub(super) fn report_json(report: &Report) -> Value {
    json!({
        "seed": report.seed,
        "beacons": report.beacons,
        "torrents": report.torrents,
        "simulated_s": report.lasted.as_secs(),
        "fetches": report.fetches,
        "deletions": report.deletions,
        "necessary_fetches": report.necessary_fetches,
        "duplicate_fetches": report.duplicate_fetches,
        "cancels": report.cancels,
        "refetches": report.refetches,
        "bytes_moved": report.bytes_moved,
        "bytes_needed": report.bytes_needed,
        "below_target_by_deletion": report.below_target_by_deletion,
        "lacking": report.lacking,
        "copies_histogram": report.copies_histogram,
        "fullest_over_mean": report.fullest_over_mean,
        "over_budget": report.over_budget,
        "seconds_to_target": report.seconds_to_target,
        "rounds_to_target": report.rounds_to_target,
        "bytes_per_beacon_per_s": report.bytes_per_beacon_per_s,
        "dials": report.dials,
        "links_lost": report.links_lost,
        "trace_hash": format!("{:016x}", report.trace_hash),
    })
}

/// The figures of a run as aligned lines.
pub(super) fn report_lines(report: &Report) -> Vec<String> {
    let number = |number: u64| number.to_string();
    let bytes = |bytes: u64| ByteSize::from_bytes(bytes).to_string();
    let rounds = match (report.seconds_to_target, report.rounds_to_target) {
        (Some(seconds), Some(rounds)) => format!("{seconds} s, {rounds} rounds"),
        _ => "never".to_owned(),
    };
    let copies = report.copies_histogram.iter().enumerate().filter(|(_, torrents)| **torrents > 0);
    let copies: Vec<String> = copies.map(|(copies, torrents)| format!("{torrents} with {copies}")).collect();
    let rows = [
        ("seed", number(report.seed)),
        ("beacons", number(report.beacons as u64)),
        ("torrents", number(report.torrents as u64)),
        ("simulated", format!("{} s", report.lasted.as_secs())),
        ("fetches", number(report.fetches)),
        ("  necessary", number(report.necessary_fetches)),
        ("  duplicate", number(report.duplicate_fetches)),
        ("  given up", number(report.cancels)),
        ("deletions", number(report.deletions)),
        ("  below target", number(report.below_target_by_deletion)),
        ("bytes moved", bytes(report.bytes_moved)),
        ("bytes needed", bytes(report.bytes_needed)),
        ("until all had their copies", rounds),
        ("torrents lacking copies", number(report.lacking as u64)),
        ("copies at the end", copies.join(", ")),
        ("fullest over mean", report.fullest_over_mean.map_or("-".to_owned(), |times| format!("{times:.2}"))),
        ("sent by a beacon", format!("{:.0} bytes/s", report.bytes_per_beacon_per_s)),
        ("trace", format!("{:016x}", report.trace_hash)),
    ];
    table(&rows.map(|(name, value)| vec![name.to_owned(), value]), &[false, false])
}

/// Writes a figure to a file.
pub(super) fn write_plot(env: &mut Env, path: &Path, svg: &str) -> Result<(), CliError> {
    let at = env.resolve(path);
    let failed = |reason| CliError::File { path: at.clone(), verb: "written", reason };
    fs::write(&at, svg).map_err(failed)?;
    env.talk(format_args!("drawn to {}", path.display()));
    Ok(())
}
