//! The latest lines of the log, for who knows the token: they name paths and addresses.

use std::{
    collections::VecDeque,
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};

use axum::Json;
use serde::Serialize;
use tokio::time::sleep;
use utoipa::ToSchema;

use super::{
    Changes, Topic,
    asked::{Pairs, number, one_of, pairs},
    problem::Problem,
    rfc3339::rfc3339,
    words::{LogLevelWord, Time},
};
use crate::model::{Instant, readable};

/// The latest lines of what a process logs.
#[derive(Debug, Default)]
pub struct LogRing(Mutex<Lines>);

#[derive(Debug, Default)]
struct Lines {
    /// The number of the last line; the first is 1.
    last: u64,
    kept: VecDeque<LogLine>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When, on this machine's clock.
    pub at: Instant,
    /// How grave it is.
    pub level: LogLevel,
    /// Which part of the program says it.
    pub target: String,
    /// What it says.
    pub text: String,
}

/// How grave a line is, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogLevel {
    /// Something does not work.
    Error,
    /// Something may need attention.
    Warn,
    /// What the program does.
    Info,
    /// Details.
    Debug,
    /// Everything.
    Trace,
}

/// The most lines that are kept: some hundred kilobytes.
const LINES_MAX: usize = 2_000;
/// How often it is looked whether there are new lines.
const LOOK: Duration = Duration::from_secs(1);
/// Bytes of a line beyond which it is cut.
const LINE_BYTES_MAX: usize = 1_000;
/// The largest number that every reader of JSON knows.
const NUMBER_MAX: usize = (1 << 53) - 1;
/// How many lines are shown where the request does not say.
const SHOWN_DEFAULT: usize = 200;

static OF_PROCESS: LazyLock<LogRing> = LazyLock::new(LogRing::default);

impl LogRing {
    /// The lines of this process, whose log is one for all that runs in it.
    pub fn of_process() -> &'static Self {
        &OF_PROCESS
    }

    /// Takes a line; the oldest goes where there are too many.
    pub fn push(&self, line: LogLine) {
        let text = &line.text[..line.text.floor_char_boundary(LINE_BYTES_MAX)];
        let line = LogLine { text: readable(text), ..line };
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.last += 1;
        if lines.kept.len() == LINES_MAX {
            lines.kept.pop_front();
        }
        lines.kept.push_back(line);
    }

    /// The number of the last line.
    fn last(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).last
    }

    /// The first lines after the one of this number that are at least as grave, or, where none is named, the last ones: at
    /// most `limit`, with their numbers. And the number after which to go on.
    fn read(&self, after: Option<u64>, limit: usize, level: LogLevel) -> (u64, Vec<(u64, LogLine)>) {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = lines.last - lines.kept.len() as u64 + 1;
        let from = after.map_or(0, |after| after.saturating_add(1).saturating_sub(first));
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let numbered = (first..).zip(&lines.kept).skip(from).filter(|(_, line)| line.level <= level);
        let numbered: Vec<(u64, &LogLine)> = numbered.collect();
        let skipped = if after.is_none() { numbered.len().saturating_sub(limit) } else { 0 };
        let shown = numbered.iter().skip(skipped).take(limit).map(|(number, line)| (*number, LogLine::clone(line)));
        let shown: Vec<_> = shown.collect();
        // Lines that are passed over need not be looked at again, unless there were more to show.
        let next = if skipped + shown.len() < numbered.len() { shown.last().map(|(number, _)| *number) } else { None };
        (next.unwrap_or(lines.last), shown)
    }
}

/// Tells open pages that there are new lines, until it is dropped. Not line by line: whoever is told asks for them, and that
/// may be logged too.
pub async fn tell_log(changes: &Changes) {
    let mut told = LogRing::of_process().last();
    loop {
        sleep(LOOK).await;
        let last = LogRing::of_process().last();
        if last != told {
            told = last;
            changes.raise(&[Topic::Log]);
        }
    }
}

impl LogLevel {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace];

    /// The word for it in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// `GET /api/v1/log`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LogForm {
    /// What to give as `after` to go on.
    next: u64,
    lines: Vec<LogLineForm>,
}

