//! `beacon magnet WHAT`: a link with which any other client fetches a torrent from its holders.

use serde_json::json;

use super::{
    CliError, Env, Options, What,
    remote::{ask, list, text},
};

pub(super) fn run(env: &mut Env, options: &Options, what: &What) -> Result<(), CliError> {
    let info_hash = what.resolve(env, options)?;
    let torrent = ask(env, options, &format!("/api/v1/torrents/{info_hash}"))?;
    let magnet = text(&torrent, "/magnet");
    if options.json {
        env.data(json!({ "info_hash": text(&torrent, "/info_hash"), "magnet": magnet }))?;
    } else {
        env.data(magnet)?;
    }
    if !magnet.contains("&x.pe=") {
        let holders = list(&torrent, "/holder_details");
        env.talk(if holders.is_empty() {
            "nobody is known to have it, so the link has no addresses to fetch from"
        } else {
            "none of its holders can be fetched from now, so the link has no addresses; `beacon who` says how they are"
        });
    }
    Ok(())
}
