//! `beacon plan`: what the beacon is about to do, and what cannot be done.

use serde_json::Value;

use super::{
    CliError, Env, Options,
    remote::{DRY_RUN, ask, list, number, text, title},
};
use crate::model::ByteSize;

pub(super) fn run(env: &mut Env, options: &Options) -> Result<(), CliError> {
    let plan = ask(env, options, "/api/v1/plan")?;
    if options.json {
        return env.data(plan);
    }
    for line in lines(&plan) {
        env.data(line)?;
    }
    if text(&plan, "/mode") == "dry-run" {
        env.talk(DRY_RUN);
    }
    Ok(())
}

fn lines(plan: &Value) -> Vec<String> {
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
        format!("{} {}{size}: {}", text(action, "/kind"), title(action), text(action, "/reason"))
    };
    let lacking = |torrent: &Value| {
        format!("cannot place {} more of {}: {}", number(torrent, "/lacking"), title(torrent), text(torrent, "/reason"))
    };
    let lines: Vec<String> = actions.iter().map(action).chain(unplaced.iter().map(lacking)).collect();
    if lines.is_empty() { vec!["nothing is to be done by this beacon".to_owned()] } else { lines }
}
