//! Editing a collection while the beacon runs. No client answers here: none is needed.

use std::{fs, net::Ipv4Addr, net::TcpListener, time::Duration};

use serde_json::{Value, json};

use crate::support::{BeaconProcess, COLLECTION, TestTorrent, World, collection, share, throughout, until};

/// What the program promises.
const EDIT_TIME_MAX: Duration = Duration::from_secs(2);
const SETTLED_TIME: Duration = Duration::from_secs(4);

struct Edited {
    beacon: BeaconProcess,
    torrents: Vec<TestTorrent>,
    _world: World,
    /// Holds the port of a client that never answers.
    _silent: TcpListener,
}

impl Edited {
    /// A beacon with a collection of one torrent, though both .torrent files are there.
    fn start() -> Self {
        let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let url = format!("http://{}", silent.local_addr().expect("bound"));
        let world = World::new();
        let mut beacon = BeaconProcess::new(world.dir(), "attic", &json!({ "type": "qbittorrent", "url": url }));
        let torrents = vec![TestTorrent::single("letters.zip", 1_000, 1), TestTorrent::single("maps.zip", 2_000, 2)];
        share(&[&beacon], 2, &torrents);
        let edited = {
            beacon.start();
            Self { beacon, torrents, _world: world, _silent: silent }
        };
        edited.write(&collection(2, &edited.torrents[..1]).to_string());
        until("the collection is read", Duration::from_secs(10), || edited.lists(1));
        edited
    }

    fn write(&self, text: &str) {
        fs::write(self.beacon.collections_dir().join("town.json"), text).expect("a collection file");
    }

    fn lists(&self, torrents: usize) -> Result<(), String> {
        let found = self.beacon.torrents(COLLECTION)?;
        if found.len() == torrents { Ok(()) } else { Err(format!("it lists {}", found.len())) }
    }

    fn notice(&self) -> Result<String, String> {
        let status = self.beacon.status()?;
        let notices = status["notices"].as_array().cloned().unwrap_or_default();
        let texts = notices.iter().filter_map(|notice| notice["text"].as_str());
        let found = texts.filter(|text| text.contains("town.json")).map(str::to_owned).next();
        found.ok_or_else(|| format!("no notice names the file: {notices:?}"))
    }
}

#[test]
fn a_good_edit_takes_effect_within_two_seconds() {
    let edited = Edited::start();
    edited.write(&collection(2, &edited.torrents).to_string());
    until("the second torrent is listed", EDIT_TIME_MAX, || edited.lists(2));
    edited.write(&collection(3, &edited.torrents).to_string());
    until("the target is raised", EDIT_TIME_MAX, || {
        let target = edited.beacon.torrent(COLLECTION, &edited.torrents[1])?["target"].clone();
        if target == 3 { Ok(()) } else { Err(format!("it is {target}")) }
    });
}

#[test]
fn a_bad_edit_keeps_the_last_good_version_and_is_shown() {
    let mut edited = Edited::start();
    edited.write("{\n  \"id\": \"0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90\",\n  \"name\": oops\n}");
    let notice = until("the fault is shown", EDIT_TIME_MAX, || edited.notice());
    assert!(notice.contains('3'), "the notice names the line: {notice}");
    throughout("the last good version stays", SETTLED_TIME, || edited.lists(1));
    let listed = edited.beacon.status().expect("the overview")["collections"][0].clone();
    assert_eq!(listed["file"], "town.json");
    let problem = listed["problem"].as_str().expect("what is the matter");
    assert!(problem.starts_with("line 3, column "), "{problem}");

    edited.write(&collection(2, &edited.torrents).to_string());
    until("the mended file is read", EDIT_TIME_MAX, || edited.lists(2));
    until("the notice is gone", EDIT_TIME_MAX, || match edited.notice() {
        Ok(notice) => Err(notice),
        Err(_) => Ok(()),
    });
    edited.beacon.terminate();
}

#[test]
fn a_removed_file_leaves_and_a_new_one_joins() {
    let edited = Edited::start();
    fs::remove_file(edited.beacon.collections_dir().join("town.json")).expect("it is there");
    let collections = || edited.beacon.status().map(|status| status["collections"].clone());
    until("the collection is gone", EDIT_TIME_MAX, || match collections()? {
        Value::Array(list) if list.is_empty() => Ok(()),
        other => Err(other.to_string()),
    });
    edited.write(&collection(2, &edited.torrents).to_string());
    until("the collection is back", EDIT_TIME_MAX, || edited.lists(2));
}
