//! The multicast socket of local discovery, and the interfaces it speaks on.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket},
};

use socket2::{Domain, Protocol, SockRef, Socket, Type};
use sysinfo::{NetworkData, Networks};

/// The group that beacons speak in: of the block for sites (RFC 2365).
pub(super) const GROUP: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(239, 255, 77, 77), 19_077);

/// The socket, shared with other beacons on this machine.
pub(super) fn open() -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_reuse_address(true)?;
    // Bound to the group, the socket hears nothing that was sent to us alone, from wherever it be. Windows cannot.
    let bound = if cfg!(unix) { *GROUP.ip() } else { Ipv4Addr::UNSPECIFIED };
    socket.bind(&SocketAddr::from((bound, GROUP.port())).into())?;
    socket.set_multicast_loop_v4(true)?;
    socket.set_multicast_ttl_v4(1)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

/// Joins the group wherever a beacon that listens on `listen` can be found, and lists these interfaces by address.
///
/// Called again and again, since interfaces come and go.
pub(super) fn join(socket: &tokio::net::UdpSocket, listen: IpAddr) -> Vec<Ipv4Addr> {
    let joins = |interface: &Ipv4Addr| match socket.join_multicast_v4(*GROUP.ip(), *interface) {
        Ok(()) => true,
        Err(error) => error.kind() == io::ErrorKind::AddrInUse,
    };
    candidates(listen).into_iter().filter(joins).collect()
}

/// Sends on one interface.
pub(super) async fn send(socket: &tokio::net::UdpSocket, interface: Ipv4Addr, bytes: &[u8]) -> io::Result<()> {
    SockRef::from(socket).set_multicast_if_v4(&interface)?;
    socket.send_to(bytes, GROUP).await.map(|_sent| ())
}

/// Where a beacon that listens on `listen` can be found: on that address, or on all of the machine's but loopback.
fn candidates(listen: IpAddr) -> Vec<Ipv4Addr> {
    match listen.to_canonical() {
        IpAddr::V4(listen) if !listen.is_unspecified() => vec![listen],
        IpAddr::V6(listen) if !listen.is_unspecified() => Vec::new(),
        _ => {
            let Ok(networks) = Networks::new_with_refreshed_list() else { return Vec::new() };
            let addresses = networks.values().flat_map(NetworkData::ip_networks).map(|network| network.addr);
            let usable = addresses.filter_map(|address| match address {
                IpAddr::V4(address) if !address.is_loopback() => Some(address),
                _ => None,
            });
            usable.take(INTERFACES_MAX).collect()
        }
    }
}

/// Machines that run many containers have many interfaces; a packet goes out on each.
const INTERFACES_MAX: usize = 16;

/// Whether this machine can do what the tests of discovery need.
#[cfg(test)]
pub(in crate::net) async fn works_on_loopback() -> bool {
    let probe = async {
        let listener = tokio::net::UdpSocket::from_std(open()?)?;
        let Some(interface) = join(&listener, Ipv4Addr::LOCALHOST.into()).pop() else {
            return io::Result::Ok(false);
        };
        send(&listener, interface, b"probe").await?;
        listener.recv_from(&mut [0; 64]).await?;
        Ok(true)
    };
    matches!(tokio::time::timeout(std::time::Duration::from_secs(2), probe).await, Ok(Ok(true)))
}
