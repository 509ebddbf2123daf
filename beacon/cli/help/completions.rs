//! `beacon completions SHELL`: what lets a shell complete commands.

use clap::Args;
use clap_complete::{Shell, generate};

use super::command;
use crate::cli::{CliError, Env};

/// For which shell.
#[derive(Debug, Clone, Copy, Args)]
pub struct CompletionsArgs {
    /// The shell that is to complete commands
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Writes the script for the shell as data.
pub(in crate::cli) fn run(env: &mut Env, args: CompletionsArgs) -> Result<(), CliError> {
    let mut script = Vec::new();
    generate(args.shell, &mut command(), "beacon", &mut script);
    env.data(String::from_utf8_lossy(&script).trim_end())
}
