//! Budgets are hard.

use std::{collections::BTreeSet, time::Duration};

use crate::support::{
    BeaconProcess, COLLECTION, QbtVersion, RealQbittorrent, TestTorrent, World, share, throughout, until,
};

const SPREAD_TIME_MAX: Duration = Duration::from_mins(1);
const SETTLED_TIME: Duration = Duration::from_secs(10);
const BUDGET: usize = 500_000;

#[test]
fn a_beacon_with_room_for_one_torrent_takes_exactly_that_one() {
    let world = World::new();
    let fits = TestTorrent::single("fits.bin", 400_000, 1);
    let too_large = [TestTorrent::single("large.bin", 700_000, 2), TestTorrent::single("larger.bin", 900_000, 3)];
    let also_fits_alone = TestTorrent::single("fits-alone.bin", 400_000, 4);
    let torrents = [too_large.to_vec(), vec![fits, also_fits_alone]].concat();

    let holder = RealQbittorrent::start(QbtVersion::Bookworm452, &world.dir().join("holder"));
    let taker = RealQbittorrent::start(QbtVersion::Bookworm452, &world.dir().join("taker"));
    let library = world.dir().join("library");
    for torrent in &torrents {
        torrent.write_data(&library);
        holder.api().add_by_hand(torrent, &library, "", "");
    }

    let mut attic = BeaconProcess::new(world.dir(), "attic", &holder.config());
    let mut shed = BeaconProcess::new(world.dir(), "shed", &taker.config());
    shed.config["storage"]["budget"] = format!("{BUDGET} B").into();
    shed.points_at(&attic);
    share(&[&attic, &shed], 2, &torrents);
    attic.start();
    shed.start();

    let within_budget = || {
        let listed: BTreeSet<String> = taker.api().hashes()?;
        let bytes: usize = torrents.iter().filter(|t| listed.contains(&t.info_hash)).map(TestTorrent::size).sum();
        let storage = shed.status()?["storage"].clone();
        let said = storage["used"].as_u64().unwrap_or(u64::MAX) + storage["reserved"].as_u64().unwrap_or(u64::MAX);
        if bytes > BUDGET || said > BUDGET as u64 { Err(format!("{bytes} bytes taken; {storage}")) } else { Ok(()) }
    };
    until("it has taken one", SPREAD_TIME_MAX, || {
        within_budget().expect("never over the budget");
        match taker.api().complete()?.len() {
            1 => Ok(()),
            complete => Err(format!("{complete} are complete; {}", shed.plan()?)),
        }
    });
    throughout("it takes nothing more", SETTLED_TIME, || {
        within_budget()?;
        let listed = taker.api().hashes()?;
        if listed.len() == 1 { Ok(()) } else { Err(format!("it has {listed:?}")) }
    });

    let counts = shed.status().expect("a status")["collections"][0].clone();
    assert_eq!((&counts["met"], &counts["under"]), (&1.into(), &3.into()), "{counts}");
    let unplaced = attic.plan().expect("a plan")["unplaced"].clone();
    assert_eq!(unplaced.as_array().map(Vec::len), Some(3), "what cannot be placed is said: {unplaced}");
    let detail = shed.torrent(COLLECTION, &torrents[0]).expect("it is listed");
    assert_eq!((&detail["copies"], &detail["here"]), (&1.into(), &"absent".into()));
}
