//! What `beacon torrent` can be asked.

use clap::Subcommand;

use super::{create, show};
use crate::cli::{CliError, Env, Options};

/// What to do with torrents.
#[derive(Debug, Subcommand)]
pub enum TorrentCommand {
    // What it does is said where its arguments are.
    Create(Box<create::Create>),
    /// Show what is in a .torrent file
    Show(show::Show),
}

impl TorrentCommand {
    pub(in crate::cli) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Create(create) => create.run(env, options),
            Self::Show(show) => show.run(env, options),
        }
    }
}
