//! Stopping in any way loses nothing.

use std::{collections::BTreeSet, thread, time::Duration};

use crate::support::{
    BeaconProcess, COLLECTION, Dice, QbtVersion, RealQbittorrent, TestTorrent, World, share, throughout, until,
};

const SPREAD_TIME_MAX: Duration = Duration::from_mins(1);
const SETTLED_TIME: Duration = Duration::from_secs(5);
const KILLS: usize = 8;
const SEED: u64 = 20_260_401;

#[test]
fn kills_at_any_moment_lose_nothing_and_a_stop_is_quick() {
    let world = World::new();
    let sized = |index: u64| TestTorrent::single(&format!("box-{index}.bin"), 200_000, index);
    let torrents: Vec<TestTorrent> = (0..5).map(sized).collect();
    let holder = RealQbittorrent::start(QbtVersion::Trixie510, &world.dir().join("holder"));
    let taker = RealQbittorrent::start(QbtVersion::Bookworm452, &world.dir().join("taker"));
    let library = world.dir().join("library");
    for torrent in &torrents {
        torrent.write_data(&library);
        holder.api().add_by_hand(torrent, &library, "", "");
    }
    let mut attic = BeaconProcess::new(world.dir(), "attic", &holder.config());
    let mut barn = BeaconProcess::new(world.dir(), "barn", &taker.config());
    barn.points_at(&attic);
    share(&[&attic, &barn], 2, &torrents);
    attic.start();

    let mut dice = Dice::new(SEED);
    for _ in 0..KILLS {
        barn.launch();
        // The moment of the kill is what is tested, so here nothing is waited for.
        thread::sleep(Duration::from_millis(dice.between(20, 4_000)));
        barn.kill9();
    }

    barn.start();
    let id = barn.status().expect("a status")["beacon"]["id"].clone();
    until("everything has its copies", SPREAD_TIME_MAX, || {
        attic.counts(COLLECTION, |_| 2)?;
        barn.counts(COLLECTION, |_| 2)
    });
    let all: BTreeSet<String> = torrents.iter().map(|torrent| torrent.info_hash.clone()).collect();
    assert_eq!(taker.api().complete(), Ok(all.clone()));
    let knows_its_own = |barn: &BeaconProcess| {
        for torrent in barn.torrents(COLLECTION)? {
            // A torrent that the ledger has lost would pass for the user's own: `pinned`.
            if torrent["here"] != "held" {
                return Err(format!("not known as its own: {torrent}"));
            }
        }
        Ok(())
    };
    until("it knows what it added", SPREAD_TIME_MAX, || knows_its_own(&barn));

    barn.terminate();
    barn.start();
    assert_eq!(barn.status().expect("a status")["beacon"]["id"], id, "its identity stays");
    until("it knows what it added, again", SPREAD_TIME_MAX, || knows_its_own(&barn));
    throughout("nothing is fetched or lost", SETTLED_TIME, || {
        let complete = taker.api().complete()?;
        if complete == all { Ok(()) } else { Err(format!("{complete:?}")) }
    });
    attic.terminate();
}
