//! `beacon join INVITATION`: into the network that somebody invites to.

use clap::Args;
use reqwest::Method;
use serde_json::json;

use super::{
    CliError, Env, Options,
    remote::{ordered, text},
};
use crate::{daemon, model::Invitation, web};

/// The invitation.
#[derive(Debug, Args)]
pub struct JoinArgs {
    /// The line that `beacon invite` prints, in quotes; line breaks within it do no harm
    #[arg(required = true, value_name = "INVITATION")]
    invitation: Vec<String>,
}

/// Has the running beacon take an invitation, or notes it for one that does not run.
pub(super) fn run(env: &mut Env, options: &Options, args: &JoinArgs) -> Result<(), CliError> {
    let invitation: Invitation = args.invitation.join(" ").parse()?;
    let settings = options.settings(env)?;
    let body = json!({ "invitation": invitation.to_string() });
    let answer = match ordered(&settings, Method::POST, "/api/v1/invitation", Some(&body)) {
        Ok(answer) => answer,
        Err(CliError::Unreachable { .. } | CliError::NoToken(_)) => {
            let joined = daemon::join(&settings, &invitation)?
                .map_err(|refusal| CliError::Refused(format!("{refusal}; {}", web::join_way_out(&refusal))))?;
            json!({ "message": joined.message, "restart_needed": joined.restart_needed })
        }
        Err(error) => return Err(error),
    };
    if options.json { env.data(answer) } else { env.data(text(&answer, "/message")) }
}
