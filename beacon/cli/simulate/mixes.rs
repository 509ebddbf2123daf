//! Random mixes of faults: one seed in full, or many on all processors.

use std::{
    ops::Range,
    path::Path,
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use serde_json::json;

use super::shown::{report_json, report_lines, write_plot};
use crate::{
    cli::{CliError, Env, Options, slow::Slow},
    sim::{
        faults::{FaultReport, Kind, run},
        plot,
    },
};

/// How one seed went in one kind of run, without what is not needed any more.
struct Ended {
    seed: u64,
    kind: Kind,
    broken: Vec<String>,
    converged_after: Option<Duration>,
    fetches: u64,
    deletions: u64,
    simulated: Duration,
}

/// After how many seeds there is a word of progress.
const PROGRESS_EVERY: u64 = 100;

/// Plays the mix of one seed, both ways, and tells all of it.
pub(super) fn run_one(env: &mut Env, options: &Options, seed: u64, plot: Option<&Path>) -> Result<(), CliError> {
    let mut broken = 0;
    let mut values = Vec::new();
    for kind in [Kind::Safety, Kind::Liveness] {
        let slow = Slow::uncounted(env.talks_to_terminal, format!("playing the {} run", word(kind)));
        let report = run(seed, kind);
        drop(slow);
        broken += report.broken.len();
        if options.json {
            let mut value = report_json(&report.report);
            value["kind"] = json!(word(kind));
            value["converged_s"] = json!(report.converged_after.map(|after| after.as_secs()));
            value["failures"] = json!(report.broken);
            values.push(value);
        } else {
            tell(env, &report)?;
        }
        if kind == Kind::Liveness
            && let Some(path) = plot
        {
            let title = format!("mixed faults, seed {seed}");
            write_plot(env, path, &plot::course(&title, &report.report, &report.course))?;
        }
    }
    if options.json {
        env.data(json!(values))?;
    }
    if broken == 0 { Ok(()) } else { Err(CliError::Expectations(broken)) }
}

fn tell(env: &mut Env, report: &FaultReport) -> Result<(), CliError> {
    if report.kind == Kind::Safety {
        env.data("what befalls the beacons:")?;
        let mut acts = report.acts.clone();
        acts.sort_by_key(|(at, _)| *at);
        for (at, act) in acts {
            env.data(format_args!("  {at:>12}  {act:?}"))?;
        }
    }
    env.data(format_args!("\n{} run", word(report.kind)))?;
    for line in report_lines(&report.report) {
        env.data(line)?;
    }
    if let Some(after) = report.converged_after {
        env.data(format_args!("all had come right {} s after the last fault", after.as_secs()))?;
    }
    for what in &report.broken {
        env.data(format_args!("BROKEN  {what}"))?;
    }
    Ok(())
}

/// Plays the mixes of many seeds, both ways, on all processors, and names those that broke something.
pub(super) fn run_many(env: &mut Env, options: &Options, seeds: Range<u64>) -> Result<(), CliError> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (report, reports) = mpsc::channel();
    let next = AtomicU64::new(seeds.start);
    let began = seeds.start;
    let ended = thread::scope(|scope| {
        for _ in 0..threads {
            let (report, next, end) = (report.clone(), &next, seeds.end);
            scope.spawn(move || {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end || !play_both(seed, &report) {
                        return;
                    }
                }
            });
        }
        drop(report);
        gather(env, reports, seeds.end - began)
    });
    summarize(env, options, &seeds, &ended)
}

/// Whether anyone still listens.
fn play_both(seed: u64, report: &mpsc::Sender<Ended>) -> bool {
    [Kind::Safety, Kind::Liveness].into_iter().all(|kind| {
        let FaultReport { report: figures, converged_after, broken, .. } = run(seed, kind);
        let (fetches, deletions, simulated) = (figures.fetches, figures.deletions, figures.lasted);
        report.send(Ended { seed, kind, broken, converged_after, fetches, deletions, simulated }).is_ok()
    })
}

fn gather(env: &mut Env, reports: mpsc::Receiver<Ended>, seeds: u64) -> Vec<Ended> {
    let mut all: Vec<Ended> = Vec::new();
    for ended in reports {
        for what in &ended.broken {
            env.talk(format_args!("seed {} ({}): {what}", ended.seed, word(ended.kind)));
        }
        all.push(ended);
        let done = all.len() as u64 / 2;
        if all.len().is_multiple_of(2) && done.is_multiple_of(PROGRESS_EVERY) {
            let broken = all.iter().filter(|ended| !ended.broken.is_empty()).count();
            env.talk(format_args!("{done} of {seeds} seeds, {broken} runs broke something"));
        }
    }
    all
}

fn summarize(env: &mut Env, options: &Options, seeds: &Range<u64>, ended: &[Ended]) -> Result<(), CliError> {
    let mut failed: Vec<u64> = ended.iter().filter(|ended| !ended.broken.is_empty()).map(|ended| ended.seed).collect();
    failed.sort_unstable();
    failed.dedup();
    let mut converged: Vec<u64> = ended.iter().filter_map(|ended| Some(ended.converged_after?.as_secs())).collect();
    converged.sort_unstable();
    let part =
        |percent: usize| converged.get((converged.len() * percent / 100).min(converged.len().max(1) - 1)).copied();
    let fetches: u64 = ended.iter().map(|ended| ended.fetches).sum();
    let deletions: u64 = ended.iter().map(|ended| ended.deletions).sum();
    let simulated: u64 = ended.iter().map(|ended| ended.simulated.as_secs()).sum();
    if options.json {
        env.data(json!({
            "seeds": [seeds.start, seeds.end], "runs": ended.len(), "fetches": fetches, "deletions": deletions,
            "simulated_s": simulated, "converged_s": { "median": part(50), "p99": part(99), "most": converged.last() },
            "failed": failed,
        }))?;
    } else {
        let of = |seconds: Option<u64>| seconds.map_or("-".to_owned(), |seconds| format!("{seconds} s"));
        env.data(format_args!("seeds {} to {}, {} runs", seeds.start, seeds.end - 1, ended.len()))?;
        env.data(format_args!("{fetches} fetches and {deletions} deletions in {} simulated hours", simulated / 3_600))?;
        env.data(format_args!(
            "all came right after {} (median), {} (99 of 100), {} (longest)",
            of(part(50)),
            of(part(99)),
            of(converged.last().copied())
        ))?;
        let names: Vec<String> = failed.iter().map(u64::to_string).collect();
        let failures = if names.is_empty() { "none".to_owned() } else { names.join(" ") };
        env.data(format_args!("seeds that broke something: {failures}"))?;
    }
    if failed.is_empty() { Ok(()) } else { Err(CliError::Expectations(failed.len())) }
}

const fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Safety => "safety",
        Kind::Liveness => "liveness",
    }
}
