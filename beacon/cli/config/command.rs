//! What `beacon config` can be asked.

use clap::Subcommand;

use super::check;
use crate::cli::{CliError, Env, Options};

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Check the configuration, and show what holds
    Check,
}

impl ConfigCommand {
    pub(in crate::cli) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Check => check::run(env, options),
        }
    }
}
