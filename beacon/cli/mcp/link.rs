//! The way to the running beacon.

use reqwest::Method;
use serde_json::Value;
use thiserror::Error;

use crate::{
    catalog::{Sought, SoughtError},
    cli::{
        CliError,
        remote::{ask_at, list, number, ordered, text, title, with_query},
    },
    config::Settings,
};

/// The way to the running beacon, as the configuration says.
#[derive(Debug, Clone)]
pub(super) struct Link {
    settings: Settings,
}

/// Why a tool could not do what it was asked. The assistant is shown the text.
#[derive(Debug, Error)]
pub(super) enum ToolError {
    /// Arguments that make no sense.
    #[error("the arguments make no sense: {0}")]
    Arguments(String),
    /// The beacon did not answer, or refused.
    #[error(transparent)]
    Beacon(#[from] CliError),
    /// Something to look for that nothing can be.
    #[error(transparent)]
    Sought(#[from] SoughtError),
    /// No torrent is meant.
    #[error("no torrent of this beacon's collections is called `{0}`; `find_torrents` with fewer words shows more")]
    NotFound(String),
    /// Several torrents may be meant.
    #[error("several torrents may be meant by `{what}`; give the info-hash of one of these: {candidates}")]
    Ambiguous {
        /// What was given.
        what: String,
        /// Some of them.
        candidates: String,
    },
}

/// As many torrents as are named where several may be meant.
const CANDIDATES_MAX: usize = 10;

impl Link {
    pub(super) const fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// The answer to a question.
    pub(super) fn ask(&self, path: &str) -> Result<Value, ToolError> {
        Ok(ask_at(&self.settings, path)?)
    }

    /// The answer to a question with parameters.
    pub(super) fn ask_with(&self, path: &str, pairs: &[(&str, &str)]) -> Result<Value, ToolError> {
        self.ask(&with_query(path, pairs))
    }

    /// The answer to an order, which is sent with the token from the data directory.
    pub(super) fn order(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, ToolError> {
        Ok(ordered(&self.settings, method, path, body)?)
    }

    /// The info-hash of the torrent that is meant by an info-hash, its beginning, a magnet link, or words of its name.
    pub(super) fn resolve(&self, what: &str) -> Result<String, ToolError> {
        let _: Sought = what.parse()?;
        let limit = CANDIDATES_MAX.to_string();
        let found = self.ask_with("/api/v1/torrents", &[("query", what), ("limit", &limit)])?;
        let meant = text(&found, "/meant");
        if !meant.is_empty() {
            return Ok(meant.to_owned());
        }
        let torrents = list(&found, "/torrents");
        if torrents.is_empty() {
            return Err(ToolError::NotFound(what.to_owned()));
        }
        let named = |torrent: &Value| format!("{} ({})", text(torrent, "/info_hash"), title(torrent));
        let mut candidates: Vec<String> = torrents.iter().map(named).collect();
        let more = number(&found, "/total").saturating_sub(torrents.len() as u64);
        candidates.extend((more > 0).then(|| format!("and {more} more")));
        Err(ToolError::Ambiguous { what: what.to_owned(), candidates: candidates.join(", ") })
    }
}
