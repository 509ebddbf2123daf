//! `beacon status`: how the archive, the network and this beacon are doing.

use clap::Args;

use super::{
    CliError, Env, Options,
    picture::Picture,
    remote::{DRY_RUN, ask, text},
    watch,
};

/// Whether to go on.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Go on and show what changes, until Ctrl-C
    #[arg(long, short)]
    watch: bool,
    /// End after having shown as many changes, the first state among them
    #[arg(long, value_name = "NUMBER", requires = "watch", value_parser = clap::value_parser!(u32).range(1..))]
    count: Option<u32>,
}

pub(super) fn run(env: &mut Env, options: &Options, args: &StatusArgs) -> Result<(), CliError> {
    if args.watch {
        return watch::run(env, options, args.count);
    }
    let status = ask(env, options, "/api/v1/status")?;
    if options.json {
        return env.data(status);
    }
    for line in (Picture { status: &status, width: env.width(), style: env.style() }).lines() {
        env.data(line)?;
    }
    if text(&status, "/beacon/mode") == "dry-run" {
        env.talk(DRY_RUN);
    }
    Ok(())
}
