//! `beacon history`: what has happened, newest first.

use clap::{Args, ValueEnum};

use super::{
    CliError, Env, Options,
    people::moment,
    query::{Query, tell_page, word},
    remote::{ask, list, number, text},
    style::Tone,
    what::WhatIfAny,
};

/// How grave an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Info,
    Warning,
}

/// Which of what has happened.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    #[command(flatten)]
    what: WhatIfAny,
    /// Only one kind of event
    #[arg(long)]
    kind: Option<Kind>,
    /// The most events to show
    #[arg(long, default_value_t = 20, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// How many to skip
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    offset: u64,
}

pub(super) fn run(env: &mut Env, options: &Options, args: &HistoryArgs) -> Result<(), CliError> {
    let info_hash = args.what.resolve(env, options)?;
    let query = Query::new("/api/v1/history")
        .with_some("info_hash", info_hash)
        .with_some("kind", args.kind.as_ref().map(word))
        .with("offset", args.offset)
        .with("limit", args.limit);
    let history = ask(env, options, &query.path())?;
    if options.json {
        return env.data(history);
    }
    let style = env.style();
    let events = list(&history, "/events");
    for event in events {
        let at = style.paint(Tone::Faint, moment(text(event, "/at")));
        let name = match text(event, "/name") {
            "" => String::new(),
            name => format!(" {name}:"),
        };
        let kind = text(event, "/kind");
        let tone = if kind == "info" { Tone::Faint } else { Tone::Under };
        let kind = style.paint(tone, format_args!("{kind:<KIND$}"));
        env.sentence(&format!("{at}  {kind}{name} {}", text(event, "/text")), INDENT)?;
    }
    let none = if args.kind.is_some() { "nothing of that has happened yet" } else { "nothing has happened yet" };
    tell_page(env, args.offset, events.len(), number(&history, "/total"), none);
    Ok(())
}

/// The places of a kind.
const KIND: usize = 8;
/// Where what belongs to the line above begins: below what has happened.
const INDENT: usize = 30;
