//! `beacon who WHAT`: who has a torrent, and how it can be fetched from there.

use serde_json::{Value, json};

use super::{
    CliError, Env, Options, What,
    remote::{ask, list, number, text, title},
    table::table,
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
    env.data(format_args!("{}: {copies} of {target} copies", title(&torrent)))?;
    if holders.is_empty() {
        env.talk("nobody is known to have it");
        return Ok(());
    }
    for line in table(&rows(holders), &[false, false, false, false, true, true, false]) {
        env.data(line)?;
    }
    Ok(())
}

fn rows(holders: &[Value]) -> Vec<Vec<String>> {
    let head = ["BEACON", "ID", "STATE", "ZONE", "LATENCY", "LAST HEARD", "CLIENT"].map(str::to_owned).to_vec();
    std::iter::once(head).chain(holders.iter().map(row)).collect()
}

fn row(holder: &Value) -> Vec<String> {
    let or_dash = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
    let this = holder.get("this").and_then(Value::as_bool).unwrap_or_default();
    let latency = holder.get("latency_ms").and_then(Value::as_f64);
    let clients: Vec<&str> = list(holder, "/client_addresses").iter().filter_map(Value::as_str).collect();
    vec![
        text(holder, "/name").to_owned(),
        text(holder, "/id").get(..8).unwrap_or_default().to_owned(),
        state(holder),
        or_dash(text(holder, "/zone")),
        latency.map_or_else(|| "-".to_owned(), |latency| format!("{latency:.1} ms")),
        if this { "this one".to_owned() } else { format!("{} s ago", number(holder, "/last_heard_s")) },
        or_dash(&clients.join(" ")),
    ]
}

/// What it says of the torrent, and whether it may be believed.
fn state(holder: &Value) -> String {
    let state = text(holder, "/state");
    let progress = holder.get("progress").and_then(Value::as_f64).filter(|progress| *progress < 1.0);
    let progress = progress.map(|progress| format!(" {:.0} %", (progress * 100.0).floor())).unwrap_or_default();
    match text(holder, "/liveness") {
        "alive" => format!("{state}{progress}"),
        liveness => format!("{state}{progress}, {liveness}"),
    }
}
