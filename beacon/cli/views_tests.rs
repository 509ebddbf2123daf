//! Tests of the commands that show what the API has.

use serde_json::{Value, json};

use super::{Exit, test_canned::Canned, test_env::TestEnv};

const ID: &str = "c0c0c0c0-c0c0-4c0c-80c0-c0c0c0c0c0c0";
const HASH: &str = "abababababababababababababababababababab";

fn collections() -> Value {
    let one = |id: &str, name: &str, missing: u64, under: u64, problem: Option<&str>| {
        json!({
            "id": id, "name": name, "torrents": 1210, "missing": missing, "under": under, "met": 1200, "over": 0,
            "bytes_total": 1_200_000_000_000_u64, "bytes_here": 70_000, "problem": problem,
        })
    };
    json!([
        one(ID, "Town archive", 4, 6, None),
        one("d0d0d0d0-d0d0-4d0d-80d0-d0d0d0d0d0d0", "映画の資料", 0, 0, Some("line 3: a comma is missing")),
    ])
}

fn torrent(hash: &str, name: &str, copies: u64, here: &str) -> Value {
    json!({
        "info_hash": hash, "name": name, "size": 70_000, "target": 3, "max": 4, "copies": copies, "here": here,
        "progress": 0.427,
    })
}

fn torrents() -> Value {
    let torrents = [
        torrent(HASH, "letters of the town, from the first to the last, with all envelopes and stamps", 0, "absent"),
        torrent("0123456789abcdef0123456789abcdef01234567", "地図 maps\u{1b}[31m", 2, "fetching"),
        torrent("fedcba9876543210fedcba9876543210fedcba98", "photos", 5, "held"),
    ];
    json!({ "total": 40, "torrents": torrents })
}

fn member(name: &str, state: &str, this: bool) -> Value {
    json!({
        "id": format!("{:02x}", name.len()).repeat(32), "name": name, "state": state, "last_heard_s": 200, "this": this,
        "neighbor": !this, "used": 250_000_000_000_u64, "budget": 1_000_000_000_000_u64, "zone": "hill", "latency_ms": 12.34,
        "version": "1.2.3", "addresses": ["198.51.100.7:9000"], "client_addresses": ["198.51.100.7:6881"],
        "via": "eeeeeeeeeeeeeeeeeeee", "counts": { "held": 1204, "fetching": 2, "draining": 0 },
    })
}

