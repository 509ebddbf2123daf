//! What is to be simulated.

use std::{ops::Range, path::PathBuf};

use clap::Args;

use super::{churn, figures, mixes, scenario};
use crate::cli::{CliError, Env, Options};

/// What is to be simulated.
#[derive(Debug, Clone, Args)]
pub struct SimulateArguments {
    /// The name of a scenario, or `load` for figures of many sizes of the network; without one the scenarios are listed
    pub scenario: Option<String>,
    /// From which all randomness comes; without a scenario, a random mix of faults is drawn from it
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Mixes of faults of all seeds from one to before another
    #[arg(long, value_name = "FROM..TO", value_parser = seed_range, conflicts_with_all = ["scenario", "seed"])]
    pub seeds: Option<Range<u64>>,
    /// Mixes of faults of so many seeds, beginning with that of --seed
    #[arg(long, value_name = "COUNT", conflicts_with_all = ["scenario", "seeds"])]
    pub runs: Option<u64>,
    /// Draw how it went over time, as SVG
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seeds", "runs"])]
    pub plot: Option<PathBuf>,
}

impl SimulateArguments {
    pub(in crate::cli) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        let seed = self.seed.unwrap_or(1);
        let plot = self.plot.as_deref();
        match (&self.scenario, &self.seeds, self.runs) {
            (Some(name), _, _) if name == figures::LOAD => figures::run(env, options, seed, plot),
            (Some(name), _, _) if name == churn::NAME => churn::run(env, options, seed, plot),
            (Some(name), _, _) => scenario::run(env, options, name, seed, plot),
            (None, Some(seeds), _) => mixes::run_many(env, options, seeds.clone()),
            (None, None, Some(runs)) => mixes::run_many(env, options, seed..seed.saturating_add(runs)),
            (None, None, None) if self.seed.is_some() => mixes::run_one(env, options, seed, plot),
            (None, None, None) => scenario::list(env, options),
        }
    }
}

fn seed_range(text: &str) -> Result<Range<u64>, String> {
    let ends = text.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    ends.filter(|range: &Range<u64>| !range.is_empty()).ok_or_else(|| "write it like 0..10000".to_owned())
}
