//! Who gets a link, and who does not.

use std::net::UdpSocket;

use super::harness::{Beacon, assert_works, key, link, start, start_with};
use crate::{
    model::{BeaconId, DialAddress},
    net::{DialFailure, NetEvent, NetworkKeys},
};

const OLD: &str = "the old secret of the town archive";
const NEW: &str = "the new secret of the town archive";

async fn keyed(seed: u8, first: &str, also: Option<&str>) -> Beacon {
    let keys = NetworkKeys::new(key(first), also.map(key));
    start_with(seed, |settings| settings.network_keys = keys).await
}

/// Dials in both directions; what each dialer is told.
async fn refusals(one: &mut Beacon, two: &mut Beacon) -> [String; 2] {
    one.net.dial(two.address());
    let first = one.dial_failed().await;
    two.net.dial(one.address());
    let second = two.dial_failed().await;
    for beacon in [one, two] {
        assert!(beacon.events.try_recv().is_none(), "nothing else is told, least of all a link");
    }
    [first, second].map(|failure| {
        assert!(matches!(failure, DialFailure::Refused { .. }), "{failure:?}");
        failure.to_string()
    })
}

#[tokio::test]
async fn a_pinned_id_gets_a_link_and_says_what_was_dialed() {
    let (mut one, two) = (start(1).await, start(2).await);
    one.net.dial(two.pinned());
    match one.next().await {
        NetEvent::LinkUp { beacon, address, dialed, .. } => {
            assert_eq!((beacon, address, dialed), (two.id, two.net.local_address(), Some(two.pinned())));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_host_name_is_resolved() {
    let (mut one, mut two) = (start(1).await, start(2).await);
    one.net.dial(DialAddress { host: "localhost".to_owned(), ..two.pinned() });
    assert_eq!(one.link_up().await.1, two.id);
    assert_eq!(two.link_up().await.1, one.id);
    one.net.dial(DialAddress { host: "no-such-host.invalid".to_owned(), ..start(3).await.address() });
    assert!(matches!(one.dial_failed().await, DialFailure::Unresolved(_)));
    one.net.dial(DialAddress { host: "192.0.2.1".to_owned(), ..two.address() });
    assert!(matches!(one.dial_failed().await, DialFailure::NoUsableAddress { .. }));
}

#[tokio::test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so loudly")]
async fn a_beacon_on_the_unspecified_ipv6_address_is_reached_by_both_families() {
    if UdpSocket::bind("[::1]:0").is_err() {
        eprintln!("SKIPPED: this machine has no IPv6");
        return;
    }
    let mut dual = start_with(1, |settings| settings.listen = "[::]:0".parse().unwrap()).await;
    let mut four = start(2).await;
    let mut six = start_with(3, |settings| settings.listen = "[::1]:0".parse().unwrap()).await;
    for (other, host) in [(&mut four, "127.0.0.1"), (&mut six, "::1")] {
        dual.net.dial(other.pinned());
        match dual.next().await {
            NetEvent::LinkUp { link, address, .. } => {
                assert_eq!(address, other.net.local_address(), "IPv4 addresses are told as such");
                dual.net.close(link, "now the other way round");
            }
            event => panic!("{event:?}"),
        }
        dual.link_down().await;
        other.link_up().await;
        other.link_down().await;
        other.net.dial(DialAddress { host: host.to_owned(), ..dual.pinned() });
        assert_eq!(other.link_up().await.1, dual.id);
        dual.link_up().await;
    }
    four.net.dial(six.address());
    assert!(matches!(four.dial_failed().await, DialFailure::NoUsableAddress { .. }));
}

#[tokio::test]
async fn the_wrong_beacon_is_named_and_gets_no_link() {
    let (mut one, mut two) = (start(1).await, start(2).await);
    let expected = BeaconId::new([9; 32]);
    one.net.dial(DialAddress { id: Some(expected), ..two.address() });
    let address = two.net.local_address();
    assert_eq!(one.dial_failed().await, DialFailure::WrongBeacon { address, expected, answered: two.id });
    link(&mut one, &mut two).await;
}

#[tokio::test]
async fn a_beacon_does_not_link_to_itself() {
    let mut one = start(1).await;
    for itself in [one.address(), one.pinned()] {
        one.net.dial(itself);
        assert_eq!(one.dial_failed().await, DialFailure::Itself);
    }
    let (mut one, twin) = (one, start(1).await);
    one.net.dial(twin.address());
    assert_eq!(one.dial_failed().await, DialFailure::Itself, "a copy of the identity is the same beacon");
}

#[tokio::test]
async fn the_same_key_links_and_another_does_not() {
    let (mut one, mut two, mut three) =
        (keyed(1, OLD, None).await, keyed(2, OLD, None).await, keyed(3, NEW, None).await);
    let (there, _) = link(&mut one, &mut two).await;
    assert_works(&one, there, &mut two).await;
    for told in refusals(&mut one, &mut three).await {
        assert!(told.contains("the network keys differ"), "{told}");
    }
}

#[tokio::test]
async fn while_the_key_changes_everyone_keeps_in_touch() {
    let (mut before, mut prepared) = (keyed(1, OLD, None).await, keyed(2, OLD, Some(NEW)).await);
    let (mut swapped, mut after) = (keyed(3, NEW, Some(OLD)).await, keyed(4, NEW, None).await);
    link(&mut before, &mut prepared).await;
    link(&mut swapped, &mut prepared).await;
    link(&mut after, &mut swapped).await;
    refusals(&mut before, &mut after).await;
}

#[tokio::test]
async fn open_and_closed_networks_refuse_each_other_with_the_reason() {
    let (mut open, mut closed) = (start(1).await, keyed(2, OLD, None).await);
    let [open_told, closed_told] = refusals(&mut open, &mut closed).await;
    assert!(open_told.contains("this network needs a key"), "{open_told}");
    assert!(closed_told.contains("open network"), "{closed_told}");
}

#[tokio::test]
async fn a_full_beacon_refuses_others_and_still_dials() {
    let mut full = start_with(1, |settings| settings.links_max = 4).await;
    let mut others = Vec::new();
    for seed in 2..=5 {
        others.push(start(seed).await);
    }
    for other in &mut others[..3] {
        link(other, &mut full).await;
    }
    others[3].net.dial(full.address());
    let told = others[3].dial_failed().await.to_string();
    assert!(told.contains("no room"), "{told}");
    link(&mut full, &mut others[3]).await;
    let last = start(6).await;
    full.net.dial(last.address());
    assert_eq!(full.dial_failed().await, DialFailure::Full);
}
