//! Many beacons at once.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

use super::harness::start;
use crate::{
    model::Channel,
    net::{DialFailure, NetEvent},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_beacons_that_all_dial_each_other_are_a_full_mesh() {
    const COUNT: usize = 20;
    let mut beacons = Vec::new();
    for seed in 1..=COUNT {
        beacons.push(start(u8::try_from(seed).unwrap()).await);
    }
    let addresses: Vec<_> = beacons.iter().map(super::harness::Beacon::pinned).collect();
    for (at, beacon) in beacons.iter().enumerate() {
        for (_, address) in addresses.iter().enumerate().filter(|(other, _)| *other != at) {
            beacon.net.dial(address.clone());
        }
    }
    let mut received = [0; COUNT];
    for (beacon, received) in beacons.iter_mut().zip(&mut received) {
        let mut links = BTreeMap::new();
        while links.len() < COUNT - 1 {
            match beacon.next().await {
                NetEvent::LinkUp { link, beacon, .. } => assert_eq!(links.insert(link, beacon), None),
                NetEvent::DialFailed { reason: DialFailure::AlreadyLinked { .. }, .. } => {}
                // From those that were ready earlier.
                NetEvent::Received { .. } => *received += 1,
                other => panic!("{other:?}"),
            }
        }
        let neighbors: BTreeSet<_> = links.values().collect();
        assert_eq!(neighbors.len(), COUNT - 1, "one link to each");
        for link in links.keys() {
            beacon.net.send(*link, Channel::Stream, Bytes::from_static(b"all here")).unwrap();
        }
    }
    for (beacon, received) in beacons.iter_mut().zip(&mut received) {
        while *received < COUNT - 1 {
            match beacon.next().await {
                NetEvent::Received { .. } => *received += 1,
                NetEvent::DialFailed { reason: DialFailure::AlreadyLinked { .. }, .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }
}
