//! `beacon page`: a link that logs a browser in.

use reqwest::Method;
use serde_json::json;

use super::{
    CliError, Env, Options,
    remote::{ask, local, number, ordered, text},
};
use crate::web::Sessions;

/// Prints the link to the running beacon's page. Where that is read-only, there is nothing to log in to.
pub(super) fn run(env: &mut Env, options: &Options) -> Result<(), CliError> {
    let settings = options.settings(env)?;
    let origin = format!("http://{}", local(settings.dashboard));
    let session = ask(env, options, "/api/v1/session")?;
    if session["read_only"] == true {
        env.talk(text(&session, "/login"));
        let link = format!("{origin}/");
        return if options.json { env.data(json!({ "link": link, "expires_in_s": null })) } else { env.data(link) };
    }
    let made = ordered(&settings, Method::POST, "/api/v1/session/codes", None)?;
    let (link, life_s) = (Sessions::link(&origin, text(&made, "/code")), number(&made, "/expires_in_s"));
    if options.json {
        return env.data(json!({ "link": link, "expires_in_s": life_s }));
    }
    env.data(link)?;
    env.talk(format_args!("good once, for {} minutes; a browser that has opened it stays logged in", life_s / 60));
    Ok(())
}
