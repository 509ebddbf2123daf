//! `beacon who WHAT`: who has a torrent, and how it can be fetched from there.

use serde_json::{Value, json};

use super::{
    CliError, Env, Options, What,
    people::ago,
    picture::liveness_tone,
    remote::{ask, list, number, text, title},
    style::Tone,
    table::{Cell, Column, Table},
};

pub(super) fn run(env: &mut Env, options: &Options, what: &What) -> Result<(), CliError> {
    let info_hash = what.resolve(env, options)?;
    let torrent = ask(env, options, &format!("/api/v1/torrents/{info_hash}"))?;
    let holders = list(&torrent, "/holder_details");
    if options.json {
        let hash = text(&torrent, "/info_hash");
        return env.data(json!({ "info_hash": hash, "name": torrent.get("name"), "holder_details": holders }));
    }
    let (copies, target) = (number(&torrent, "/copies"), number(&torrent, "/target"));
    let (style, max) = (env.style(), number(&torrent, "/max"));
    let copies = style.paint(Tone::of_copies(copies, target, max), format_args!("{copies} of {target} copies"));
    env.data(format_args!("{}: {copies}", style.paint(Tone::Strong, title(&torrent))))?;
    if holders.is_empty() {
        env.talk("nobody is known to have it");
        return Ok(());
    }
    holders_table(holders).show(env)
}

fn holders_table(holders: &[Value]) -> Table {
    let mut table = Table::new([
        Column::left("BEACON").cut(),
        Column::left("ID"),
        Column::left("STATE"),
        Column::left("ZONE").spare(),
        Column::right("LATENCY").spare(),
        Column::right("LAST HEARD"),
        Column::left("CLIENT").spare(),
    ]);
    for holder in holders {
        table.row(row(holder));
    }
    table
}

fn row(holder: &Value) -> Vec<Cell> {
    let or_dash = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
    let this = holder.get("this").and_then(Value::as_bool).unwrap_or_default();
    let latency = holder.get("latency_ms").and_then(Value::as_f64);
    let clients: Vec<&str> = list(holder, "/client_addresses").iter().filter_map(Value::as_str).collect();
    vec![
        text(holder, "/name").into(),
        text(holder, "/id").get(..8).unwrap_or_default().into(),
        state(holder),
        or_dash(text(holder, "/zone")).into(),
        latency.map_or_else(|| "-".to_owned(), |latency| format!("{latency:.1} ms")).into(),
        if this { "this one".into() } else { ago(number(holder, "/last_heard_s")).into() },
        or_dash(&clients.join(" ")).into(),
    ]
}

/// What it says of the torrent, and whether it may be believed.
fn state(holder: &Value) -> Cell {
    let state = text(holder, "/state");
    let progress = holder.get("progress").and_then(Value::as_f64).filter(|progress| *progress < 1.0);
    let progress = progress.map(|progress| format!(" {:.0} %", (progress * 100.0).floor())).unwrap_or_default();
    let is_copy = matches!(state, "held" | "pinned");
    match text(holder, "/liveness") {
        "alive" if is_copy => Cell::toned(Tone::Met, state),
        "alive" => format!("{state}{progress}").into(),
        liveness => Cell::toned(liveness_tone(liveness), format!("{state}{progress}, {liveness}")),
    }
}
