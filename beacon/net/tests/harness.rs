//! A beacon's network under test, with deadlines on everything that is waited for.

use std::{future::Future, time::Duration};

use bytes::Bytes;

use crate::{
    model::{BeaconId, Channel, DialAddress, LinkId},
    net::{DialFailure, Identity, Net, NetEvent, NetEvents, NetSettings, NetworkKey, NetworkKeys},
};

pub(super) struct Beacon {
    pub(super) net: Net,
    pub(super) events: NetEvents,
    pub(super) id: BeaconId,
}

/// A network on the loopback interface, in the open network, without discovery.
pub(super) async fn start(seed: u8) -> Beacon {
    start_with(seed, |_settings| {}).await
}

pub(super) async fn start_with(seed: u8, change: impl FnOnce(&mut NetSettings)) -> Beacon {
    let identity = Identity::from_seed([seed; 32]);
    let id = identity.id();
    let mut settings = NetSettings::new("127.0.0.1:0".parse().unwrap(), identity, NetworkKeys::open());
    settings.lan_discovery = false;
    change(&mut settings);
    let (net, events) = Net::start(settings).await.unwrap();
    Beacon { net, events, id }
}

/// Two beacons in order of their ids, and one link between them, dialed by the first.
pub(super) async fn linked() -> (Beacon, LinkId, Beacon, LinkId) {
    let (mut one, mut two) = (start(1).await, start(2).await);
    if two.id < one.id {
        std::mem::swap(&mut one, &mut two);
    }
    let (link, back) = link(&mut one, &mut two).await;
    (one, link, two, back)
}

/// Makes `one` dial `two`; the link as each numbers it.
pub(super) async fn link(one: &mut Beacon, two: &mut Beacon) -> (LinkId, LinkId) {
    one.net.dial(two.address());
    let (link, beacon) = one.link_up().await;
    let (back, dialer) = two.link_up().await;
    assert_eq!((beacon, dialer), (two.id, one.id));
    (link, back)
}

pub(super) fn key(text: &str) -> NetworkKey {
    NetworkKey::parse(text).unwrap()
}

impl Beacon {
    pub(super) fn address(&self) -> DialAddress {
        let address = self.net.local_address();
        DialAddress { id: None, host: address.ip().to_string(), port: address.port() }
    }

    pub(super) fn pinned(&self) -> DialAddress {
        DialAddress { id: Some(self.id), ..self.address() }
    }

    pub(super) async fn next(&mut self) -> NetEvent {
        soon(self.events.recv()).await.expect("the network is up")
    }

    pub(super) async fn link_up(&mut self) -> (LinkId, BeaconId) {
        match self.next().await {
            NetEvent::LinkUp { link, beacon, .. } => (link, beacon),
            other => panic!("expected a link, got {other:?}"),
        }
    }

    pub(super) async fn link_down(&mut self) -> (LinkId, String) {
        match self.next().await {
            NetEvent::LinkDown { link, reason } => (link, reason),
            other => panic!("expected the end of a link, got {other:?}"),
        }
    }

    pub(super) async fn dial_failed(&mut self) -> DialFailure {
        match self.next().await {
            NetEvent::DialFailed { reason, .. } => reason,
            other => panic!("expected a failed dial, got {other:?}"),
        }
    }

    pub(super) async fn received(&mut self) -> (LinkId, Channel, Bytes) {
        match self.next().await {
            NetEvent::Received { link, channel, bytes } => (link, channel, bytes),
            other => panic!("expected a message, got {other:?}"),
        }
    }
}

/// Waits for something that happens at once unless there is a fault.
pub(super) async fn soon<T>(happens: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), happens).await.expect("it happens in time")
}

/// Sends small streams over a link until one arrives as it was sent: the link works.
pub(super) async fn assert_works(from: &Beacon, link: LinkId, to: &mut Beacon) {
    from.net.send(link, Channel::Stream, Bytes::from_static(b"works")).unwrap();
    let (_, channel, bytes) = to.received().await;
    assert_eq!((channel, bytes.as_ref()), (Channel::Stream, b"works".as_slice()));
}
