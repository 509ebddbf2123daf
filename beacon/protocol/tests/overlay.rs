//! Whom a beacon dials, and which links it keeps.

use std::time::Duration;

use crate::{
    model::{BeaconId, DialAddress, Instant, LinkId, Rng},
    protocol::{
        Protocol, ProtocolEvent,
        testing::{GONE_AFTER, Net, hello, hello_with, id, settings},
    },
    wire::{Message, Signer},
};

struct Lone {
    beacon: Protocol,
    now: Instant,
    next_link: u64,
}

impl Lone {
    fn new(named: &[&str]) -> Self {
        let mut settings = settings();
        settings.neighbors = named.iter().map(|text| text.parse().expect("an address")).collect();
        let now = Instant::ZERO;
        let beacon = Protocol::new(now, settings, Signer::simulated(id(1)), 1, [], GONE_AFTER, 5);
        Self { beacon, now, next_link: 0 }
    }

    /// Passes time second by second, and answers every dial; who was dialed and when.
    fn run(&mut self, seconds: u64, mut answer: impl FnMut(&mut Self, &DialAddress)) -> Vec<(u64, DialAddress)> {
        let mut dialed = Vec::new();
        for _ in 0..seconds {
            self.beacon.tick(self.now);
            while let Some(event) = self.beacon.pop_event() {
                match event {
                    ProtocolEvent::Dial(address) => {
                        answer(self, &address);
                        dialed.push((self.now.as_millis() / 1_000, address));
                    }
                    ProtocolEvent::Close { link, .. } => self.beacon.link_down(self.now, link),
                    _ => {}
                }
            }
            self.now += Duration::from_secs(1);
        }
        dialed
    }

    fn fail(&mut self, address: &DialAddress) {
        self.beacon.dial_failed(self.now, address);
    }

    fn link(&mut self, byte: u8, dialed: Option<&DialAddress>) -> LinkId {
        self.next_link += 1;
        let link = LinkId(self.next_link);
        let address = format!("10.9.0.{byte}:9000").parse().expect("an address");
        self.beacon.link_up(self.now, link, id(byte), address, dialed.cloned());
        link
    }

