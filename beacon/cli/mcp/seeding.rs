//! `what_to_seed`: which torrents would gain most from room on this machine.
//!
//! The rarest come first, as in the beacon's own plan: what has fewest copies, then what nobody is on the way to fetch, then
//! the smaller, so that more of them fit. It is advice; a beacon with that room in its budget takes its share by itself.

use std::collections::BTreeSet;

use rmcp::model::JsonObject;
use serde_json::{Value, json};

use super::{
    arguments::{Room, read},
    link::{Link, ToolError},
    reading::brief,
};
use crate::{
    cli::remote::{list, number, text},
    model::ByteSize,
};

/// Torrents that are asked for at a time, and how often: with more the rarest are among these all the same, since what is
/// missing is asked for first.
const PAGE: usize = 1_000;
const PAGES_MAX: usize = 10;

/// A torrent that is not here, and what another copy of it would be worth.
#[derive(Debug, Clone)]
struct Candidate {
    torrent: Value,
    collection: String,
    size: Option<u64>,
    copies: u64,
    target: u64,
    fetching: u64,
    /// Whether anybody is known from whom it can be fetched.
    reachable: bool,
}

/// What fits, and what does not.
#[derive(Debug, Default)]
struct Choice {
    chosen: Vec<Candidate>,
    bytes: u64,
    too_large: usize,
    unknown_size: usize,
    unreachable: Vec<Candidate>,
}

/// The tool.
pub(super) fn what_to_seed(link: &Link, arguments: Option<JsonObject>) -> Result<Value, ToolError> {
    let Room { space, collection, limit } = read(arguments)?;
    let status = link.ask("/api/v1/status")?;
    let space = space.map_or_else(|| room(&status), ByteSize::bytes);
    let collections = wanted(&status, collection.as_deref())?;
    let mut candidates = Vec::new();
    let mut is_cut = false;
    for (id, name) in &collections {
        for state in ["missing", "under"] {
            is_cut |= gather(link, id, name, state, &mut candidates)?;
        }
    }
    let mut seen = BTreeSet::new();
    candidates.retain(|candidate| seen.insert(text(&candidate.torrent, "/info_hash").to_owned()));
    let choice = choose(candidates, space);
    let mut answer = told(&choice, space, limit.0);
    answer["storage"] = status["storage"].clone();
    answer["mode"] = status["beacon"]["mode"].clone();
    answer["looked_at_only_part"] = json!(is_cut);
    Ok(answer)
}

/// What the beacon may still hold: of its budget, and of what is free on its disk.
fn room(status: &Value) -> u64 {
    let taken = number(status, "/storage/used").saturating_add(number(status, "/storage/reserved"));
    let budget = number(status, "/storage/budget").saturating_sub(taken);
    status.pointer("/storage/free").and_then(Value::as_u64).map_or(budget, |free| budget.min(free))
}

/// Ids and names of the collections that are meant, at least one where one is named.
pub(super) fn wanted(status: &Value, collection: Option<&str>) -> Result<Vec<(String, String)>, ToolError> {
    let all = list(status, "/collections").iter();
    let named = all.map(|collection| (text(collection, "/id").to_owned(), text(collection, "/name").to_owned()));
    let Some(wanted) = collection else { return Ok(named.collect()) };
    let is_wanted = |(id, name): &(String, String)| id == wanted || name.eq_ignore_ascii_case(wanted);
    let found: Vec<_> = named.filter(is_wanted).collect();
    if found.is_empty() {
        let known: Vec<&str> =
            list(status, "/collections").iter().take(20).map(|collection| text(collection, "/name")).collect();
        let reason = format!("there is no collection `{wanted}` here; known are {}", known.join(", "));
        return Err(ToolError::Arguments(reason));
    }
    Ok(found)
}

