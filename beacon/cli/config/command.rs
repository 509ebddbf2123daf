//! What `beacon config` can be asked.

use clap::Subcommand;

use super::{check, schema};
use crate::cli::{CliError, Env, Options};

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Check the configuration, and show what holds
    Check,
    /// Tell every key that can be set, as JSON Schema
    Schema(schema::SchemaArgs),
}

impl ConfigCommand {
    pub(in crate::cli) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Check => check::run(env, options),
            Self::Schema(args) => schema::run(env, *args),
        }
    }
}
