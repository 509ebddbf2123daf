//! What a beacon says of itself, and when.

use std::time::Duration;

use crate::{
    model::Instant,
    protocol::{
        ProtocolEvent,
        testing::{HEARTBEAT, Net, hello, id, named},
    },
    wire::Message,
};

fn said(net: &Net) -> (u64, u64) {
    net.beacons[0].own().hello().expect("said").version()
}

#[test]
fn without_news_there_is_one_hello_an_interval() {
    let mut net = Net::of(1);
    net.run(HEARTBEAT * 10 + Duration::from_secs(1));
    assert_eq!(said(&net), (1, 10));
}

#[test]
fn news_is_told_soon_and_much_of_it_at_once() {
    let mut net = Net::of(1);
    net.run(Duration::from_secs(30));
    let before = said(&net).1;
    for place in 0..20 {
        net.beacons[0].own_mut().set_profile(named(&format!("name {place}")));
        net.run(Duration::from_millis(200));
    }
    assert!(said(&net).1 > before, "the first is told at once");
    net.run(Duration::from_secs(10));
    let after = said(&net).1;
    assert!(after <= before + 6, "{} hellos for twenty changes", after - before);
    assert_eq!(net.beacons[0].own().hello().expect("said").hello().name, "name 19");
    net.beacons[0].own_mut().set_profile(named("name 19"));
    net.run(Duration::from_secs(4));
    assert_eq!(said(&net).1, after, "what was said before is no news");
}

#[test]
fn hellos_form_a_chain() {
    let mut net = Net::of(1);
    net.run(Duration::from_secs(1));
    let first = net.beacons[0].own().hello().expect("said").clone();
    assert_eq!(first.hello().previous, None);
    net.run(HEARTBEAT);
    assert_eq!(net.beacons[0].own().hello().expect("said").hello().previous, Some(first.hash()));
}

#[test]
fn a_self_from_before_a_lost_state_raises_the_incarnation() {
    let mut net = Net::of(2);
    let (near, _) = net.join(0, 1);
    net.hand(near, Message::Hellos(vec![hello(1, 7, 3)]));
    assert!(net.told[0].contains(&ProtocolEvent::IncarnationRaised(8)));
    net.run(Duration::from_secs(1));
    assert_eq!(said(&net), (8, 0));
    net.hand(near, Message::Hellos(vec![hello(1, 7, 4), hello(1, 1, 0)]));
    assert_eq!(said(&net).0, 8);
    let mut forged = net.told[0].clone();
    forged.retain(|event| matches!(event, ProtocolEvent::IncarnationRaised(_)));
    assert_eq!(forged.len(), 1);
}

#[test]
fn an_address_counts_once_two_neighbors_see_us_there_and_no_longer_than_they_are_neighbors() {
    let mut net = Net::of(1);
    let seen: std::net::SocketAddr = "203.0.113.5:9000".parse().expect("an address");
    let links = [1, 2, 3].map(crate::model::LinkId);
    for (byte, link) in (60..).zip(links) {
        net.beacons[0].link_up(net.now, link, id(byte), crate::protocol::testing::address(7), None);
    }
    let tell = |net: &mut Net, link, address: &str| {
        let observed = address.parse().expect("an address");
        net.beacons[0].receive(Instant::ZERO, link, Message::Welcome { observed });
        net.beacons[0].own().addresses()
    };
    assert_eq!(tell(&mut net, links[0], "203.0.113.5:9000"), []);
    assert_eq!(tell(&mut net, links[1], "0.0.0.0:9000"), []);
    assert_eq!(tell(&mut net, links[2], "203.0.113.5:9000"), [seen]);
    assert_eq!(tell(&mut net, links[2], "203.0.113.6:9000"), [seen], "a neighbor says it once");
    net.beacons[0].link_down(Instant::ZERO, links[2]);
    assert_eq!(net.beacons[0].own().addresses(), []);
}
