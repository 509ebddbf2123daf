//! Tests of the metrics: what is written, that it is bounded, and that code and documents agree.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use super::{
    family::{Family, Kind},
    process::ProcessFigures,
    route::{exposition, families},
    scrape::{COLLECTIONS_MAX, Scrape, named},
    testing::{collection, figures},
};
use crate::{node::view::ClientState, tracker::Totals, web::testing::TestServer};

#[tokio::test]
async fn figures_are_answered_in_the_form_that_is_named() {
    let server = TestServer::start(ClientState::Ready).await;
    let answer = server.get("/metrics").await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.head.contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8"),
        "{}",
        answer.head
    );
    assert!(answer.body.ends_with("# EOF\n"), "{}", answer.body);
    assert!(answer.body.contains("\nprocess_resident_memory_bytes "), "{}", answer.body);
    let posted = server.send("POST", "/metrics", "Host: localhost\r\nContent-Length: 0\r\n").await;
    assert_eq!(posted.status, 405);
}

#[test]
fn every_figure_is_written() {
    insta::assert_snapshot!(exposition(scrape()));
}

#[test]
fn what_is_not_known_is_left_out() {
    let mut scrape = scrape();
    scrape.process = ProcessFigures::default();
    (scrape.figures.client_traffic, scrape.figures.client_info) = (None, None);
    (scrape.figures.drain, scrape.figures.storage.free) = (None, None);
    scrape.collections.clear();
    let text = exposition(scrape);
    for name in ["process_", "beacon_client_received", "beacon_client_info", "beacon_storage_free", "beacon_torrents"] {
        assert!(!text.contains(name), "{name} in {text}");
    }
    assert!(text.contains("\nbeacon_draining 0\n"), "{text}");
}

#[test]
fn collections_of_one_name_and_too_many_of_them_keep_apart() {
    let mut views: Vec<_> = (0..1_200).map(|number| collection(number, &format!("number {number}"))).collect();
    views[1].name = views[0].name.clone();
    views[2].name = "(others)".to_owned();
    views[3].name = "x".repeat(5_000);
    let all = named(&views);
    assert_eq!(all.len(), COLLECTIONS_MAX + 1);
    let different: BTreeSet<_> = all.iter().map(|(name, _)| name).collect();
    assert_eq!(different.len(), all.len());
    assert!(different.iter().all(|name| name.chars().count() <= 140));
    let (last, rest) = all.last().expect("the others");
    assert_eq!((last.as_str(), rest.torrents, rest.copies_min), ("(others)", [0, 200, 600, 400], Some(1)));
}

#[test]
fn series_have_the_labels_of_their_family_and_lines_are_whole() {
    let scrape = scrape();
    for family in families() {
        let samples = (family.read)(&scrape);
        assert!(!samples.is_empty(), "{} has a figure in the test", family.name);
        assert!(samples.iter().all(|sample| sample.labels.len() == family.labels.len()), "{}", family.name);
        let unit = family.unit.word();
        assert!(family.name.ends_with(unit), "{} is in {unit}", family.name);
        assert!(!family.help.contains(['\\', '\n', '"']) && !family.help.ends_with('.'), "{}", family.help);
    }
    let text = exposition(scrape);
    for line in text.lines() {
        assert!(line.starts_with("# ") || line.starts_with("beacon_") || line.starts_with("process_"), "{line}");
    }
}

#[test]
fn the_document_lists_every_metric() {
    let document = read("METRICS.md");
    let listed: Vec<&str> = document.lines().filter(|line| line.starts_with("| `")).collect();
    let wanted: Vec<String> = families().map(row).collect();
    assert!(listed == wanted, "the tables of docs/METRICS.md should read\n{}", wanted.join("\n"));
}

#[test]
fn the_dashboard_and_the_rules_ask_for_metrics_that_there_are() {
    let known: BTreeSet<String> = families().map(series_name).collect();
    let dashboard: Value = serde_json::from_str(&read("grafana-dashboard.json")).expect("JSON");
    let mut asked = Vec::new();
    expressions(&dashboard, &mut asked);
    assert!(asked.len() > 20, "{} expressions are in the dashboard", asked.len());
    let rules = read("prometheus-alerts.yml");
    asked.extend(rules.lines().filter_map(|line| line.trim().strip_prefix("expr:")).map(str::to_owned));
    let named: BTreeSet<String> = asked.iter().flat_map(|expression| metrics_in(expression)).collect();
    let unknown: Vec<_> = named.difference(&known).collect();
    assert!(unknown.is_empty(), "no such metrics: {unknown:?}");
    assert!(named.len() > 20, "{named:?}");
}

#[test]
fn the_dashboard_is_one_that_grafana_takes() {
    let dashboard: Value = serde_json::from_str(&read("grafana-dashboard.json")).expect("JSON");
    assert!(dashboard["schemaVersion"].as_u64() >= Some(38), "Grafana 10 and later");
    assert_eq!(dashboard["id"], Value::Null);
    let variables = dashboard["templating"]["list"].as_array().expect("variables");
    assert_eq!(variables[0]["type"], "datasource");
    let panels = dashboard["panels"].as_array().expect("panels");
    let ids: BTreeSet<_> = panels.iter().map(|panel| panel["id"].as_u64().expect("an id")).collect();
    assert_eq!(ids.len(), panels.len());
    for panel in panels.iter().filter(|panel| panel["type"] != "row") {
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "{}", panel["title"]);
        assert!(panel["description"].as_str().is_some_and(|text| !text.is_empty()), "{}", panel["title"]);
        let grid = &panel["gridPos"];
        assert!(grid["x"].as_u64().zip(grid["w"].as_u64()).is_some_and(|(x, w)| x + w <= 24), "{}", panel["title"]);
    }
}

fn scrape() -> Scrape {
    let figures = figures();
    Scrape {
        collections: named(&figures.collections),
        figures,
        process: ProcessFigures {
            cpu_time: Some(std::time::Duration::from_millis(1_250)),
            resident: Some(40_000_000),
            address_space: Some(900_000_000),
            started_s: Some(1_800_000_000),
            open_files: Some(30),
            open_files_max: Some(1_024),
            threads: Some(9),
        },
        version: "1.2.3".to_owned(),
        tracker: Totals { torrents: 3, clients: 5 },
        streams: 1,
    }
}

/// The name under which Prometheus knows a family's series.
fn series_name(family: &Family) -> String {
    match family.kind {
        Kind::Counter => format!("{}_total", family.name),
        Kind::Gauge => family.name.to_owned(),
    }
}

/// A family's row in the document.
fn row(family: &Family) -> String {
    let labels = match family.labels {
        [] => String::new(),
        labels => format!("`{}`", labels.join("`, `")),
    };
    let cells = [&format!("`{}`", series_name(family)), family.kind.word(), family.unit.word(), &labels, family.help];
    format!("| {} |", cells.join(" | ")).replace("  ", " ")
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every query of a dashboard.
fn expressions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match value.as_str() {
                    Some(text) if matches!(key.as_str(), "expr" | "query" | "definition") => {
                        found.push(text.to_owned());
                    }
                    _ => expressions(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| expressions(item, found)),
        _ => {}
    }
}

/// The names of metrics in a query.
fn metrics_in(expression: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = expression.split(|c: char| !is_part(c));
    words.filter(|word| word.starts_with("beacon_") || word.starts_with("process_")).map(str::to_owned).collect()
}
