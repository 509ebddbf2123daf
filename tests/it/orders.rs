//! Orders outlive the program, however it ends. No client answers here: none is needed.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};

use serde_json::{Value, json};

use crate::support::{BeaconProcess, COLLECTION, TestTorrent, World, share, until};

#[test]
fn what_was_answered_holds_after_the_beacon_was_killed() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let url = format!("http://{}", silent.local_addr().expect("bound"));
    let world = World::new();
    let mut beacon = BeaconProcess::new(world.dir(), "attic", &json!({ "type": "qbittorrent", "url": url }));
    let torrent = TestTorrent::single("letters.zip", 1_000, 1);
    share(&[&beacon], 2, std::slice::from_ref(&torrent));
    beacon.start();
    let listed = |beacon: &BeaconProcess| beacon.torrent(COLLECTION, &torrent).map(drop);
    until("the collection is read", Duration::from_secs(10), || listed(&beacon));
    let token = fs::read_to_string(beacon.data_dir().join("api.token")).expect("a token");

    beacon.order(&["pin", &torrent.info_hash]).expect("pinned");
    beacon.order(&["drain", "--until", "2999-12-31"]).expect("draining");
    beacon.kill9();
    beacon.start();
    until("the collection is read again", Duration::from_secs(10), || listed(&beacon));
    assert_eq!(fs::read_to_string(beacon.data_dir().join("api.token")).expect("a token"), token);
    assert_eq!(beacon.status().expect("a status")["drain"]["until"], "2999-12-31T00:00:00.000Z");
    beacon.order(&["unpin", &torrent.info_hash]).expect("it was pinned");
    beacon.order(&["drain", "--stop"]).expect("it was drained");

    beacon.kill9();
    beacon.start();
    until("the collection is read again", Duration::from_secs(10), || listed(&beacon));
    assert_eq!(beacon.status().expect("a status")["drain"], Value::Null);
    let refused = beacon.order(&["unpin", &torrent.info_hash]).expect_err("it is not pinned any more");
    assert!(refused.contains("is not pinned"), "{refused}");
}
