//! Beacons that deceive.

use std::time::Duration;

use super::{
    Expectation, Staged,
    tools::{MB, SAFE, USERS_OWN, minute, patient, reclaims_after, settled, torrents},
};
use crate::{
    model::Rng,
    node::ReclaimSettings,
    sim::{Act, Lie, Scenario},
};

pub(super) const BYZANTINE_MINORITY: &str = "byzantine-minority";
pub(super) const BYZANTINE_MINORITY_ABOUT: &str = "of 15 beacons 5 deceive: two claim everything, one of them grants everything, one denies all, one equivocates, one replays; margin 2";

/// Target 3, and every torrent has seven honest copies, so there is much to delete. Two beacons claim copies that they do not
/// have, hence a margin of two: a deletion needs five grants.
pub(super) fn byzantine_minority(seed: u64) -> Staged {
    let mut rng = Rng::new(seed);
    let mut beacons = settled(&mut rng, 10, 100, 7);
    for lie in Lie::ALL {
        let mut liar = beacons[0].clone();
        liar.neighbors = vec![rng.below(10)];
        liar.held.clear();
        liar.lie = Some(lie);
        beacons.push(liar);
    }
    let reclaim = reclaims_after(Duration::from_mins(10), Duration::from_mins(10));
    let scenario = Scenario::new(seed, torrents(100, 3, 20 * MB), beacons);
    Staged {
        name: BYZANTINE_MINORITY,
        about: BYZANTINE_MINORITY_ABOUT,
        scenario: Scenario {
            timing: patient(),
            reclaim: ReclaimSettings { margin: 2, ..reclaim },
            acts: vec![(minute(60), Act::Crash(0)), (minute(65), Act::Start(0))],
            ..scenario
        },
        lasts: Duration::from_hours(4),
        expectations: vec![
            SAFE,
            USERS_OWN,
            Expectation { text: "surplus goes all the same", holds: |report| report.deletions > 0 },
            Expectation { text: "every torrent has its copies at honest beacons", holds: |report| report.lacking == 0 },
        ],
    }
}
