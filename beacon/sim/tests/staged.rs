//! The scenarios that have names, as far as they are short.

use crate::sim::scenarios::{LIST, find};

#[test]
fn the_smaller_scenarios_come_out_as_they_should() {
    for name in ["worked-example", "zone-loss"] {
        let staged = find(name, 3).expect("a scenario");
        let outcome = staged.play();
        assert!(outcome.failures.is_empty(), "{name}: {:?} {:?}", outcome.failures, outcome.report);
    }
}

#[test]
fn every_scenario_has_a_name_of_its_own_and_can_be_found_by_it() {
    for (place, entry) in LIST.iter().enumerate() {
        assert!(LIST[..place].iter().all(|other| other.name != entry.name));
        let staged = entry.stage.map(|stage| stage(1));
        assert_eq!(find(entry.name, 1).map(|staged| staged.name), staged.map(|staged| staged.name));
    }
    assert!(find("no-such-scenario", 1).is_none());
}
