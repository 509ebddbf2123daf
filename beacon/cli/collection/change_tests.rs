//! Tests of `set`, `drop` and `remove`.

use crate::cli::{Exit, test_env::TestEnv};

const ONE: &str = "0000000000000000000000000000000000000001";
const TWO: &str = "0000000000000000000000000000000000000002";

fn town() -> TestEnv {
    let env = TestEnv::new();
    env.write(
        "town.json",
        format!(
            "{{\n  \"id\": \"0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90\",\n  \"name\": \"Town\",\n  \"torrents\": [\n    \
             {{ \"magnet\": \"magnet:?xt=urn:btih:{ONE}\" }},\n    {{ \"magnet\": \"magnet:?xt=urn:btih:{TWO}\" }}\n  ]\n}}\n"
        ),
    );
    env
}

#[test]
fn a_collection_is_changed_in_place() {
    let env = town();
    let ran = env.run(&["collection", "set", "town.json", "--name", "Village", "--target", "4"]);
    assert_eq!((ran.exit, ran.err.as_str()), (Exit::Success, "changed town.json\n"));
    let link = format!("magnet:?xt=urn:btih:{TWO}");
    let args = ["collection", "set", "town.json", "--torrent", &link, "--max", "9", "--priority", "-1", "--json"];
    assert_eq!(env.run(&args).out, "{\"changed\":true,\"file\":\"town.json\"}\n");
    insta::assert_snapshot!(env.read("town.json"), @r#"
    {
      "id": "0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90",
      "name": "Village",
      "redundancy": { "target": 4 },
      "torrents": [
        { "magnet": "magnet:?xt=urn:btih:0000000000000000000000000000000000000001" },
        { "magnet": "magnet:?xt=urn:btih:0000000000000000000000000000000000000002", "redundancy": { "max": 9 }, "priority": -1 }
      ]
    }
    "#);
    assert_eq!(env.run(&["collection", "set", "town.json", "--max", "none"]).err, "town.json says so already\n");
    let refused = env.run(&["collection", "set", "town.json", "--max", "2"]);
    assert_eq!(refused.exit, Exit::BadInput);
    assert!(refused.err.contains("`max` (2) is below `target` (4)"), "{}", refused.err);
    assert_eq!(env.run(&["collection", "set", "town.json", "--target", "some"]).exit, Exit::Usage);
    assert_eq!(env.run(&["collection", "set", "town.json", "--torrent", "7"]).exit, Exit::Usage);
}

#[test]
fn torrents_go_all_together_or_not_at_all() {
    let env = town();
    let before = env.read("town.json");
    let unknown = TWO.replace('2', "3");
    let refused = env.run(&["collection", "drop", "town.json", ONE, &unknown]);
    assert_eq!(refused.exit, Exit::Failure);
    assert!(refused.err.contains("does not list"), "{}", refused.err);
    assert_eq!(env.read("town.json"), before);
    let ran = env.run(&["collection", "drop", "town.json", TWO, ONE, TWO]);
    assert_eq!(ran.exit, Exit::Success, "{}", ran.err);
    assert!(env.read("town.json").contains("\"torrents\": []"));
}

#[test]
fn a_collection_that_is_removed_is_only_renamed() {
    let env = town();
    let before = env.read("town.json");
    insta::assert_snapshot!(env.run(&["collection", "remove", "town.json"]).shown(), @"
    exit 0
    --- out
    town.json.removed
    --- err
    town.json is no collection any more, and no data is deleted; it is one again when it is renamed to town.json
    ");
    assert_eq!(env.read("town.json.removed"), before);
    assert_eq!(env.run(&["collection", "remove", "town.json"]).exit, Exit::Failure);
}
