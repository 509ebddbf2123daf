//! `beacon explain WHAT`: why things are as they are with a torrent, and what comes next.

use super::{
    CliError, Env, Options, What,
    remote::{ask, list, title},
    style::Tone,
};

pub(super) fn run(env: &mut Env, options: &Options, what: &What) -> Result<(), CliError> {
    let info_hash = what.resolve(env, options)?;
    let torrent = ask(env, options, &format!("/api/v1/torrents/{info_hash}"))?;
    if options.json {
        return env.data(torrent);
    }
    let style = env.style();
    env.data(style.paint(Tone::Strong, title(&torrent)))?;
    for line in list(&torrent, "/explain").iter().filter_map(|line| line.as_str()) {
        env.sentence(&format!("  {line}"), 4)?;
    }
    Ok(())
}
