//! Every state of the models that keep to the rule.

use std::{
    collections::{BTreeSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use stateright::Model;

use super::{
    cases::{
        FOUR, FOUR_OF_WHICH_THREE_STAY, FOUR_WITH_A_LIAR, THREE, THREE_CRASHING, THREE_IN_TWO_DOMAINS, THREE_RETURNING,
        THREE_TALKING, THREE_WITH_OLD_MESSAGES, TWO_WITH_OLD_MESSAGES,
    },
    check::search,
    rules::forget,
    variant::{Extra, Variant},
    world::World,
};

/// Goes through every state, and says how many there were.
#[expect(clippy::print_stderr, reason = "`--nocapture` shows the figures that the docs quote")]
pub(crate) fn holds(name: &str, variant: &Variant) -> usize {
    let outcome = search(variant);
    eprintln!("{name}: {} states, {} steps deep, {:.1?}", outcome.states, outcome.depth, outcome.took);
    assert_eq!(outcome.broken, Vec::<String>::new(), "{name}");
    outcome.states
}

#[test]
fn three_beacons_keep_two_copies_and_fair_runs_delete_the_third() {
    holds("three", &THREE);
}

#[test]
fn refusals_and_decisions_taken_back_change_nothing() {
    holds("three, talking", &THREE_TALKING);
}

#[test]
fn crashes_at_any_moment_change_nothing() {
    holds("three, crashing", &THREE_CRASHING);
}

#[test]
fn copies_that_return_may_be_counted_on_again() {
    holds("three, returning", &THREE_RETURNING);
}

#[test]
fn four_beacons_keep_two_copies_and_fair_runs_delete_the_others() {
    holds("four", &FOUR);
}

#[test]
fn four_beacons_keep_three_copies() {
    holds("four, of which three stay", &FOUR_OF_WHICH_THREE_STAY);
}

#[test]
fn copies_stay_in_as_many_domains_as_wanted() {
    holds("three in two domains", &THREE_IN_TWO_DOMAINS);
}

#[test]
fn a_margin_of_one_withstands_one_liar() {
    holds("four with a liar", &FOUR_WITH_A_LIAR);
}

/// That the larger models may drop messages of attempts that are over is not only argued: where all are kept, the same
/// states are reached, but for those messages. A search of another make counts them, so the checker is checked as well.
#[test]
fn messages_of_attempts_that_are_over_lead_nowhere_else() {
    for (name, all) in [("two", TWO_WITH_OLD_MESSAGES), ("three", THREE_WITH_OLD_MESSAGES)] {
        let (seen, without_old) = states(&all);
        assert_eq!(seen, holds(&format!("{name} with old messages"), &all));
        let few = Variant { extras: &[], ..all.clone() };
        assert!(all.has(Extra::OldMessages) && !few.has(Extra::OldMessages));
        assert_eq!(without_old, states(&few).1, "{name}");
    }
}

/// How many states there are, and the states without messages of attempts that are over, each by its hash.
fn states(variant: &Variant) -> (usize, BTreeSet<u64>) {
    let mut open = VecDeque::from(variant.init_states());
    let mut seen: BTreeSet<u64> = open.iter().map(hash).collect();
    let mut without_old = BTreeSet::new();
    while let Some(mut world) = open.pop_front() {
        open.extend(variant.next_states(&world).into_iter().filter(|next| seen.insert(hash(next))));
        forget(&mut world);
        without_old.insert(hash(&world));
    }
    (seen.len(), without_old)
}

fn hash(world: &World) -> u64 {
    let mut hasher = DefaultHasher::new();
    world.hash(&mut hasher);
    hasher.finish()
}
