//! A scenario by its name.

use std::path::Path;

use serde_json::{Value, json};

use super::shown::{report_json, report_lines, write_plot};
use crate::{
    cli::{CliError, Env, Options, slow::Slow, table::table},
    json::nearest,
    sim::{
        plot,
        scenarios::{LIST, find},
    },
};

/// Names all scenarios.
pub(super) fn list(env: &mut Env, options: &Options) -> Result<(), CliError> {
    if options.json {
        let entries = LIST.iter().map(|entry| json!({ "name": entry.name, "about": entry.about }));
        return env.data(entries.collect::<Value>());
    }
    let mut rows: Vec<Vec<String>> =
        LIST.iter().map(|entry| vec![entry.name.to_owned(), entry.about.to_owned()]).collect();
    rows.push(vec![
        "load".to_owned(),
        "storage and traffic of a beacon in networks of 5 to 100, beside full mirroring".to_owned(),
    ]);
    rows.push(vec!["--seed N".to_owned(), "a random mix of faults".to_owned()]);
    let indent = rows.iter().map(|row| row[0].len()).max().unwrap_or(0) + 2;
    for line in table(&rows, &[false, false]) {
        env.sentence(&line, indent)?;
    }
    Ok(())
}

/// Plays one.
pub(super) fn run(
    env: &mut Env,
    options: &Options,
    name: &str,
    seed: u64,
    plot: Option<&Path>,
) -> Result<(), CliError> {
    let Some(staged) = find(name, seed) else {
        let nearest = nearest(name, LIST.iter().map(|entry| entry.name));
        return Err(CliError::NoScenario { name: name.to_owned(), nearest });
    };
    let slow = Slow::uncounted(env.talks_to_terminal, format!("playing {name}"));
    let outcome = staged.play();
    drop(slow);
    if options.json {
        let mut value = report_json(&outcome.report);
        value["scenario"] = json!(name);
        value["failures"] = json!(outcome.failures);
        env.data(value)?;
    } else {
        env.data(format_args!("{name}: {}", staged.about))?;
        env.data("")?;
        for line in report_lines(&outcome.report) {
            env.data(line)?;
        }
        env.data("")?;
        for expectation in &staged.expectations {
            let mark = if outcome.failures.contains(&expectation.text) { "FAILED" } else { "held" };
            env.data(format_args!("{mark:>6}  {}", expectation.text))?;
        }
    }
    if let Some(path) = plot {
        write_plot(env, path, &plot::course(&format!("{name}, seed {seed}"), &outcome.report, &outcome.course))?;
    }
    if outcome.failures.is_empty() { Ok(()) } else { Err(CliError::Expectations(outcome.failures.len())) }
}
