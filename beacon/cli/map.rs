//! `beacon map`: a character for each torrent, by its copies.

use clap::Args;
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::{
    CliError, Env, Options,
    collections::collection_id,
    people::{counted, grouped},
    query::Query,
    remote::{ask, list, number, text},
    style::{Style, Tone},
};

/// Of what.
#[derive(Debug, Args)]
pub struct MapArgs {
    /// Only one collection, by its name or id
    #[arg(value_name = "COLLECTION")]
    collection: Option<String>,
    /// A character for each torrent, however many there are
    #[arg(long)]
    all: bool,
}

/// How a torrent is, the worst first: of several that share a character the worst is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Missing,
    Coming,
    Under,
    Over,
    Met,
}

/// One torrent, as the API tells it in four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    copies: u8,
    target: u8,
    max: u8,
    flags: u8,
}

/// The flag of a torrent that somebody fetches.
const FETCHING: u8 = 1;
/// The torrents that are asked for at once: the most that the API gives.
const PAGE: u64 = 16_384;
/// The most torrents of a collection that are drawn; a map of more could not be looked through.
const TORRENTS_MAX: u64 = 4_000_000;
/// The characters of a map that has not to fit a terminal, in a line and in all.
const WIDTH: usize = 80;
/// The rows of the terminal that are left for what is said beside.
const BESIDE: usize = 6;

pub(super) fn run(env: &mut Env, options: &Options, args: &MapArgs) -> Result<(), CliError> {
    let collections = ask(env, options, "/api/v1/collections")?;
    let meant = args.collection.as_ref().map(|name| collection_id(env, options, name)).transpose()?;
    let all = list(&collections, "").iter();
    let meant: Vec<&Value> = all.filter(|own| meant.as_deref().is_none_or(|id| text(own, "/id") == id)).collect();
    if meant.is_empty() {
        env.talk("no collections yet: put a collection file into the collections directory");
    }
    for collection in &meant {
        let places = places(env, options, text(collection, "/id"))?;
        if options.json {
            let cells: Vec<[u8; 4]> =
                places.iter().map(|place| [place.copies, place.target, place.max, place.flags]).collect();
            env.data(json!({ "id": text(collection, "/id"), "name": text(collection, "/name"), "cells": cells }))?;
            continue;
        }
        draw(env, text(collection, "/name"), &places, args.all)?;
    }
    if !options.json && !meant.is_empty() {
        env.data(legend(env.style()))?;
    }
    Ok(())
}

/// All torrents of a collection. Where the list changes meanwhile, it is asked for anew, once.
fn places(env: &Env, options: &Options, id: &str) -> Result<Vec<Place>, CliError> {
    for is_last in [false, true] {
        let (mut places, mut revision) = (Vec::new(), None);
        loop {
            let query = Query::new("").with("offset", places.len()).with("limit", PAGE);
            let page = ask(env, options, &format!("/api/v1/collections/{id}/map{}", query.path()))?;
            let is_changed =
                revision.replace(page.get("revision").cloned()).is_some_and(|old| old != page.get("revision").cloned());
            if is_changed && !is_last {
                break;
            }
            let cells = BASE64.decode(text(&page, "/cells").as_bytes()).unwrap_or_default();
            let count = places.len();
            places.extend(cells.as_chunks().0.iter().map(|[copies, target, max, flags]| Place {
                copies: *copies,
                target: *target,
                max: *max,
                flags: *flags,
            }));
            if places.len() == count || places.len() as u64 >= number(&page, "/total").min(TORRENTS_MAX) {
                return Ok(places);
            }
        }
    }
    Ok(Vec::new())
}

fn draw(env: &mut Env, name: &str, places: &[Place], all: bool) -> Result<(), CliError> {
    let style = env.style();
    let width = env.width().unwrap_or(WIDTH);
    // What no window bounds is drawn as a whole.
    let rows = env.width().map_or(usize::MAX, |_| env.height().saturating_sub(BESIDE).max(1));
    let room = width.saturating_mul(rows);
    let shared = if all { 1 } else { places.len().div_ceil(room).max(1) };
    let each = match shared {
        1 => String::new(),
        _ => format!(", {} to a character, which shows the worst of them", grouped(shared as u64)),
    };
    let torrents = counted(places.len() as u64, "torrent", "torrents");
    env.data(format_args!("{}: {torrents}{each}", style.paint(Tone::Strong, name)))?;
    let worst = |places: &[Place]| places.iter().map(|place| place.standing()).min().unwrap_or(Standing::Met);
    let cells: Vec<Standing> = places.chunks(shared).map(worst).collect();
    for line in cells.chunks(width) {
        env.data(line.chunk_by(|one, other| one == other).map(|run| painted(run, style)).collect::<String>())?;
    }
    Ok(())
}

/// Torrents that are alike.
fn painted(run: &[Standing], style: Style) -> String {
    style.paint(run[0].tone(), String::from(run[0].sign()).repeat(run.len()))
}

fn legend(style: Style) -> String {
    let sign = |standing: Standing, what: &str| format!("{} {what}", style.paint(standing.tone(), standing.sign()));
    let signs = [
        sign(Standing::Missing, "missing"),
        sign(Standing::Under, "under"),
        sign(Standing::Coming, "being fetched"),
        sign(Standing::Met, "met"),
        sign(Standing::Over, "over"),
    ];
    signs.join("   ")
}

impl Place {
    const fn standing(self) -> Standing {
        let is_coming = self.flags & FETCHING != 0;
        match self.copies {
            0 if self.target > 0 && !is_coming => Standing::Missing,
            _ if self.copies < self.target && is_coming => Standing::Coming,
            _ if self.copies < self.target => Standing::Under,
            _ if self.copies > self.max => Standing::Over,
            _ => Standing::Met,
        }
    }
}

impl Standing {
    const fn sign(self) -> char {
        match self {
            Self::Missing => '!',
            Self::Coming => '~',
            Self::Under => '-',
            Self::Over => '+',
            Self::Met => '=',
        }
    }

    const fn tone(self) -> Tone {
        match self {
            Self::Missing => Tone::Missing,
            Self::Coming | Self::Under => Tone::Under,
            Self::Over => Tone::Over,
            Self::Met => Tone::Met,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torrent_stands_as_its_copies_say() {
        let standing = |copies, flags| Place { copies, target: 3, max: 4, flags }.standing();
        assert_eq!(standing(0, 0), Standing::Missing);
        assert_eq!(standing(0, FETCHING), Standing::Coming);
        assert_eq!(standing(2, FETCHING), Standing::Coming);
        assert_eq!(standing(2, 2), Standing::Under);
        assert_eq!(
            [standing(3, FETCHING), standing(4, 0), standing(5, 0)],
            [Standing::Met, Standing::Met, Standing::Over]
        );
    }
}
