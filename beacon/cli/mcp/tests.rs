//! Tests of the tools against a stand-in for a running beacon, and of what they refuse.

use std::collections::BTreeSet;

use rmcp::model::JsonObject;
use serde_json::{Value, json};

use super::{
    link::Link,
    tools::{BeaconTool, Effect, TOOLS},
};
use crate::{
    cli::{
        test_daemon::{TestDaemon, info_hash},
        test_env::TestEnv,
    },
    config::{Sources, load},
    node::view::Mode,
};

/// A link to a stand-in, which lives as long as the environment and the daemon.
fn link() -> (Link, TestEnv, TestDaemon) {
    let env = TestEnv::new();
    let daemon = TestDaemon::start(&env.path("beacon-data"), Mode::Apply);
    env.write("config.json", json!({ "name": "attic", "dashboard": daemon.dashboard }).to_string());
    (link_of(&env), env, daemon)
}

fn link_of(env: &TestEnv) -> Link {
    let dir = env.path("config.json").parent().expect("a directory").to_owned();
    Link::new(load(&Sources { dir, default_name: "attic".to_owned(), ..Sources::default() }).expect("settings"))
}

fn call(link: &Link, name: &str, arguments: &Value) -> Result<Value, String> {
    let tool = BeaconTool::find(name).expect("a tool");
    let arguments: JsonObject = arguments.as_object().expect("an object").clone();
    (tool.call)(link, Some(arguments)).map_err(|error| error.to_string())
}

#[test]
fn every_tool_says_strictly_what_it_takes() {
    let names: BTreeSet<_> = TOOLS.iter().map(|tool| tool.name).collect();
    assert_eq!(names.len(), TOOLS.len());
    for tool in TOOLS {
        let described = serde_json::to_value(tool.described()).expect("JSON");
        let schema = &described["inputSchema"];
        assert_eq!(
            (&schema["type"], &schema["additionalProperties"]),
            (&json!("object"), &json!(false)),
            "{described}"
        );
        for required in schema["required"].as_array().expect("a list") {
            assert!(schema["properties"][required.as_str().expect("a name")].is_object(), "{described}");
        }
        assert_eq!(described["annotations"]["readOnlyHint"], json!(tool.effect == Effect::Looks), "{described}");
        assert!(described["description"].as_str().is_some_and(|text| text.len() > 40), "{described}");
    }
}

#[test]
fn arguments_that_are_not_known_or_wrong_are_refused() {
    let (link, _env, _daemon) = link();
    for (tool, arguments, expected) in [
        ("status", json!({ "verbose": true }), "unknown field `verbose`"),
        ("torrent", json!({}), "missing field `torrent`"),
        ("torrent", json!({ "torrent": 7 }), "invalid type: integer `7`, expected a string"),
        ("find_torrents", json!({ "collection": "Maps" }), "there is no collection `Maps` here"),
        ("find_torrents", json!({ "state": "gone" }), "unknown variant `gone`, expected one of `missing`"),
        ("find_torrents", json!({ "query": "letters", "limit": 0 }), "`limit` is 0; it must be from 1 to 200"),
        ("plan", json!({ "offset": -1 }), "invalid value: integer `-1`, expected u32"),
        ("what_to_seed", json!({ "space": "two terabytes" }), "`two terabytes` is not a size"),
        ("what_to_seed", json!({ "space": 1.5 }), "a whole number of bytes"),
        ("members", json!({ "state": "dead" }), "unknown variant `dead`, expected one of `alive`"),
        ("drain", json!({ "until": "2027-01-31", "stop": true }), "exclude each other"),
        ("drain", json!({ "until": "tomorrow" }), "write a date like 2027-01-31"),
        ("set_mode", json!({ "mode": "off" }), "unknown variant `off`"),
    ] {
        let told = call(&link, tool, &arguments).expect_err("refused");
        assert!(told.starts_with("the arguments make no sense: ") && told.contains(expected), "{tool}: {told}");
    }
}

#[test]
fn what_the_beacon_says_comes_through() {
    let (link, _env, _daemon) = link();
    let status = call(&link, "status", &json!({})).expect("a status");
    assert_eq!(status["beacon"]["name"], "attic");
    assert_eq!((&status["members"]["total"], &status["actions"]["pending"]["total"]), (&json!(0), &json!(1)));
    let found = call(&link, "find_torrents", &json!({ "query": "letters" })).expect("found");
    assert_eq!((&found["total"], &found["torrents"][0]["name"]), (&json!(1), &json!("letters")));
    assert_eq!(found["torrents"][0].get("holders"), None, "a list stays short");
    let torrent = call(&link, "torrent", &json!({ "torrent": "letters" })).expect("found");
    assert_eq!(torrent["explain"], json!(["there are more copies than wanted"]));
    let plan = call(&link, "plan", &json!({ "limit": 1 })).expect("a plan");
    assert_eq!((&plan["actions"]["total"], &plan["actions"]["next_offset"]), (&json!(2), &json!(1)));
    let members = call(&link, "members", &json!({ "state": "alive" })).expect("members");
    assert_eq!(members["members"]["items"], json!([]));
    let pinned = call(&link, "pin", &json!({ "torrent": info_hash(1).to_string() })).expect("pinned");
    assert_eq!(pinned["message"], "letters is pinned");
    let drained = call(&link, "drain", &json!({ "until": "2027-01-31" })).expect("draining");
    assert!(drained["message"].as_str().is_some_and(|text| text.starts_with("draining")), "{drained}");
    call(&link, "drain", &json!({ "stop": true })).expect("it stays");
}

#[test]
fn what_goes_wrong_is_told_with_the_way_out() {
    let (link, env, daemon) = link();
    let told = |tool: &str, arguments: Value| call(&link, tool, &arguments).expect_err("refused");
    let nothing = told("torrent", json!({ "torrent": "photographs" }));
    assert!(nothing.contains("`find_torrents` with fewer words"), "{nothing}");
    let several = told("torrent", json!({ "torrent": "town archive" }));
    assert!(several.contains("(letters)") && several.contains("(maps)"), "{several}");
    let unpinned = told("unpin", json!({ "torrent": info_hash(2).to_string() }));
    assert!(unpinned.contains("not pinned") && unpinned.contains("; "), "{unpinned}");
    let elsewhere = told("what_to_seed", json!({ "space": "2 TB", "collection": "Maps" }));
    assert!(elsewhere.contains("there is no collection `Maps` here; known are Town archive"), "{elsewhere}");
    drop(daemon);
    let gone = call(&link_of(&env), "what_to_seed", &json!({ "space": "2 TB" })).expect_err("nobody answers");
    assert!(gone.starts_with("no beacon answers at http://127.0.0.1:"), "{gone}");
    assert!(gone.contains("start it with `beacon run`"), "{gone}");
}
