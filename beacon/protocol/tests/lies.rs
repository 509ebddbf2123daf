//! Neighbors that lie, and what it costs them and us.

use std::{sync::Arc, time::Duration};

use crate::{
    model::{InfoHash, LinkId, NetworkId, Rng},
    protocol::{
        ProtocolEvent,
        testing::{GONE_AFTER, HEARTBEAT, Net, forged, hello, hello_with, id, named, status},
    },
    wire::{HelloId, Message},
};

fn two() -> (Net, LinkId) {
    let mut net = Net::of(2);
    net.run(Duration::from_secs(1));
    let (near, _) = net.join(0, 1);
    (net, near)
}

fn is_closed(net: &Net, at: usize) -> bool {
    net.told[at].iter().any(|event| matches!(event, ProtocolEvent::Close { .. }))
}

#[test]
fn a_link_that_brings_forgeries_is_closed() {
    let (mut net, near) = two();
    for seq in 0..3 {
        assert!(!is_closed(&net, 0));
        net.hand(near, Message::Hellos(vec![forged(7, seq)]));
    }
    assert!(is_closed(&net, 0));
    assert!(net.beacons[0].members().find(&id(7)).is_none());
}

#[test]
fn hellos_of_another_network_are_an_offence() {
    let (mut net, near) = two();
    let stranger = hello_with(7, 1, 0, |hello| hello.network = NetworkId::new([9; 16]));
    net.hand(near, Message::Hellos(vec![stranger]));
    assert_eq!(net.beacons[0].links().find(near).expect("up").offences, 1);
    assert!(net.beacons[0].members().find(&id(7)).is_none());
}

#[test]
fn while_the_network_key_is_changed_hellos_under_both_are_taken() {
    let (mut net, near) = two();
    let other = NetworkId::new([9; 16]);
    net.beacons[0].settings.also_accepted = Some(other);
    net.hand(near, Message::Hellos(vec![hello_with(7, 1, 0, |hello| hello.network = other)]));
    assert_eq!(net.beacons[0].links().find(near).expect("up").offences, 0);
    assert!(net.beacons[0].members().find(&id(7)).is_some());
}

#[test]
fn two_stories_are_proved_to_everyone_once_and_bar_the_incarnation() {
    let mut net = Net::of(4);
    net.run(Duration::from_secs(1));
    net.join(0, 1);
    net.join(1, 2);
    net.join(2, 3);
    let (a, _) = net.join(3, 0);
    let other_story = hello_with(7, 1, 5, |hello| hello.name = "other".to_owned());
    net.hand(a, Message::Hellos(vec![hello(7, 1, 5)]));
    net.run(Duration::from_secs(5));
    net.sent.clear();
    net.hand(a, Message::Hellos(vec![other_story]));
    for place in 0..4 {
        let told = net.told[place].iter().filter(|event| **event == ProtocolEvent::Equivocated(id(7))).count();
        assert_eq!(told, 1);
        assert!(net.beacons[place].members().find(&id(7)).is_none());
        assert!(net.count_sent(place, |message| matches!(message, Message::Equivocation(_))) <= 2);
    }
    net.hand(a, Message::Hellos(vec![hello(7, 1, 900)]));
    assert!(net.beacons[3].members().find(&id(7)).is_none());
    net.hand(a, Message::Hellos(vec![hello(7, 2, 0)]));
    assert!(net.beacons[3].members().find(&id(7)).is_some(), "a restart is a new beginning");
}

#[test]
fn an_old_proof_against_who_has_been_restarted_since_changes_nothing_and_goes_no_further() {
    let mut net = Net::of(3);
    net.run(Duration::from_secs(1));
    net.join(0, 1);
    net.join(1, 2);
    let (a, _) = net.join(2, 0);
    net.hand(a, Message::Hellos(vec![hello(7, 2, 0)]));
    net.run(Duration::from_secs(5));
    net.sent.clear();
    let other_story = hello_with(7, 1, 5, |hello| hello.name = "other".to_owned());
    let proof = Box::new((hello(7, 1, 5).as_ref().clone(), other_story.as_ref().clone()));
    for _ in 0..3 {
        net.hand(a, Message::Equivocation(proof.clone()));
    }
    for place in 0..3 {
        assert!(net.beacons[place].members().find(&id(7)).is_some());
        assert_eq!(net.count_sent(place, |message| matches!(message, Message::Equivocation(_))), 0);
    }
}

