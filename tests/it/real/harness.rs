//! That the tests' own tools work: without this, a fault of theirs would look like one of the program.

use std::{collections::BTreeSet, time::Duration};

use crate::support::{PASSWORD, QbtApi, QbtVersion, RealQbittorrent, TestTorrent, World, until};

const CHECK_TIME_MAX: Duration = Duration::from_secs(30);

fn complete_is(api: &QbtApi, torrents: &[&TestTorrent]) {
    let expected: BTreeSet<String> = torrents.iter().map(|torrent| torrent.info_hash.clone()).collect();
    until("the client has checked its data", CHECK_TIME_MAX, || {
        let complete = api.complete()?;
        if complete == expected { Ok(()) } else { Err(format!("{complete:?} are complete; {:?}", api.torrents()?)) }
    });
}

#[test]
fn both_clients_find_complete_what_is_there_and_keep_it_over_a_crash() {
    let world = World::new();
    let single = TestTorrent::single("letters.zip", 100_000, 1);
    let folder = TestTorrent::folder("photos", &[("1901/a.jpg", 50_000), ("b.jpg", 7)], 2);
    for (version, name) in [(QbtVersion::Bookworm452, "old"), (QbtVersion::Trixie510, "new")] {
        let mut client = RealQbittorrent::start(version, &world.dir().join(name));
        for torrent in [&single, &folder] {
            let dir = world.dir().join(format!("{name}-data"));
            torrent.write_data(&dir);
            torrent.assert_data(&dir);
            client.api().add_by_hand(torrent, &dir, "", "");
        }
        complete_is(client.api(), &[&single, &folder]);
        assert_eq!(client.api().torrent(&folder).expect("it has it")["total_size"], folder.size());
        client.kill9();
        client.start_again();
        complete_is(client.api(), &[&single, &folder]);
        client.stop();
    }
}

#[test]
fn an_instance_with_a_password_lets_only_its_user_in() {
    let world = World::new();
    for (version, name) in [(QbtVersion::Bookworm452, "old"), (QbtVersion::Trixie510, "new")] {
        let client = RealQbittorrent::start_with_password(version, &world.dir().join(name));
        assert!(client.api().torrents().is_ok());
        let mut stranger = client.api().clone();
        assert!(stranger.log_in("admin", &PASSWORD[1..]).is_err());
    }
}
