//! Asking STUN servers (RFC 8489) for our public address, on the very socket that QUIC will use.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use stunclient::StunClient;
use tokio::{
    net::{UdpSocket, lookup_host},
    time::{Instant, timeout_at},
};

use super::socket::{can_reach, canonical};

/// Asks the servers in turn until one answers; `None` after two seconds at most.
///
/// Whatever goes wrong is harmless: a beacon works with the neighbours it is given.
pub(super) async fn public_address(socket: &UdpSocket, servers: &[String]) -> Option<SocketAddr> {
    let listen = socket.local_addr().ok()?;
    if listen.ip().is_loopback() || servers.is_empty() {
        return None;
    }
    let start = Instant::now();
    let share = TIMEOUT / u32::try_from(servers.len()).unwrap_or(u32::MAX);
    let mut end_of_turn = start;
    for server in servers {
        // What one server leaves of its share is the next one's.
        end_of_turn += share;
        match timeout_at(end_of_turn, ask(socket, listen, server)).await {
            Ok(Ok(address)) => return Some(address),
            Ok(Err(problem)) => tracing::debug!(%server, %problem, "no public address from the STUN server"),
            Err(_elapsed) => tracing::debug!(%server, "the STUN server does not answer"),
        }
    }
    None
}

async fn ask(socket: &UdpSocket, listen: SocketAddr, server: &str) -> Result<SocketAddr, String> {
    let mut found = lookup_host(server).await.map_err(|error| error.to_string())?;
    let server = found.find(|server| can_reach(listen.ip(), server.ip())).ok_or("it has no address we can send to")?;
    let mut client = StunClient::new(as_seen_by(listen, server));
    client.set_timeout(TIMEOUT).set_retry_interval(RETRY_INTERVAL).set_software(None);
    let address = client.query_external_address_async(socket).await.map_err(|error| error.to_string())?;
    Ok(canonical(address))
}

/// An IPv6 socket that serves IPv4 too shows IPv4 addresses in IPv6 clothes, and answers are matched by address.
fn as_seen_by(listen: SocketAddr, server: SocketAddr) -> SocketAddr {
    match (listen.ip(), server.ip()) {
        (IpAddr::V6(_), IpAddr::V4(ip)) => SocketAddr::new(IpAddr::V6(ip.to_ipv6_mapped()), server.port()),
        _ => server,
    }
}

/// How long a beacon that has no internet may be held up at its start.
const TIMEOUT: Duration = Duration::from_secs(2);
const RETRY_INTERVAL: Duration = Duration::from_millis(300);