    /// Makes members known, each with one address.
    fn knows(&mut self, members: impl IntoIterator<Item = (u8, &'static str)>) {
        let link = self.link(250, None);
        for (byte, address) in members {
            let hello = hello_with(byte, 1, 0, |hello| {
                hello.addresses = vec![address.parse().expect("an address")];
                hello.valid_for = Duration::from_hours(24);
            });
            self.beacon.receive(self.now, link, Message::Hellos(vec![hello]));
        }
        self.beacon.link_down(self.now, link);
    }
}

#[test]
fn a_named_neighbor_is_dialed_for_ever_but_less_and_less() {
    let mut lone = Lone::new(&["192.0.2.1:9000"]);
    let dialed = lone.run(4_000, Lone::fail);
    let gaps: Vec<_> = dialed.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    assert!(gaps[0] <= 3, "{gaps:?}");
    assert!(gaps[gaps.len() - 1] >= 300 && gaps.iter().all(|gap| *gap <= 452), "{gaps:?}");
}

#[test]
fn a_neighbor_that_closes_at_once_is_dialed_less_and_less_and_one_that_stays_is_not_dialed() {
    let mut lone = Lone::new(&["192.0.2.1:9000"]);
    let dialed = lone.run(1_000, |lone, address| {
        let link = lone.link(2, Some(address));
        lone.beacon.link_down(lone.now, link);
    });
    assert!((5..15).contains(&dialed.len()), "{}", dialed.len());
    let dialed = lone.run(2_000, |lone, address| {
        lone.link(2, Some(address));
    });
    assert_eq!(dialed.len(), 1);
    lone.beacon.link_down(lone.now, LinkId(lone.next_link));
    let again = lone.run(4, Lone::fail);
    assert!(!again.is_empty(), "what lasted is dialed again soon");
}

#[test]
fn a_neighbor_that_is_added_is_dialed_at_once_and_for_ever_until_it_is_removed() {
    let mut lone = Lone::new(&["192.0.2.9:9000"]);
    lone.run(400, Lone::fail);
    let address: DialAddress = "192.0.2.1:9000".parse().expect("an address");
    // Its failures so far were those of a stranger.
    lone.beacon.heard_of(lone.now, address.clone());
    lone.run(100, Lone::fail);
    assert!(lone.beacon.add_neighbor(lone.now, address.clone()));
    assert!(!lone.beacon.add_neighbor(lone.now, address.clone()), "it is named already");
    assert!(!lone.beacon.add_neighbor(lone.now, "192.0.2.9:9000".parse().expect("an address")), "so is this");
    assert_eq!(lone.beacon.next_timeout(), lone.now);
    let dialed = lone.run(2_000, Lone::fail);
    let to_it = |dialed: &[(u64, DialAddress)]| dialed.iter().filter(|(_, to)| *to == address).count();
    assert!((9..20).contains(&to_it(&dialed)), "{dialed:?}");

    let told = lone.beacon.neighbors();
    assert_eq!((told[0].is_set, told[1].is_set, told[1].beacon), (true, false, None));
    assert!(told[1].failures > 8 && told[1].not_before.is_some_and(|at| at > lone.now), "{told:?}");
    let up = lone.run(600, |lone, to| {
        if *to == address {
            lone.link(2, Some(to));
        } else {
            lone.fail(to);
        }
    });
    assert_eq!(to_it(&up), 1);
    let told = lone.beacon.neighbors();
    assert_eq!((told[1].beacon, told[1].failures, told[1].is_dialed), (Some(id(2)), 0, false));

    assert!(lone.beacon.remove_neighbor(&address));
    assert!(!lone.beacon.remove_neighbor(&address));
    assert_eq!(lone.beacon.neighbors().len(), 1);
    assert!(lone.beacon.links().to(&id(2)).is_some(), "the link stays");
    lone.beacon.link_down(lone.now, LinkId(lone.next_link));
    assert!(to_it(&lone.run(2_000, Lone::fail)) <= 5);
}

#[test]
fn who_is_linked_or_is_this_beacon_itself_is_not_dialed() {
    let (me, linked) = (id(1), id(2));
    let (to_me, to_linked) = (format!("{me}@192.0.2.1:9000"), format!("{linked}@192.0.2.2:9000"));
    let mut lone = Lone::new(&[&to_me, &to_linked]);
    lone.link(2, None);
    lone.beacon.heard_of(lone.now, to_me.parse().expect("an address"));
    assert_eq!(lone.run(60, Lone::fail), []);
}

#[test]
fn members_are_dialed_until_half_the_links_are_there() {
    let addresses: Vec<&'static str> =
        (2..60).map(|byte| &*Box::leak(format!("198.51.{byte}.1:9000").into_boxed_str())).collect();
    let mut lone = Lone::new(&[]);
    lone.knows((2..).zip(addresses));
    let dialed = lone.run(300, |lone, address| {
        let byte = address.id.expect("members are dialed by their ids").as_bytes()[0];
        lone.link(byte, Some(address));
    });
    assert_eq!(dialed.len(), 4);
    assert_eq!(lone.beacon.links().len(), 4);
}

#[test]
fn who_has_no_link_dials_even_members_that_have_long_been_silent() {
    let mut lone = Lone::new(&[]);
    let old = hello_with(7, 1, 0, |_| ());
    lone.now += GONE_AFTER * 48;
    lone.run(1, Lone::fail);
    lone.beacon.restore_member(lone.now, old, Instant::ZERO);
    lone.run(60, Lone::fail);
    assert_eq!(lone.beacon.members().present(), 0);
    assert!(lone.beacon.expects_links());
    assert!(!lone.run(600, Lone::fail).is_empty());
    lone.link(8, None);
    // It may be on the other side of a cut, each side of which has links enough.
    let tried = lone.run(1_200, Lone::fail).len();
    assert!((4..=20).contains(&tried), "every two minutes or so, not {tried} times");
}

#[test]
fn of_one_subnet_only_one_is_dialed_and_never_what_is_no_address() {
    let mut lone = Lone::new(&[]);
    lone.knows((2..40).map(|byte| (byte, "198.51.100.9:9000")));
    lone.knows((40..60).map(|byte| (byte, "224.0.0.1:9000")));
    lone.knows((60..80).map(|byte| (byte, "0.0.0.0:9000")));
    let dialed = lone.run(120, |lone, address| {
        let byte = address.id.expect("an id").as_bytes()[0];
        lone.next_link += 1;
        let seen = format!("{}:{}", address.host, address.port).parse().expect("an address");
        lone.beacon.link_up(lone.now, LinkId(lone.next_link), id(byte), seen, Some(address.clone()));
    });
    assert_eq!(dialed.len(), 1, "{dialed:?}");
}

#[test]
fn accepted_links_beyond_the_bound_are_closed_after_a_while_the_oldest_stay() {
    let mut lone = Lone::new(&[]);
    for byte in 2..32 {
        lone.link(byte, None);
        lone.now += Duration::from_millis(10);
    }
    lone.run(5, |_, _| ());
    assert_eq!(lone.beacon.links().len(), 30, "newcomers may learn whom else to dial");
    lone.run(20, |_, _| ());
    let left: Vec<BeaconId> = lone.beacon.links().iter().map(|(_, link)| link.beacon).collect();
    assert_eq!(left, (2..14).map(id).collect::<Vec<_>>());
}

#[test]
fn now_and_then_one_dialed_link_gives_way_but_never_a_named_one() {
    let mut lone = Lone::new(&["192.0.2.1:9000"]);
    let named: DialAddress = "192.0.2.1:9000".parse().expect("an address");
    lone.link(2, Some(&named));
    let other: DialAddress = "192.0.2.9:9000".parse().expect("an address");
    lone.link(3, Some(&other));
    (4..11).for_each(|byte| {
        lone.link(byte, None);
    });
    // The first time is within a quarter of an hour.
    lone.run(900, |_, _| ());
    assert!(lone.beacon.links().to(&id(3)).is_none());
    assert!(lone.beacon.links().to(&id(2)).is_some());
    assert_eq!(lone.beacon.links().len(), 8);
}

#[test]
fn what_is_heard_of_is_bounded() {
    let mut lone = Lone::new(&[]);
    let mut rng = Rng::new(1);
    for _ in 0..2_000 {
        let host = format!("10.{}.{}.{}", rng.below(256), rng.below(256), rng.below(256));
        lone.beacon.heard_of(lone.now, DialAddress { id: None, host, port: 9_000 });
    }
    let dialed = lone.run(600, Lone::fail);
    let distinct: std::collections::BTreeSet<_> = dialed.into_iter().map(|(_, address)| address).collect();
    assert!((1..=256).contains(&distinct.len()), "{}", distinct.len());
}

/// A power cut tells nobody.
#[test]
fn a_link_that_its_beacon_has_forgotten_is_closed_and_no_other() {
    let mut net = Net::of(3);
    net.run(Duration::from_secs(1));
    let (old, _) = net.join(0, 2);
    let (other, _) = net.join(0, 1);
    net.run(Duration::from_secs(5));
    let closed = |net: &Net| -> Vec<LinkId> {
        let told = net.told[0].iter();
        told.filter_map(|event| if let ProtocolEvent::Close { link, .. } = event { Some(*link) } else { None })
            .collect()
    };
    net.hand(other, Message::Hellos(vec![hello(3, 1, 50)]));
    assert_eq!(closed(&net), [], "it is the same start");
    net.hand(other, Message::Hellos(vec![hello(3, 2, 0)]));
    assert_eq!(closed(&net), [old]);
    net.part(old);
    net.told[0].clear();
    let (new, _) = net.join(0, 2);
    net.hand(new, Message::Hellos(vec![hello(3, 3, 0)]));
    assert_eq!(closed(&net), [], "it came on the link itself");
}
