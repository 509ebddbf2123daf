//! `beacon config`.

mod check;
#[cfg(test)]
mod tests;

use clap::Subcommand;

use super::{CliError, Env, Options};

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Check the configuration, and show what holds
    Check,
}

impl ConfigCommand {
    pub(super) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Check => check::run(env, options),
        }
    }
}
