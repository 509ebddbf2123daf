//! `beacon config schema`: everything that can be set.

use clap::Args;

use crate::{
    cli::{CliError, Env},
    config::{key_table, schema},
};

/// In which form.
#[derive(Debug, Clone, Copy, Args)]
pub struct SchemaArgs {
    /// Write a table in Markdown instead of a JSON Schema
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
}

pub(super) fn run(env: &mut Env, args: SchemaArgs) -> Result<(), CliError> {
    if args.markdown {
        return env.data(key_table().trim_end());
    }
    env.data(format_args!("{:#}", schema()))
}
