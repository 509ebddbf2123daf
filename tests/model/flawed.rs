//! A model with a part of the rule left out must be found wrong, and right with that part put back.

use stateright::Model;

use super::{
    check::{ENOUGH, FAIR, shortest_violation},
    safe::holds,
    variant::{Extra, Flaw, Variant},
};

const THREE: Variant = Variant::new(3, 2);

/// Finds the shortest way to harm that a flaw opens, and that there is none once it is mended.
fn breaks_only_with(flaw: Flaw, mended: &Variant) {
    is_found(&format!("{flaw:?}"), &mended.clone().with_flaw(flaw), ENOUGH);
    holds(&format!("without {flaw:?}"), mended);
}

#[expect(clippy::print_stderr, reason = "`--nocapture` shows the figures that the docs quote")]
fn is_found(name: &str, flawed: &Variant, property: &'static str) {
    let steps = shortest_violation(flawed, property).expect(name);
    let listed: Vec<String> = steps.iter().map(|step| format!("\n    {step:?}")).collect();
    eprintln!("{name}: \"{property}\" is broken after {} steps:{}", steps.len(), listed.concat());
    let mut world = flawed.init_states().remove(0);
    let condition = flawed.property(property).condition;
    for step in steps {
        assert!(condition(flawed, &world), "not before the last step");
        world = flawed.next_state(&world, step).expect("a step that changes something");
    }
    assert!(!condition(flawed, &world), "{name}: {world:?}");
}

#[test]
fn counting_what_others_once_told_is_unsafe() {
    breaks_only_with(Flaw::CountsStatuses, &THREE);
}

#[test]
fn a_crash_without_write_ahead_is_unsafe() {
    breaks_only_with(Flaw::NoWriteAhead, &Variant { crashes: 1, ..THREE });
}

#[test]
fn a_nonce_used_again_after_a_crash_is_unsafe() {
    breaks_only_with(Flaw::ReusesNonces, &Variant { crashes: 1, ..THREE });
}

#[test]
fn one_liar_without_a_margin_is_unsafe() {
    let mended = Variant { liars: 1, margin: 1, ..Variant::new(4, 2) };
    is_found("a liar, no margin", &Variant { margin: 0, ..mended.clone() }, ENOUGH);
    holds("a liar, margin 1", &mended);
}

#[test]
fn granting_while_attempting_is_unsafe() {
    breaks_only_with(Flaw::GrantsAndGoesOn, &THREE);
}

#[test]
fn granting_after_a_restart_before_looking_is_unsafe() {
    breaks_only_with(Flaw::GrantsUnseen, &Variant { crashes: 1, ..THREE });
}

#[test]
fn taking_back_a_decision_while_a_command_is_under_way_is_unsafe() {
    breaks_only_with(Flaw::UndoesUnderCommand, &Variant { extras: &[Extra::Undo], ..THREE });
}

#[test]
fn counting_on_a_copy_that_returned_while_a_command_is_under_way_is_unsafe() {
    breaks_only_with(Flaw::FetchesUnderCommand, &Variant { fetches: 1, crashes: 1, ..THREE });
}

#[test]
fn grants_of_any_domain_do_not_keep_the_domains() {
    breaks_only_with(Flaw::IgnoresDomains, &Variant { domains: Some(&[0, 0, 1]), ..THREE });
}

#[test]
fn without_giving_way_a_fair_run_may_delete_nothing() {
    let mended = Variant { extras: &[Extra::FairRuns], ..THREE };
    is_found("never gives way", &mended.clone().with_flaw(Flaw::NeverGivesWay), FAIR);
    holds("gives way", &mended);
}

#[test]
fn where_those_who_ask_in_vain_come_first_a_fair_run_may_delete_nothing() {
    let mended = Variant { domains: Some(&[0, 0, 1]), extras: &[Extra::FairRuns], ..THREE };
    is_found("asks in vain", &mended.clone().with_flaw(Flaw::AsksInVain), FAIR);
    holds("asks only where it may be granted", &mended);
}
