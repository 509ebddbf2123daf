//! The API keeps to what it says of itself in `openapi.json`, whatever it is sent: schemathesis makes the requests.

use std::{fs, path::Path, process::Command, time::Duration};

use serde_json::json;

use crate::support::{BeaconProcess, COLLECTION, Process, TestTorrent, World, share, tool, until};

/// Several times what it takes on two cores.
const TIME_MAX: Duration = Duration::from_mins(5);
/// The same requests in each run; what they find is found again.
const SEED: &str = "5";
/// Made-up requests for each operation, beside those that go through the borders of each parameter.
const EXAMPLES: &str = "30";
/// What no description can say is refused with 400 all the same, such as a path that is not there; a missing `If-Match`
/// is answered with 428, as RFC 6585 has it; and what is taken away is gone within two seconds, not at once.
const UNCHECKED: &str = "positive_data_acceptance,missing_required_header,use_after_free,ensure_resource_availability";
/// Live events have no end to wait for, and have tests of their own.
const WITHOUT_END: &str = "/api/v1/events";

#[test]
fn no_request_is_answered_otherwise_than_the_description_says() {
    let world = World::new();
    let client = json!({ "type": "embedded", "listen": "127.0.0.1:0", "dht": false });
    let mut beacon = BeaconProcess::new(world.dir(), "attic", &client);
    beacon.config["mode"] = json!("dry-run");
    beacon.config["create_from"] = json!([world.dir().join("mine")]);
    let torrents = [TestTorrent::single("letters", 20_000, 1), TestTorrent::single("maps", 60_000, 2)];
    share(&[&beacon], 2, &torrents);
    beacon.start();
    until("the collection is read", Duration::from_secs(20), || beacon.torrent(COLLECTION, &torrents[0]));

    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemathesis.log");
    drop(fs::remove_file(&log));
    let mut command = Command::new(tool("BEACON_TEST_SCHEMATHESIS", "schemathesis/bin/schemathesis"));
    command.arg("run").arg(format!("{}/api/v1/openapi.json", beacon.page()));
    command.args(["--header", &format!("Authorization: Bearer {}", beacon.token())]);
    command.args(["--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--exclude-path", WITHOUT_END]);
    command.args(["--exclude-checks", UNCHECKED]);
    command.args(["--seed", SEED, "--max-examples", EXAMPLES, "--generation-database", "none"]);
    command.args(["--workers", "2", "--request-timeout", "20", "--no-color"]);
    command.current_dir(world.dir());
    let mut run = Process::start("schemathesis", &mut command, log.clone());
    let status = until("schemathesis is through", TIME_MAX, || run.ended().ok_or_else(|| run.log_tail()));
    assert!(status.success(), "schemathesis found something; all of it is in {}", log.display());
    beacon.status().expect("it still answers");
    beacon.terminate();
}
