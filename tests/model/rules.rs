//! What can happen next, and what comes of it. Everything about a [`Claim`] is left to the struct itself.

use beacon::protocol::Claim;

use super::{
    variant::{Extra, Flaw, Variant},
    world::{Beacon, Message, Process, Step, World, id, nonce},
};

/// Everything that can happen next, some of which may change nothing.
pub(crate) fn possible(variant: &Variant, world: &World, steps: &mut Vec<Step>) {
    for (number, beacon) in world.beacons.iter().enumerate().filter(|(number, _)| !variant.is_liar(*number)) {
        if beacon.commands > 0 {
            steps.push(Step::Delete(number));
        }
        match beacon.process {
            Process::Down => steps.push(Step::Restart(number)),
            Process::Started => steps.push(Step::SeeClient(number)),
            Process::Running => possible_while_running(variant, world, number, steps),
        }
        if beacon.process != Process::Down && world.crashes < variant.crashes {
            steps.push(Step::Crash(number));
        }
    }
    steps.extend(world.network.iter().copied().map(Step::Deliver));
}

/// What a beacon that runs and knows its client can do of itself.
fn possible_while_running(variant: &Variant, world: &World, number: usize, steps: &mut Vec<Step>) {
    let beacon = &world.beacons[number];
    let may_command = beacon.written_ahead || variant.has_flaw(Flaw::NoWriteAhead);
    // A command may be given a second time, which matters only where the copy can come back in between.
    let commands_max = if variant.fetches > 0 { 2 } else { 1 };
    if beacon.is_attempting() {
        steps.push(Step::GiveUp(number));
    } else if !beacon.claim.is_committed() {
        if beacon.copy && beacon.attempts < variant.attempts {
            steps.push(Step::Attempt(number));
        }
        let is_quiet = beacon.commands == 0 || variant.has_flaw(Flaw::FetchesUnderCommand);
        if !beacon.copy && is_quiet && world.fetches < variant.fetches {
            steps.push(Step::Fetch(number));
        }
    } else if !beacon.copy {
        steps.push(Step::Finish(number));
    } else {
        if !may_command {
            steps.push(Step::WriteAhead(number));
        } else if beacon.commands < commands_max {
            steps.push(Step::Command(number));
        }
        if variant.has(Extra::Undo) && (beacon.commands == 0 || variant.has_flaw(Flaw::UndoesUnderCommand)) {
            steps.push(Step::Undo(number));
        }
    }
}

/// Lets something happen.
pub(crate) fn apply(variant: &Variant, world: &mut World, step: Step) {
    happen(variant, world, step);
    if !variant.has(Extra::OldMessages) && !variant.has_flaw(Flaw::ReusesNonces) {
        forget(world);
    }
}

/// Drops messages of attempts that are over.
pub(crate) fn forget(world: &mut World) {
    let World { beacons, network, .. } = world;
    network.retain(|message| match message {
        Message::Ask { from: asker, nonce: number, .. } | Message::Answer { to: asker, nonce: number, .. } => {
            beacons[usize::from(*asker)].claim.nonce() == Some(&nonce(*asker, *number))
        }
        Message::Held { .. } => true,
    });
}

fn happen(variant: &Variant, world: &mut World, step: Step) {
    match step {
        Step::Attempt(number) => attempt(variant, world, number),
        Step::Deliver(message) => deliver(variant, world, message),
        Step::Crash(number) => {
            world.crashes += 1;
            crash(variant, &mut world.beacons[number]);
        }
        Step::Fetch(number) => {
            world.fetches += 1;
            world.beacons[number].copy = true;
        }
        Step::GiveUp(number) => world.beacons[number].claim.give_up(),
        Step::WriteAhead(number) => world.beacons[number].written_ahead = true,
        Step::Command(number) => world.beacons[number].commands += 1,
        Step::Delete(number) => {
            world.beacons[number].commands -= 1;
            world.beacons[number].copy = false;
        }
        Step::Finish(number) | Step::Undo(number) => {
            world.beacons[number].written_ahead = false;
            world.beacons[number].claim.end();
        }
        Step::Restart(number) => restart(variant, &mut world.beacons[number]),
        Step::SeeClient(number) => {
            let beacon = &mut world.beacons[number];
            beacon.process = Process::Running;
            if variant.has_flaw(Flaw::GrantsUnseen) {
                beacon.claim = Claim::after_restart(beacon.written_ahead);
            }
        }
    }
}

/// Begins an attempt under the next nonce and asks everyone else.
fn attempt(variant: &Variant, world: &mut World, number: usize) {
    let (from, others) = (short(number), 0..short(world.beacons.len()));
    let beacon = &mut world.beacons[number];
    let number = beacon.attempts;
    assert!(beacon.claim.attempt(nonce(from, number), variant.terms()), "it rested");
    beacon.attempts += 1;
    if !variant.has_flaw(Flaw::CountsStatuses) {
        let asks = others.filter(|to| *to != from).map(|to| Message::Ask { from, to, nonce: number });
        world.network.extend(asks);
    }
}

fn deliver(variant: &Variant, world: &mut World, message: Message) {
    match message {
        Message::Ask { from, to, nonce } => {
            let answer = answer(variant, &mut world.beacons[usize::from(to)], from, to);
            if let Some(granted) = answer
                && (granted || variant.has(Extra::Refusals))
            {
                world.network.insert(Message::Answer { from: to, to: from, nonce, granted });
            }
        }
        Message::Answer { from, to, nonce: number, granted } => {
            let (nonce, holder) = (nonce(to, number), id(from));
            let claim = &mut world.beacons[usize::from(to)].claim;
            if granted {
                claim.take_grant(&nonce, holder, variant.domain(usize::from(from)));
            } else {
                claim.take_refusal(&nonce, holder);
            }
        }
        Message::Held { from, to } => {
            let claim = &mut world.beacons[usize::from(to)].claim;
            if let Some(nonce) = claim.nonce().copied() {
                claim.take_grant(&nonce, id(from), variant.domain(usize::from(from)));
            }
        }
    }
}

/// Whether `to` grants to `from`; nothing where it does not answer at all.
fn answer(variant: &Variant, beacon: &mut Beacon, from: u8, to: u8) -> Option<bool> {
    if variant.is_liar(usize::from(to)) {
        return Some(true);
    }
    if beacon.process == Process::Down {
        return None;
    }
    let holds = beacon.copy && (beacon.process == Process::Running || variant.has_flaw(Flaw::GrantsUnseen));
    let before = beacon.claim.clone();
    let granted = beacon.claim.ask(holds, variant.precedes(from, to)).is_ok();
    if variant.has_flaw(Flaw::GrantsAndGoesOn) {
        beacon.claim = before;
    } else if before.nonce().is_some() && granted && variant.has(Extra::NotesGivingWay) {
        beacon.gave_way = true;
    }
    Some(granted)
}

/// Loses what is not on the disk.
fn crash(variant: &Variant, beacon: &mut Beacon) {
    beacon.claim = Claim::default();
    beacon.process = Process::Down;
    if variant.has_flaw(Flaw::ReusesNonces) {
        beacon.attempts = 0;
    }
}

/// Reads the ledger.
fn restart(variant: &Variant, beacon: &mut Beacon) {
    beacon.process = Process::Started;
    beacon.claim = Claim::after_restart(beacon.written_ahead && !variant.has_flaw(Flaw::GrantsUnseen));
}

/// The number of a beacon as messages carry it.
fn short(number: usize) -> u8 {
    u8::try_from(number).expect("few beacons")
}
