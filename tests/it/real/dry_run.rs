//! Beside a qBittorrent nothing is done until the user says so.

use std::time::Duration;

use crate::support::{
    BeaconProcess, COLLECTION, QbtVersion, RealQbittorrent, TestTorrent, World, share, throughout, until,
};

const PLAN_TIME_MAX: Duration = Duration::from_secs(30);
const SETTLED_TIME: Duration = Duration::from_secs(10);

#[test]
fn without_a_mode_the_plan_is_shown_and_nothing_is_added() {
    let world = World::new();
    let torrents = [TestTorrent::single("letters.zip", 100_000, 1), TestTorrent::single("maps.zip", 200_000, 2)];
    let holder = RealQbittorrent::start(QbtVersion::Bookworm452, &world.dir().join("holder"));
    let watched = RealQbittorrent::start(QbtVersion::Trixie510, &world.dir().join("watched"));
    let library = world.dir().join("library");
    for torrent in &torrents {
        torrent.write_data(&library);
        holder.api().add_by_hand(torrent, &library, "", "");
    }

    let mut attic = BeaconProcess::new(world.dir(), "attic", &holder.config());
    let mut loft = BeaconProcess::new(world.dir(), "loft", &watched.config());
    loft.config.as_object_mut().expect("an object").remove("mode");
    loft.points_at(&attic);
    share(&[&attic, &loft], 2, &torrents);
    attic.start();
    loft.start();

    until("the plan shows both fetches", PLAN_TIME_MAX, || {
        let plan = loft.plan()?;
        let fetches = plan["actions"].as_array().map_or(0, |actions| {
            actions.iter().filter(|action| action["kind"] == "fetch" && action["reason"] != "").count()
        });
        if fetches == 2 && plan["mode"] == "dry-run" { Ok(()) } else { Err(plan.to_string()) }
    });
    throughout("nothing is added", SETTLED_TIME, || match watched.api().hashes()? {
        hashes if hashes.is_empty() => Ok(()),
        hashes => Err(format!("it added {hashes:?}")),
    });
    assert_eq!(loft.status().expect("a status")["beacon"]["mode"], "dry-run");
    attic.counts(COLLECTION, |_| 1).expect("an observer is not expected to fetch");
}
