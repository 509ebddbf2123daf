//! Tests of the configuration as a whole.

use std::{collections::BTreeMap, fs, path::PathBuf, time::Duration};

use tempfile::TempDir;

use super::{ClientKind, ClientSettings, KEYS, Override, Settings, Sources, load};
use crate::{model::ByteSize, node::view::Mode};

const EXAMPLE: &str = include_str!("../../config.example.json");

const EMBEDDED: &str = r#"{
  "name": "attic",
  "listen": "0.0.0.0:9000",
  "advertise": [],
  "dashboard": "127.0.0.1:9001",
  "data_dir": "beacon-data",
  "collections_dir": "collections",
  "create_from": [],
  "neighbors": ["198.51.100.7:9000"],
  "network_key_file": null,
  "mode": "dry-run",
  "storage": { "dir": "beacon-data/torrents", "budget": "500 GB", "keep_free": "10 GB" },
  "client": { "type": "embedded", "listen": "0.0.0.0:6881" },
  "timing": { "heartbeat": "60s", "poll": "5s", "plan": "15s", "repair_delay": "1h", "reclaim_delay": "1h" }
}"#;

/// A directory with a configuration and what surrounds it.
struct Bench {
    dir: TempDir,
    sources: Sources,
}

impl Bench {
    fn new(file: Option<&str>) -> Self {
        let dir = TempDir::new().expect("a directory");
        if let Some(text) = file {
            fs::write(dir.path().join("config.json"), text).expect("written");
        }
        let sources =
            Sources { dir: dir.path().to_owned(), default_name: "this-host".to_owned(), ..Sources::default() };
        Self { dir, sources }
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.sources.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    fn flag(mut self, key: &str, value: &str) -> Self {
        let flag = format!("--{}", key.replace(['.', '_'], "-"));
        self.sources.flags.push(Override { key: key.to_owned(), flag, value: value.to_owned() });
        self
    }

    fn settings(&self) -> Settings {
        load(&self.sources).expect("good settings")
    }

    fn problem(&self) -> String {
        let told = load(&self.sources).expect_err("refused").to_string();
        told.replace(&self.dir.path().display().to_string(), "DIR")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

fn problem(text: &str) -> String {
    Bench::new(Some(text)).problem()
}

#[test]
fn the_example_is_read_and_names_every_key() {
    let settings = Bench::new(Some(EXAMPLE)).settings();
    assert_eq!(settings.name, "attic");
    let value: serde_json::Value = serde_json::from_str(EXAMPLE).expect("JSON");
    // A file can only be for one of the clients.
    for key in KEYS.iter().filter(|key| key.client != Some(ClientKind::Embedded)) {
        let pointer = format!("/{}", key.path.replace('.', "/"));
        assert!(value.pointer(&pointer).is_some(), "{} is not in the example", key.path);
    }
}

#[test]
fn the_example_says_what_holds_without_it() {
    let without = Bench::new(Some("{ \"client\": { \"type\": \"qbittorrent\" } }"));
    let with = Bench::new(Some(EXAMPLE)).flag("name", "this-host").flag("neighbors", "[]");
    let mut expected = without.settings();
    let mut found = with.settings();
    for settings in [&mut expected, &mut found] {
        let base = settings.file.take().and_then(|file| file.parent().map(PathBuf::from)).expect("a directory");
        for path in [&mut settings.data_dir, &mut settings.collections_dir, &mut settings.storage.dir] {
            *path = path.strip_prefix(&base).expect("below the file").to_owned();
        }
    }
    assert_eq!(found, expected);
}

#[test]
fn the_embedded_client_is_read_too() {
    let bench = Bench::new(Some(EMBEDDED));
    let settings = bench.settings();
    assert_eq!(settings.file, Some(bench.path("config.json")));
    assert_eq!(settings.mode, Mode::DryRun);
    assert_eq!(settings.storage.budget, ByteSize::from_bytes(500_000_000_000));
    assert_eq!(settings.storage.dir, bench.path("beacon-data/torrents"));
    assert_eq!(settings.timing.repair_delay, Duration::from_hours(1));
    assert_eq!(settings.neighbors[0].to_string(), "198.51.100.7:9000");
    let ClientSettings::Embedded(client) = settings.client else { panic!("embedded") };
    assert_eq!(client.listen.port(), 6881);
}

#[test]
fn without_a_file_the_defaults_hold() {
    let settings = Bench::new(None).settings();
    assert_eq!((settings.file, settings.name.as_str()), (None, "this-host"));
    assert!(matches!(settings.client, ClientSettings::Embedded(_)));
    assert_eq!(settings.mode, Mode::Apply);
    assert_eq!(settings.stun_servers.len(), 2);
    assert!(settings.lan_discovery);
}

#[test]
fn the_page_is_set_up_by_three_keys() {
    let bench = Bench::new(Some(
        "{ \"read_only\": true, \"host_names\": [\"Attic.example.\", \"nas\"], \"dashboard_dir\": \"page\" }",
    ));
    let settings = bench.settings();
    assert!(settings.read_only);
    assert_eq!(settings.host_names, ["attic.example", "nas"]);
    assert_eq!(settings.dashboard_dir, Some(bench.path("page")));
    let by_variable = Bench::new(None).flag("host_names", "nas, attic.example").settings();
    assert_eq!(by_variable.host_names, ["nas", "attic.example"]);
    for name in ["nas:9001", "", "a..b", "[::1]", "http://nas", "nas/"] {
        let told = problem(&format!("{{ \"host_names\": [\"{name}\"] }}"));
        assert!(told.contains("is not the name of a host"), "{name}: {told}");
    }
}

#[test]
fn a_long_name_of_the_machine_is_cut_between_characters() {
    let mut bench = Bench::new(None);
    bench.sources.default_name = "ö".repeat(40) + "x";
    assert_eq!(bench.settings().name, "ö".repeat(32));
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let mut bench = Bench::new(None);
    bench.sources.file = Some("other.json".into());
    let told = bench.problem();
    assert!(told.starts_with("other.json: the configuration file cannot be read: "), "{told}");
}

#[test]
fn in_a_users_client_nothing_is_done_until_the_user_says_so() {
    let bench = Bench::new(Some("{ \"client\": { \"type\": \"qbittorrent\" } }"));
    assert_eq!(bench.settings().mode, Mode::DryRun);
    assert_eq!(bench.variable("BEACON_MODE", "apply").settings().mode, Mode::Apply);
}

#[test]
fn flags_count_before_variables_and_these_before_the_file() {
    let bench = Bench::new(Some("{ \"name\": \"file\", \"lan_discovery\": false }"));
    assert!(!bench.settings().lan_discovery);
    let bench = bench.variable("BEACON_NAME", "variable").variable("BEACON_LAN_DISCOVERY", "null");
    assert_eq!(bench.settings().name, "variable");
    assert!(bench.settings().lan_discovery, "null brings the default back");
    let bench = bench.flag("name", "flag").flag("name", "later");
    assert_eq!(bench.settings().name, "later");
    let emptied = bench.flag("name", "").variable("BEACON_NAME", "");
    assert_eq!(emptied.settings().name, "later", "an empty value is none");
}

#[test]
fn how_surplus_goes_can_be_set_down_to_nothing() {
    let bench = Bench::new(Some("{ \"reclaim\": { \"quarantine\": \"0s\", \"margin\": 2 } }"));
    let reclaim = bench.variable("BEACON_RECLAIM__TORRENTS_PER_DAY", "0").flag("reclaim.bytes_per_day", "1 TB");
    let reclaim = reclaim.settings().reclaim;
    assert_eq!((reclaim.quarantine, reclaim.torrents_per_day, reclaim.margin), (Duration::ZERO, 0, 2));
    assert_eq!(reclaim.bytes_per_day, ByteSize::from_bytes(1_000_000_000_000));
}

#[test]
fn lists_come_from_variables_with_commas_or_as_json() {
    let expected = ["a.example:1", "[::1]:2"];
    for text in ["a.example:1, [::1]:2", "[\"a.example:1\", \"[::1]:2\"]"] {
        let settings = Bench::new(None).variable("BEACON_NEIGHBORS", text).settings();
        let found: Vec<String> = settings.neighbors.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{text}");
    }
    assert!(Bench::new(None).variable("BEACON_STUN_SERVERS", "[]").settings().stun_servers.is_empty());
    let one = Bench::new(None).variable("BEACON_NEIGHBORS", "[::1]:2").settings();
    assert_eq!(one.neighbors[0].to_string(), "[::1]:2");
}

#[test]
fn torrents_are_made_from_nowhere_unless_directories_are_named() {
    assert!(Bench::new(None).settings().create_from.is_empty());
    let bench = Bench::new(Some(r#"{ "create_from": ["/srv", "letters"] }"#));
    assert_eq!(bench.settings().create_from, ["/srv".into(), bench.path("letters")]);
    let bench = bench.flag("create_from", "one, /two");
    assert_eq!(bench.settings().create_from, [bench.path("one"), "/two".into()]);
    assert!(problem(r#"{ "create_from": [""] }"#).contains("empty"));
}

#[test]
fn paths_start_from_the_file_and_those_of_flags_from_the_working_directory() {
    let mut bench = Bench::new(None).flag("collections_dir", "mine");
    fs::create_dir(bench.path("etc")).expect("made");
    fs::write(bench.path("etc/b.json"), "{ \"storage\": { \"dir\": \"t\" } }").expect("written");
    bench.sources.file = Some("etc/b.json".into());
    let settings = bench.settings();
    assert_eq!(settings.storage.dir, bench.path("etc/t"));
    assert_eq!(settings.data_dir, bench.path("etc/beacon-data"));
    assert_eq!(settings.collections_dir, bench.path("mine"));
}

#[test]
fn every_fault_names_its_place() {
    let told = [
        "{ \"listne\": \"0.0.0.0:9000\" }",
        "{\n  \"storage\": { \"budgte\": \"1 GB\" } }",
        "{\n  \"listen\": 9000 }",
        "{ \"listen\": \"attic:9000\" }",
        "{ \"neighbors\": [\"198.51.100.7:9000\",\n \"198.51.100.8\"] }",
        "{ \"neighbors\": [7] }",
        "{ \"advertise\": [\"abababababababababababababababababababababababababababababababab@a:1\"] }",
        "{ \"mode\": \"aply\" }",
        "{ \"name\": \"\" }",
        "{ \"zone\": \"a\\nb\" }",
        "{ \"advertise\": [\"a:1\", \"a:2\", \"a:3\", \"a:4\", \"a:5\", \"a:6\", \"a:7\"] }",
        "{ \"data_dir\": \" \" }",
        "{ \"storage\": { \"budget\": \"500 Gigs\" } }",
        "{ \"tracker\": { \"listen\": 6969 } }",
        "{ \"tracker\": { \"lisen\": \"0.0.0.0:6969\" } }",
        "{ \"timing\": { \"poll\": \"5\" } }",
        "{ \"timing\": { \"poll\": 5 } }",
        "{ \"timing\": { \"heartbeat\": \"10ms\" } }",
        "{ \"reclaim\": { \"quarantine\": \"400d\" } }",
        "{ \"reclaim\": { \"torrents_per_day\": \"100\" } }",
        "{ \"reclaim\": { \"torrents_per_day\": -1 } }",
        "{ \"reclaim\": { \"margin\": 70000 } }",
        "{ \"client\": { \"type\": \"transmission\" } }",
        "{ \"client\": { \"type\": \"embedded\", \"url\": \"http://127.0.0.1\" } }",
        "{ \"client\": { \"type\": \"qbittorrent\", \"url\": \"127.0.0.1:8080\" } }",
        "{ \"client\": { \"type\": \"qbittorrent\", \"url\": \"http://me:secret@127.0.0.1:8080\" } }",
        "{ \"client\": { \"type\": \"qbittorrent\", \"password\": \"a\", \"password_file\": \"b\" } }",
        "{ \"client\": { \"type\": \"qbittorrent\", \"password\": \"a\", \"api_key\": \"b\" } }",
        "{ \"client\": { \"type\": \"qbittorrent\", \"peer_address\": \"127.0.0.1:0\" } }",
        "{ \"name\": \"attic\" \"listen\": 1 }",
        "",
    ]
    .map(problem)
    .join("\n");
    insta::assert_snapshot!(told, @r#"
    config.json:1:3: unknown key `listne`; did you mean `listen`?
    config.json:2:16: unknown key `budgte`; did you mean `budget`?
    config.json:2:13: this must be a text in double quotes, and is a number
    config.json:1:13: `attic:9000` is not an address of this machine; write it like "0.0.0.0:9000" or "[::]:9000"
    config.json:2:2: `198.51.100.8` is not an address; write it like "198.51.100.7:9000", "[2001:db8::7]:9000" or "ID@host:9000"
    config.json:1:17: this must be a text in double quotes, and is a number
    config.json:1:17: `abababababababababababababababababababababababababababababababab@a:1` has an id before `@`; here belongs only an address
    config.json:1:11: `aply` means nothing here; did you mean `apply`?
    config.json:1:11: the name must have 1 to 64 bytes, and no line breaks
    config.json:1:11: the zone must have at most 64 bytes, and no line breaks
    config.json:1:16: 7 addresses are too many; 6 are the most that others are told
    config.json:1:15: the path is empty
    config.json:1:26: `Gigs` is not a unit of size; known are B, kB, MB, GB, TB, PB, KiB, MiB, GiB, TiB and PiB
    config.json:1:26: this must be a text in double quotes, and is a number
    config.json:1:16: unknown key `lisen`; did you mean `listen`?
    config.json:1:23: `5` has no unit; write "5s" for seconds, or use ms, m, h or d
    config.json:1:23: `5` has no unit; write "5s" for seconds, or use ms, m, h or d
    config.json:1:28: `10ms` is out of range; it must be from 100ms to 1h
    config.json:1:30: `400d` is out of range; it must be from 0s to 365d
    config.json:1:36: this must be a whole number, and is a text
    config.json:1:36: `-1` is not a whole number from 0 to 18446744073709551615
    config.json:1:26: `70000` is out of range; it must be from 0 to 65535
    config.json:1:23: `transmission` means nothing here; known here are `embedded` and `qbittorrent`
    config.json:1:42: `url` is for the client type "qbittorrent", and the type is "embedded"
    config.json:1:45: `127.0.0.1:8080` is not the address of a Web UI; write it like "http://127.0.0.1:8080"
    config.json:1:45: the address has a user or password in it; write them as `username` and `password`
    config.json:1:72: `password` and `password_file` are both set; keep one of them
    config.json:1:66: `api_key` is set beside a user or password; keep one way to log in
    config.json:1:54: `127.0.0.1:0` has port 0, to which nobody can connect
    config.json:1:19: not valid JSON: expected `,` or `}`
    config.json:1:1: the file is empty; it must hold a JSON object, `{ ... }`
    "#);
}

#[test]
fn faults_in_variables_and_flags_name_them() {
    let told = [
        Bench::new(None).variable("BEACON_CLIENT__PASWORD", "x"),
        Bench::new(None).variable("BEACON_CLIENT_PASSWORD", "x"),
        Bench::new(None).variable("BEACON_LISTEN", "x"),
        Bench::new(None).variable("BEACON_LAN_DISCOVERY", "maybe"),
        Bench::new(None).variable("BEACON_CLIENT__URL", "http://127.0.0.1"),
        Bench::new(None).variable("BEACON_RECLAIM__MARGIN", "some"),
        Bench::new(None).flag("storage.budget", "much"),
        Bench::new(None).flag("storage.bugdet", "1 GB"),
    ]
    .map(|bench| bench.problem())
    .join("\n");
    insta::assert_snapshot!(told, @r#"
    BEACON_CLIENT__PASWORD: unknown variable; did you mean `BEACON_CLIENT__PASSWORD`?
    BEACON_CLIENT_PASSWORD: unknown variable; did you mean `BEACON_CLIENT__PASSWORD`?
    BEACON_LISTEN: `x` is not an address of this machine; write it like "0.0.0.0:9000" or "[::]:9000"
    BEACON_LAN_DISCOVERY: `maybe` means nothing here; known here are `false` and `true`
    BEACON_CLIENT__URL: `url` is for the client type "qbittorrent", and the type is "embedded"
    BEACON_RECLAIM__MARGIN: `some` is not a whole number
    --storage-budget: `much` is not a size; write it like "500 GB" or "1.5 TiB"
    --storage-bugdet: unknown key `storage.bugdet`; did you mean `storage.budget`?
    "#);
}

#[test]
fn variables_that_are_no_keys_are_left_alone() {
    let variables = BTreeMap::from([("PATH", "/bin"), ("BEACON_CONFIG", "x"), ("BEACON_LOG", "debug")]);
    let mut bench = Bench::new(None);
    bench.sources.variables = variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    assert_eq!(bench.settings().name, "this-host");
}

#[test]
fn the_password_may_stand_in_a_file_of_its_own() {
    let text =
        "{ \"client\": { \"type\": \"qbittorrent\", \"url\": \"https://nas/qbt/\", \"password_file\": \"secret\" } }";
    let bench = Bench::new(Some(text));
    let missing = bench.problem();
    assert!(missing.contains("the password file DIR/secret cannot be read"), "{missing}");
    fs::write(bench.path("secret"), "opensesame\r\n").expect("written");
    let settings = bench.settings();
    let ClientSettings::Qbittorrent(client) = &settings.client else { panic!("qbittorrent") };
    assert_eq!((client.password.reveal(), client.url.as_str()), ("opensesame", "https://nas/qbt"));
}

#[test]
fn every_key_is_shown() {
    for file in [EXAMPLE, EMBEDDED] {
        let settings = Bench::new(Some(file)).settings();
        let kind = settings.client.kind();
        let expected = KEYS.iter().filter(|key| key.client.is_none_or(|owner| owner == kind)).map(|key| key.path);
        let shown: Vec<&str> = settings.shown().iter().map(|(key, _)| *key).collect();
        assert_eq!(shown, expected.collect::<Vec<_>>());
    }
}

#[test]
fn secrets_are_never_shown() {
    let text = "{ \"client\": { \"type\": \"qbittorrent\", \"username\": \"me\", \"password\": \"opensesame\" } }";
    let settings = Bench::new(Some(text)).settings();
    for shown in [format!("{settings:?}"), format!("{:?}", settings.shown())] {
        assert!(!shown.contains("opensesame") && shown.contains("hidden"), "{shown}");
    }
}
