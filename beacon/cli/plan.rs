//! `beacon plan`: what the beacon is about to do, and what cannot be done.

use serde_json::Value;

use super::{
    CliError, Env, Options,
    remote::{DRY_RUN, ask, list, number, text, title},
    style::{Style, Tone},
};
use crate::model::ByteSize;

pub(super) fn run(env: &mut Env, options: &Options) -> Result<(), CliError> {
    let plan = ask(env, options, "/api/v1/plan")?;
    if options.json {
        return env.data(plan);
    }
    for line in lines(&plan, env.style()) {
        env.sentence(&line, INDENT)?;
    }
    if text(&plan, "/mode") == "dry-run" {
        env.talk(DRY_RUN);
    }
    Ok(())
}

/// Where what belongs to the line above begins.
const INDENT: usize = 4;

/// What is planned, a line each.
pub(super) fn lines(plan: &Value, style: Style) -> Vec<String> {
    let waiting = text(plan, "/waiting");
    if !waiting.is_empty() {
        return vec![format!("nothing is planned at present: {waiting}")];
    }
    let (actions, unplaced) = (list(plan, "/actions"), list(plan, "/unplaced"));
    let action = |action: &Value| {
        let size = match number(action, "/size") {
            0 => String::new(),
            bytes => format!(" ({})", ByteSize::from_bytes(bytes)),
        };
        let kind = style.paint(tone(text(action, "/kind")), text(action, "/kind"));
        format!("{kind} {}{size}: {}", title(action), text(action, "/reason"))
    };
    let lacking = |torrent: &Value| {
        let lacking = style.paint(Tone::Missing, format_args!("cannot place {} more", number(torrent, "/lacking")));
        format!("{lacking} of {}: {}", title(torrent), text(torrent, "/reason"))
    };
    let mut lines: Vec<String> = actions.iter().map(action).chain(unplaced.iter().map(lacking)).collect();
    let shown = (actions.len() + unplaced.len()) as u64;
    let more = (number(plan, "/total") + number(plan, "/unplaced_total")).saturating_sub(shown);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    if lines.is_empty() { vec!["nothing is to be done by this beacon".to_owned()] } else { lines }
}

/// What comes is green; what goes is not.
fn tone(kind: &str) -> Tone {
    match kind {
        "fetch" | "restore" => Tone::Met,
        "delete" | "reclaim" | "quarantine" => Tone::Under,
        _ => Tone::Over,
    }
}
