//! Whether a run in which everything arrives, and everyone tries again, deletes the surplus.

use super::{
    rules::apply,
    variant::Variant,
    world::{Beacon, Message, Step, World},
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

/// Everyone begins to attempt at the same moment, which is the worst; then every message arrives once, who is granted
/// enough deletes, and who is not gives up.
fn round(variant: &Variant, world: &mut World, order: Order) {
    for number in 0..world.beacons.len() {
        let beacon = &world.beacons[number];
        if beacon.copy && !beacon.is_attempting() && !beacon.claim.is_committed() {
            apply(variant, world, Step::Attempt(number));
        }
    }
    while let Some(message) = next(world, order) {
        apply(variant, world, Step::Deliver(message));
    }
    for number in 0..world.beacons.len() {
        let beacon = &world.beacons[number];
        if !beacon.claim.is_committed() {
            apply(variant, world, Step::GiveUp(number));
            continue;
        }
        let (to_write, to_command) = (!beacon.written_ahead, beacon.commands == 0);
        if beacon.copy {
            if to_write {
                apply(variant, world, Step::WriteAhead(number));
            }
            if to_command {
                apply(variant, world, Step::Command(number));
            }
            apply(variant, world, Step::Delete(number));
        }
        apply(variant, world, Step::Finish(number));
    }
}

/// Takes the next message out of the network.
fn next(world: &mut World, order: Order) -> Option<Message> {
    match order {
        Order::Ascending => world.network.pop_first(),
        Order::Descending => world.network.pop_last(),
    }
}
