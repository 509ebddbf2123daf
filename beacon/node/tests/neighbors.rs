//! Neighbors that the user names while the beacon runs.

use std::{sync::Arc, time::Duration};

use crate::{
    model::{Catalog, DialAddress},
    node::{
        Input, Memory, NEIGHBORS_MAX, NeighborError, NeighborSource, NeighborState, Output,
        testing::{World, settings},
        view::Mode,
    },
};

fn address(text: &str) -> DialAddress {
    text.parse().expect("an address")
}

#[test]
fn a_neighbor_is_dialed_written_down_and_told_of() {
    let mut world = World::empty();
    let mut with_one = settings(1, 0, Mode::Apply);
    with_one.protocol.neighbors = vec![address("192.0.2.1:9000")];
    let memory = Memory { neighbors: vec![address("192.0.2.2:9000"), address("192.0.2.1:9000")], ..Memory::default() };
    world.add_with(1, with_one, &Arc::new(Catalog::default()), memory);
    let (now, node) = (world.now, &mut world.nodes[0]);
    let told: Vec<_> = node.neighbors(now).into_iter().map(|view| (view.address.host, view.source)).collect();
    let expected = [("192.0.2.1".to_owned(), NeighborSource::Config), ("192.0.2.2".to_owned(), NeighborSource::Order)];
    assert_eq!(told, expected, "what the configuration names too is told once");

    let third = address("192.0.2.3:9000");
    let said = node.add_neighbor(now, third.clone()).expect("added");
    assert!(said.starts_with("192.0.2.3:9000 is a neighbor now"), "{said}");
    let outputs: Vec<Output> = std::iter::from_fn(|| node.poll_output()).collect();
    assert!(outputs.contains(&Output::Dial(third.clone())), "{outputs:?}");
    assert!(outputs.contains(&Output::SaveNeighbor { address: third.clone(), is_kept: true }), "{outputs:?}");
    assert_eq!(node.neighbors(now)[2].state, NeighborState::Dialing);
    node.handle(now, Input::DialFailed(third.clone()));
    let waiting = &node.neighbors(now)[2];
    assert_eq!((waiting.state, waiting.failures), (NeighborState::Waiting, 1));
    assert!(waiting.retry_in.is_some_and(|wait| wait >= Duration::from_secs(1)), "{waiting:?}");

    node.remove_neighbor(&third).expect("removed");
    let outputs: Vec<Output> = std::iter::from_fn(|| node.poll_output()).collect();
    assert!(outputs.contains(&Output::SaveNeighbor { address: third.clone(), is_kept: false }), "{outputs:?}");
    assert_eq!(node.remove_neighbor(&third), Err(NeighborError::Unknown(third)));
}

#[test]
fn what_is_no_further_neighbor_is_refused() {
    let mut world = World::empty();
    let mut with_one = settings(1, 0, Mode::Apply);
    let set = address("192.0.2.1:9000");
    with_one.protocol.neighbors = vec![set.clone()];
    world.add_with(1, with_one, &Arc::new(Catalog::default()), Memory::default());
    let (now, node) = (world.now, &mut world.nodes[0]);
    let itself = DialAddress { id: Some(node.id()), ..set.clone() };
    assert_eq!(node.add_neighbor(now, set.clone()), Err(NeighborError::Already(set.clone())));
    assert_eq!(node.add_neighbor(now, itself.clone()), Err(NeighborError::Itself(itself)));
    assert_eq!(node.remove_neighbor(&set), Err(NeighborError::Configured(set)));
    for port in 1..=NEIGHBORS_MAX {
        node.add_neighbor(now, address(&format!("192.0.2.7:{port}"))).expect("added");
    }
    assert_eq!(node.add_neighbor(now, address("192.0.2.8:1")), Err(NeighborError::TooMany));
}