/// One line of the log.
#[derive(Debug, Serialize, ToSchema)]
struct LogLineForm {
    /// It rises by one with each line, from 1 at the start.
    seq: u64,
    #[schema(value_type = Time)]
    at: String,
    #[schema(value_type = LogLevelWord)]
    level: &'static str,
    target: String,
    text: String,
}

/// The latest lines of the log
#[utoipa::path(
    get,
    path = "/api/v1/log",
    params(
        ("after" = Option<u64>, Query, maximum = 9_007_199_254_740_991_u64, description = "Only lines after the one of this number, from the first; the last ones where it is not said."),
        ("limit" = Option<usize>, Query, maximum = 2000, description = "At most 2000; 200 where it is not said."),
        ("level" = Option<LogLevelWord>, Query, description = "`error`, `warn`, `info`, `debug` or `trace`: only lines that are at least as grave."),
    ),
    responses((status = 200, body = LogForm)),
)]
pub(super) async fn log(query: Pairs) -> Result<Json<LogForm>, Problem> {
    let (mut after, mut limit, mut level) = (None, SHOWN_DEFAULT, LogLevel::Trace);
    for (name, value) in pairs(query)? {
        match name.as_str() {
            "after" | "limit" | "level" if value.trim().is_empty() => {}
            "after" => after = Some(number("after", value, NUMBER_MAX)? as u64),
            "limit" => limit = number("limit", value, LINES_MAX)?,
            "level" => level = one_of("level", value, &LogLevel::ALL, LogLevel::word)?,
            _ => return Err(Problem::UnknownParameter { name, known: "after, limit and level" }),
        }
    }
    let (next, lines) = LogRing::of_process().read(after, limit, level);
    let line = |(seq, line): (u64, LogLine)| LogLineForm {
        seq,
        at: rfc3339(line.at),
        level: line.level.word(),
        target: line.target,
        text: line.text,
    };
    Ok(Json(LogForm { next, lines: lines.into_iter().map(line).collect() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(level: LogLevel, text: String) -> LogLine {
        LogLine { at: Instant::ZERO, level, target: "beacon".to_owned(), text }
    }

    fn numbers((next, lines): (u64, Vec<(u64, LogLine)>)) -> (u64, Vec<u64>) {
        (next, lines.iter().map(|(number, _)| *number).collect())
    }

    #[test]
    fn lines_are_read_on_from_where_one_was() {
        let ring = LogRing::default();
        assert_eq!(numbers(ring.read(None, 10, LogLevel::Trace)), (0, vec![]));
        for level in [LogLevel::Info, LogLevel::Debug, LogLevel::Warn, LogLevel::Info] {
            ring.push(line(level, "x".to_owned()));
        }
        assert_eq!(numbers(ring.read(None, 2, LogLevel::Trace)), (4, vec![3, 4]));
        assert_eq!(numbers(ring.read(Some(0), 2, LogLevel::Trace)), (2, vec![1, 2]));
        assert_eq!(numbers(ring.read(Some(2), 10, LogLevel::Trace)), (4, vec![3, 4]));
        assert_eq!(numbers(ring.read(Some(0), 2, LogLevel::Info)), (3, vec![1, 3]));
        assert_eq!(numbers(ring.read(Some(3), 2, LogLevel::Warn)), (4, vec![]));
        assert_eq!(numbers(ring.read(Some(9), 2, LogLevel::Trace)), (4, vec![]));
    }

    #[test]
    fn the_oldest_lines_go_and_long_ones_are_cut() {
        let ring = LogRing::default();
        for _ in 0..LINES_MAX + 5 {
            ring.push(line(LogLevel::Info, "\u{1b}é".repeat(1_000)));
        }
        let (next, lines) = ring.read(Some(0), usize::MAX, LogLevel::Trace);
        assert_eq!((next, lines.len(), lines[0].0), (LINES_MAX as u64 + 5, LINES_MAX, 6));
        assert!(lines[0].1.text.starts_with("\u{fffd}é") && lines[0].1.text.chars().count() <= LINE_BYTES_MAX);
    }
}
