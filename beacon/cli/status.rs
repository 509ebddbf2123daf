//! `beacon status`: how the archive, the network and this beacon are doing.

use serde_json::Value;

use super::{
    CliError, Env, Options, drain,
    remote::{DRY_RUN, ask, list, number, text, title},
    table::table,
};
use crate::model::ByteSize;

pub(super) fn run(env: &mut Env, options: &Options) -> Result<(), CliError> {
    let status = ask(env, options, "/api/v1/status")?;
    if options.json {
        return env.data(status);
    }
    for line in lines(&status) {
        env.data(line)?;
    }
    if text(&status, "/beacon/mode") == "dry-run" {
        env.talk(DRY_RUN);
    }
    Ok(())
}

fn lines(status: &Value) -> Vec<String> {
    let mut lines = vec![
        format!("{} ({}), {}", text(status, "/beacon/name"), &text(status, "/beacon/id"), text(status, "/beacon/mode")),
        client(status),
        storage(status),
    ];
    lines.extend(drain::progress(status));
    for notice in list(status, "/notices") {
        lines.push(format!("{}: {}", text(notice, "/severity"), text(notice, "/text")));
    }
    lines.push(String::new());
    lines.extend(collections(status));
    lines.push(String::new());
    lines.extend(members(status));
    for (heading, pointer) in
        [("Running", "/actions/running"), ("Next", "/actions/pending"), ("Lately", "/actions/recent")]
    {
        lines.extend(actions(heading, list(status, pointer)));
    }
    lines
}

fn client(status: &Value) -> String {
    match text(status, "/client/state") {
        "ready" => format!("client: {} {}", text(status, "/client/type"), text(status, "/client/version")),
        "trouble" => format!("client: {}", text(status, "/client/problem")),
        _ => "client: has not answered yet".to_owned(),
    }
}

fn storage(status: &Value) -> String {
    let size = |pointer: &str| ByteSize::from_bytes(number(status, pointer));
    let reserved = size("/storage/reserved");
    let coming = if reserved == ByteSize::ZERO { String::new() } else { format!(" and {reserved} on its way") };
    format!("storage: {}{coming} of a budget of {}", size("/storage/used"), size("/storage/budget"))
}

fn collections(status: &Value) -> Vec<String> {
    let collections = list(status, "/collections");
    if collections.is_empty() {
        return vec!["no collections yet: put a collection file into the collections directory".to_owned()];
    }
    let head =
        ["COLLECTION", "TORRENTS", "MISSING", "UNDER", "MET", "OVER", "BYTES", "HERE"].map(str::to_owned).to_vec();
    let row = |collection: &Value| {
        let count = |key: &str| number(collection, key).to_string();
        let size = |key: &str| ByteSize::from_bytes(number(collection, key)).to_string();
        vec![
            text(collection, "/name").to_owned(),
            count("/torrents"),
            count("/missing"),
            count("/under"),
            count("/met"),
            count("/over"),
            size("/bytes_total"),
            size("/bytes_here"),
        ]
    };
    let rows: Vec<_> = std::iter::once(head).chain(collections.iter().map(row)).collect();
    table(&rows, &[false, true, true, true, true, true, true, true])
}

fn members(status: &Value) -> Vec<String> {
    let head = ["BEACON", "ID", "STATE", "LAST HEARD", "USED", "BUDGET", ""].map(str::to_owned).to_vec();
    let row = |member: &Value| {
        let is = |pointer: &str| member.pointer(pointer).and_then(Value::as_bool).unwrap_or_default();
        let size = |key: &str| ByteSize::from_bytes(number(member, key)).to_string();
        let marks =
            [("/this", "this one"), ("/neighbor", "neighbor"), ("/observer", "observes"), ("/draining", "leaves")];
        let marks: Vec<&str> = marks.iter().filter(|(pointer, _)| is(pointer)).map(|(_, mark)| *mark).collect();
        vec![
            text(member, "/name").to_owned(),
            text(member, "/id").get(..8).unwrap_or_default().to_owned(),
            text(member, "/state").to_owned(),
            format!("{} s ago", number(member, "/last_heard_s")),
            size("/used"),
            size("/budget"),
            marks.join(", "),
        ]
    };
    let rows: Vec<_> = std::iter::once(head).chain(list(status, "/members").iter().map(row)).collect();
    table(&rows, &[false, false, false, true, true, true, false])
}

/// The first few actions under a heading.
fn actions(heading: &str, actions: &[Value]) -> Vec<String> {
    const SHOWN: usize = 8;
    if actions.is_empty() {
        return Vec::new();
    }
    let line = |action: &Value| {
        let outcome = match text(action, "/outcome") {
            "" => String::new(),
            outcome => format!(" ({outcome})"),
        };
        format!("  {} {}{outcome}: {}", text(action, "/kind"), title(action), text(action, "/reason"))
    };
    let mut lines = vec![String::new(), format!("{heading}:")];
    lines.extend(actions.iter().take(SHOWN).map(line));
    if actions.len() > SHOWN {
        lines.push(format!("  and {} more", actions.len() - SHOWN));
    }
    lines
}
