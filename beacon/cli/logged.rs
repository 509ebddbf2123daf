//! `beacon log`: what the running beacon logs.

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::{
    CliError, Env, Options,
    connection::Connection,
    follow::{Followed, Told},
    people::moment,
    query::{Query, word},
    remote::{list, make_readable, number, text},
    style::Tone,
};

/// Which lines, and whether to go on.
#[derive(Debug, Args)]
pub struct LogArgs {
    /// Go on with what is logged from now on, until Ctrl-C
    #[arg(long, short)]
    follow: bool,
    /// Only lines that are at least as urgent
    #[arg(long)]
    level: Option<Level>,
    /// The most lines to begin with, the latest
    #[arg(long, default_value_t = 50, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=2000))]
    limit: u16,
}

/// How urgent a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// What is asked of the log.
struct Tail<'a> {
    options: &'a Options,
    args: &'a LogArgs,
    /// The number of the last line that was shown; the log of a beacon that was started anew begins at the beginning.
    last: u64,
}

pub(super) fn run(env: &mut Env, options: &Options, args: &LogArgs) -> Result<(), CliError> {
    let connection = Connection::open(&options.settings(env)?)?;
    let mut tail = Tail { options, args, last: 0 };
    let mut begun = false;
    connection.run(async |connection: &Connection| {
        tail.more(env, connection, true).await?;
        if !args.follow {
            return Ok(());
        }
        let mut followed = Followed::new(connection)?;
        while let Some(told) = followed.next().await? {
            match told {
                Told::Changed { topics, is_other_run } => {
                    if is_other_run && begun {
                        tail.last = 0;
                    }
                    begun = true;
                    if topics.concern(&["log"]) {
                        tail.more(env, connection, false).await?;
                    }
                }
                Told::Lost(reason) => env.talk(format_args!("{reason}; waiting for it to come back")),
            }
        }
        Ok(())
    })
}

impl Tail<'_> {
    /// Shows what has been logged since.
    async fn more(&mut self, env: &mut Env, connection: &Connection, is_first: bool) -> Result<(), CliError> {
        let query = Query::new("/api/v1/log")
            .with_some("after", (!is_first).then_some(self.last))
            .with_some("level", self.args.level.as_ref().map(word))
            .with("limit", if is_first { self.args.limit } else { LIMIT });
        let mut answer = match connection.secret(&query.path()).await {
            // A beacon that stops in this moment is told of by what is followed.
            Err(CliError::Unreachable { .. }) if !is_first => return Ok(()),
            answer => answer?,
        };
        self.last = number(&answer, "/next");
        if !self.options.json {
            make_readable(&mut answer);
        }
        if is_first && list(&answer, "/lines").is_empty() {
            env.talk("nothing of that has been logged yet");
        }
        for line in list(&answer, "/lines") {
            if self.options.json {
                env.data(line)?;
            } else {
                show(env, line)?;
            }
        }
        Ok(())
    }
}

fn show(env: &mut Env, line: &Value) -> Result<(), CliError> {
    let (style, level) = (env.style(), text(line, "/level").to_lowercase());
    let tone = match &level[..] {
        "error" => Tone::Missing,
        "warn" => Tone::Under,
        "info" => Tone::Met,
        _ => Tone::Faint,
    };
    let at = style.paint(Tone::Faint, moment(text(line, "/at")));
    let level = style.paint(tone, format_args!("{level:<5}"));
    env.sentence(&format!("{at} {level} {}", text(line, "/text")), INDENT)
}

/// Where what is said begins.
const INDENT: usize = 26;
/// The most lines that are asked for at once while following: all that the beacon keeps.
const LIMIT: u16 = 2000;
