//! Whether a run in which everything arrives, and everyone tries again, deletes the surplus.

use beacon::model::Domain;

use super::{
    rules::apply,
    variant::{Flaw, Variant},
    world::{Beacon, Message, Process, Step, World},
};

/// In which order the messages of a round arrive.
#[derive(Debug, Clone, Copy)]
enum Order {
    Ascending,
    Descending,
}

/// Whether a fair run from here ends with exactly the target's copies and nothing half done, in either order.
pub(crate) fn ends_well(variant: &Variant, world: &World) -> bool {
    [Order::Ascending, Order::Descending].into_iter().all(|order| {
        let mut world = world.clone();
        // One for what is under way already, and one for each copy too many.
        let surplus = world.copies().saturating_sub(usize::from(variant.target));
        for _ in 0..=surplus {
            round(variant, &mut world, order);
        }
        world.copies() == usize::from(variant.target) && world.beacons.iter().all(Beacon::is_settled)
    })
}

/// Everyone who may be granted enough begins to attempt at the same moment, which is the worst; then every message arrives
/// once, who is granted enough deletes, and who is not gives up.
fn round(variant: &Variant, world: &mut World, order: Order) {
    let honest = variant.beacons - variant.liars;
    (0..honest).for_each(|number| recover(variant, world, number));
    for number in 0..honest {
        let beacon = &world.beacons[number];
        let rests = !beacon.is_attempting() && !beacon.claim.is_committed();
        if beacon.copy && rests && (may_be_granted(variant, world, number) || variant.has_flaw(Flaw::AsksInVain)) {
            apply(variant, world, Step::Attempt(number));
        }
    }
    while let Some(message) = next(world, order) {
        apply(variant, world, Step::Deliver(message));
    }
    for number in 0..honest {
        if world.beacons[number].claim.is_committed() {
            delete(variant, world, number);
        } else {
            apply(variant, world, Step::GiveUp(number));
        }
    }
}

/// Who has crashed starts again, and clients carry out what they were commanded.
fn recover(variant: &Variant, world: &mut World, number: usize) {
    if world.beacons[number].process == Process::Down {
        apply(variant, world, Step::Restart(number));
    }
    if world.beacons[number].process == Process::Started {
        apply(variant, world, Step::SeeClient(number));
    }
    while world.beacons[number].commands > 0 {
        apply(variant, world, Step::Delete(number));
    }
}

/// Whether the grants of all others with a copy, and of the liars, who claim one, would be enough.
fn may_be_granted(variant: &Variant, world: &World, number: usize) -> bool {
    let claims_copy = |other: &usize| world.beacons[*other].copy || variant.is_liar(*other);
    let others = (0..variant.beacons).filter(|other| *other != number).filter(claims_copy);
    let domains: Vec<Domain> = others.map(|other| variant.domain(other)).collect();
    variant.terms().are_met(&domains)
}

/// Does what is left to do of a deletion that is decided.
fn delete(variant: &Variant, world: &mut World, number: usize) {
    if world.beacons[number].copy {
        if !world.beacons[number].written_ahead {
            apply(variant, world, Step::WriteAhead(number));
        }
        apply(variant, world, Step::Command(number));
        apply(variant, world, Step::Delete(number));
    }
    apply(variant, world, Step::Finish(number));
}

/// Takes the next message out of the network.
fn next(world: &mut World, order: Order) -> Option<Message> {
    match order {
        Order::Ascending => world.network.pop_first(),
        Order::Descending => world.network.pop_last(),
    }
}
