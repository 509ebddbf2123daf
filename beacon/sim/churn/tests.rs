//! Tests of a year of churn, on seasons short enough for them.

use std::time::Duration;

use super::{ChurnReport, ChurnScenario, Kind, Patience, Policy, PolicyFigures, Surplus, run};
use crate::{model::Instant, node::NodeSettings};

const DAY: Duration = Duration::from_hours(24);

/// Two months of fifty volunteers of all kinds and two hundred torrents.
fn season(seed: u64) -> ChurnScenario {
    let kinds = vec![Kind::servers(10), Kind::home_servers(20), Kind::evening_machines(13), Kind::laptops(7)];
    ChurnScenario { days: 60, torrents: 200, ..ChurnScenario::new(seed, kinds) }
}

fn ours() -> Policy {
    Policy::ours(NodeSettings::REPAIR_DELAY)
}

/// The figures of the rules, the oracle's first.
fn played(scenario: ChurnScenario, policies: Vec<Policy>) -> (ChurnReport, Vec<PolicyFigures>) {
    let report = run(&scenario.with_policies(policies));
    let figures = std::iter::once(&report.oracle).chain(&report.policies).cloned().collect();
    (report, figures)
}

#[test]
fn equal_scenarios_give_equal_reports_and_another_seed_another() {
    let report = |seed| run(&season(seed).with_policies(vec![Policy::ceph(), ours()]));
    assert_eq!(report(1), report(1));
    assert_ne!(report(1), report(2));
}

#[test]
fn patience_costs_a_fraction_of_haste_and_loses_nothing() {
    let (report, figures) = played(season(1), vec![Policy::naive(), Policy::ceph(), ours()]);
    let [_, naive, ceph, ours] = &figures[..] else { panic!("four rules") };
    assert!(report.departures > 5, "{report}");
    assert!(figures.iter().all(|figures| figures.lost.is_empty()), "{report}");
    assert!(report.ratio(ours) < 2.0, "{report}");
    assert!(report.ratio(ceph) > 2.0 * report.ratio(ours), "{report}");
    assert!(report.ratio(naive) > report.ratio(ceph), "{report}");
    let halves = |figures: &PolicyFigures| {
        let [first, second, third, fourth] = figures.bytes_by_quarter.map(u128::from);
        (first + second, third + fourth)
    };
    let ((before, after), (before_oracle, after_oracle)) = (halves(ceph), halves(&report.oracle));
    assert!(before * after_oracle > after * before_oracle, "copies that return make later absences cheaper: {report}");
}

#[test]
fn whoever_always_returns_costs_the_oracle_nothing() {
    let mut scenario = season(3);
    scenario.kinds.iter_mut().for_each(|kind| kind.lifetime = DAY * 1_000_000);
    let (report, figures) = played(scenario, vec![Policy::naive()]);
    let [oracle, naive] = &figures[..] else { panic!("two rules") };
    assert_eq!((report.departures, oracle.fetches, oracle.bytes_moved), (0, 0, 0));
    assert_eq!((oracle.copies_mean, oracle.copies_min), (3.0, 3));
    assert!(naive.bytes_moved > 0 && naive.copies_mean > 3.0);
}

#[test]
fn doubts_that_add_up_keep_most_of_what_equal_patience_loses() {
    // Beacons that stay for half a year only, so that some leave while others are waited for.
    let mut scenario = ChurnScenario { days: 180, torrents: 300, ..ChurnScenario::new(2, vec![Kind::servers(30)]) };
    scenario.kinds[0].lifetime = DAY * 180;
    let fixed = Policy::new("fixed", Patience::Fixed(NodeSettings::REPAIR_DELAY));
    let (report, figures) = played(scenario, vec![fixed, ours()]);
    let [oracle, fixed, ours] = &figures[..] else { panic!("three rules") };
    assert!(oracle.lost.is_empty() && report.lost_needlessly(fixed) == fixed.lost.len(), "{report}");
    assert!(fixed.lost.len() >= 5 && ours.lost.len() * 5 <= fixed.lost.len(), "{report}");
    assert!(ours.last_copy * 5.0 < fixed.last_copy, "{report}");
}

#[test]
fn surplus_that_is_deleted_in_haste_is_fetched_again() {
    let reclaims = |after| ours().with_surplus(Surplus::Reclaim { max: 3, after });
    let (report, figures) = played(season(4), vec![ours(), reclaims(Duration::from_hours(1)), reclaims(DAY)]);
    let [_, keeps, hasty, patient] = &figures[..] else { panic!("four rules") };
    assert_eq!(keeps.deleted, 0);
    assert!(hasty.deleted > patient.deleted && patient.deleted > 0, "{report}");
    assert!(hasty.bytes_moved > patient.bytes_moved, "{report}");
    assert!(hasty.copies_mean < keeps.copies_mean, "{report}");
    assert!(figures.iter().all(|figures| figures.lost.is_empty()), "{report}");
}

#[test]
fn the_sums_of_a_report_agree() {
    let (report, figures) = played(season(5), vec![Policy::naive(), ours()]);
    for figures in &figures {
        assert_eq!(figures.bytes_by_quarter.iter().sum::<u64>(), figures.bytes_moved);
        assert!(figures.completed + figures.cancelled <= figures.fetches, "{report}");
        assert!(figures.live_mean <= figures.copies_mean, "{report}");
        assert!(figures.last_copy <= figures.below_target, "{report}");
    }
    assert!((report.ratio(&report.oracle) - 1.0).abs() < 1e-9);
    let text = report.to_string();
    assert!(text.contains("| oracle ") && text.contains("| naive, 60 s ") && text.contains("| ours "), "{text}");
    assert_eq!(text.lines().count(), 3 + figures.len());
    assert!(Instant::ZERO + season(5).lasts() == Instant::from_millis(60 * 86_400_000));
}
