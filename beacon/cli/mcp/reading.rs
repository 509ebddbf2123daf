//! The tools that only look.

use rmcp::model::JsonObject;
use serde_json::{Value, json};

use super::{
    arguments::{
        HistoryWanted, MemberState, MembersWanted, Nothing, Page, Search, SortWord, StandingWord, Which, read,
    },
    link::{Link, ToolError},
    seeding::wanted,
    shown::{only, page, page_of},
};
use crate::cli::remote::{list, number, text};

/// What is told of a torrent in a list; a single one is told in full.
const TORRENT_KEYS: [&str; 10] =
    ["info_hash", "name", "size", "target", "max", "copies", "fetching", "outside_seeders", "here", "progress"];
/// The most actions of a kind in the overview; `plan` has them all.
const ACTIONS_SHOWN: usize = 10;
/// The most holders of a torrent.
const HOLDERS_SHOWN: usize = 50;

/// `status`.
pub(super) fn status(link: &Link, arguments: Option<JsonObject>) -> Result<Value, ToolError> {
    let Nothing {} = read(arguments)?;
    let status = link.ask("/api/v1/status")?;
    let mut answer = only(&status, &["beacon", "client", "storage", "drain", "collections", "notices", "summary"]);
    let members = list(&status, "/members");
    let count = |state| members.iter().filter(|member| text(member, "/state") == state).count();
    answer["members"] = json!({
        "total": members.len(), "alive": count("alive"), "suspect": count("suspect"), "away": count("away"),
        "gone": count("gone"),
    });
    for stage in ["pending", "running", "recent"] {
        let actions = list(&status, &format!("/actions/{stage}"));
        answer["actions"][stage] = page(actions, 0, ACTIONS_SHOWN);
    }
    Ok(answer)
}

/// `find_torrents`.
pub(super) fn find(link: &Link, arguments: Option<JsonObject>) -> Result<Value, ToolError> {
    let Search { query, collection, state, sort, offset, limit } = read(arguments)?;
    let collection = match collection {
        Some(collection) => wanted(&link.ask("/api/v1/status")?, Some(&collection))?.swap_remove(0).0,
        None => String::new(),
    };
    let (sort, order) = sort.map_or(("", ""), SortWord::words);
    let (offset, limit) = (offset.to_string(), limit.0.to_string());
    // What is empty counts as not said.
    let pairs = [
        ("query", query.as_str()),
        ("collection", &collection),
        ("state", state.map_or("", StandingWord::word)),
        ("sort", sort),
        ("order", order),
        ("offset", &offset),
        ("limit", &limit),
    ];
    let found = link.ask_with("/api/v1/torrents", &pairs)?;
    let torrents: Vec<Value> = list(&found, "/torrents").iter().map(brief).collect();
    Ok(json!({ "total": number(&found, "/total"), "meant": found["meant"], "torrents": torrents }))
}

/// `torrent`.
pub(super) fn torrent(link: &Link, arguments: Option<JsonObject>) -> Result<Value, ToolError> {
    let Which { torrent } = read(arguments)?;
    let info_hash = link.resolve(&torrent)?;
    let mut answer = link.ask(&format!("/api/v1/torrents/{info_hash}"))?;
    if let Some(holders) = answer.get_mut("holders").and_then(Value::as_array_mut) {
        holders.truncate(HOLDERS_SHOWN);
    }
    Ok(answer)
}

/// `plan`.
pub(super) fn plan(link: &Link, arguments: Option<JsonObject>) -> Result<Value, ToolError> {
    let Page { offset, limit } = read(arguments)?;
    let plan = link.ask(&format!("/api/v1/plan?offset={offset}&limit={}", limit.0))?;
    let mut answer = only(&plan, &["mode", "waiting"]);
    answer["actions"] = page_of(list(&plan, "/actions"), number(&plan, "/total"), offset.into());
    // Of these the beacon tells the first thousand, whatever page is asked for.
    answer["unplaced"] = page(list(&plan, "/unplaced"), offset as usize, limit.0);
    answer["unplaced"]["total"] = plan["unplaced_total"].clone();
    Ok(answer)
}

/// `members`.
pub(super) fn members(link: &Link, arguments: Option<JsonObject>) -> Result<Value, ToolError> {
    let MembersWanted { state, offset, limit } = read(arguments)?;
    let status = link.ask("/api/v1/status")?;
    let is_wanted = |member: &&Value| state.is_none_or(|state| text(member, "/state") == word(state));
    let members: Vec<Value> = list(&status, "/members").iter().filter(is_wanted).cloned().collect();
    Ok(json!({ "members": page(&members, offset as usize, limit.0) }))
}

/// `history`.
pub(super) fn history(link: &Link, arguments: Option<JsonObject>) -> Result<Value, ToolError> {
    let HistoryWanted { torrent, offset, limit } = read(arguments)?;
    let info_hash = torrent.map(|torrent| link.resolve(&torrent)).transpose()?;
    let (offset, limit) = (offset.to_string(), limit.0.to_string());
    let mut pairs = vec![("offset", offset.as_str()), ("limit", limit.as_str())];
    pairs.extend(info_hash.as_deref().map(|info_hash| ("info_hash", info_hash)));
    link.ask_with("/api/v1/history", &pairs)
}

/// A torrent as it stands in a list.
pub(super) fn brief(torrent: &Value) -> Value {
    only(torrent, &TORRENT_KEYS)
}

const fn word(state: MemberState) -> &'static str {
    match state {
        MemberState::Alive => "alive",
        MemberState::Suspect => "suspect",
        MemberState::Away => "away",
        MemberState::Gone => "gone",
    }
}