/// Adds the torrents of a collection that are in a state and not here; whether there are more than are looked at.
fn gather(link: &Link, id: &str, name: &str, state: &str, candidates: &mut Vec<Candidate>) -> Result<bool, ToolError> {
    for page in 0..PAGES_MAX {
        let (offset, limit) = ((page * PAGE).to_string(), PAGE.to_string());
        let pairs = [("state", state), ("offset", offset.as_str()), ("limit", limit.as_str())];
        let found = link.ask_with(&format!("/api/v1/collections/{id}/torrents"), &pairs)?;
        let torrents = list(&found, "/torrents");
        let elsewhere = torrents.iter().filter(|torrent| text(torrent, "/here") == "absent");
        candidates.extend(elsewhere.map(|torrent| Candidate::new(torrent, name)));
        if torrents.len() < PAGE {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Candidate {
    fn new(torrent: &Value, collection: &str) -> Self {
        let copies = number(torrent, "/copies");
        // Whoever is on the way with it has at least found somebody.
        let fetching = number(torrent, "/fetching");
        let serves = |holder: &Value| matches!(text(holder, "/state"), "held" | "pinned" | "draining");
        let reachable = copies > 0
            || fetching > 0
            || number(torrent, "/outside_seeders") > 0
            || list(torrent, "/holders").iter().any(|holder| serves(holder) && text(holder, "/liveness") == "alive");
        Self {
            torrent: brief(torrent),
            collection: collection.to_owned(),
            size: torrent.get("size").and_then(Value::as_u64),
            copies,
            target: number(torrent, "/target"),
            fetching,
            reachable,
        }
    }

    const fn lacking(&self) -> u64 {
        self.target.saturating_sub(self.copies)
    }

    /// Whether others are already fetching all that lacks.
    const fn is_under_way(&self) -> bool {
        self.fetching >= self.lacking()
    }

    fn reason(&self) -> String {
        let copies = match self.copies {
            0 => format!("no copy at all, {} wanted", self.target),
            copies => format!("{copies} of {} copies", self.target),
        };
        match self.fetching {
            0 => format!("{copies}, and nobody is fetching it"),
            1 => format!("{copies}, and 1 beacon is fetching it"),
            more => format!("{copies}, and {more} beacons are fetching it"),
        }
    }

    fn told(&self) -> Value {
        let mut told = self.torrent.clone();
        told["collection"] = json!(self.collection);
        told["lacking"] = json!(self.lacking());
        told["reason"] = json!(self.reason());
        told
    }
}

/// Takes what fits into the room, the most needed first.
fn choose(mut candidates: Vec<Candidate>, space: u64) -> Choice {
    candidates.sort_by_cached_key(|candidate| {
        let hash = text(&candidate.torrent, "/info_hash").to_owned();
        (candidate.is_under_way(), candidate.copies, u64::MAX - candidate.lacking(), candidate.size, hash)
    });
    let mut choice = Choice::default();
    for candidate in candidates {
        match candidate.size {
            _ if !candidate.reachable => choice.unreachable.push(candidate),
            None => choice.unknown_size += 1,
            Some(size) if size > space - choice.bytes => choice.too_large += 1,
            Some(size) => {
                choice.bytes += size;
                choice.chosen.push(candidate);
            }
        }
    }
    choice
}

fn told(choice: &Choice, space: u64, limit: usize) -> Value {
    let first: Vec<Value> = choice.chosen.iter().take(limit).map(Candidate::told).collect();
    let lost: Vec<Value> = choice.unreachable.iter().take(10).map(|candidate| brief(&candidate.torrent)).collect();
    json!({
        "summary": summary(choice, space),
        "space": space,
        "chosen": { "total": choice.chosen.len(), "bytes": choice.bytes, "first": first },
        "left_over": space - choice.bytes,
        "did_not_fit": choice.too_large,
        "unknown_size": choice.unknown_size,
        "nobody_known_to_have": { "total": choice.unreachable.len(), "first": lost },
        "how": HOW,
    })
}

/// How the advice is followed.
const HOW: &str = "A beacon takes its share by itself: raise `storage.budget` in its configuration by this room and start it again, \
                   with `mode` on `apply`. To have one torrent here whatever the counts, pin it (`beacon pin INFO_HASH`).";

fn summary(choice: &Choice, space: u64) -> String {
    let size = |bytes| ByteSize::from_bytes(bytes).to_string();
    let count = choice.chosen.len();
    let lost = match choice.unreachable.len() {
        0 => String::new(),
        1 => " One more has no copy left, and nobody is known who has it.".to_owned(),
        lost => format!(" {lost} more have no copy left, and nobody is known who has them."),
    };
    let left = size(space - choice.bytes);
    if count == 0 && choice.too_large == 0 && choice.unknown_size == 0 {
        return format!(
            "Nothing that could be fetched lacks copies; {} would be a reserve for when members leave.{lost}",
            size(space)
        );
    }
    let rarest = choice.chosen.first().map(|first| format!(", the rarest with {}", first.reason()));
    let beyond = match (choice.too_large, choice.unknown_size) {
        (0, 0) => format!(" That is all that lacks copies; {left} would be left over."),
        (0, unknown) => format!(" {unknown} more are of unknown size; {left} would be left over."),
        (more, _) => format!(" {more} more lack copies and do not fit."),
    };
    let fit = match count {
        1 => format!("1 torrent that lacks copies fits into {} and takes", size(space)),
        count => format!("{count} torrents that lack copies fit into {} and take", size(space)),
    };
    format!("{fit} {}{}.{beyond}{lost}", size(choice.bytes), rarest.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(number: u8, size: Option<u64>, copies: u64, fetching: u64) -> Candidate {
        let torrent = json!({
            "info_hash": format!("{number:02x}"), "name": format!("letters {number}"), "size": size, "copies": copies,
            "target": 3, "fetching": fetching, "here": "absent",
        });
        Candidate::new(&torrent, "Town archive")
    }

    fn names(choice: &Choice) -> Vec<&str> {
        choice.chosen.iter().map(|candidate| text(&candidate.torrent, "/info_hash")).collect()
    }

    #[test]
    fn the_rarest_come_first_and_what_does_not_fit_is_passed_over() {
        let candidates = vec![
            candidate(1, Some(40), 2, 0),
            candidate(2, Some(50), 1, 0),
            candidate(3, Some(10), 1, 2),
            candidate(4, Some(30), 1, 0),
            candidate(5, Some(500), 1, 0),
            candidate(6, None, 1, 0),
            candidate(7, Some(1), 0, 0),
        ];
        let choice = choose(candidates, 125);
        assert_eq!(names(&choice), ["04", "02", "01"], "what is under way comes last, and does not fit any more");
        assert_eq!((choice.bytes, choice.too_large, choice.unknown_size, choice.unreachable.len()), (120, 2, 1, 1));
        insta::assert_snapshot!(summary(&choice, 125), @"3 torrents that lack copies fit into 125 B and take 120 B, the rarest with 1 of 3 copies, and nobody is fetching it. 2 more lack copies and do not fit. One more has no copy left, and nobody is known who has it.");
    }

    #[test]
    fn where_nothing_lacks_copies_that_is_said() {
        insta::assert_snapshot!(summary(&choose(Vec::new(), 2_000_000_000_000), 2_000_000_000_000), @"Nothing that could be fetched lacks copies; 2 TB would be a reserve for when members leave.");
        let choice = choose(vec![candidate(1, Some(40), 2, 1)], 100);
        insta::assert_snapshot!(summary(&choice, 100), @"1 torrent that lacks copies fits into 100 B and takes 40 B, the rarest with 2 of 3 copies, and 1 beacon is fetching it. That is all that lacks copies; 60 B would be left over.");
    }

    #[test]
    fn what_is_missing_counts_where_somebody_outside_has_it() {
        let mut torrent = json!({ "info_hash": "ab", "size": 5, "copies": 0, "target": 3, "fetching": 0 });
        assert!(!Candidate::new(&torrent, "").reachable);
        torrent["outside_seeders"] = json!(2);
        assert!(Candidate::new(&torrent, "").reachable);
        let holder = |liveness: &str| json!([{ "state": "draining", "liveness": liveness }]);
        let held = |liveness: &str| json!({ "copies": 0, "target": 3, "holders": holder(liveness) });
        assert!(Candidate::new(&held("alive"), "").reachable && !Candidate::new(&held("gone"), "").reachable);
    }

    #[test]
    fn room_is_what_budget_and_disk_leave() {
        let storage = |free: Value| json!({ "storage": { "budget": 100, "used": 30, "reserved": 20, "free": free } });
        assert_eq!([room(&storage(json!(10))), room(&storage(json!(90))), room(&storage(Value::Null))], [10, 50, 50]);
    }
}
