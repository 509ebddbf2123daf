//! Random mixes of faults: a fixed set of seeds, and some that nobody has seen before.

use crate::sim::faults::{Kind, run};

/// Plays a seed both ways.
fn check(seed: u64) {
    for kind in [Kind::Safety, Kind::Liveness] {
        let report = run(seed, kind);
        assert!(report.broken.is_empty(), "replay it with `beacon simulate --seed {seed}`: {:#?}", report.broken);
    }
}

#[test]
fn mixed_faults_of_fixed_seeds_break_nothing() {
    (0..8).for_each(check);
}
