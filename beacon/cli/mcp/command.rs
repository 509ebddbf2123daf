//! The command itself.

use clap::Args;
use rmcp::{ServiceExt as _, transport::stdio};

use super::{link::Link, server::Server};
use crate::{
    cli::{CliError, Env, Options},
    daemon::DaemonError,
};

/// What an assistant may do.
#[derive(Debug, Args)]
pub struct McpArgs {
    /// Let the assistant order something too: pin, unpin, request, drain, change the mode
    #[arg(long)]
    allow_write: bool,
}

/// Serves until the other end closes the input. Nothing but the protocol is written to the output.
pub(in crate::cli) fn run(env: &mut Env, options: &Options, args: &McpArgs) -> Result<(), CliError> {
    let settings = options.settings(env)?;
    let server = Server::new(Link::new(settings), args.allow_write);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| CliError::Daemon(DaemonError::System(error)))?;
    let ended = runtime.block_on(async {
        let running = server.serve(stdio()).await.map_err(|error| error.to_string())?;
        running.waiting().await.map_err(|error| error.to_string())
    });
    // A read from the input that is under way cannot be taken back.
    runtime.shutdown_background();
    ended.map(drop).map_err(CliError::Assistant)
}
