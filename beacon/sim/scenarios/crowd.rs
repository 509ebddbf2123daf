//! Many beacons at once.

use std::time::Duration;

use super::{
    Expectation, Staged,
    tools::{MB, MET, SAFE, USERS_OWN, minute, torrents},
};
use crate::{
    model::{ByteSize, Rng},
    sim::{BeaconSpec, Scenario},
};

pub(super) const THUNDERING_JOIN: &str = "thundering-join";
pub(super) const THUNDERING_JOIN_ABOUT: &str =
    "100 empty beacons join 5 full ones within a second; 2,400 torrents lack 5 copies each";

const HOLDERS: usize = 5;
const JOINERS: usize = 100;
const TORRENTS: usize = 2_400;

/// Five beacons whose users have all torrents, each of them one, and no room for more; after ten minutes a hundred empty
/// ones with equal budgets join. No budget is ever full, so that how even the load is comes from the placement alone.
pub(super) fn thundering_join(seed: u64) -> Staged {
    let mut rng = Rng::new(seed);
    let holder = |place: usize| BeaconSpec {
        neighbors: if place == 0 { Vec::new() } else { vec![0] },
        library: (place..TORRENTS).step_by(HOLDERS).collect(),
        budget: ByteSize::ZERO,
        ..BeaconSpec::default()
    };
    let mut beacons: Vec<BeaconSpec> = (0..HOLDERS).map(holder).collect();
    beacons.extend((0..JOINERS).map(|_| BeaconSpec {
        neighbors: vec![rng.below(HOLDERS)],
        starts: minute(10) + Duration::from_millis(rng.below(1_000) as u64),
        budget: ByteSize::from_bytes(400 * 10 * MB),
        ..BeaconSpec::default()
    }));
    Staged {
        name: THUNDERING_JOIN,
        about: THUNDERING_JOIN_ABOUT,
        scenario: Scenario::new(seed, torrents(TORRENTS, 6, 10 * MB), beacons),
        lasts: Duration::from_mins(25),
        expectations: vec![
            MET,
            Expectation {
                text: "duplicate fetches are less than 1 % of the necessary ones",
                holds: |report| report.duplicate_fetches * 100 < report.necessary_fetches,
            },
            Expectation {
                text: "the fullest of those that joined holds at most 1.3 times the mean",
                holds: |report| report.fullest_over_mean.is_some_and(|times| times <= 1.3),
            },
            SAFE,
            USERS_OWN,
        ],
    }
}
