//! Tests of the command, without a process.

use crate::cli::{Exit, test_env::TestEnv};

#[test]
fn without_a_name_the_scenarios_are_listed() {
    let ran = TestEnv::new().run(&["simulate"]);
    assert_eq!(ran.exit, Exit::Success, "{}", ran.err);
    insta::assert_snapshot!(ran.out);
}

#[test]
fn a_scenario_tells_its_figures_and_what_was_expected() {
    let ran = TestEnv::new().run(&["simulate", "worked-example"]);
    assert_eq!(ran.exit, Exit::Success, "{}", ran.err);
    let stable: Vec<&str> = ran.out.lines().filter(|line| !line.starts_with("trace")).collect();
    insta::assert_snapshot!(stable.join("\n"));
}

#[test]
fn figures_for_programs_have_every_field_that_they_rely_on() {
    let ran = TestEnv::new().run(&["--json", "simulate", "worked-example", "--seed", "2"]);
    assert_eq!(ran.exit, Exit::Success, "{}", ran.err);
    let value: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    for field in [
        "seed",
        "beacons",
        "torrents",
        "fetches",
        "deletions",
        "necessary_fetches",
        "duplicate_fetches",
        "bytes_moved",
        "bytes_needed",
        "below_target_by_deletion",
        "rounds_to_target",
        "bytes_per_beacon_per_s",
        "trace_hash",
    ] {
        assert!(!value[field].is_null(), "{field} is missing in {value}");
    }
    assert_eq!((&value["fetches"], &value["deletions"]), (&8.into(), &1.into()));
}

#[test]
fn a_name_that_is_not_known_is_an_error_that_names_the_nearest() {
    let ran = TestEnv::new().run(&["simulate", "worked-exampl"]);
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("`worked-example`"), "{}", ran.err);
}

#[test]
fn many_seeds_are_played_and_summed_up() {
    let ran = TestEnv::new().run(&["simulate", "--seeds", "0..2"]);
    assert_eq!(ran.exit, Exit::Success, "{}", ran.err);
    assert!(ran.out.contains("seeds 0 to 1, 4 runs") && ran.out.contains("broke something: none"), "{}", ran.out);
    let ran = TestEnv::new().run(&["simulate", "--seeds", "2..2"]);
    assert_eq!(ran.exit, Exit::Usage);
}

#[test]
fn a_plot_is_an_svg_that_names_its_axes() {
    let env = TestEnv::new();
    let ran = env.run(&["simulate", "worked-example", "--plot", "course.svg"]);
    assert_eq!(ran.exit, Exit::Success, "{}", ran.err);
    let svg = std::fs::read_to_string(env.path("course.svg")).expect("a file");
    assert!(svg.contains("simulated time (minutes)") && svg.contains("bytes/s per beacon"));
}
