//! What `beacon collection` can be asked.

use clap::Subcommand;

use super::{add, change, check, list, new};
use crate::cli::{CliError, Env, Options};

/// What to do with collection files.
#[derive(Debug, Subcommand)]
pub enum CollectionCommand {
    /// Make an empty collection with an id of its own
    New(new::New),
    /// Add torrents to a collection
    Add(add::Add),
    /// Change the name of a collection, or the copies wanted
    Set(change::Set),
    /// Take torrents off the list of a collection; their data stays
    Drop(change::Drop),
    /// Lay a collection aside: its file gets another name, and no data is deleted
    Remove(change::Remove),
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
            Self::Set(set) => set.run(env, options),
            Self::Drop(drop) => drop.run(env, options),
            Self::Remove(remove) => remove.run(env, options),
            Self::Check(check) => check.run(env, options),
            Self::List => list::run(env, options),
        }
    }
}
