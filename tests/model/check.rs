//! What must hold, and the search for a way in which it does not.

use std::time::{Duration, Instant};

use stateright::{Checker, CheckerBuilder, Expectation, HasDiscoveries, Model, Property};

use super::{
    fair::ends_well,
    rules::{apply, possible},
    variant::{Extra, Flaw, Variant},
    world::{Beacon, Message, Process, Step, World},
};

/// Never fewer copies than the target.
pub(crate) const ENOUGH: &str = "there are never fewer copies than the target";
/// Nothing is left half done for good.
const SETTLED: &str = "where nothing more can happen, every deletion is over";
/// The surplus goes.
pub(crate) const FAIR: &str = "a fair run deletes exactly the surplus";
/// The surplus can go.
const DELETED: &str = "the whole surplus is deleted";
/// Giving way does not mean losing one's turn for good.
const GAVE_WAY: &str = "a beacon that gave way deletes its copy later";
/// Crashes hit deletions too.
const RESUMED: &str = "a beacon restarts in the middle of a deletion";
/// Copies come back.
const RETURNED: &str = "a deleted copy is fetched again";

/// What a search through every state came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Different states.
    pub(crate) states: usize,
    /// The most steps to a state, along the shortest way there.
    pub(crate) depth: usize,
    /// Wall time.
    pub(crate) took: Duration,
    /// Properties that do not hold: what must always hold and does not, with the steps there, and what must be possible
    /// and is not.
    pub(crate) broken: Vec<String>,
}

/// Goes through every state that can be reached, or until something is broken.
#[expect(clippy::disallowed_methods, reason = "it says how long it took")]
pub(crate) fn search(variant: &Variant) -> Outcome {
    let began = Instant::now();
    let checker = variant.clone().checker().finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let broken = |property: Property<Variant>| {
        let found = checker.discovery(property.name).map(stateright::Path::into_actions);
        let is_as_expected = found.is_some() == (property.expectation == Expectation::Sometimes);
        (!is_as_expected).then(|| format!("{} {:?}", property.name, found.unwrap_or_default()))
    };
    let broken = variant.properties().into_iter().filter_map(broken).collect();
    // The checker counts the first state as a step.
    Outcome { states: checker.unique_state_count(), depth: checker.max_depth() - 1, took: began.elapsed(), broken }
}

/// The fewest steps after which a property that must always hold does not; nothing where it does.
pub(crate) fn shortest_violation(variant: &Variant, property: &'static str) -> Option<Vec<Step>> {
    let search = |checker: CheckerBuilder<Variant>| {
        let found = HasDiscoveries::AnyOf([property].into());
        let found = checker.finish_when(found).spawn_bfs().join().discovery(property);
        found.map(stateright::Path::into_actions)
    };
    let mut best = search(variant.clone().checker())?;
    // The checker keeps the last that it comes upon, so a shorter one is looked for until there is none. It stops before
    // a state that is as many steps away as this depth.
    while let Some(shorter) = search(variant.clone().checker().target_max_depth(best.len() + 1)) {
        assert!(shorter.len() < best.len(), "the depth limits the search");
        best = shorter;
    }
    Some(best)
}

impl Model for Variant {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        let mut world = World::new(self.beacons, self.liars);
        if self.has_flaw(Flaw::CountsStatuses) {
            let numbers = 0..u8::try_from(self.beacons).expect("few beacons");
            let pairs = numbers.clone().flat_map(|from| numbers.clone().map(move |to| (from, to)));
            world.network.extend(pairs.filter(|(from, to)| from != to).map(|(from, to)| Message::Held { from, to }));
        }
        vec![world]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        possible(self, world, steps);
    }

    fn next_state(&self, world: &World, step: Step) -> Option<World> {
        let mut next = world.clone();
        apply(self, &mut next, step);
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always(ENOUGH, |variant: &Self, world| {
                variant.copies_that_count(world) >= usize::from(variant.target)
            }),
            Property::always(SETTLED, |variant: &Self, world| is_settled(world) || can_go_on(variant, world)),
            Property::sometimes(DELETED, |variant: &Self, world| {
                is_settled(world) && world.copies() == usize::from(variant.target)
            }),
        ];
        if self.has(Extra::FairRuns) {
            properties.push(Property::always(FAIR, |variant: &Self, world| ends_well(variant, world)));
        }
        if self.has(Extra::NotesGivingWay) {
            let gave_way = |_: &Self, world: &World| world.beacons.iter().any(|beacon| beacon.gave_way && !beacon.copy);
            properties.push(Property::sometimes(GAVE_WAY, gave_way));
        }
        if self.crashes > 0 {
            let resumed = |_: &Self, world: &World| world.beacons.iter().any(is_resuming);
            properties.push(Property::sometimes(RESUMED, resumed));
        }
        if self.fetches > 0 {
            properties.push(Property::sometimes(RETURNED, |_, world: &World| world.fetches > 0 && is_settled(world)));
        }
        properties
    }
}

fn is_settled(world: &World) -> bool {
    world.beacons.iter().all(|beacon| beacon.is_settled() && beacon.process == Process::Running)
}

fn can_go_on(variant: &Variant, world: &World) -> bool {
    let mut steps = Vec::new();
    possible(variant, world, &mut steps);
    steps.into_iter().any(|step| variant.next_state(world, step).is_some())
}

fn is_resuming(beacon: &Beacon) -> bool {
    beacon.process == Process::Started && beacon.written_ahead && beacon.copy
}
