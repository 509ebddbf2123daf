//! Messages over a link.

use std::collections::BTreeSet;

use bytes::Bytes;

use super::harness::{linked, soon};
use crate::{
    model::{Channel, LinkId},
    net::{DATAGRAM_BYTES_MAX, MESSAGE_BYTES_MAX, NetEvent, SendError},
};

#[tokio::test]
async fn messages_pass_both_ways_on_both_channels() {
    let (mut one, link, mut two, back) = linked().await;
    for channel in [Channel::Datagram, Channel::Stream] {
        one.net.send(link, channel, Bytes::from_static(b"there")).unwrap();
        assert_eq!(two.received().await, (back, channel, Bytes::from_static(b"there")));
        two.net.send(back, channel, Bytes::from_static(b"and back")).unwrap();
        assert_eq!(one.received().await, (link, channel, Bytes::from_static(b"and back")));
    }
    let traffic = one.net.traffic();
    assert!(traffic.sent > 1000 && traffic.received > 1000, "the handshake alone is more: {traffic:?}");
}

#[tokio::test]
async fn a_full_datagram_fits_and_a_larger_one_goes_as_a_stream() {
    let (one, link, mut two, _) = linked().await;
    one.net.send(link, Channel::Datagram, Bytes::from(vec![7; DATAGRAM_BYTES_MAX])).unwrap();
    let (_, channel, bytes) = two.received().await;
    assert_eq!((channel, bytes.len()), (Channel::Datagram, DATAGRAM_BYTES_MAX));
    one.net.send(link, Channel::Datagram, Bytes::from(vec![7; DATAGRAM_BYTES_MAX + 1])).unwrap();
    let (_, channel, bytes) = two.received().await;
    assert_eq!((channel, bytes.len()), (Channel::Stream, DATAGRAM_BYTES_MAX + 1));
}

#[tokio::test]
async fn large_and_empty_messages_arrive_whole() {
    let (one, link, mut two, _) = linked().await;
    for length in [0, 1 << 20, MESSAGE_BYTES_MAX] {
        let message: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
        one.net.send(link, Channel::Stream, message.clone().into()).unwrap();
        assert!(two.received().await.2 == message, "a message of {length} bytes came differently");
    }
}

#[tokio::test]
async fn many_messages_at_once_all_arrive() {
    let (one, link, mut two, _) = linked().await;
    for number in 0..500u32 {
        // Some large, so that they wait for their turns.
        let mut message = number.to_be_bytes().to_vec();
        message.resize(if number % 50 == 0 { 300_000 } else { 40 }, 0);
        one.net.send(link, Channel::Stream, message.into()).unwrap();
    }
    let mut seen = BTreeSet::new();
    while seen.len() < 500 {
        let (_, _, bytes) = two.received().await;
        assert!(seen.insert(u32::from_be_bytes(bytes[..4].try_into().unwrap())), "a message came twice");
    }
}

#[tokio::test]
async fn an_oversized_message_is_refused_and_the_link_lives() {
    let (one, link, mut two, _) = linked().await;
    let bytes = MESSAGE_BYTES_MAX + 1;
    assert_eq!(one.net.send(link, Channel::Stream, vec![0; bytes].into()), Err(SendError::TooLarge { bytes }));
    super::harness::assert_works(&one, link, &mut two).await;
    assert_eq!(one.net.send(LinkId(99), Channel::Stream, Bytes::new()), Err(SendError::Gone));
}

#[tokio::test]
async fn a_beacon_that_takes_nothing_loses_the_link_and_not_our_memory() {
    let (mut one, link, two, _) = linked().await;
    let mut queued = 0;
    let overflow = loop {
        match one.net.send(link, Channel::Stream, vec![0; 1 << 20].into()) {
            Ok(()) => queued += 1,
            Err(error) => break error,
        }
        tokio::task::yield_now().await;
        assert!(queued < 200, "the queue has no bound");
    };
    assert_eq!(overflow, SendError::Overflow);
    let (down, reason) = one.link_down().await;
    assert_eq!(down, link);
    assert!(reason.contains("too slowly"), "{reason}");
    // The other end finds out as well, once it looks.
    let mut events = two.events;
    soon(async { while !matches!(events.recv().await.expect("the network is up"), NetEvent::LinkDown { .. }) {} })
        .await;
}
