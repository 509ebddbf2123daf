//! Tests of what follows the beacon's events.

use serde_json::{Value, json};

use super::{Exit, test_canned::Canned, test_env::TestEnv};

fn status() -> Value {
    json!({
        "beacon": { "id": "be".repeat(32), "name": "attic", "mode": "apply", "uptime_s": 61 },
        "client": { "state": "ready", "type": "embedded", "version": "9" },
        "storage": { "used": 210_000, "reserved": 0, "budget": 500_000 },
        "summary": { "torrents": 1210, "missing": 0, "under": 6, "met": 1204, "over": 0, "repairing": 5 },
        "collections": [], "members": [{ "name": "attic", "state": "alive", "this": true }],
        "actions": { "running": [], "pending": [], "recent": [] }, "notices": [],
    })
}

const ALL: &str = "id: 7-1\nevent: change\ndata: {\"revision\":1,\"topics\":[\"all\"]}\n\n";
const LOG: &str = "id: 7-2\nevent: change\ndata: {\"revision\":2,\"topics\":[\"log\"]}\n\n";
const AGAIN: &str = "id: 8-1\nevent: change\ndata: {\"revision\":1,\"topics\":[\"all\"]}\n\n";

#[test]
fn programs_get_an_object_for_each_change_also_after_a_restart() {
    let canned = Canned::with_events(TestEnv::new(), &[("/status", status())], &[ALL, LOG, AGAIN]);
    let ran = canned.run(&["status", "--watch", "--json", "--count", "2"]);
    assert_eq!(ran.exit, Exit::Success, "{}", ran.err);
    let objects: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(objects, [status(), status()]);
    assert_eq!(ran.err.matches("waiting for it to come back").count(), 2, "{}", ran.err);
    // What only the log tells is not asked about.
    let asked = canned.asked();
    assert_eq!(asked, ["GET /events", "GET /status", "GET /events", "GET /events", "GET /status"]);
}

#[test]
fn elsewhere_a_line_is_written() {
    let canned = Canned::with_events(TestEnv::new(), &[("/status", status())], &[ALL, AGAIN]);
    let ran = canned.run(&["status", "--watch", "--count", "1"]);
    insta::assert_snapshot!(ran.shown(), @"
    exit 0
    --- out
    missing 0, under 6, met 1,204, over 0; 1 beacon alive; 0 actions; 1,204 of 1,210 torrents have their copies; 5 are being repaired; nothing is missing.
    --- err
    ");
}

#[test]
fn a_terminal_is_left_as_it_was() {
    let env = TestEnv::new().on_terminal(80).variable("NO_COLOR", "1");
    let canned = Canned::with_events(env, &[("/status", status())], &[ALL]);
    let ran = canned.run(&["status", "--watch", "--count", "1"]);
    assert_eq!(ran.exit, Exit::Success, "{}", ran.err);
    let (live, after) = ran.out.split_once("\x1b[?1049l").expect("the usual screen is back");
    assert!(
        live.starts_with("\x1b[?1049h") && live.contains("\x1b[?25h") && live.contains("Ctrl-C ends this"),
        "{live:?}"
    );
    assert!(live.matches("\r\n").count() < 24, "it does not fit the window: {live:?}");
    insta::assert_snapshot!(after, @"
    1,204 of 1,210 torrents have their copies; 5 are being repaired; nothing is
    missing.

    beacon   attic, acts, up 1 min 1 s
    id       bebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebe
    client   embedded 9
    storage  █████████░░░░░░░░░░░ 42 %: 210 kB of 500 kB

    no collections yet: put a collection file into the collections directory

    BEACON  ID  STATE  LAST HEARD  USED  BUDGET
    attic       alive           -   0 B     0 B  this one
    ");
}

#[test]
fn a_beacon_that_never_answers_is_not_waited_for() {
    let canned = Canned::with_events(TestEnv::new(), &[], &[]);
    let ran = canned.run(&["status", "--watch"]);
    assert_eq!(ran.exit, Exit::Failure, "{}", ran.shown());
}
