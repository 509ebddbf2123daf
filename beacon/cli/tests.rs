//! Tests of the commands that talk to a running beacon.

use super::{
    Exit,
    test_daemon::{TestDaemon, info_hash},
    test_env::{Ran, TestEnv},
};
use crate::node::view::Mode;

/// A configuration, and a beacon that runs with it.
pub(super) struct Bench {
    pub(super) env: TestEnv,
    daemon: TestDaemon,
}

impl Bench {
    pub(super) fn new() -> Self {
        Self::in_mode(Mode::Apply)
    }

    fn in_mode(mode: Mode) -> Self {
        let env = TestEnv::new();
        let daemon = TestDaemon::start(&env.path("data"), mode);
        let config = format!("{{ \"dashboard\": \"{}\", \"data_dir\": \"data\" }}", daemon.dashboard);
        env.write("config.json", config);
        Self { env, daemon }
    }

    pub(super) fn run(&self, args: &[&str]) -> Ran {
        self.env.run(args)
    }

    pub(super) fn shown(&self, args: &[&str]) -> String {
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
    error: several torrents may be meant by `ababab`; write more of the name, or the beginning of the info-hash:
      ababababababababababababababababababab01 letters
      ababababababababababababababababababab02 maps
    ");
    insta::assert_snapshot!(bench.shown(&["unpin", "123456"]), @"
    exit 1
    --- out
    --- err
    error: nothing in the collections of this beacon is called `123456`, or has an info-hash that begins so; `beacon find` with fewer words shows more
    ");
    insta::assert_snapshot!(bench.shown(&["pin", &info_hash(9).to_string()]), @"
    exit 1
    --- out
    --- err
    error: no collection of this beacon lists that torrent; `beacon collection add FILE 'MAGNET'` puts it into one, and then it can be fetched
    ");
    insta::assert_snapshot!(bench.shown(&["unpin", &info_hash(2).to_string()]), @"
    exit 1
    --- out
    --- err
    error: ababababababababababababababababababab02 is not pinned; there is nothing to take back
    ");
    let magnet = bench.run(&["pin", &format!("magnet:?xt=urn:btih:{}", info_hash(9))]);
    assert!(magnet.exit == Exit::Failure && magnet.err.contains("beacon collection add"), "{}", magnet.err);
    for wrong in ["", "magnet:?dn=letters"] {
        assert_eq!(bench.run(&["pin", wrong]).exit, Exit::Usage, "{wrong}");
    }
}

#[test]
fn a_torrent_is_pinned_by_words_or_a_magnet_if_only_one_is_meant() {
    let bench = Bench::new();
    let magnet = format!("magnet:?xt=urn:btih:{}&dn=anything+at+all", info_hash(1));
    for what in [vec!["pin", "letters"], vec!["pin", "town", "LETT"], vec!["pin", &magnet]] {
        assert_eq!(bench.run(&what).out, "letters is pinned\n", "{what:?}");
    }
    assert_eq!(bench.run(&["unpin", "letters"]).out, "letters is not pinned any more\n");
    insta::assert_snapshot!(bench.shown(&["pin", "town", "archive"]), @"
    exit 1
    --- out
    --- err
    error: several torrents may be meant by `town archive`; write more of the name, or the beginning of the info-hash:
      ababababababababababababababababababab01 letters
      ababababababababababababababababababab02 maps
    ");
    insta::assert_snapshot!(bench.shown(&["pin", "photos"]), @"
    exit 1
    --- out
    --- err
    error: nothing in the collections of this beacon is called `photos`, or has an info-hash that begins so; `beacon find` with fewer words shows more
    ");
}

#[test]
fn torrents_are_found_by_words() {
    let bench = Bench::new();
    insta::assert_snapshot!(bench.shown(&["find", "town"]), @"
    exit 0
    --- out
    HASH              NAME      SIZE  COPIES  HERE
    abababababababab  letters  70 kB  5 of 3  held
    abababababababab  maps     70 kB  5 of 3  held
    --- err
    ");
    insta::assert_snapshot!(bench.shown(&["find", "town", "--limit", "1"]), @"
    exit 0
    --- out
    HASH      NAME      SIZE  COPIES  HERE
    abababab  letters  70 kB  5 of 3  held
    --- err
    1 of 2; `--offset 1` shows the next, more words find fewer
    ");
    insta::assert_snapshot!(bench.shown(&["find", "photos", "--json"]), @r#"
    exit 1
    --- out
    {"meant":null,"torrents":[],"total":0}
    --- err
    {"error":{"exit":1,"kind":"failure","message":"nothing in the collections of this beacon is called `photos`, or has an info-hash that begins so; `beacon find` with fewer words shows more"}}
    "#);
    let found = bench.run(&["find", "maps", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&found.out).expect("JSON");
    assert_eq!((&found["total"], &found["torrents"][0]["name"]), (&1.into(), &"maps".into()));
    for wrong in [vec!["find"], vec!["find", " "], vec!["find", "town", "--limit", "0"]] {
        assert_eq!(bench.run(&wrong).exit, Exit::Usage, "{wrong:?}");
    }
}

#[test]
fn who_has_a_torrent_is_shown_and_a_link_to_fetch_it_from_them() {
    let bench = Bench::new();
    insta::assert_snapshot!(bench.shown(&["who", "letters"]), @"
    exit 0
    --- out
    letters: 5 of 3 copies
    BEACON  ID        STATE              ZONE  LATENCY  LAST HEARD  CLIENT
    attic   01010101  held               hill  12.3 ms    20 s ago  198.51.100.1:6881
    barn    02020202  fetching, suspect  -           -    40 s ago  198.51.100.2:6881
    --- err
    ");
    insta::assert_snapshot!(bench.shown(&["magnet", "letters"]), @"
    exit 0
    --- out
    magnet:?xt=urn:btih:ababababababababababababababababababab01&dn=letters&x.pe=198.51.100.1:6881
    --- err
    ");
    insta::assert_snapshot!(bench.shown(&["magnet", "letters", "--json"]), @r#"
    exit 0
    --- out
    {"info_hash":"ababababababababababababababababababab01","magnet":"magnet:?xt=urn:btih:ababababababababababababababababababab01&dn=letters&x.pe=198.51.100.1:6881"}
    --- err
    "#);
    let who = bench.run(&["who", "letters", "--json"]);
    let who: serde_json::Value = serde_json::from_str(&who.out).expect("JSON");
    assert_eq!((&who["name"], &who["holder_details"][0]["zone"]), (&"letters".into(), &"hill".into()));
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
    All 3 torrents have their copies; 2 have more than wanted.

    beacon   attic, acts, up 1 min 1 s
    id       bebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebebe
    client   qbittorrent v5.1.0
    storage  210 kB of 500 kB
    drain    1 torrent (70 kB) to be taken by others, 2 torrents safe with them

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

#[test]
fn the_page_is_opened_by_a_link_that_logs_in_once() {
    let bench = Bench::new();
    let ran = bench.run(&["page"]);
    let code = ran.out.trim().split_once("/#login=").expect("a link").1.to_owned();
    assert!(code.len() == 32 && code.bytes().all(|digit| digit.is_ascii_hexdigit()), "{code}");
    insta::assert_snapshot!(ran.shown().replace(&bench.daemon.dashboard, "DASHBOARD").replace(&code, "CODE"), @"
    exit 0
    --- out
    http://DASHBOARD/#login=CODE
    --- err
    good once, for 10 minutes; a browser that has opened it stays logged in
    ");
    let json: serde_json::Value = serde_json::from_str(&bench.run(&["page", "--json"]).out).expect("JSON");
    assert_eq!(json["expires_in_s"], 600);
    assert!(json["link"].as_str().is_some_and(|link| link.contains("/#login=") && !link.contains(&code)), "{json}");
}
