//! `beacon request WHAT`: fetching a torrent once.

use clap::Args;
use reqwest::Method;

use super::{CliError, Env, Options, What, remote::order};

/// Which torrent.
#[derive(Debug, Args)]
pub struct RequestArgs {
    #[command(flatten)]
    what: What,
    /// Take it back
    #[arg(long)]
    stop: bool,
}

/// Says to the running beacon that it is to be fetched here, or not after all.
pub(super) fn run(env: &mut Env, options: &Options, args: &RequestArgs) -> Result<(), CliError> {
    let info_hash = args.what.resolve(env, options)?;
    let method = if args.stop { Method::DELETE } else { Method::POST };
    order(env, options, method, &format!("/api/v1/torrents/{info_hash}/request"), None)
}