#[test]
fn what_proves_nothing_is_an_offence_and_bars_nobody() {
    let (mut net, near) = two();
    net.hand(near, Message::Hellos(vec![hello(7, 1, 5)]));
    let elsewhere = hello_with(7, 1, 5, |hello| hello.network = NetworkId::new([9; 16]));
    let pairs = [(hello(7, 1, 5), hello(7, 1, 6)), (hello(7, 1, 5), elsewhere)];
    for (offences, (one, other)) in (1..).zip(pairs) {
        net.hand(near, Message::Equivocation(Box::new((one.as_ref().clone(), other.as_ref().clone()))));
        assert_eq!(net.beacons[0].links().find(near).expect("up").offences, offences);
    }
    assert!(net.beacons[0].members().find(&id(7)).is_some());
}

#[test]
fn a_neighbor_brings_only_so_many_that_nobody_heard_of() {
    let (mut net, near) = two();
    let made_up = |place: u32| {
        let mut bytes = [5; 32];
        bytes[..4].copy_from_slice(&place.to_be_bytes());
        let signer = crate::wire::Signer::simulated(crate::model::BeaconId::new(bytes));
        let mut fields = hello(1, 1, 0).hello().clone();
        fields.id = signer.id();
        Arc::new(fields.sign(&signer))
    };
    for batch in 0..24 {
        let hellos = (batch * 500..(batch + 1) * 500).map(made_up).collect();
        net.beacons[0].receive(net.now, near, Message::Hellos(hellos));
        while net.beacons[0].pop_event().is_some() {}
    }
    assert!((10_000..10_100).contains(&net.beacons[0].members().present()), "{}", net.beacons[0].members().present());
}

#[test]
fn ids_of_hellos_that_do_not_exist_are_waited_for_within_bounds() {
    let (mut net, near) = two();
    let mut rng = Rng::new(3);
    for _ in 0..1_000 {
        let ids = (0..Message::IDS_MAX).map(|_| {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&rng.next_u64().to_le_bytes());
            HelloId::new(&crate::model::BeaconId::new(bytes), 1, 1)
        });
        net.beacons[0].receive(net.now, near, Message::HaveHellos(ids.collect()));
    }
    net.sent.clear();
    net.run(Duration::from_secs(10));
    let asked: usize =
        net.sent.iter().map(|(_, _, message)| if let Message::AskHellos(ids) = message { ids.len() } else { 0 }).sum();
    assert!(asked > 0 && asked <= 4_200 * 8, "{asked}");
    assert_eq!(net.beacons[0].members().present(), 1);
}

#[test]
fn questions_are_answered_within_an_allowance() {
    let (mut net, near) = two();
    net.beacons[0].own_mut().set_status(status(40_000, 1));
    net.run(Duration::from_secs(5));
    let own = net.beacons[0].own().status().expect("set").clone();
    let pages = own.collections()[0].pages.iter().map(|page| page.hash()).collect();
    let want = Message::WantStatus { beacon: id(1), root: own.root(), parts: pages };
    let ask = |net: &mut Net| {
        let mut bytes = 0;
        for _ in 0..20_000 {
            net.beacons[0].receive(net.now, near, want.clone());
            while let Some(event) = net.beacons[0].pop_event() {
                if let ProtocolEvent::Send { message, .. } = event {
                    bytes += message.size_estimate();
                }
            }
        }
        bytes
    };
    assert!(ask(&mut net) <= (64 << 20) + own.bytes_len() * 2);
    let metainfo = Message::WantMetainfo(InfoHash::V1([1; 20]));
    net.hand(near, metainfo.clone());
    assert!(!net.told[0].iter().any(|event| matches!(event, ProtocolEvent::MetainfoWanted { .. })));
    net.run(Duration::from_secs(30));
    net.hand(near, metainfo);
    assert!(net.told[0].iter().any(|event| matches!(event, ProtocolEvent::MetainfoWanted { .. })));
}

#[test]
fn a_machine_that_slept_does_not_take_everyone_for_gone() {
    let (mut net, _) = two();
    net.run(HEARTBEAT);
    net.told[0].clear();
    net.now += GONE_AFTER * 8;
    net.beacons[0].tick(net.now);
    net.settle();
    assert!(!net.told[0].iter().any(|event| matches!(event, ProtocolEvent::Liveness(..))), "{:?}", net.told[0]);
    net.beacons[1].own_mut().set_profile(named("back"));
    net.run(HEARTBEAT * 2);
    assert_eq!(net.beacons[0].members().present(), 1);
}

#[test]
fn a_beacon_that_tells_two_stories_over_and_over_is_told_of_only_so_often() {
    let (mut net, near) = two();
    for incarnation in 1..20_000 {
        let other = hello_with(7, incarnation, 0, |hello| hello.name = "other".to_owned());
        let pair = (hello(7, incarnation, 0).as_ref().clone(), other.as_ref().clone());
        net.beacons[0].receive(net.now, near, Message::Equivocation(Box::new(pair)));
    }
    net.settle();
    let told = net.told[0].iter().filter(|event| matches!(event, ProtocolEvent::Equivocated(_))).count();
    assert!((1..=10_000).contains(&told), "{told}");
}
