//! Two beacons that meet find out what each lacks.

use std::time::Duration;

use crate::{
    protocol::testing::{HEARTBEAT, Net, address, hello},
    wire::Message,
};

fn reconciles(message: &Message) -> bool {
    matches!(message, Message::Summary(_) | Message::Ranges { .. } | Message::AskMembers(_))
}

/// Two beacons that each know a hundred others, of which sixty the other knows too.
fn two() -> Net {
    let mut net = Net::of(2);
    net.run(Duration::from_secs(1));
    for (place, known) in [(0, 10..110), (1, 50..150)] {
        let stranger = crate::model::LinkId(1_000);
        net.beacons[place].link_up(net.now, stranger, crate::protocol::testing::id(200), address(9), None);
        let hellos = known.map(|byte| hello(byte, 1, u64::from(byte) % 3)).collect();
        net.beacons[place].receive(net.now, stranger, Message::Hellos(hellos));
        net.beacons[place].link_down(net.now, stranger);
    }
    net.settle();
    net.sent.clear();
    net
}

#[test]
fn both_end_up_with_what_either_knew() {
    let mut net = two();
    net.join(0, 1);
    assert!(net.beacons.iter().all(|beacon| beacon.members().present() == 141));
    assert_eq!(net.beacons[0].sums(), net.beacons[1].sums());
}

#[test]
fn neighbors_that_know_the_same_find_that_out_with_one_message() {
    let mut net = two();
    net.join(0, 1);
    net.sent.clear();
    net.run(HEARTBEAT * 3 / 2);
    let messages: Vec<_> = net.sent.iter().map(|(_, _, message)| message).filter(|m| reconciles(m)).collect();
    assert!(!messages.is_empty());
    assert!(messages.iter().all(|message| matches!(message, Message::Summary(_))), "{messages:?}");
}

#[test]
fn a_hello_that_was_lost_is_found_to_be_missing_even_a_neighbors_own() {
    let mut net = two();
    let (_, far) = net.join(0, 1);
    let id = net.beacons[0].id();
    net.beacons[1].members.forget(&id);
    net.beacons[1].members = {
        let mut fresh = crate::protocol::Members::new(std::collections::BTreeMap::new());
        for (_, member) in net.beacons[1].members.iter() {
            fresh.restore(net.now, std::sync::Arc::clone(member.hello()), net.now);
        }
        fresh
    };
    assert!(net.beacons[1].members().find(&id).is_none());
    let sums = net.beacons[0].sums();
    net.beacons[0].links.find_mut(crate::model::LinkId(far.0 - 1)).expect("up").summaries = 1;
    net.hand(far, Message::Summary(sums));
    assert!(net.beacons[1].members().find(&id).is_some());
}

#[test]
fn few_bytes_find_few_changes() {
    let mut net = two();
    let (near, far) = net.join(0, 1);
    net.part(near);
    let _ = far;
    let stranger = crate::model::LinkId(1_000);
    net.beacons[0].link_up(net.now, stranger, crate::protocol::testing::id(200), address(9), None);
    net.beacons[0].receive(net.now, stranger, Message::Hellos(vec![hello(60, 1, 9), hello(61, 1, 9)]));
    net.beacons[0].link_down(net.now, stranger);
    net.settle();
    net.sent.clear();
    net.join(0, 1);
    assert_eq!(net.beacons[0].sums(), net.beacons[1].sums());
    let bytes: usize = net.sent.iter().map(|(_, _, message)| message.size_estimate()).sum();
    assert!(bytes < 5_000, "{bytes} bytes");
}

#[test]
fn ranges_that_nobody_asked_for_cost_nothing() {
    let mut net = two();
    let (near, _) = net.join(0, 1);
    net.sent.clear();
    let ranges = Message::Ranges { ranges: (0..=255).collect(), known: vec![] };
    net.beacons[0].links.find_mut(near).expect("up").summaries = 1;
    net.hand(near, ranges.clone());
    let answered = net.count_sent(0, |message| matches!(message, Message::Hellos(_)));
    assert!(answered > 0);
    net.hand(near, ranges);
    assert_eq!(net.count_sent(0, |message| matches!(message, Message::Hellos(_))), answered);
}
