//! Questions with parameters, and what is said of answers that come in pages.

use std::fmt::Display;

use clap::ValueEnum;

use super::{Env, people::grouped, remote::with_query};

/// A path with the parameters of a question.
#[derive(Debug)]
pub(super) struct Query {
    path: &'static str,
    pairs: Vec<(&'static str, String)>,
}

/// In which direction a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Direction {
    /// The smallest first.
    Asc,
    /// The largest first.
    Desc,
}

impl Query {
    /// Without parameters yet.
    pub(super) const fn new(path: &'static str) -> Self {
        Self { path, pairs: Vec::new() }
    }

    /// With one more parameter.
    pub(super) fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.pairs.push((name, value.to_string()));
        self
    }

    /// With one more parameter where there is a value.
    pub(super) fn with_some(self, name: &'static str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The path with its query, encoded as it must be.
    pub(super) fn path(&self) -> String {
        let pairs: Vec<(&str, &str)> = self.pairs.iter().map(|(name, value)| (*name, &value[..])).collect();
        with_query(self.path, &pairs)
    }
}

/// The word that the command line and the API have for a value.
pub(super) fn word(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|possible| possible.get_name().to_owned()).unwrap_or_default()
}

/// Says how to go on where a list has more than is shown, and that nothing is there where it is empty.
pub(super) fn tell_page(env: &mut Env, offset: u64, shown: usize, total: u64, nothing: &str) {
    let last = offset + shown as u64;
    if total == 0 {
        env.talk(nothing);
    } else if shown == 0 {
        env.talk(format_args!("there are only {}; --offset skips them all", grouped(total)));
    } else if last < total {
        env.talk(format_args!("{} of {}; `--offset {last}` shows the next", grouped(last), grouped(total)));
    }
}
