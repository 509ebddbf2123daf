//! A torrent as it is named on the command line: by an info-hash or its beginning, by a magnet link, or by words.

use clap::Args;
use serde_json::Value;

use super::{
    CliError, Env, Options,
    remote::{ask, list, number, text, title, with_query},
};
use crate::{catalog::Sought, model::InfoHash};

/// A torrent as it is named on the command line.
#[derive(Debug, Clone, Args)]
pub struct What {
    /// Its info-hash, the first six or more digits of it, a magnet link in quotes, or words of its name
    #[arg(required = true, value_name = "WHAT")]
    what: Vec<String>,
}

/// A torrent as it is named on the command line, or none.
#[derive(Debug, Clone, Args)]
pub(super) struct WhatIfAny {
    /// Only of one torrent: its info-hash or the beginning of that, a magnet link in quotes, or words of its name
    #[arg(value_name = "WHAT")]
    what: Vec<String>,
}

/// As many as are shown where several may be meant.
const SHOWN_MAX: usize = 20;

impl What {
    /// The info-hash by which the running beacon knows it.
    pub(super) fn resolve(&self, env: &Env, options: &Options) -> Result<InfoHash, CliError> {
        let what = self.what.join(" ");
        let sought: Sought = what.parse()?;
        let found = find(env, options, &what, SHOWN_MAX, 0)?;
        if let Ok(info_hash) = text(&found, "/meant").parse() {
            return Ok(info_hash);
        }
        let torrents = list(&found, "/torrents");
        match sought {
            _ if !torrents.is_empty() => Err(CliError::AmbiguousTorrent { what, torrents: lines(&found, torrents) }),
            Sought::Hashes(_) => Err(CliError::NotListed),
            Sought::Beginning(_) | Sought::Words { .. } => Err(CliError::NoSuchTorrent(what)),
        }
    }
}

impl WhatIfAny {
    /// The info-hash by which the running beacon knows it, where one is named.
    pub(super) fn resolve(&self, env: &Env, options: &Options) -> Result<Option<InfoHash>, CliError> {
        if self.what.is_empty() {
            return Ok(None);
        }
        What { what: self.what.clone() }.resolve(env, options).map(Some)
    }
}

/// What the running beacon finds in its collections.
pub(super) fn find(env: &Env, options: &Options, what: &str, limit: usize, offset: usize) -> Result<Value, CliError> {
    let (limit, offset) = (limit.to_string(), offset.to_string());
    ask(env, options, &with_query("/api/v1/torrents", &[("query", what), ("limit", &limit), ("offset", &offset)]))
}

fn lines(found: &Value, torrents: &[Value]) -> String {
    let line = |torrent: &Value| format!("\n  {} {}", text(torrent, "/info_hash"), title(torrent));
    let more = number(found, "/total").saturating_sub(torrents.len() as u64);
    let rest = (more > 0).then(|| format!("\n  and {more} more"));
    torrents.iter().map(line).chain(rest).collect::<Vec<_>>().concat()
}
