//! How hellos spread.

use std::time::Duration;

use crate::{
    protocol::testing::{HEARTBEAT, Net, id, named},
    wire::Message,
};

/// The first is the root, whose hellos go in full everywhere; this is another's.
fn tells_of_the_last(message: &Message) -> bool {
    matches!(message, Message::Hellos(hellos) if hellos.iter().any(|hello| hello.hello().id == id(6)))
}

/// Six beacons, each joined to each.
fn mesh() -> Net {
    let mut net = Net::of(6);
    net.run(Duration::from_secs(1));
    for dialer in 0..6 {
        for other in dialer + 1..6 {
            net.join(dialer, other);
        }
    }
    net.run(HEARTBEAT * 5 + Duration::from_secs(10));
    net
}

#[test]
fn everyone_hears_of_everyone_along_a_chain() {
    let mut net = Net::of(5);
    (1..5).for_each(|place| {
        net.join(place, place - 1);
    });
    net.run(Duration::from_secs(10));
    assert!(net.beacons.iter().all(|beacon| beacon.members().present() == 4));
}

#[test]
fn in_a_mesh_a_hello_comes_in_full_hardly_more_than_once_to_each() {
    let mut net = mesh();
    net.sent.clear();
    net.beacons[5].own_mut().set_profile(named("attic"));
    net.run(Duration::from_secs(10));
    let everyone_knows = net.beacons[..5]
        .iter()
        .all(|beacon| beacon.members().iter().any(|(_, member)| member.hello().hello().name == "attic"));
    assert!(everyone_knows);
    let in_full: usize = (0..6).map(|place| net.count_sent(place, tells_of_the_last)).sum();
    assert!((5..=8).contains(&in_full), "{in_full} for 5 that had to hear it");
}

#[test]
fn a_pruned_link_carries_ids_until_a_broken_tree_grafts_it() {
    let mut net = mesh();
    let cut: Vec<_> = net.beacons[5].links().iter().filter(|(_, link)| link.eager).map(|(id, _)| id).collect();
    assert!(cut.len() < 5, "some links are pruned");
    for link in cut {
        net.part(link);
    }
    for name in ["a", "b", "c", "d", "e", "f", "g", "attic"] {
        net.beacons[0].own_mut().set_profile(named(name));
        net.run(Duration::from_secs(10));
    }
    let name = |net: &Net| {
        let id = net.beacons[0].id();
        net.beacons[5].members().find(&id).expect("known").hello().hello().name.clone()
    };
    assert_eq!(name(&net), "attic", "it was asked for");
    assert!(net.beacons[5].links().iter().any(|(_, link)| link.eager), "the link it came on has joined the tree");
}
