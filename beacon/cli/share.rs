//! `beacon share WHAT --from PATH`: serving what is here already.

use std::{
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use clap::Args;
use reqwest::Method;
use serde_json::json;

use super::{
    CliError, Env, Options, What,
    remote::{order, text},
    slow::Slow,
    what::find,
};
use crate::model::InfoHash;

/// What to serve, and from where.
#[derive(Debug, Args)]
pub struct ShareArgs {
    #[command(flatten)]
    what: What,
    /// The file or directory that the torrent was made of, or the directory that it is in
    #[arg(long, value_name = "PATH")]
    from: PathBuf,
}

/// How often, and how long apart, it is looked whether the running beacon has seen that a collection file has changed.
const LOOKS: usize = 40;
const LOOK_AGAIN: Duration = Duration::from_millis(250);

pub(super) fn run(env: &mut Env, options: &Options, args: &ShareArgs) -> Result<(), CliError> {
    let info_hash = args.what.resolve(env, options)?;
    let path = env.resolve(&args.from);
    share(env, options, &info_hash, &path)
}

/// Serves a torrent that has just been put into a collection, once the running beacon knows of it.
pub(super) fn share_new(env: &mut Env, options: &Options, info_hash: &InfoHash, path: &Path) -> Result<(), CliError> {
    let slow = Slow::uncounted(env.talks_to_terminal, "waiting until the beacon has read the collection");
    for _ in 0..LOOKS {
        let found = find(env, options, &info_hash.to_string(), 1, 0)?;
        if text(&found, "/meant").parse() == Ok(*info_hash) {
            break;
        }
        thread::sleep(LOOK_AGAIN);
    }
    drop(slow);
    share(env, options, info_hash, path)
}

fn share(env: &mut Env, options: &Options, info_hash: &InfoHash, path: &Path) -> Result<(), CliError> {
    let path = found(path)?;
    let text = path.to_str().ok_or_else(|| CliError::PathNotUtf8(path.clone()))?;
    order(env, options, Method::POST, &format!("/api/v1/torrents/{info_hash}/share"), Some(&json!({ "path": text })))
}

/// The whole path of something that is there. Its own name stays, even where it is a link: torrents are found by it.
fn found(path: &Path) -> Result<PathBuf, CliError> {
    let real = path.canonicalize().map_err(|reason| CliError::File { path: path.to_owned(), verb: "found", reason })?;
    let parent = path.parent().and_then(|parent| parent.canonicalize().ok());
    Ok(parent.zip(path.file_name()).map_or(real, |(parent, name)| parent.join(name)))
}
