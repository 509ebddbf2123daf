//! What `beacon collection` can be asked.

use clap::Subcommand;

use super::{add, check, list, new};
use crate::cli::{CliError, Env, Options};

/// What to do with collection files.
#[derive(Debug, Subcommand)]
pub enum CollectionCommand {
    /// Make an empty collection with an id of its own
    New(new::New),
    /// Add torrents to a collection
    Add(add::Add),
    /// Check collection files and the .torrent files they name
    Check(check::Check),
    /// Show the collections of this beacon
    List,
}

impl CollectionCommand {
    pub(in crate::cli) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        match self {
            Self::New(new) => new.run(env, options),
            Self::Add(add) => add.run(env, options),
            Self::Check(check) => check.run(env, options),
            Self::List => list::run(env, options),
        }
    }
}
