//! What befalls the beacons of a seed.

use std::time::Duration;

use super::draw::{FAULTS_LAST, between, seconds, up_to};
use crate::{
    model::{ByteSize, Instant, Rng},
    node::{Order, view::Drain},
    sim::{Act, Scenario},
};

/// When the first thing happens: beacons have met by then.
const FIRST_AFTER: Duration = Duration::from_secs(40);

/// A list of faults in any order, all before the faults end.
pub(super) fn befall(rng: &mut Rng, scenario: &Scenario) -> Vec<(Instant, Act)> {
    let mut acts = Vec::new();
    let mut losses = scenario.beacons.iter().filter(|spec| spec.lie.is_none()).count().saturating_sub(3);
    for _ in 0..between(rng, 5, 30) {
        let span = usize::try_from(FAULTS_LAST.saturating_sub(FIRST_AFTER).as_millis()).unwrap_or(0);
        let at = Instant::ZERO + FIRST_AFTER + Duration::from_millis(rng.below(span) as u64);
        let beacon = rng.below(scenario.beacons.len());
        match rng.below(10) {
            0 => go_away(rng, &mut acts, at, beacon),
            1 => {
                let (with_client, back_after) = (rng.chance_ppm(500_000), seconds(rng, 0, 60));
                acts.push((at, Act::Trap { beacon, with_client, back_after }));
            }
            2 => flap_client(rng, &mut acts, at, beacon),
            3 => part(rng, &mut acts, at, scenario.beacons.len()),
            4 => {
                let torrent = rng.below(scenario.torrents.len());
                let by_hand = if rng.chance_ppm(500_000) {
                    Act::Add { beacon, torrent }
                } else {
                    Act::Remove { beacon, torrent }
                };
                acts.push((at, by_hand));
            }
            5 | 6 => order(rng, &mut acts, at, beacon, scenario.torrents.len()),
            7 => {
                let parts = between(rng, 2, 15) as u64;
                let budget = ByteSize::from_bytes(scenario.beacons[beacon].budget.bytes() / 10 * parts);
                acts.push((at, Act::Budget { beacon, budget }));
            }
            8 => acts.push((at, Act::Leap { beacon, by: seconds(rng, 1, 600) })),
            _ if losses > 0 && rng.chance_ppm(300_000) => {
                losses -= 1;
                acts.push((at, Act::Lose(beacon)));
            }
            _ => acts.push((
                at,
                Act::Weather {
                    loss_ppm: up_to(rng, 300_000),
                    duplicate_ppm: up_to(rng, 100_000),
                    reorder_ppm: up_to(rng, 100_000),
                },
            )),
        }
    }
    acts.retain(|(at, _)| *at < Instant::ZERO + FAULTS_LAST);
    acts
}

/// A beacon ends in one of the ways that there are, and comes back after a while.
fn go_away(rng: &mut Rng, acts: &mut Vec<(Instant, Act)>, at: Instant, beacon: usize) {
    let away = if rng.chance_ppm(500_000) { seconds(rng, 0, 10) } else { seconds(rng, 10, 240) };
    let end = match rng.below(3) {
        0 => Act::Crash(beacon),
        1 => Act::Kill(beacon),
        _ => Act::Stop(beacon),
    };
    acts.push((at, end));
    acts.push((at + away, Act::Start(beacon)));
}

/// A client goes and comes, once or again and again.
fn flap_client(rng: &mut Rng, acts: &mut Vec<(Instant, Act)>, at: Instant, beacon: usize) {
    let mut at = at;
    for _ in 0..between(rng, 1, 4) {
        acts.push((at, Act::ClientDown(beacon)));
        at += seconds(rng, 1, 60);
        acts.push((at, Act::ClientUp(beacon)));
        at += seconds(rng, 1, 30);
    }
}

/// The network falls into two, or nothing gets from some to others, for a while.
fn part(rng: &mut Rng, acts: &mut Vec<(Instant, Act)>, at: Instant, beacons: usize) {
    let mut places: Vec<usize> = (0..beacons).collect();
    rng.shuffle(&mut places);
    let some = places[..between(rng, 1, beacons / 2)].to_vec();
    let act = if rng.chance_ppm(500_000) {
        Act::Part(vec![some])
    } else {
        Act::Cut { to: places[some.len()..].to_vec(), from: some }
    };
    acts.push((at, act));
    acts.push((at + seconds(rng, 5, 240), Act::Join));
}

fn order(rng: &mut Rng, acts: &mut Vec<(Instant, Act)>, at: Instant, beacon: usize, torrents: usize) {
    let info_hash = Scenario::info_hash(rng.below(torrents));
    let order = match rng.below(4) {
        0 => Order::Pin(info_hash),
        1 => Order::Unpin(info_hash),
        2 => {
            let until = rng.chance_ppm(300_000).then(|| at + seconds(rng, 30, 300));
            Order::Drain(Drain { until })
        }
        _ => Order::Stay,
    };
    acts.push((at, Act::Order { beacon, order }));
    if matches!(order, Order::Drain(_)) && rng.chance_ppm(600_000) {
        acts.push((at + seconds(rng, 1, 240), Act::Order { beacon, order: Order::Stay }));
    }
}
