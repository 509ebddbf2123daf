//! A real beacon tells its hooks, once.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    time::Duration,
};

use serde_json::{Value, json};

use crate::support::{BeaconProcess, World, throughout, until};

/// What a hook's program wrote, a message a line.
fn messages(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).expect("a message")).collect()
}

#[test]
fn a_broken_collection_is_told_once_whatever_is_restarted() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let url = format!("http://{}", silent.local_addr().expect("bound"));
    let world = World::new();
    let mut beacon = BeaconProcess::new(world.dir(), "attic", &json!({ "type": "qbittorrent", "url": url }));
    let file = world.dir().join("told");
    let script = format!("cat >> '{0}'; echo >> '{0}'", file.display());
    beacon.config["notify"] = json!([{
        "name": "file", "command": ["/bin/sh", "-c", script], "events": ["collection_broken"], "after": "0s"
    }]);
    fs::write(beacon.collections_dir().join("letters.json"), "{ \"name\": }").expect("written");
    beacon.start();
    let told = until("it is told", Duration::from_secs(15), || {
        messages(&file).pop().ok_or_else(|| "nothing is told".to_owned())
    });
    assert_eq!((&told["event"], &told["beacon"]["name"]), (&json!("collection_broken"), &json!("attic")));
    let text = told["text"].as_str().expect("a text");
    assert!(
        text.starts_with("attic: a collection file cannot be used: ") && text.contains("letters.json:1:"),
        "{text}"
    );

    beacon.kill9();
    beacon.start();
    throughout("nothing is told again", Duration::from_secs(3), || match messages(&file).len() {
        1 => Ok(()),
        count => Err(format!("{count} messages")),
    });
    let answer = beacon.order(&["notify", "test", "file"]).expect("it can be told");
    assert_eq!(answer, "file  told  it ended well");
    assert_eq!(messages(&file).pop().expect("a message")["event"], "test");
    let refused = beacon.order(&["notify", "test", "fil"]).expect_err("there is none");
    assert!(refused.contains("did you mean `file`?"), "{refused}");
}
