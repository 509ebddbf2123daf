//! `beacon pin WHAT` and `beacon unpin WHAT`: whether a torrent is to be here whatever the counts.

use reqwest::Method;

use super::{CliError, Env, Options, What, remote::order};

/// Says to the running beacon that it is to be here, or that it is to be treated like all others.
pub(super) fn run(env: &mut Env, options: &Options, what: &What, pinned: bool) -> Result<(), CliError> {
    let info_hash = what.resolve(env, options)?;
    let method = if pinned { Method::POST } else { Method::DELETE };
    order(env, options, method, &format!("/api/v1/torrents/{info_hash}/pin"), None)
}
