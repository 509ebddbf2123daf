//! Discovery on the local network, and the public address.

use std::{net::SocketAddr, time::Duration};

use tokio::{net::UdpSocket, time::timeout};

use super::harness::{Beacon, key, start_with};
use crate::{
    model::DialAddress,
    net::{NetEvent, NetworkKeys, lan, stun},
};

/// A beacon on `127.0.0.<seed>`.
async fn on_the_lan(seed: u8, key_text: &str) -> Beacon {
    let keys = NetworkKeys::new(key(key_text), None);
    start_with(seed, |settings| {
        settings.lan_discovery = true;
        settings.listen = SocketAddr::from(([127, 0, 0, seed], 0));
        settings.network_keys = keys;
    })
    .await
}

async fn heard(beacon: &mut Beacon) -> DialAddress {
    match beacon.next().await {
        NetEvent::LanBeacon { address } => address,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so loudly")]
async fn beacons_of_one_network_on_one_machine_find_each_other() {
    if !lan::works_on_loopback().await {
        eprintln!("SKIPPED: this machine's loopback interface takes no multicast");
        return;
    }
    // A secret of this test run alone, since others may speak in the same group.
    let secret = format!("discovery test of process {}", std::process::id());
    let mut one = on_the_lan(1, &secret).await;
    let _stranger = on_the_lan(3, "another network, to be ignored").await;
    let mut two = on_the_lan(2, &secret).await;
    assert_eq!(heard(&mut two).await, one.pinned(), "a newcomer is answered");
    assert_eq!(heard(&mut one).await, two.pinned());
    one.net.dial(two.pinned());
    assert_eq!(one.link_up().await.1, two.id);
}

/// Answers one binding request with `address` (RFC 8489).
async fn answer_once(server: &UdpSocket, address: SocketAddr) {
    const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
    let mut request = [0; 256];
    let (_, from) = server.recv_from(&mut request).await.unwrap();
    let SocketAddr::V4(address) = address else { panic!("an IPv4 address") };
    let mut answer = vec![0x01, 0x01, 0x00, 0x0c];
    answer.extend(&request[4..20]);
    answer.extend([0x00, 0x20, 0x00, 0x08, 0x00, 0x01]);
    answer.extend(address.port().to_be_bytes().iter().zip(COOKIE).map(|(byte, mask)| byte ^ mask));
    answer.extend(address.ip().octets().iter().zip(COOKIE).map(|(byte, mask)| byte ^ mask));
    server.send_to(&answer, from).await.unwrap();
}

#[tokio::test]
async fn the_second_stun_server_is_asked_where_the_first_is_silent() {
    let (dead, server) = (UdpSocket::bind("127.0.0.1:0").await.unwrap(), UdpSocket::bind("127.0.0.1:0").await.unwrap());
    let servers = [&dead, &server].map(|socket| socket.local_addr().unwrap().to_string());
    for listen in ["0.0.0.0:0", "[::]:0"] {
        let udp = crate::net::socket::bind(listen.parse().unwrap()).unwrap();
        let udp = UdpSocket::from_std(udp).unwrap();
        let public = "203.0.113.9:4321".parse().unwrap();
        let (found, ()) = tokio::join!(stun::public_address(&udp, &servers), answer_once(&server, public));
        assert_eq!(found, Some(public), "listening on {listen}");
    }
}

#[tokio::test]
async fn without_an_answer_the_start_is_held_up_two_seconds_at_most() {
    let dead = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let mut servers = vec![dead.local_addr().unwrap().to_string(); 3];
    servers.push("no-such-host.invalid:3478".to_owned());
    let udp = UdpSocket::bind("0.0.0.0:0").await.unwrap();
    let found = timeout(Duration::from_millis(2500), stun::public_address(&udp, &servers)).await;
    assert_eq!(found.expect("in time"), None);
    let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let found = timeout(Duration::from_millis(200), stun::public_address(&udp, &servers)).await;
    assert_eq!(found.expect("a loopback address has no public one, and nobody is asked"), None);
}
