//! `beacon invite`: a line by which others join the network.

use clap::Args;
use reqwest::Method;

use super::{
    CliError, Env, Options,
    remote::{ordered, text},
};

/// What to put into the invitation.
#[derive(Debug, Args)]
pub struct InviteArgs {
    /// Give away the key of a closed network too: whoever sees the line can join
    #[arg(long)]
    with_key: bool,
}

/// Prints the invitation of the running beacon, and says what to mind when it is passed on.
pub(super) fn run(env: &mut Env, options: &Options, args: &InviteArgs) -> Result<(), CliError> {
    let path = format!("/api/v1/invitation?key={}", args.with_key);
    let answer = ordered(&options.settings(env)?, Method::GET, &path, None)?;
    if options.json {
        return env.data(answer);
    }
    env.data(text(&answer, "/invitation"))?;
    if args.with_key && answer["is_closed"] != true {
        env.talk("the network is open: it has no key, and everyone can join");
    }
    if let Some(warning) = answer["warning"].as_str() {
        env.talk(warning);
    }
    env.talk("whoever gets it runs `beacon join 'beacon:?...'`, with the quotes, or pastes it on the page");
    Ok(())
}
