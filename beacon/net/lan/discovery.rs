//! Speaking and listening on the local network.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use tokio::{
    net::UdpSocket,
    time::{Instant, sleep, sleep_until},
};

use super::{
    heard::Heard,
    packet::{PACKET_BYTES, Packet},
    socket,
};
use crate::{
    model::DialAddress,
    net::{
        event::{EventSender, NetEvent},
        key::NetworkKeys,
    },
};

/// Makes `own` known on the local network and tells of other beacons of the same network, until it is aborted.
///
/// Where the machine has no multicast, a beacon works without.
pub(in crate::net) async fn discover(own: Packet, keys: NetworkKeys, listen: IpAddr, events: EventSender) {
    if let Err(error) = Discovery::new(own, keys, listen, events).run().await {
        tracing::info!(%error, "no discovery on the local network");
    }
}

struct Discovery {
    own: Packet,
    keys: NetworkKeys,
    listen: IpAddr,
    events: EventSender,
    heard: Heard,
    start: Instant,
}

impl Discovery {
    fn new(own: Packet, keys: NetworkKeys, listen: IpAddr, events: EventSender) -> Self {
        Self { own, keys, listen, events, heard: Heard::default(), start: Instant::now() }
    }

    async fn run(mut self) -> io::Result<()> {
        let udp = UdpSocket::from_std(socket::open()?)?;
        let mut packet = [0; PACKET_BYTES + 1];
        let mut last_speech = Instant::now();
        self.speak(&udp).await;
        let mut next_speech = last_speech + INTERVAL;
        loop {
            tokio::select! {
                () = sleep_until(next_speech) => {
                    self.speak(&udp).await;
                    last_speech = Instant::now();
                    next_speech = last_speech + INTERVAL;
                }
                received = udp.recv_from(&mut packet) => {
                    let Ok((length, from)) = received else {
                        // An interface that goes down: nothing came, and what is wrong may be wrong for a while.
                        sleep(ERROR_PAUSE).await;
                        continue;
                    };
                    if self.hear(&packet[..length], from) {
                        next_speech = next_speech.min(last_speech + ANSWER_INTERVAL_MIN);
                    }
                }
            }
        }
    }

    /// Sends our packet on every interface; one that is down now may be up in half a minute.
    async fn speak(&self, udp: &UdpSocket) {
        let packet = self.own.encode();
        for interface in socket::join(udp, self.listen) {
            if let Err(error) = socket::send(udp, interface, &packet).await {
                tracing::debug!(%interface, %error, "cannot send to the local network");
            }
        }
    }

    /// Takes in a packet; says whether to answer it.
    fn hear(&mut self, bytes: &[u8], from: SocketAddr) -> bool {
        let Some(packet) = Packet::decode(bytes) else { return false };
        // What is said on the loopback interface is for those who listen there, and the other way round.
        let same_side = from.ip().is_loopback() == self.listen.is_loopback();
        if packet.beacon == self.own.beacon || !self.keys.accepts(&packet.network) || !same_side {
            return false;
        }
        let verdict = self.heard.hear(packet.beacon, self.start.elapsed());
        if verdict.tell {
            let address = DialAddress { id: Some(packet.beacon), host: from.ip().to_string(), port: packet.port };
            tracing::debug!(%address, "beacon heard on the local network");
            self.events.offer(NetEvent::LanBeacon { address });
        }
        verdict.answer
    }
}

/// How often a beacon makes itself known.
const INTERVAL: Duration = Duration::from_secs(30);
/// Newcomers are answered, all those of this time at once.
const ANSWER_INTERVAL_MIN: Duration = Duration::from_secs(1);
const ERROR_PAUSE: Duration = Duration::from_secs(1);
