//! Tests of `beacon config`, and of what holds for every command.

use clap::CommandFactory;

use crate::cli::{Arguments, Exit, test_env::TestEnv};

#[test]
fn the_arguments_fit_together() {
    Arguments::command().debug_assert();
}

#[test]
fn a_variable_names_the_file_unless_a_flag_does() {
    let env = TestEnv::new().variable("BEACON_CONFIG", "one.json");
    env.write("one.json", "{ \"name\": \"one\" }");
    env.write("two.json", "{ \"name\": \"two\" }");
    let name = |args: &[&str]| env.run(args).out.lines().next().unwrap_or_default().to_owned();
    assert_eq!(name(&["config", "check"]), "name                      one");
    assert_eq!(name(&["config", "check", "--config", "two.json"]), "name                      two");
}

#[test]
fn a_good_configuration_is_shown_without_its_secrets() {
    let env = TestEnv::new();
    let text =
        r#"{ "name": "attic", "client": { "type": "qbittorrent", "username": "me", "password": "opensesame" } }"#;
    env.write("beacon.json", text);
    let checked = env.run(&["--config", "beacon.json", "config", "check", "--set", "timing.poll=1500ms"]);
    insta::assert_snapshot!(checked.shown(), @"
    exit 0
    --- out
    name                      attic
    zone
    listen                    0.0.0.0:9000
    advertise                 []
    dashboard                 127.0.0.1:9001
    dashboard_dir             null
    read_only                 false
    host_names                []
    data_dir                  DIR/beacon-data
    collections_dir           DIR/collections
    create_from               []
    neighbors                 []
    network_key_file          null
    stun_servers              stun.l.google.com:19302, stun.cloudflare.com:3478
    lan_discovery             true
    mode                      dry-run
    notify                    []
    storage.dir               DIR/beacon-data/torrents
    storage.budget            500 GB
    storage.keep_free         10 GB
    client.type               qbittorrent
    client.url                http://127.0.0.1:8080
    client.username           me
    client.password           (hidden)
    client.password_file      null
    client.api_key            null
    client.peer_address       null
    tracker.listen            null
    timing.heartbeat          1m
    timing.poll               1s 500ms
    timing.plan               15s
    timing.repair_delay       21d
    timing.reclaim_delay      1d
    reclaim.quarantine        1d
    reclaim.torrents_per_day  100
    reclaim.bytes_per_day     500 GB
    reclaim.margin            0
    --- err
    beacon.json is good
    ");
}

#[test]
fn a_bad_configuration_says_where() {
    let env = TestEnv::new();
    env.write("config.json", "{\n  \"lisen\": \"0.0.0.0:9000\"\n}");
    insta::assert_snapshot!(env.run(&["config", "check"]).shown(), @"
    exit 3
    --- out
    --- err
    error: config.json:2:3: unknown key `lisen`; did you mean `listen`?
    ");
    let set = env.run(&["config", "check", "--config", "other.json", "--set", "poll"]);
    assert_eq!(set.exit, Exit::Usage);
}

#[test]
fn help_is_data_and_complaints_are_talk() {
    let env = TestEnv::new();
    let help = env.run(&["--help"]);
    assert_eq!((help.exit, help.err.as_str()), (Exit::Success, ""));
    assert!(help.out.contains("Exit codes:"), "{}", help.out);
    let wrong = env.run(&["colection"]);
    assert_eq!((wrong.exit, wrong.out.as_str()), (Exit::Usage, ""));
    assert!(wrong.err.contains("collection"), "{}", wrong.err);
}

#[test]
fn without_a_configuration_the_client_is_the_one_within_and_acts() {
    let checked = TestEnv::new().run(&["config", "check"]);
    assert_eq!(checked.exit, Exit::Success);
    for row in [["client.type", "embedded"], ["client.listen", "0.0.0.0:6881"], ["mode", "apply"]] {
        let is_there = checked.out.lines().any(|line| line.split_whitespace().eq(row));
        assert!(is_there, "{row:?} in {}", checked.out);
    }
    assert!(checked.err.contains("the defaults hold"), "{}", checked.err);
}

#[test]
fn a_key_file_that_is_not_there_is_told_by_the_check_and_not_only_by_the_start() {
    let env = TestEnv::new();
    env.write("config.json", r#"{ "network_key_file": "network.key", "client": { "type": "qbittorrent" } }"#);
    for command in [["config", "check"].as_slice(), &["run"]] {
        let ran = env.run(command);
        assert_eq!(ran.exit, Exit::BadInput, "{}", ran.err);
        assert!(ran.err.contains("network.key"), "{}", ran.err);
        assert!(!ran.err.contains("is good"), "{}", ran.err);
    }
}
