//! `beacon torrents`: the torrents of the collections, sorted and filtered.

use clap::{Args, ValueEnum};

use super::{
    CliError, Env, Options,
    collections::collection_id,
    query::{Direction, Query, tell_page, word},
    remote::{ask, list, number},
    torrent_table::torrent_table,
};

/// Which torrents, and in which order.
#[derive(Debug, Args)]
pub struct TorrentsArgs {
    /// Only those of one collection, by its name or id
    #[arg(long, value_name = "COLLECTION")]
    collection: Option<String>,
    /// Only those with as many copies
    #[arg(long)]
    state: Option<Standing>,
    /// Only those that are here like this
    #[arg(long)]
    here: Option<Here>,
    /// By what they are sorted
    #[arg(long, default_value = "name")]
    sort: Sort,
    /// In which direction
    #[arg(long, default_value = "asc")]
    order: Direction,
    /// The most torrents to show
    #[arg(long, default_value_t = 20, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// How many to skip
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    offset: u64,
}

/// How many copies a torrent has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Standing {
    Missing,
    Under,
    Met,
    Over,
}

/// How a torrent is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Here {
    Absent,
    Fetching,
    Stalled,
    Held,
    Pinned,
    Draining,
    Resting,
}

/// By what torrents are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sort {
    Name,
    Size,
    Copies,
    Lacking,
    Holders,
}

pub(super) fn run(env: &mut Env, options: &Options, args: &TorrentsArgs) -> Result<(), CliError> {
    let collection = args.collection.as_ref().map(|name| collection_id(env, options, name)).transpose()?;
    let query = Query::new("/api/v1/torrents")
        .with_some("collection", collection)
        .with_some("state", args.state.as_ref().map(word))
        .with_some("here", args.here.as_ref().map(word))
        .with("sort", word(&args.sort))
        .with("order", word(&args.order))
        .with("offset", args.offset)
        .with("limit", args.limit);
    let found = ask(env, options, &query.path())?;
    if options.json {
        return env.data(found);
    }
    let torrents = list(&found, "/torrents");
    if !torrents.is_empty() {
        torrent_table(torrents).show(env)?;
    }
    let is_narrowed = args.collection.is_some() || args.state.is_some() || args.here.is_some();
    let none = if is_narrowed { "no torrent is like that" } else { "the collections list no torrents yet" };
    tell_page(env, args.offset, torrents.len(), number(&found, "/total"), none);
    Ok(())
}
