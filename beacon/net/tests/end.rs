//! How links and networks end.

use std::time::{Duration, Instant};

use super::harness::{linked, soon, start, start_with};
use crate::{
    model::Channel,
    net::{DialFailure, Net, NetEvent, SendError},
};

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the time that stopping takes is what is tested")]
async fn shutting_down_is_quick_and_everyone_knows_why() {
    let (one, link, mut two, back) = linked().await;
    let mut events = one.events;
    let start = Instant::now();
    one.net.shutdown().await;
    let took = start.elapsed();
    assert!(took < Duration::from_millis(500), "{took:?}");
    assert_eq!(two.link_down().await, (back, "the beacon stops".to_owned()));
    assert!(matches!(soon(events.recv()).await, Some(NetEvent::LinkDown { link: down, .. }) if down == link));
    assert!(soon(events.recv()).await.is_none(), "after the last event the stream of events ends");
    assert_eq!(two.net.send(back, Channel::Stream, bytes::Bytes::new()), Err(SendError::Gone));
}

#[tokio::test]
async fn a_reason_for_closing_reaches_the_other_end() {
    let (one, link, mut two, back) = linked().await;
    one.net.close(link, "there are better neighbors");
    assert_eq!(two.link_down().await, (back, "there are better neighbors".to_owned()));
}

#[test]
fn a_beacon_that_vanishes_is_noticed() {
    let survivor = tokio::runtime::Runtime::new().unwrap();
    let doomed = tokio::runtime::Runtime::new().unwrap();
    let short = |settings: &mut crate::net::NetSettings| settings.idle_timeout = Duration::from_secs(2);
    let mut one = survivor.block_on(start_with(1, short));
    let mut two = doomed.block_on(start_with(2, short));
    let link = survivor.block_on(async {
        one.net.dial(two.address());
        one.link_up().await.0
    });
    doomed.block_on(two.link_up());
    doomed.shutdown_background();
    let (down, reason) = survivor.block_on(one.link_down());
    assert_eq!(down, link);
    assert!(reason.contains("nothing was heard"), "{reason}");
}

#[tokio::test]
async fn an_idle_link_stays_up() {
    let (mut one, mut two) = (
        start_with(1, |settings| settings.idle_timeout = Duration::from_secs(1)).await,
        start_with(2, |settings| settings.idle_timeout = Duration::from_secs(1)).await,
    );
    super::harness::link(&mut one, &mut two).await;
    let event = tokio::time::timeout(Duration::from_secs(3), one.events.recv()).await;
    assert!(event.is_err(), "kept alive, a link outlasts its idle timeout: {event:?}");
}

#[tokio::test]
async fn dialing_where_nobody_is_fails_in_time() {
    let mut one = start(1).await;
    let nobody = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = nobody.local_addr().unwrap();
    one.net.dial(format!("127.0.0.1:{}", address.port()).parse().unwrap());
    assert!(matches!(one.dial_failed().await, DialFailure::Unreachable { address: tried, .. } if tried == address));
}

#[tokio::test]
async fn an_address_in_use_is_refused_with_its_name() {
    let one = start(1).await;
    let identity = crate::net::Identity::from_seed([2; 32]);
    let mut settings = crate::net::NetSettings::new(one.net.local_address(), identity, crate::net::NetworkKeys::open());
    settings.lan_discovery = false;
    let error = Net::start(settings.clone()).await.unwrap_err().to_string();
    assert!(error.contains(&one.net.local_address().to_string()), "{error}");
    settings.idle_timeout = Duration::ZERO;
    assert!(Net::start(settings).await.unwrap_err().to_string().contains("idle timeout"));
}