#[test]
fn torrents_are_listed_as_wished() {
    let canned = Canned::new(TestEnv::new(), &[("/torrents", torrents()), ("/collections", collections())]);
    insta::assert_snapshot!(canned.shown(&["torrents"]), @"
    exit 0
    --- out
    HASH      NAME                                                                             SIZE  COPIES  HERE
    abababab  letters of the town, from the first to the last, with all envelopes and stamps  70 kB  0 of 3  absent
    01234567  地図 maps�[31m                                                                  70 kB  2 of 3  fetching 42 %
    fedcba98  photos                                                                          70 kB  5 of 3  held
    --- err
    3 of 40; `--offset 3` shows the next
    ");
    assert_eq!(canned.asked(), ["GET /torrents?sort=name&order=asc&offset=0&limit=20"]);
    let args =
        "torrents --state under --here fetching --sort lacking --order desc --limit 2 --offset 5 --collection town";
    assert_eq!(canned.run(&args.split(' ').collect::<Vec<_>>()).exit, Exit::Success);
    let wished =
        format!("GET /torrents?collection={ID}&state=under&here=fetching&sort=lacking&order=desc&offset=5&limit=2");
    assert_eq!(canned.asked(), ["GET /collections".to_owned(), wished]);
    let json: Value = serde_json::from_str(&canned.run(&["torrents", "--json"]).out).expect("JSON");
    assert_eq!(json, torrents());
    insta::assert_snapshot!(canned.shown(&["torrents", "--collection", "twon archive"]), @"
    exit 1
    --- out
    --- err
    error: this beacon follows no collection `twon archive`; did you mean `Town archive`?
    ");
}

#[test]
fn tables_fit_the_terminal() {
    let canned = Canned::new(
        TestEnv::new().on_terminal(60).variable("NO_COLOR", "1"),
        &[("/torrents", torrents()), ("/collections", collections())],
    );
    insta::assert_snapshot!(canned.run(&["torrents"]).out, @"
    HASH      NAME                   SIZE  COPIES  HERE
    abababab  letters of the town…  70 kB  0 of 3  absent
    01234567  地図 maps�[31m        70 kB  2 of 3  fetching 42 %
    fedcba98  photos                70 kB  5 of 3  held
    ");
    insta::assert_snapshot!(canned.run(&["collections"]).out, @"
    COLLECTION    TORRENTS  MISSING  UNDER    MET  OVER   BYTES
    Town archive     1,210        4      6  1,200     0  1.2 TB
    映画の資料       1,210        0      0  1,200     0  1.2 TB
    ");
}

#[test]
fn colours_say_how_torrents_stand() {
    let canned = Canned::new(TestEnv::new().on_terminal(100), &[("/torrents", torrents())]);
    let out = canned.run(&["torrents"]).out;
    for (tone, copies) in [("1;31", "0 of 3"), ("33", "2 of 3"), ("36", "5 of 3")] {
        assert!(out.contains(&format!("\x1b[{tone}m{copies}\x1b[0m")), "{out:?}");
    }
    assert!(!out.contains("maps\x1b[31m"), "what others have named a torrent is obeyed: {out:?}");
}

#[test]
fn collections_are_shown_with_what_is_wrong_with_them() {
    let canned = Canned::new(TestEnv::new(), &[("/collections", collections())]);
    insta::assert_snapshot!(canned.shown(&["collections"]), @"
    exit 0
    --- out
    COLLECTION    TORRENTS  MISSING  UNDER    MET  OVER   BYTES   HERE
    Town archive     1,210        4      6  1,200     0  1.2 TB  70 kB
    映画の資料       1,210        0      0  1,200     0  1.2 TB  70 kB
    --- err
    映画の資料: line 3: a comma is missing
    ");
}

#[test]
fn members_are_listed_and_one_is_shown() {
    let members = json!({ "total": 2, "members": [member("attic", "alive", true), member("barn two", "away", false)] });
    let id = "05".repeat(32);
    let path = format!("/members/{id}");
    let canned = Canned::new(TestEnv::new(), &[("/members", members), (&path, member("attic", "alive", true))]);
    insta::assert_snapshot!(canned.shown(&["members", "--state", "away", "--sort", "used"]), @"
    exit 0
    --- out
    BEACON    ID        STATE  LAST HEARD    USED  BUDGET  ZONE  LATENCY  VERSION
    attic     05050505  alive           -  250 GB    1 TB  hill  12.3 ms  1.2.3    this one
    barn two  08080808  away    3 min ago  250 GB    1 TB  hill  12.3 ms  1.2.3    neighbor
    --- err
    ");
    assert_eq!(canned.asked(), ["GET /members?state=away&sort=used&order=asc&offset=0&limit=50"]);
    insta::assert_snapshot!(canned.shown(&["member", "attic"]), @"
    exit 0
    --- out
    attic
    id       0505050505050505050505050505050505050505050505050505050505050505
    state    alive, this one
    heard    -, through eeeeeeee
    storage  250 GB of a budget of 1 TB
    torrents 2 fetching, 1,204 held
    zone     hill
    latency  12.3 ms
    reached  198.51.100.7:9000
    client   198.51.100.7:6881
    version  1.2.3
    --- err
    ");
    assert_eq!(canned.asked(), ["GET /members?query=attic&limit=20".to_owned(), format!("GET {path}")]);
    insta::assert_snapshot!(canned.shown(&["member", "a"]), @"
    exit 1
    --- out
    --- err
    error: several beacons may be meant by `a`; write the beginning of the id:
      0505050505050505050505050505050505050505050505050505050505050505 attic
      0808080808080808080808080808080808080808080808080808080808080808 barn two
    ");
}

#[test]
fn a_member_that_nobody_knows_is_told_so() {
    let canned = Canned::new(TestEnv::new(), &[("/members", json!({ "total": 0, "members": [] }))]);
    insta::assert_snapshot!(canned.shown(&["member", "cellar"]), @"
    exit 1
    --- out
    --- err
    error: no beacon that is known here is called `cellar`, or has an id that begins so; `beacon members` shows all
    ");
    insta::assert_snapshot!(canned.shown(&["members", "cellar"]), @"
    exit 0
    --- out
    --- err
    no beacon is like that
    ");
}

#[test]
fn links_and_traffic_are_shown() {
    let traffic = |kind: &str| json!({ "kind": kind, "sent": 70_000, "received": 1_200_000, "messages_sent": 1234, "messages_received": 5 });
    let link = json!({
        "beacon": "05".repeat(32), "name": "barn", "address": "198.51.100.7:9000", "dialed": true, "up_s": 11_520,
        "latency_ms": 8.0, "sent": 70_000, "received": 1_200_000, "messages_sent": 12, "messages_received": 5,
    });
    let mut all = traffic("all");
    all["by_kind"] = json!([traffic("hello"), traffic("status page")]);
    let neighbor = json!({ "address": "example.org:9000", "source": "order", "state": "connected" });
    let network = json!({ "links": [link], "traffic": all, "neighbors": [neighbor] });
    let canned = Canned::new(TestEnv::new(), &[("/network", network)]);
    insta::assert_snapshot!(canned.shown(&["network"]), @"
    exit 0
    --- out
    Links
    BEACON  ADDRESS            BY          UP  LATENCY   SENT  RECEIVED
    barn    198.51.100.7:9000  us  3 h 12 min   8.0 ms  70 kB    1.2 MB

    Neighbors that were named
    ADDRESS           NAMED BY  STATE      BEACON  PROBLEM
    example.org:9000  you       connected

    What beacons have told each other
    KIND          SENT  RECEIVED  MESSAGES SENT  MESSAGES RECEIVED
    hello        70 kB    1.2 MB          1,234                  5
    status page  70 kB    1.2 MB          1,234                  5
    all          70 kB    1.2 MB          1,234                  5
    --- err
    ");
}

#[test]
fn history_tells_what_has_happened() {
    let event = |kind: &str, name: Option<&str>, text: &str| json!({ "at": "2027-01-31T18:30:00.123Z", "kind": kind, "info_hash": HASH, "name": name, "text": text });
    let events = [
        event("info", Some("letters"), "complete after 3 min; there are 3 of 3 copies now"),
        event("warning", None, "the client does not answer"),
    ];
    let canned = Canned::new(
        TestEnv::new().on_terminal(60).variable("NO_COLOR", "1"),
        &[
            ("/history", json!({ "total": 7, "events": events })),
            ("/torrents", json!({ "total": 1, "meant": HASH, "torrents": [] })),
        ],
    );
    insta::assert_snapshot!(canned.shown(&["history"]), @"
    exit 0
    --- out
    2027-01-31 18:30:00  info     letters: complete after 3 min;
                                  there are 3 of 3 copies now
    2027-01-31 18:30:00  warning  the client does not answer
    --- err
    2 of 7; `--offset 2` shows the next
    ");
    canned.asked();
    assert_eq!(canned.run(&["history", "letters", "--kind", "warning"]).exit, Exit::Success);
    let of_one = format!("GET /history?info_hash={HASH}&kind=warning&offset=0&limit=20");
    assert_eq!(canned.asked()[1], of_one);
}

#[test]
fn a_trend_is_drawn() {
    let point = |at: u64| {
        json!({
            "at": format!("2027-01-{:02}T{:02}:00:00Z", 1 + at * 18 / 24, at * 18 % 24), "missing": u64::from(at == 7), "under": at % 5, "met": 1000 + at, "over": 0,
            "bytes_stored": 1_000_000_000 * at,
        })
    };
    let trend = json!({
        "from": "2027-01-01T00:00:00Z", "to": "2027-01-31T00:00:00Z", "points": (0..40).map(point).collect::<Vec<_>>(),
    });
    let canned = Canned::new(
        TestEnv::new().on_terminal(80).variable("NO_COLOR", "1"),
        &[("/trend", trend), ("/collections", collections())],
    );
    insta::assert_snapshot!(canned.run(&["trend", "--since", "2027-01-01"]).out, @"
    2027-01-01 00:00:00 to 2027-01-31 00:00:00
    missing  ·······██································  0 now, 0 to 1
    under    ·▂▄▆██▂▄▆██▂▄▆██▂▄▆██▂▄▆██▂▄▆██▂▄▆██▂▄▆██  4 now, 0 to 4
    met      █████████████████████████████████████████  1,039 now, 1,000 to 1,039
    over     ·········································  0 throughout
    stored   ·▁▁▁▁▂▂▂▂▂▃▃▃▃▃▄▄▄▄▄▅▅▅▅▅▆▆▆▆▆▇▇▇▇▇██████  39 GB now, 0 B to 39 GB
    ");
    assert_eq!(canned.asked(), ["GET /trend?since=2027-01-01T00%3A00%3A00Z&points=1000"]);
    let nothing = Canned::new(TestEnv::new(), &[("/trend", json!({ "points": [] }))]);
    insta::assert_snapshot!(nothing.shown(&["trend"]), @"
    exit 0
    --- out
    --- err
    nothing has been noted for that time yet; a beacon begins when it is first started
    ");
}

#[test]
fn a_map_has_a_character_for_each_torrent() {
    let cell = |copies: u8, flags: u8| [copies, 3, 4, flags];
    let cells: Vec<u8> = [cell(0, 0), cell(0, 1), cell(1, 0), cell(3, 0), cell(3, 2), cell(4, 0), cell(9, 0)].concat();
    let many: Vec<u8> = (0..4000).flat_map(|at| cell(if at == 2500 { 0 } else { 3 }, 0)).collect();
    let map = |total: usize, cells: &[u8]| json!({ "total": total, "offset": 0, "revision": 1, "cells": data_encoding::BASE64.encode(cells) });
    let (one, other) = (format!("/collections/{ID}/map"), "/collections/d0d0d0d0-d0d0-4d0d-80d0-d0d0d0d0d0d0/map");
    let answers = [("/collections", collections()), (&one[..], map(7, &cells)), (other, map(4000, &many))];
    let canned = Canned::new(TestEnv::new().on_terminal(40).variable("NO_COLOR", "1"), &answers);
    insta::assert_snapshot!(canned.run(&["map"]).out, @"
    Town archive: 7 torrents
    !~-===+
    映画の資料: 4,000 torrents, 6 to a character, which shows the worst of them
    ========================================
    ========================================
    ========================================
    ========================================
    ========================================
    ========================================
    ========================================
    ========================================
    ========================================
    ========================================
    ================!=======================
    ========================================
    ========================================
    ========================================
    ========================================
    ========================================
    ===========================
    ! missing   - under   ~ being fetched   = met   + over
    ");
    assert_eq!(canned.run(&["map", "--all"]).out.lines().count(), 1 + 1 + 1 + 100 + 1);
    assert_eq!(canned.run(&["map", "town"]).out.lines().nth(1), Some("!~-===+"));
    let json: Value = serde_json::from_str(&canned.run(&["map", "town", "--json"]).out).expect("JSON");
    assert_eq!((&json["cells"][6], &json["name"]), (&json!([9, 3, 4, 0]), &json!("Town archive")));
}

#[test]
fn the_log_is_read_with_the_token() {
    let line = |seq: u64, level: &str, text: &str| json!({ "seq": seq, "at": "2027-01-31T18:30:00.123Z", "level": level, "target": "beacon", "text": text });
    let lines = [line(1, "INFO", "listens on 0.0.0.0:9000"), line(2, "WARN", "the client does not answer")];
    let canned = Canned::new(TestEnv::new(), &[("/log", json!({ "next": 2, "lines": lines }))]);
    insta::assert_snapshot!(canned.shown(&["log", "--level", "warn"]), @"
    exit 0
    --- out
    2027-01-31 18:30:00 info  listens on 0.0.0.0:9000
    2027-01-31 18:30:00 warn  the client does not answer
    --- err
    ");
    assert_eq!(canned.asked(), ["GET /log?level=warn&limit=50 (token)"]);
    let json = canned.run(&["log", "--json"]).out;
    assert_eq!(json.lines().map(|line| serde_json::from_str::<Value>(line).is_ok()).collect::<Vec<_>>(), [true, true]);
}
