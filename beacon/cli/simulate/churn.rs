//! A year of churn, at the level of copies: what repairs cost, beside an oracle that knows who will never return.

use std::path::Path;

use serde_json::{Value, json};

use super::shown::write_plot;
use crate::{
    cli::{CliError, Env, Options, slow::Slow},
    sim::{
        churn::{ChurnReport, ChurnScenario, Policy, PolicyFigures, run as play},
        plot::{Figure, Line, Scale, draw},
    },
};

/// The name that stands for it on the command line.
pub(super) const NAME: &str = "year-of-churn";

/// What Carbonite reached over the same oracle (Chun et al., NSDI 2006).
const RATIO_MAX: f64 = 1.44;
/// The rule as a beacon has it by default.
const DEFAULT_RULE: &str = "ours, reclaims 1 d";

pub(super) fn run(env: &mut Env, options: &Options, seed: u64, plot: Option<&Path>) -> Result<(), CliError> {
    env.talk("playing a year by six rules; it takes half a minute");
    let slow = Slow::uncounted(env.talks_to_terminal, "playing");
    let report = play(&ChurnScenario::mixed(seed).with_policies(Policy::standard()));
    drop(slow);
    let Some(ours) = report.policies.iter().find(|figures| figures.policy == DEFAULT_RULE) else {
        unreachable!("the standard rules have the default among them")
    };
    let expectations = [
        (format!("repair traffic is at most {RATIO_MAX} times the oracle's"), report.ratio(ours) <= RATIO_MAX),
        ("no torrent is lost that the oracle keeps".to_owned(), report.lost_needlessly(ours) == 0),
    ];
    if options.json {
        env.data(as_json(&report, ours, &expectations))?;
    } else {
        env.data(report.to_string().trim_end())?;
        env.data("")?;
        for (text, held) in &expectations {
            env.data(format_args!("{:>6}  {text}", if *held { "held" } else { "FAILED" }))?;
        }
    }
    if let Some(path) = plot {
        write_plot(env, path, &draw(&[traffic(&report)]))?;
    }
    match expectations.iter().filter(|(_, held)| !held).count() {
        0 => Ok(()),
        failed => Err(CliError::Expectations(failed)),
    }
}

/// The figures that every report has, of the default rule, and those of all rules. What has no meaning where everyone knows
/// everything is null.
fn as_json(report: &ChurnReport, ours: &PolicyFigures, expectations: &[(String, bool)]) -> Value {
    let all = [&report.oracle].into_iter().chain(&report.policies);
    let policy = |figures: &PolicyFigures| {
        json!({
            "policy": figures.policy, "fetches": figures.fetches, "deletions": figures.deleted, "cancels": figures.cancelled,
            "bytes_moved": figures.bytes_moved, "ratio": report.ratio(figures), "lost": figures.lost.len(),
            "lost_needlessly": report.lost_needlessly(figures), "copies_mean": figures.copies_mean,
            "below_target": figures.below_target, "last_copy": figures.last_copy, "unserved": figures.unserved,
        })
    };
    let failures = expectations.iter().filter(|(_, held)| !held).map(|(text, _)| text.clone());
    json!({
        "scenario": NAME, "seed": report.seed, "days": report.days, "beacons": report.beacons, "torrents": report.torrents,
        "departures": report.departures, "availability": report.availability, "fetches": ours.fetches,
        "deletions": ours.deleted, "necessary_fetches": report.oracle.fetches, "duplicate_fetches": ours.cancelled,
        "bytes_moved": ours.bytes_moved, "bytes_needed": report.oracle.bytes_moved, "below_target_by_deletion": null,
        "rounds_to_target": null, "bytes_per_beacon_per_s": null, "trace_hash": null,
        "policies": all.map(policy).collect::<Value>(), "failures": failures.collect::<Value>(),
    })
}

/// What each rule moved in each quarter of the year.
fn traffic(report: &ChurnReport) -> Figure {
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let line = |figures: &PolicyFigures| Line {
        name: figures.policy.clone(),
        points: (1_u32..)
            .zip(figures.bytes_by_quarter)
            .map(|(at, bytes)| (f64::from(at), bytes as f64 / 1e12))
            .collect(),
    };
    Figure {
        title: format!("Repair traffic of a year of churn, seed {}", report.seed),
        across: "quarter".to_owned(),
        up: "TB".to_owned(),
        scale: Scale::Linear,
        lines: [&report.oracle].into_iter().chain(&report.policies).map(line).collect(),
    }
}
