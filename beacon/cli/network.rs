//! `beacon network`: the links to neighbors, and what the protocol costs.

use serde_json::Value;

use super::{
    CliError, Env, Options,
    neighbor::neighbor_table,
    people::{grouped, span},
    remote::{ask, list, number, text},
    style::{Style, Tone},
    table::{Cell, Column, Table},
};
use crate::model::ByteSize;

pub(super) fn run(env: &mut Env, options: &Options) -> Result<(), CliError> {
    let network = ask(env, options, "/api/v1/network")?;
    if options.json {
        return env.data(network);
    }
    let style = env.style();
    let links = list(&network, "/links");
    if links.is_empty() {
        env.talk("no link to another beacon; `neighbors` in the configuration, or `beacon neighbor add`, leads to one");
    } else {
        heading(env, style, "Links")?;
        link_table(links).show(env)?;
        env.data("")?;
    }
    let neighbors = list(&network, "/neighbors");
    if !neighbors.is_empty() {
        heading(env, style, "Neighbors that were named")?;
        neighbor_table(neighbors).show(env)?;
        env.data("")?;
    }
    heading(env, style, "What beacons have told each other")?;
    traffic_table(&network).show(env)
}

fn heading(env: &mut Env, style: Style, text: &str) -> Result<(), CliError> {
    env.data(style.paint(Tone::Strong, text))
}

fn link_table(links: &[Value]) -> Table {
    let mut table = Table::new([
        Column::left("BEACON").cut(),
        Column::left("ADDRESS"),
        Column::left("BY").spare(),
        Column::right("UP"),
        Column::right("LATENCY"),
        Column::right("SENT"),
        Column::right("RECEIVED"),
    ]);
    for link in links {
        let latency = link.get("latency_ms").and_then(Value::as_f64);
        let dialed = link.get("dialed").and_then(Value::as_bool).unwrap_or_default();
        table.row([
            text(link, "/name").into(),
            text(link, "/address").into(),
            if dialed { "us" } else { "them" }.into(),
            span(number(link, "/up_s")).into(),
            latency.map_or_else(|| "-".to_owned(), |latency| format!("{latency:.1} ms")).into(),
            bytes(link, "/sent").into(),
            bytes(link, "/received").into(),
        ]);
    }
    table
}

fn traffic_table(network: &Value) -> Table {
    let mut table = Table::new([
        Column::left("KIND"),
        Column::right("SENT"),
        Column::right("RECEIVED"),
        Column::right("MESSAGES SENT"),
        Column::right("MESSAGES RECEIVED"),
    ]);
    let row = |kind: Cell, traffic: &Value| {
        [
            kind,
            bytes(traffic, "/sent").into(),
            bytes(traffic, "/received").into(),
            grouped(number(traffic, "/messages_sent")).into(),
            grouped(number(traffic, "/messages_received")).into(),
        ]
    };
    for kind in list(network, "/traffic/by_kind") {
        table.row(row(text(kind, "/kind").into(), kind));
    }
    if let Some(all) = network.get("traffic") {
        table.row(row(Cell::toned(Tone::Strong, "all"), all));
    }
    table
}

fn bytes(value: &Value, pointer: &str) -> String {
    ByteSize::from_bytes(number(value, pointer)).to_string()
}
