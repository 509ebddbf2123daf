//! The log of what runs in this process, on the error stream, and its latest lines for the page.

use std::{
    fmt::{self, Write as _},
    io::IsTerminal as _,
    time::{SystemTime, UNIX_EPOCH},
};

use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    EnvFilter, Layer,
    layer::{Context, SubscriberExt as _},
    util::SubscriberInitExt as _,
};

use super::Env;
use crate::{
    model::Instant,
    web::{LogLevel, LogLine, LogRing},
};

/// Begins to log what the variable `BEACON_LOG` names, or else `usual`.
pub(super) fn start(env: &Env, usual: &str) {
    let filter = env.variables.get("BEACON_LOG").map_or(usual, String::as_str);
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new(usual));
    // A second command line in one process, as in tests, keeps the log of the first.
    let is_terminal = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_ansi(is_terminal).with_target(false);
    let log = tracing_subscriber::registry().with(filter).with(lines.with_writer(std::io::stderr)).with(Ring);
    let _ = log.try_init();
}

/// Keeps the latest lines, for the page of who knows the token.
struct Ring;

/// What an event says: its message, and its other fields behind it.
#[derive(Default)]
struct Said(String);

impl<S: Subscriber> Layer<S> for Ring {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let level = match *event.metadata().level() {
            Level::ERROR => LogLevel::Error,
            Level::WARN => LogLevel::Warn,
            Level::INFO => LogLevel::Info,
            Level::DEBUG => LogLevel::Debug,
            Level::TRACE => LogLevel::Trace,
        };
        let mut said = Said::default();
        event.record(&mut said);
        let target = event.metadata().target().to_owned();
        LogRing::of_process().push(LogLine { at: wall_clock(), level, target, text: said.0 });
    }
}

#[expect(clippy::disallowed_methods, reason = "a line of a log says when it was written")]
fn wall_clock() -> Instant {
    Instant::ZERO + SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let gap = if self.0.is_empty() { "" } else { " " };
        // Writing into a text does not fail.
        let _ = match field.name() {
            "message" => write!(self.0, "{gap}{value:?}"),
            name => write!(self.0, "{gap}{name}={value:?}"),
        };
    }
}
