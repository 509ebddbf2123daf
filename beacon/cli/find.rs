//! `beacon find WORDS...`: the torrents of the collections that somebody may look for.

use clap::Args;

use super::{
    CliError, Env, Options,
    remote::{list, number},
    torrent_table::torrent_table,
    what::find,
};
use crate::catalog::Sought;

/// What to look for.
#[derive(Debug, Args)]
pub struct FindArgs {
    /// Words that are in the name of the torrent or of its collection, an info-hash or its beginning, or a magnet link
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// The most torrents to show
    #[arg(long, default_value_t = 20, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// How many of those that are found to skip
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    offset: usize,
}

pub(super) fn run(env: &mut Env, options: &Options, args: &FindArgs) -> Result<(), CliError> {
    let words = args.words.join(" ");
    let sought: Sought = words.parse()?;
    let found = find(env, options, &words, usize::from(args.limit), args.offset)?;
    let total = number(&found, "/total");
    let torrents = list(&found, "/torrents");
    if options.json {
        env.data(&found)?;
    } else if !torrents.is_empty() {
        torrent_table(torrents).show(env)?;
    }
    match (total, sought) {
        (0, Sought::Hashes(_)) => return Err(CliError::NotListed),
        (0, _) => return Err(CliError::NoSuchTorrent(words)),
        _ => {}
    }
    let last = args.offset as u64 + torrents.len() as u64;
    if torrents.is_empty() {
        env.talk(format_args!("only {total} were found; --offset skips them all"));
    } else if last < total {
        env.talk(format_args!("{last} of {total}; `--offset {last}` shows the next, more words find fewer"));
    }
    Ok(())
}
