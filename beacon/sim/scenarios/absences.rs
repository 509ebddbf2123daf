//! Beacons that go away: for a while, again and again, cut off, or for ever.

use std::time::Duration;

use super::{
    Expectation, Staged,
    tools::{MB, MET, SAFE, minute, patient, reclaims_after, settled, torrents},
};
use crate::{
    model::Rng,
    sim::{Act, Scenario},
};

pub(super) const FLAPPING_THIRD: &str = "flapping-third";
pub(super) const FLAPPING_THIRD_ABOUT: &str =
    "of 30 beacons a third crashes and returns every few minutes for two hours; 300 torrents of 3 copies";
pub(super) const ZONE_LOSS: &str = "zone-loss";
pub(super) const ZONE_LOSS_ABOUT: &str =
    "18 beacons in 3 zones, of which one is lost for ever; every torrent has copies in all of them";
pub(super) const PARTITION: &str = "partition";
pub(super) const PARTITION_ABOUT: &str =
    "two halves of 20 beacons do not reach each other for three hours; both repair, then the surplus goes";

/// Ten of thirty beacons are away for two to eight minutes, and there for as long, in turns of their own. Patience is ten
/// minutes with two copies left, and five with one.
pub(super) fn flapping_third(seed: u64) -> Staged {
    let mut rng = Rng::new(seed);
    let beacons = settled(&mut rng, 30, 300, 3);
    let mut acts = Vec::new();
    for beacon in (0..30).step_by(3) {
        let mut at = minute(15) + Duration::from_secs(rng.below(300) as u64);
        while at < minute(135) {
            acts.push((at, Act::Crash(beacon)));
            at += Duration::from_secs(120 + rng.below(360) as u64);
            acts.push((at, Act::Start(beacon)));
            at += Duration::from_secs(120 + rng.below(360) as u64);
        }
    }
    let reclaim = reclaims_after(Duration::from_hours(1), Duration::ZERO);
    let scenario = Scenario::new(seed, torrents(300, 3, 20 * MB), beacons);
    Staged {
        name: FLAPPING_THIRD,
        about: FLAPPING_THIRD_ABOUT,
        scenario: Scenario { timing: patient(), reclaim, acts, ..scenario },
        lasts: Duration::from_hours(4),
        expectations: vec![
            MET,
            Expectation {
                text: "over two hours fewer copies are fetched than a tenth of those there are",
                holds: |report| report.fetches < 90,
            },
            Expectation { text: "nothing is fetched that was just deleted", holds: |report| report.refetches == 0 },
            SAFE,
        ],
    }
}

/// Each torrent has one copy in each of three zones. After 20 minutes one zone burns down.
pub(super) fn zone_loss(seed: u64) -> Staged {
    const ZONES: usize = 3;
    const EACH: usize = 6;
    let mut rng = Rng::new(seed);
    let mut beacons = settled(&mut rng, ZONES * EACH, 0, 0);
    for (place, spec) in beacons.iter_mut().enumerate() {
        ["attic", "bunker", "cellar"][place / EACH].clone_into(&mut spec.zone);
    }
    for torrent in 0..200 {
        for zone in 0..ZONES {
            beacons[zone * EACH + rng.below(EACH)].held.push(torrent);
        }
    }
    let acts = (0..EACH).map(|beacon| (minute(20), Act::Lose(beacon))).collect();
    let scenario = Scenario::new(seed, torrents(200, 3, 20 * MB), beacons);
    Staged {
        name: ZONE_LOSS,
        about: ZONE_LOSS_ABOUT,
        scenario: Scenario { timing: patient(), acts, ..scenario },
        lasts: Duration::from_hours(1),
        expectations: vec![
            MET,
            Expectation { text: "exactly what was lost is fetched", holds: |report| report.fetches == 200 },
            Expectation { text: "no duplicate fetch", holds: |report| report.duplicate_fetches == 0 },
            Expectation { text: "nothing is deleted", holds: |report| report.deletions == 0 },
            SAFE,
        ],
    }
}

/// Both halves make anew what they take for lost. Afterwards there are up to six copies, of which three are wanted.
pub(super) fn partition(seed: u64) -> Staged {
    let mut rng = Rng::new(seed);
    let beacons = settled(&mut rng, 20, 200, 3);
    let half = (0..20).filter(|place| place % 2 == 0).collect();
    let acts = vec![(minute(15), Act::Part(vec![half])), (minute(15 + 180), Act::Join)];
    let reclaim = reclaims_after(Duration::from_mins(30), Duration::from_mins(30));
    let scenario = Scenario::new(seed, torrents(200, 3, 20 * MB), beacons);
    Staged {
        name: PARTITION,
        about: PARTITION_ABOUT,
        scenario: Scenario { timing: patient(), reclaim, acts, ..scenario },
        lasts: Duration::from_hours(8),
        expectations: vec![
            SAFE,
            MET,
            Expectation {
                text: "the surplus is gone: three copies of each torrent",
                holds: |report| report.copies_histogram == [0, 0, 0, 200],
            },
            Expectation {
                text: "what was fetched to the end is what is deleted, and nothing twice",
                holds: |report| report.fetches - report.cancels == report.deletions && report.refetches == 0,
            },
        ],
    }
}
