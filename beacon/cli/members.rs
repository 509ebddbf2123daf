//! `beacon members` and `beacon member WHO`: the beacons of the network.

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::{
    CliError, Env, Options,
    people::{ago, bar, grouped, percent},
    picture::{LABEL, liveness_tone},
    query::{Direction, Query, tell_page, word},
    remote::{ask, list, number, text},
    style::Tone,
    table::{Cell, Column, Table},
    width::wrap,
};
use crate::model::ByteSize;

/// Which beacons, and in which order.
#[derive(Debug, Args)]
pub struct MembersArgs {
    /// Only those with these words in their names, or with such a beginning of their ids
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
    /// Only those that are there like this
    #[arg(long)]
    state: Option<State>,
    /// By what they are sorted
    #[arg(long, default_value = "name")]
    sort: Sort,
    /// In which direction
    #[arg(long, default_value = "asc")]
    order: Direction,
    /// The most beacons to show
    #[arg(long, default_value_t = 50, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// How many to skip
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    offset: u64,
}

/// Which beacon.
#[derive(Debug, Args)]
pub struct MemberArgs {
    /// Its name, its id or the beginning of that
    #[arg(required = true, value_name = "WHO")]
    who: Vec<String>,
}

/// Whether a beacon is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum State {
    Alive,
    Suspect,
    Away,
    Gone,
}

/// By what beacons are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sort {
    Name,
    State,
    Heard,
    Used,
    Budget,
    Latency,
    Zone,
}

/// As many are named where several may be meant.
const NAMED: u16 = 20;
/// The places of a bar.
const BAR: usize = 20;

pub(super) fn run(env: &mut Env, options: &Options, args: &MembersArgs) -> Result<(), CliError> {
    let words = args.words.join(" ");
    let query = Query::new("/api/v1/members")
        .with_some("query", Some(words).filter(|words| !words.is_empty()))
        .with_some("state", args.state.as_ref().map(word))
        .with("sort", word(&args.sort))
        .with("order", word(&args.order))
        .with("offset", args.offset)
        .with("limit", args.limit);
    let found = ask(env, options, &query.path())?;
    if options.json {
        return env.data(found);
    }
    let members = list(&found, "/members");
    if !members.is_empty() {
        members_table(members).show(env)?;
    }
    tell_page(env, args.offset, members.len(), number(&found, "/total"), "no beacon is like that");
    Ok(())
}

/// Shows everything that is known of one beacon.
pub(super) fn show(env: &mut Env, options: &Options, args: &MemberArgs) -> Result<(), CliError> {
    let id = resolve(env, options, &args.who.join(" "))?;
    let member = ask(env, options, &format!("/api/v1/members/{id}"))?;
    if options.json {
        return env.data(member);
    }
    let style = env.style();
    env.data(style.paint(Tone::Strong, text(&member, "/name")))?;
    for (label, what) in facts(&member, env.width().is_some()) {
        let label = style.paint(Tone::Faint, format_args!("{label:<LABEL$}"));
        for line in wrap(&format!("{label}{what}"), env.width(), LABEL) {
            env.data(line)?;
        }
    }
    Ok(())
}

/// The id of the one that is meant. A name that fits as a whole counts before others that contain it.
fn resolve(env: &Env, options: &Options, who: &str) -> Result<String, CliError> {
    let query = Query::new("/api/v1/members").with("query", who).with("limit", NAMED);
    let found = ask(env, options, &query.path())?;
    let members = list(&found, "/members");
    let id = |member: &Value| text(member, "/id").to_owned();
    let mut exact = members.iter().filter(|member| text(member, "/name") == who || text(member, "/id") == who);
    match (exact.next(), exact.next(), members) {
        (Some(member), None, _) | (None, _, [member]) => Ok(id(member)),
        (_, _, []) => Err(CliError::NoSuchMember(who.to_owned())),
        _ => {
            let line = |member: &Value| format!("\n  {} {}", text(member, "/id"), text(member, "/name"));
            Err(CliError::AmbiguousMember { who: who.to_owned(), members: members.iter().map(line).collect() })
        }
    }
}

fn members_table(members: &[Value]) -> Table {
    let mut table = Table::new([
        Column::left("BEACON").cut(),
        Column::left("ID"),
        Column::left("STATE"),
        Column::right("LAST HEARD"),
        Column::right("USED"),
        Column::right("BUDGET"),
        Column::left("ZONE").spare(),
        Column::right("LATENCY").spare(),
        Column::left("VERSION").spare(),
        Column::left("").spare(),
    ]);
    for member in members {
        let size = |key: &str| ByteSize::from_bytes(number(member, key)).to_string();
        let state = text(member, "/state");
        table.row([
            text(member, "/name").into(),
            text(member, "/id").get(..8).unwrap_or_default().into(),
            Cell::toned(liveness_tone(state), state),
            heard(member).into(),
            size("/used").into(),
            size("/budget").into(),
            text(member, "/zone").into(),
            latency(member).into(),
            text(member, "/version").into(),
            marks(member).into(),
        ]);
    }
    table
}

/// What is known of one, with what each is called; with a bar where a person looks.
fn facts(member: &Value, has_bar: bool) -> Vec<(&'static str, String)> {
    let (used, budget) = (number(member, "/used"), number(member, "/budget"));
    let of_budget = format!("{} of a budget of {}", ByteSize::from_bytes(used), ByteSize::from_bytes(budget));
    let bar = if has_bar { format!("{} {} %: ", bar(used, budget, BAR), percent(used, budget)) } else { String::new() };
    let join = |pointer: &str| list(member, pointer).iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
    let counts = member.get("counts").and_then(Value::as_object);
    let counts = counts.into_iter().flatten().filter_map(|(state, count)| Some((state, count.as_u64()?)));
    let counts: Vec<String> =
        counts.filter(|(_, count)| *count > 0).map(|(state, count)| format!("{} {state}", grouped(count))).collect();
    let state = [text(member, "/state").to_owned(), marks(member)];
    let state = state.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ");
    let via = text(member, "/via");
    let facts = [
        ("id", text(member, "/id").to_owned()),
        ("state", state),
        (
            "heard",
            if via.is_empty() {
                heard(member)
            } else {
                format!("{}, through {}", heard(member), via.get(..8).unwrap_or(via))
            },
        ),
        ("storage", bar + &of_budget),
        ("torrents", counts.join(", ")),
        ("zone", text(member, "/zone").to_owned()),
        ("latency", latency(member)),
        ("reached", join("/addresses")),
        ("client", join("/client_addresses")),
        ("version", text(member, "/version").to_owned()),
    ];
    facts.into_iter().filter(|(_, what)| !what.is_empty()).collect()
}

fn marks(member: &Value) -> String {
    let is = |pointer: &str| member.pointer(pointer).and_then(Value::as_bool).unwrap_or_default();
    let marks = [("/this", "this one"), ("/neighbor", "neighbor"), ("/observer", "observes"), ("/draining", "leaves")];
    marks.iter().filter(|(pointer, _)| is(pointer)).map(|(_, mark)| *mark).collect::<Vec<_>>().join(", ")
}

fn heard(member: &Value) -> String {
    let this = member.get("this").and_then(Value::as_bool).unwrap_or_default();
    if this { "-".to_owned() } else { ago(number(member, "/last_heard_s")) }
}

fn latency(member: &Value) -> String {
    let latency = member.get("latency_ms").and_then(Value::as_f64);
    latency.map(|latency| format!("{latency:.1} ms")).unwrap_or_default()
}
