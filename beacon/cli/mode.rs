//! `beacon mode`: whether the beacon acts or only watches.

use clap::{Args, ValueEnum};
use reqwest::Method;
use serde_json::json;

use super::{
    CliError, Env, Options, plan,
    query::word,
    remote::{ask, order, text},
    style::Tone,
};

/// What it is to do from now on.
#[derive(Debug, Args)]
pub struct ModeArgs {
    /// What it is to do from now on; without it only what it does is shown
    mode: Option<WantedMode>,
    /// Let it act without being asked whether the plan is right
    #[arg(long)]
    yes: bool,
}

/// What a beacon can do with its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WantedMode {
    /// Carry the plan out
    Apply,
    /// Only show it
    DryRun,
}

const PATH: &str = "/api/v1/mode";

pub(super) fn run(env: &mut Env, options: &Options, args: &ModeArgs) -> Result<(), CliError> {
    let Some(wanted) = args.mode else { return show(env, options) };
    if wanted == WantedMode::Apply && !args.yes {
        confirm(env, options)?;
    }
    order(env, options, Method::POST, PATH, Some(&json!({ "mode": word(&wanted) })))
}

fn show(env: &mut Env, options: &Options) -> Result<(), CliError> {
    let status = ask(env, options, "/api/v1/status")?;
    let (mode, by) = (text(&status, "/beacon/mode"), text(&status, "/beacon/mode_set_by"));
    if options.json {
        return env.data(json!({ "mode": mode, "set_by": status.pointer("/beacon/mode_set_by") }));
    }
    let by = if by == "order" { "by order" } else { "by the configuration" };
    let style = env.style();
    if mode == "apply" {
        env.data(format_args!("{}: the plan is carried out, {by}", style.paint(Tone::Met, mode)))?;
        env.talk("`beacon mode dry-run` lets it only watch");
    } else {
        env.data(format_args!("{}: the plan is only shown, {by}", style.paint(Tone::Under, "dry-run")))?;
        env.talk("`beacon plan` shows what it would do, `beacon mode apply` lets it act");
    }
    Ok(())
}

/// Shows what would happen, and asks whether it shall.
fn confirm(env: &mut Env, options: &Options) -> Result<(), CliError> {
    if !env.can_ask() || options.json {
        return Err(CliError::NotConfirmed);
    }
    let found = ask(env, options, "/api/v1/plan")?;
    if text(&found, "/mode") == "apply" {
        return Ok(());
    }
    env.talk("From then on the beacon does what its plan says. At this moment that is:");
    let lines = plan::lines(&found, env.talk_style());
    let more = lines.len().saturating_sub(PREVIEWED);
    for line in &lines[..lines.len() - more] {
        env.talk(format_args!("  {line}"));
    }
    if more > 0 {
        env.talk(format_args!("  and {more} more; `beacon plan` shows all"));
    }
    if env.ask("Shall it?")? { Ok(()) } else { Err(CliError::Declined) }
}

/// As many lines of the plan are shown before it is asked.
const PREVIEWED: usize = 20;
