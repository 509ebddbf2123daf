//! The one UDP socket of a beacon, and which addresses can be reached from it.

use std::{
    io,
    net::{IpAddr, SocketAddr, UdpSocket},
};

use socket2::{Domain, Protocol, Socket, Type};

/// Binds `listen`; the unspecified IPv6 address serves IPv4 too.
pub(super) fn bind(listen: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(listen), Type::DGRAM, Some(Protocol::UDP))?;
    if listen.is_ipv6() {
        socket.set_only_v6(!is_dual(listen.ip()))?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&listen.into())?;
    Ok(socket.into())
}

/// Whether a socket that listens on `listen` can send to `to`, and `to` is one machine's address.
pub(super) fn can_reach(listen: IpAddr, to: IpAddr) -> bool {
    let to = to.to_canonical();
    let family_fits = is_dual(listen) || listen.is_ipv4() == to.is_ipv4();
    // A socket bound to a loopback address cannot leave the machine.
    let scope_fits = !listen.is_loopback() || to.is_loopback();
    let is_broadcast = matches!(to, IpAddr::V4(to) if to.is_broadcast());
    family_fits && scope_fits && !to.is_unspecified() && !to.is_multicast() && !is_broadcast
}

/// An address without the IPv6 clothes that a dual-stack socket gives to IPv4.
pub(super) fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

fn is_dual(listen: IpAddr) -> bool {
    listen.is_ipv6() && listen.is_unspecified()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_a_served_family_and_scope_are_reached() {
        let reach = |listen: &str, to: &str| can_reach(listen.parse().unwrap(), to.parse().unwrap());
        assert!(reach("0.0.0.0", "192.0.2.1") && !reach("0.0.0.0", "2001:db8::1"));
        assert!(reach("::", "192.0.2.1") && reach("::", "2001:db8::1"));
        assert!(!reach("2001:db8::2", "192.0.2.1"));
        assert!(reach("127.0.0.1", "127.0.0.2") && !reach("127.0.0.1", "192.0.2.1"));
        for nobody in ["0.0.0.0", "239.1.2.3", "255.255.255.255"] {
            assert!(!reach("0.0.0.0", nobody), "{nobody}");
        }
        assert_eq!(canonical("[::ffff:192.0.2.1]:9".parse().unwrap()), "192.0.2.1:9".parse().unwrap());
    }
}
