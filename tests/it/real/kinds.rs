//! Every kind of torrent and of link, and names that nobody would choose.

use std::{fs, path::PathBuf, time::Duration};

use data_encoding::{BASE32, HEXLOWER};
use serde_json::{Value, json};

use crate::support::{
    BeaconProcess, COLLECTION, QbtVersion, RealQbittorrent, TestTorrent, World, collection, share, until,
};

const SPREAD_TIME_MAX: Duration = Duration::from_mins(1);

#[test]
fn v1_v2_and_hybrid_torrents_are_fetched_by_file_and_by_every_kind_of_magnet_link() {
    let world = World::new();
    let by_file = [
        TestTorrent::v2("v2.bin", 9_000, 1),
        TestTorrent::hybrid("hybrid.bin", 10_000, 2),
        TestTorrent::single("<img src=x onerror=alert(1)> & \"so on\".html", 11_000, 3),
    ];
    let by_magnet = [
        (TestTorrent::single("hex.bin", 70_000, 4), "v1"),
        (TestTorrent::single("base32.bin", 12_000, 5), "base32"),
        (TestTorrent::v2("v2-magnet.bin", 13_000, 6), "v2"),
        (TestTorrent::hybrid("hybrid-by-v1.bin", 14_000, 7), "v1"),
        (TestTorrent::hybrid("hybrid-by-v2.bin", 15_000, 8), "v2"),
    ];
    let all: Vec<&TestTorrent> = by_file.iter().chain(by_magnet.iter().map(|(torrent, _)| torrent)).collect();

    let holder = RealQbittorrent::start(QbtVersion::Bookworm452, &world.dir().join("holder"));
    let taker = RealQbittorrent::start(QbtVersion::Trixie510, &world.dir().join("taker"));
    for torrent in &all {
        let library = world.dir().join("library");
        torrent.write_data(&library);
        holder.api().add_by_hand(torrent, &library, "", "");
    }
    let mut attic = BeaconProcess::new(world.dir(), "attic", &holder.config());
    let mut barn = BeaconProcess::new(world.dir(), "barn", &taker.config());
    barn.points_at(&attic);
    share(&[&attic, &barn], 2, &by_file);
    for beacon in [&attic, &barn] {
        let mut file = collection(2, &by_file);
        let links = by_magnet.iter().map(|(torrent, kind)| json!({ "magnet": link(torrent, kind) }));
        file["torrents"].as_array_mut().expect("a list").extend(links);
        fs::write(beacon.collections_dir().join("town.json"), file.to_string()).expect("a collection file");
    }
    attic.start();
    barn.start();

    until("every torrent has two copies", SPREAD_TIME_MAX, || {
        attic.counts(COLLECTION, |_| 2)?;
        barn.counts(COLLECTION, |_| 2)
    });
    for torrent in all {
        let entry = taker.api().torrent(torrent).expect("it was fetched");
        torrent.assert_data(&PathBuf::from(entry["save_path"].as_str().expect("a path")));
    }
    let listed = barn.torrents(COLLECTION).expect("a list");
    assert_eq!(listed.len(), 8);
    for entry in listed {
        assert_eq!((&entry["here"], &entry["progress"]), (&"held".into(), &Value::from(1.0)), "{entry}");
    }
}

fn link(torrent: &TestTorrent, kind: &str) -> String {
    match (kind, &torrent.v2_hash) {
        ("v2", Some(hash)) => format!("magnet:?xt=urn:btmh:1220{hash}&dn=named"),
        ("base32", _) => {
            let hash = HEXLOWER.decode(torrent.info_hash.as_bytes()).expect("hexadecimal");
            format!("magnet:?xt=urn:btih:{}&xl={}", BASE32.encode(&hash), torrent.size())
        }
        _ => format!("magnet:?xt=urn:btih:{}", torrent.info_hash),
    }
}
