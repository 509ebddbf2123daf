//! Tests of what is asked before an order is given, and of orders that the other stand-in does not take.

use serde_json::{Value, json};

use super::{Exit, test_canned::Canned, test_env::TestEnv};

const HASH: &str = "abababababababababababababababababababab";

fn modes(mode: &str) -> [(&'static str, Value); 3] {
    let action =
        json!({ "kind": "fetch", "info_hash": HASH, "name": "letters", "size": 70_000, "reason": "0 of 3 copies" });
    [
        ("/status", json!({ "beacon": { "mode": mode, "mode_set_by": "config" } })),
        ("/plan", json!({ "mode": mode, "waiting": null, "actions": [action], "unplaced": [] })),
        ("POST /mode", json!({ "message": "the plan is carried out from now on" })),
    ]
}

#[test]
fn a_beacon_acts_only_after_its_plan_was_looked_at() {
    let canned = Canned::new(TestEnv::new(), &modes("dry-run"));
    insta::assert_snapshot!(canned.shown(&["mode"]), @"
    exit 0
    --- out
    dry-run: the plan is only shown, by the configuration
    --- err
    `beacon plan` shows what it would do, `beacon mode apply` lets it act
    ");
    insta::assert_snapshot!(canned.shown(&["mode", "apply"]), @"
    exit 2
    --- out
    --- err
    error: nobody can be asked here whether the plan is right; look at `beacon plan`, and say --yes
    ");
    assert!(canned.asked().iter().all(|asked| asked.starts_with("GET ")));
    assert_eq!(canned.run(&["mode", "apply", "--yes"]).exit, Exit::Success);
    assert_eq!(canned.asked()[0], r#"POST /mode (token) {"mode":"apply"}"#);
    assert_eq!(canned.run(&["mode", "dry-run"]).exit, Exit::Success);
    assert_eq!(canned.asked()[0], r#"POST /mode (token) {"mode":"dry-run"}"#);
}

#[test]
fn somebody_at_a_terminal_is_asked() {
    for (typed, exit, orders) in [("y\n", Exit::Success, 1), ("no\n", Exit::Failure, 0), ("\n", Exit::Failure, 0)] {
        let canned = Canned::new(TestEnv::new().typed(typed), &modes("dry-run"));
        let ran = canned.env.within(&["mode", "apply"], true, super::run);
        assert_eq!(ran.exit, exit, "{typed:?}: {}", ran.err);
        assert!(ran.err.contains("fetch") && ran.err.contains("letters (70 kB): 0 of 3 copies"), "{}", ran.err);
        assert_eq!(canned.asked().iter().filter(|asked| asked.starts_with("POST ")).count(), orders);
    }
}

#[test]
fn a_torrent_is_requested_and_not_after_all() {
    let path = format!("/torrents/{HASH}/request");
    let (post, delete) = (format!("POST {path}"), format!("DELETE {path}"));
    let canned = Canned::new(
        TestEnv::new(),
        &[
            ("/torrents", json!({ "total": 1, "meant": HASH, "torrents": [] })),
            (&post, json!({ "message": "letters is fetched" })),
            (&delete, json!({ "message": "letters is not fetched after all" })),
            ("/status", json!({})),
        ],
    );
    assert_eq!(canned.run(&["request", "letters"]).out, "letters is fetched\n");
    assert_eq!(canned.run(&["request", "letters", "--stop"]).out, "letters is not fetched after all\n");
}

#[test]
fn errors_are_json_for_programs() {
    let canned = Canned::new(TestEnv::new(), &[]);
    insta::assert_snapshot!(canned.shown(&["network", "--json"]), @r#"
    exit 1
    --- out
    --- err
    {"error":{"exit":1,"kind":"failure","message":"nothing is at /api/v1/network"}}
    "#);
    let usage: Value = serde_json::from_str(&canned.run(&["--json", "statsu"]).err).expect("JSON");
    assert_eq!((&usage["error"]["exit"], &usage["error"]["kind"]), (&json!(2), &json!("usage")));
    assert!(usage["error"]["message"].as_str().is_some_and(|message| message.contains("'status'")), "{usage}");
}
