//! Tests of the commands that talk to a running beacon.

use super::{
    Exit,
    test_daemon::{TestDaemon, info_hash},
    test_env::{Ran, TestEnv},
};
use crate::node::view::Mode;

/// A configuration, and a beacon that runs with it.
struct Bench {
    env: TestEnv,
    daemon: TestDaemon,
}

impl Bench {
    fn new() -> Self {
        Self::in_mode(Mode::Apply)
    }

    fn in_mode(mode: Mode) -> Self {
        let env = TestEnv::new();
        let daemon = TestDaemon::start(&env.path("data"), mode);
        let config = format!("{{ \"dashboard\": \"{}\", \"data_dir\": \"data\" }}", daemon.dashboard);
        env.write("config.json", config);
        Self { env, daemon }
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.env.run(args)
    }

    fn shown(&self, args: &[&str]) -> String {
        self.run(args).shown().replace(&self.daemon.dashboard, "DASHBOARD")
    }
}

#[test]
fn a_torrent_is_pinned_by_its_hash_or_the_beginning_of_it() {
    let bench = Bench::new();
    let hash = info_hash(1).to_string();
    insta::assert_snapshot!(bench.shown(&["pin", &hash]), @"
    exit 0
    --- out
    letters is pinned
    --- err
    ");
    assert_eq!(bench.run(&["unpin", &hash[..40].to_uppercase()]).out, "letters is not pinned any more\n");
    assert_eq!(bench.run(&["pin", &hash[..39]]).exit, Exit::Failure);
    insta::assert_snapshot!(bench.shown(&["pin", &hash, "--json"]), @r#"
    exit 0
    --- out
    {"message":"letters is pinned"}
    --- err
    "#);
}

#[test]
fn who_orders_something_in_a_dry_run_is_told_that_it_is_one() {
    let bench = Bench::in_mode(Mode::DryRun);
    for command in [vec!["pin", "ababababababababababababababababababab01"], vec!["drain"], vec!["drain", "--status"]] {
        let ran = bench.run(&command);
        assert!(ran.exit == Exit::Success && ran.err.contains("this is a dry run"), "{command:?}: {}", ran.shown());
    }
}

#[test]
fn a_hash_that_names_no_torrent_says_the_way_out() {
    let bench = Bench::new();
    insta::assert_snapshot!(bench.shown(&["pin", "ababab"]), @"
    exit 1
    --- out
    --- err
    error: several torrents have an info-hash that begins with ababab; write more of it:
      ababababababababababababababababababab01 letters
      ababababababababababababababababababab02 maps
    ");
    insta::assert_snapshot!(bench.shown(&["unpin", "123456"]), @"
    exit 1
    --- out
    --- err
    error: no collection of this beacon lists a torrent whose info-hash begins with 123456
    ");
    insta::assert_snapshot!(bench.shown(&["pin", &info_hash(9).to_string()]), @"
    exit 1
    --- out
    --- err
    error: no collection of this beacon lists ababababababababababababababababababab09; `beacon collection add` puts it into one; if it is listed, the hash is another
    ");
    insta::assert_snapshot!(bench.shown(&["unpin", &info_hash(2).to_string()]), @"
    exit 1
    --- out
    --- err
    error: ababababababababababababababababababab02 is not pinned; there is nothing to take back
    ");
    let wrong = bench.run(&["pin", "letters"]);
    assert_eq!(wrong.exit, Exit::Usage);
    assert!(wrong.err.contains("the first 6 will do"), "{}", wrong.err);
}

#[test]
fn a_drain_is_begun_shown_and_taken_back() {
    let bench = Bench::new();
    insta::assert_snapshot!(bench.shown(&["drain", "--status"]), @"
    exit 0
    --- out
    this beacon is not being drained
    --- err
    ");
    insta::assert_snapshot!(bench.shown(&["drain", "--until", "2027-01-31"]), @"
    exit 0
    --- out
    draining: others are to take over what this beacon holds
    --- err
    it comes back by itself at 2027-01-31T00:00:00Z
    `beacon drain --status` shows how far it is
    ");
    insta::assert_snapshot!(bench.shown(&["drain", "--status"]), @"
    exit 0
    --- out
    draining until 2027-01-31T00:00:00.000Z: 1 torrent (70 kB) to be taken by others, 2 torrents safe with them
    --- err
    ");
    insta::assert_snapshot!(bench.shown(&["drain", "--status", "--json"]), @r#"
    exit 0
    --- out
    {"drain":{"safe":2,"until":"2027-01-31T00:00:00.000Z","waiting":1,"waiting_bytes":70000}}
    --- err
    "#);
    insta::assert_snapshot!(bench.shown(&["drain", "--stop"]), @"
    exit 0
    --- out
    this beacon stays
    --- err
    ");
    insta::assert_snapshot!(bench.shown(&["drain", "--stop"]), @"
    exit 1
    --- out
    --- err
    error: this beacon is not being drained; there is nothing to take back
    ");
    assert_eq!(bench.run(&["drain"]).exit, Exit::Success);
    assert_eq!(bench.run(&["drain", "--status"]).out.split(':').next(), Some("draining"));
}

#[test]
fn a_drain_wants_a_time_to_come() {
    let bench = Bench::new();
    insta::assert_snapshot!(bench.shown(&["drain", "--until", "1970-01-01"]), @"
    exit 1
    --- out
    --- err
    error: the time until which to drain is past already; choose a later time, or none
    ");
    let wrong = bench.run(&["drain", "--until", "tomorrow"]);
    assert_eq!(wrong.exit, Exit::Usage);
    assert!(wrong.err.contains("midnight UTC"), "{}", wrong.err);
    assert_eq!(bench.run(&["drain", "--stop", "--until", "2027-01-31"]).exit, Exit::Usage);
}

#[test]
fn status_and_plan_show_what_is_on_its_way_out() {
    let bench = Bench::new();
    assert_eq!(bench.run(&["drain"]).exit, Exit::Success);
    insta::assert_snapshot!(bench.shown(&["status"]), @"
    exit 0
    --- out
    attic (bebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebe), apply
    client: qbittorrent v5.1.0
    storage: 210 kB of a budget of 500 kB
    draining: 1 torrent (70 kB) to be taken by others, 2 torrents safe with them

    COLLECTION    TORRENTS  MISSING  UNDER  MET  OVER   BYTES    HERE
    Town archive         3        0      0    1     2  210 kB  210 kB

    BEACON  ID  STATE  LAST HEARD  USED  BUDGET

    Running:
      reclaim letters: 5 copies are more than 3; 1 of 4 holders that were asked have granted it

    Next:
      delete maps: 4 copies are more than 3; stopped, files kept
    --- err
    ");
    insta::assert_snapshot!(bench.shown(&["plan"]), @"
    exit 0
    --- out
    reclaim letters (70 kB): 5 copies are more than 3; 1 of 4 holders that were asked have granted it
    delete maps (70 kB): 4 copies are more than 3; stopped, files kept
    --- err
    ");
    insta::assert_snapshot!(bench.shown(&["explain", &info_hash(1).to_string()]), @"
    exit 0
    --- out
    letters
      there are more copies than wanted
    --- err
    ");
}

#[test]
fn without_a_running_beacon_orders_say_how_to_start_one() {
    let env = TestEnv::new();
    insta::assert_snapshot!(env.run(&["drain"]).shown(), @"
    exit 4
    --- out
    --- err
    error: DIR/beacon-data/api.token is not there, so no beacon has been started with this configuration; start it with `beacon run`, or say with --config which one is meant
    ");
    let bench = Bench::new();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = closed.local_addr().expect("its address").to_string();
    drop(closed);
    let ran = bench.run(&["drain", "--set", &format!("dashboard={address}")]);
    assert_eq!(ran.exit, Exit::Unreachable);
    insta::assert_snapshot!(ran.shown().replace(&address, "DASHBOARD"), @"
    exit 4
    --- out
    --- err
    error: no beacon answers at http://DASHBOARD/api/v1/drain (Connection refused (os error 111)); start it with `beacon run`, or say with --config which one is meant
    ");
}

#[test]
fn another_beacons_token_is_told_as_such() {
    let bench = Bench::new();
    let other = TestDaemon::start(&bench.env.path("other"), Mode::Apply);
    let ran = bench.run(&["drain", "--set", &format!("dashboard={}", other.dashboard)]);
    insta::assert_snapshot!(ran.shown().replace(&other.dashboard, "DASHBOARD"), @"
    exit 4
    --- out
    --- err
    error: the beacon that answers at http://DASHBOARD/api/v1/drain does not know the token in DIR/data/api.token: it is another one, or was started with another data directory; say with --config which one is meant
    ");
}

#[test]
fn a_token_that_cannot_be_read_is_named() {
    let bench = Bench::new();
    bench.env.write("data/api.token", "nonsense");
    insta::assert_snapshot!(bench.shown(&["drain"]), @"
    exit 1
    --- out
    --- err
    error: DIR/data/api.token holds no token; remove it, and the next start of the beacon makes a new one
    ");
}
