//! Tests of `invite`, `join` and `neighbor`.

use super::{Exit, test_env::TestEnv, tests::Bench};

/// An invitation of somebody else into the network of the stand-in.
fn invitation(network: &str) -> String {
    format!("beacon:?v=1&id={}&at=barn.example:9000&net={}", "ab".repeat(32), network.repeat(16))
}

#[test]
fn an_invitation_is_data_and_what_to_mind_is_talk() {
    let bench = Bench::new();
    insta::assert_snapshot!(bench.shown(&["invite"]), @"
    exit 0
    --- out
    beacon:?v=1&id=bebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebe&at=attic.example:9000&net=cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
    --- err
    whoever gets it runs `beacon join 'beacon:?...'`, with the quotes, or pastes it on the page
    ");
    insta::assert_snapshot!(bench.shown(&["invite", "--with-key"]), @"
    exit 0
    --- out
    beacon:?v=1&id=bebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebe&at=attic.example:9000&net=cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd&key=efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef
    --- err
    the key is in it
    whoever gets it runs `beacon join 'beacon:?...'`, with the quotes, or pastes it on the page
    ");
    let json = bench.run(&["invite", "--json"]).out;
    assert!(json.contains("\"has_key\":false") && json.contains("\"is_closed\":true"), "{json}");
}

#[test]
fn neighbors_are_added_listed_and_removed() {
    let bench = Bench::new();
    assert_eq!(bench.run(&["neighbor", "add", "[2001:db8::7]:9000"]).out, "[2001:db8::7]:9000 is a neighbor now\n");
    insta::assert_snapshot!(bench.shown(&["neighbor", "list"]), @"
    exit 0
    --- out
    ADDRESS             NAMED BY       STATE    BEACON    PROBLEM
    192.0.2.1:9000      configuration  linked   07070707
    [2001:db8::7]:9000  you            waiting            no connection to 198.51.100.7:9000: no answer within 10 s
    --- err
    ");
    let removed = bench.run(&["neighbor", "remove", "[2001:db8::7]:9000"]);
    assert_eq!((removed.exit, removed.out.as_str()), (Exit::Success, "[2001:db8::7]:9000 is not dialed any more\n"));
    insta::assert_snapshot!(bench.shown(&["neighbor", "remove", "192.0.2.1:9000"]), @"
    exit 1
    --- out
    --- err
    error: 192.0.2.1:9000 stands in `neighbors` of the configuration; take it out there, and start the beacon again
    ");
    assert_eq!(bench.run(&["neighbor", "add", "nowhere"]).exit, Exit::Usage);
}

#[test]
fn a_running_beacon_joins() {
    let bench = Bench::new();
    let line = invitation("cd");
    let (front, back) = line.split_at(40);
    let joined = bench.run(&["join", front, back]);
    assert_eq!(
        (joined.exit, joined.out.as_str()),
        (Exit::Success, "its addresses are neighbors now\n"),
        "{}",
        joined.err
    );
    assert!(bench.run(&["neighbor", "list"]).out.contains("abababab…@barn.example:9000"));
    insta::assert_snapshot!(bench.shown(&["join", &invitation("da")]), @"
    exit 1
    --- out
    --- err
    error: this beacon is in another closed network, and a beacon is in one network only; run another beacon for it, with a configuration and a data directory of its own; or let `network_key_file` name the other key, and start the beacon again
    ");
    insta::assert_snapshot!(bench.shown(&["join", "magnet:?xt=urn:btih:00"]), @"
    exit 2
    --- out
    --- err
    error: this is no invitation; one begins with `beacon:?v=1&id=`, and `beacon invite` prints it
    ");
}

#[test]
fn a_beacon_that_does_not_run_joins_too_and_is_told_what_is_left_to_do() {
    let env = TestEnv::new();
    env.write("config.json", "{ \"dashboard\": \"127.0.0.1:1\", \"data_dir\": \"data\" }");
    let open = format!("beacon:?v=1&id={}&at=barn.example:9000", "ab".repeat(32));
    insta::assert_snapshot!(env.run(&["join", &open]).shown(), @"
    exit 0
    --- out
    its addresses are neighbors now, and are connected to once the beacon runs
    --- err
    ");
    let closed = format!("{open}&key={}", "05".repeat(32));
    insta::assert_snapshot!(env.run(&["join", &closed]).shown(), @r#"
    exit 0
    --- out
    the key of that network is in DIR/data/network.key now; set "network_key_file": "DIR/data/network.key" in DIR/config.json and start the beacon again. Until then it stays in the open network, and cannot connect to the neighbors that were added
    --- err
    "#);
    assert_eq!(env.read("data/network.key"), "05".repeat(32) + "\n");
    insta::assert_snapshot!(env.run(&["join", &invitation("cd")]).shown(), @"
    exit 1
    --- out
    --- err
    error: that network is closed, and the invitation does not have its key; ask for one that `beacon invite --with-key` prints, or for the key file
    ");
}
