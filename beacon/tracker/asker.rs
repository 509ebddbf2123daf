//! Where a request comes from, and which addresses are of use there.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Who asks, by what the connection shows: nobody can claim another address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asker {
    /// The address at the other end of the connection.
    pub ip: IpAddr,
    /// Whether that is this machine.
    pub is_here: bool,
}

impl Asker {
    /// Who connected from `ip`, with this machine's own addresses to compare it to.
    pub fn new(ip: IpAddr, own: &[IpAddr]) -> Self {
        let ip = ip.to_canonical();
        Self { ip, is_here: ip.is_loopback() || own.contains(&ip) }
    }

    /// Whether this asker can make anything of an address. Loopback is for this machine; addresses of a private network are
    /// for whoever is in one, and nobody else's business.
    pub(super) fn can_use(&self, address: SocketAddr) -> bool {
        let ip = address.ip().to_canonical();
        let names_one = !ip.is_unspecified() && !ip.is_multicast() && !is_broadcast(ip);
        let in_reach = self.is_here || (!ip.is_loopback() && (is_private(self.ip) || !is_private(ip)));
        address.port() != 0 && names_one && in_reach
    }

    /// What those share who are likely the same person: an address, of IPv6 a /64.
    pub(super) fn source(&self) -> IpAddr {
        match self.ip {
            IpAddr::V4(_) => self.ip,
            IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64)).into(),
        }
    }

    /// The last address of [`Self::source`].
    pub(super) fn last_of_source(&self) -> IpAddr {
        match self.ip {
            IpAddr::V4(_) => self.ip,
            IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() | !(u128::MAX << 64)).into(),
        }
    }
}

fn is_broadcast(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V4(ip) if ip.is_broadcast())
}

/// Whether an address means something in its own network only (RFC 1918, 3927, 4193, 4291, 6598).
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            ip.is_private() || ip.is_link_local() || (first == 100 && second & 0xc0 == 64)
        }
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asker(ip: &str) -> Asker {
        Asker::new(ip.parse().expect("an address"), &["192.168.1.5".parse().expect("an address")])
    }

    fn can_use(asker: Asker, address: &str) -> bool {
        asker.can_use(address.parse().expect("an address"))
    }

    #[test]
    fn this_machine_is_known_by_loopback_and_its_own_addresses() {
        for here in ["127.0.0.1", "127.77.3.4", "::1", "::ffff:127.0.0.1", "192.168.1.5"] {
            assert!(asker(here).is_here, "{here}");
        }
        for elsewhere in ["192.168.1.6", "203.0.113.9", "2001:db8::1"] {
            assert!(!asker(elsewhere).is_here, "{elsewhere}");
        }
    }

    #[test]
    fn each_is_told_what_it_can_reach() {
        let (here, near, far) = (asker("127.0.0.1"), asker("192.168.1.6"), asker("203.0.113.9"));
        for (address, expected) in [
            ("198.51.100.7:6881", [true, true, true]),
            ("[2001:db8::7]:6881", [true, true, true]),
            ("192.168.1.9:6881", [true, true, false]),
            ("100.64.0.1:6881", [true, true, false]),
            ("[fd00::1]:6881", [true, true, false]),
            ("127.0.0.1:6881", [true, false, false]),
            ("[::1]:6881", [true, false, false]),
            ("[::ffff:127.0.0.1]:6881", [true, false, false]),
            ("198.51.100.7:0", [false, false, false]),
            ("0.0.0.0:6881", [false, false, false]),
            ("224.0.0.1:6881", [false, false, false]),
            ("255.255.255.255:6881", [false, false, false]),
        ] {
            assert_eq!([here, near, far].map(|asker| can_use(asker, address)), expected, "{address}");
        }
    }

    #[test]
    fn neighbors_in_a_subnet_of_ipv6_are_one_source() {
        assert_eq!(asker("2001:db8::1").source(), asker("2001:db8::ffff:2").source());
        assert_ne!(asker("2001:db8::1").source(), asker("2001:db8:0:1::1").source());
        assert_ne!(asker("192.0.2.1").source(), asker("192.0.2.2").source());
    }
}
