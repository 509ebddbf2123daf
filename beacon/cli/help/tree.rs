//! The tree of commands as people see it: grouped, with examples.

use clap::{Command, CommandFactory};

use super::{guide::Guide, guides::GUIDES};
use crate::cli::{Arguments, Exit};

/// The groups in which the help lists the commands.
pub(super) const GROUPS: &[(&str, &[&str])] = &[
    ("Running", &["run", "page", "demo", "simulate", "mcp"]),
    ("Looking", &["status", "map", "torrents", "find", "explain", "who", "plan", "history", "trend", "log"]),
    ("Ordering", &["pin", "unpin", "request", "share", "drain", "mode"]),
    ("Collections and torrents", &["collections", "collection", "torrent", "magnet"]),
    ("Network", &["members", "member", "network", "neighbor", "invite", "join"]),
    ("Setting up", &["config", "notify", "id", "completions", "man"]),
];

/// The places that the names of commands take in the list.
const NAMES: usize = 13;

/// The tree of all commands.
pub(in crate::cli) fn command() -> Command {
    let mut command = Arguments::command().after_help(epilogue());
    for guide in GUIDES {
        command = guided(command, guide.path.split(' ').collect::<Vec<_>>().as_slice(), guide);
    }
    let template = template(&command);
    command.help_template(template)
}

/// What stands at the end of the help of the program.
fn epilogue() -> String {
    let codes: String = Exit::ALL.map(|exit| format!("  {}  {}\n", exit.code(), exit.meaning())).concat();
    format!(
        "Exit codes:
{codes}
With --json what went wrong is told as JSON too: {{\"error\":{{\"exit\":4,\"kind\":\"unreachable\",\"message\":\"...\"}}}}, in the last line of \
         the error stream. Colours are for terminals only; NO_COLOR switches them off, CLICOLOR_FORCE=1 on.

The configuration is config.json in the working directory, or the file that --config or BEACON_CONFIG names. \
         Every key can be set by a variable: BEACON_LISTEN, BEACON_CLIENT__PASSWORD."
    )
}

/// The tree with a guide at the command that it is for, where there is such a one.
fn guided(command: Command, path: &[&str], guide: &Guide) -> Command {
    match path {
        [] => command.after_help(guide.text()),
        [first, rest @ ..] if command.find_subcommand(first).is_some() => {
            command.mut_subcommand(*first, |command| guided(command, rest, guide))
        }
        _ => command,
    }
}

/// The help of the program. Clap has headings for arguments but none for commands, so they are written into it.
fn template(command: &Command) -> String {
    let header = command.get_styles().get_header();
    let literal = command.get_styles().get_literal();
    let line = |name: &&str| {
        let about = command.find_subcommand(name).and_then(Command::get_about).map(ToString::to_string);
        let space = " ".repeat(NAMES.saturating_sub(name.len()));
        format!("  {literal}{name}{literal:#}{space}{}\n", about.unwrap_or_default())
    };
    let group = |(group, names): &(&str, Vec<&str>)| {
        format!("{header}{group}:{header:#}\n{}\n", names.iter().map(line).collect::<Vec<_>>().concat())
    };
    let groups = grouped(command).iter().map(group).collect::<Vec<_>>().concat();
    format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}`beacon help COMMAND` says more of a command.\n\n\
         {header}Options:{header:#}\n{{options}}{{after-help}}"
    )
}

/// The groups with the commands that there are; what is in none of them comes last.
fn grouped(command: &Command) -> Vec<(&str, Vec<&str>)> {
    let there = |name: &&&str| command.find_subcommand(name).is_some();
    let mut groups: Vec<(&str, Vec<&str>)> =
        GROUPS.iter().map(|(group, names)| (*group, names.iter().filter(there).copied().collect())).collect();
    let is_known = |name: &str| GROUPS.iter().any(|(_, names)| names.contains(&name));
    let others = command.get_subcommands().map(Command::get_name).filter(|name| !is_known(name));
    groups.push(("Other", others.collect()));
    groups.retain(|(_, names)| !names.is_empty());
    groups
}
