//! Addresses and ports that nobody else on this machine uses.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket},
    process,
    sync::atomic::{AtomicU8, Ordering},
};

/// A loopback address of one program's own, different in every test of this run and, as far as a byte can, in other runs.
pub(crate) fn own_loopback() -> Ipv4Addr {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    let run = u8::try_from(process::id() % 250).expect("below 250") + 2;
    Ipv4Addr::new(127, 77, run, NEXT.fetch_add(1, Ordering::Relaxed))
}

/// An address of this machine that is not loopback: some clients connect to no other. What goes there does not leave it.
pub(crate) fn machine_address() -> Ipv4Addr {
    let networks = sysinfo::Networks::new_with_refreshed_list().expect("the system tells its networks");
    let addresses =
        networks.values().flat_map(sysinfo::NetworkData::ip_networks).filter_map(|network| match network.addr {
            IpAddr::V4(ip) if !ip.is_loopback() && !ip.is_link_local() => Some(ip),
            _ => None,
        });
    addresses.min().expect("this machine has no address but loopback; give one to an interface, such as a dummy one")
}

/// An address whose port is free at this moment, for TCP and for UDP, as the system says.
pub(crate) fn free_port(ip: Ipv4Addr) -> SocketAddr {
    for _ in 0..100 {
        let listener = TcpListener::bind((ip, 0)).expect("a free TCP port");
        let address = listener.local_addr().expect("a bound address");
        if UdpSocket::bind(address).is_ok() {
            return address;
        }
    }
    panic!("no port of {ip} is free for both TCP and UDP");
}
