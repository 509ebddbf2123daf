//! Beacons with the client within: nothing else runs beside them.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::Command,
    time::Duration,
};

use serde_json::{Value, json};

use crate::support::{
    BeaconProcess, COLLECTION, Process, TestTorrent, World, forget_settings, free_port, request, share, until,
};

const LONG: Duration = Duration::from_mins(2);

/// A beacon with the client within; no two share a port.
fn beacon(world: &World, name: &str) -> BeaconProcess {
    BeaconProcess::new(world.dir(), name, &json!({ "type": "embedded", "listen": "127.0.0.1:0", "dht": false }))
}

/// What a beacon says of the only torrent of the collection here.
fn here(beacon: &BeaconProcess, torrent: &TestTorrent, state: &str, copies: u64) -> Result<Value, String> {
    let entry = beacon.torrent(COLLECTION, torrent)?;
    if entry["here"] == state && entry["copies"] == copies { Ok(entry) } else { Err(entry.to_string()) }
}

#[test]
fn a_folder_becomes_a_torrent_that_others_fetch_and_keep_over_restarts() {
    let world = World::new();
    let mut attic = beacon(&world, "attic");
    let mut cellar = beacon(&world, "cellar");
    cellar.points_at(&attic);
    share(&[&attic, &cellar], 2, &[]);
    attic.start();

    let letters = TestTorrent::folder("letters", &[("1901/june.txt", 70_000), ("1901/may.txt", 33_000)], 1);
    let mine = world.dir().join("mine");
    // The folder is elsewhere, and only a link to it is called as the torrent is.
    letters.write_data(&world.dir().join("far"));
    fs::create_dir_all(&mine).expect("a directory");
    fs::rename(world.dir().join("far/letters"), world.dir().join("far/old")).expect("renamed");
    std::os::unix::fs::symlink(world.dir().join("far/old"), mine.join("letters")).expect("a link");
    let path = mine.join("letters").display().to_string();
    let said = attic.order(&["torrent", "create", &path, "--piece-length", "16384", "--into", "town", "--share"]);
    assert!(said.is_ok_and(|said| said.contains("serves it from where it is")));
    until("attic serves what it has", LONG, || here(&attic, &letters, "pinned", 1));

    for file in ["town.json", "letters.torrent"] {
        fs::copy(attic.collections_dir().join(file), cellar.collections_dir().join(file)).expect("copied");
    }
    cellar.start();
    until("cellar holds a copy", LONG, || here(&cellar, &letters, "held", 2));
    until("attic counts it", LONG, || here(&attic, &letters, "pinned", 2));
    let fetched = fs::read_dir(cellar.storage_dir()).expect("a directory").next().expect("a folder").expect("read");
    assert!(letters.has_data(&fetched.path()), "the copy is the same");

    for beacon in [&mut attic, &mut cellar] {
        beacon.terminate();
        beacon.start();
    }
    until("both are found as they were", LONG, || {
        here(&attic, &letters, "pinned", 2).and_then(|_| here(&cellar, &letters, "held", 2))
    });
    let status = cellar.status().expect("answers");
    assert_eq!(status["client"]["type"], "embedded");
    assert!(letters.has_data(&mine), "what is the user's was not touched");
}

#[test]
fn without_any_configuration_it_runs_and_is_the_same_beacon_the_next_time() {
    let dir = tempfile::tempdir().expect("a directory");
    let dashboard = free_port(Ipv4Addr::LOCALHOST);
    let start = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_beacon"));
        command.args(["run", "--json"]).current_dir(dir.path());
        forget_settings(&mut command);
        // Only what would get in the way of other programs, and of the network outside.
        for (key, value) in [
            ("BEACON_LISTEN", "127.0.0.1:0"),
            ("BEACON_DASHBOARD", &dashboard.to_string()),
            ("BEACON_CLIENT__LISTEN", "127.0.0.1:0"),
            ("BEACON_CLIENT__DHT", "false"),
            ("BEACON_STUN_SERVERS", "[]"),
            ("BEACON_LAN_DISCOVERY", "false"),
        ] {
            command.env(key, value);
        }
        Process::start("fresh", &mut command, dir.path().join("output.log"))
    };
    let first = start();
    let ready = |status: &Value| status["client"]["type"] == "embedded" && status["client"]["state"] == "ready";
    let answer = || match status_at(dashboard) {
        Ok(status) if ready(&status) => Ok(status),
        other => Err(format!("{other:?}")),
    };
    let status = until("it is ready", LONG, answer);
    assert_eq!(status["beacon"]["mode"], "apply");
    let id = status["beacon"]["id"].clone();
    assert!(dir.path().join("beacon-data").is_dir() && is_empty(&dir.path().join("collections")));
    let (ended, _) = first.terminate(Duration::from_secs(2));
    assert!(ended.success());

    let second = start();
    assert_eq!(until("it is ready again", LONG, answer)["beacon"]["id"], id);
    let (ended, _) = second.terminate(Duration::from_secs(2));
    assert!(ended.success());
}

fn status_at(dashboard: SocketAddr) -> Result<Value, String> {
    let answer = request(dashboard, "GET", "/api/v1/status", &[], b"").map_err(|error| error.to_string())?;
    serde_json::from_slice(&answer.body).map_err(|error| error.to_string())
}

/// Whether there is nothing in a directory, or no directory.
fn is_empty(dir: &Path) -> bool {
    fs::read_dir(dir).map_or(true, |mut entries| entries.next().is_none())
}
