//! Where copies are likely to be lost together.

use std::net::IpAddr;

use super::{BeaconId, stir};

/// A failure domain, as a number that stands for it: the zone that a beacon's user declared; else the /24 (IPv4) or /48
/// (IPv6) of its first public address; else the beacon alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain(pub u64);

impl Domain {
    /// The domain of a beacon of this id, zone and addresses.
    pub fn new(id: &BeaconId, zone: &str, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        if !zone.is_empty() {
            return Self::hash(b'z', zone.as_bytes());
        }
        match addresses.into_iter().find_map(public_subnet) {
            Some(subnet) => Self::hash(b's', &subnet),
            None => Self::hash(b'b', id.as_bytes()),
        }
    }

    fn hash(kind: u8, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(u64::from(kind), |sum, byte| stir(sum, u64::from(*byte))))
    }
}

/// Whether two addresses are of one subnet, public or not: a /24 (IPv4) or a /48 (IPv6).
pub fn share_subnet(one: IpAddr, other: IpAddr) -> bool {
    match (one.to_canonical(), other.to_canonical()) {
        (IpAddr::V4(one), IpAddr::V4(other)) => one.octets()[..3] == other.octets()[..3],
        (IpAddr::V6(one), IpAddr::V6(other)) => one.octets()[..6] == other.octets()[..6],
        _ => false,
    }
}

/// What one operator is likely to own, of an address that the whole internet reaches.
fn public_subnet(address: IpAddr) -> Option<Vec<u8>> {
    match address.to_canonical() {
        IpAddr::V4(ip) => {
            let shared = ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64;
            let local = ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified() || shared;
            (!local).then(|| ip.octets()[..3].to_vec())
        }
        IpAddr::V6(ip) => {
            let local = ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified();
            (!local).then(|| ip.octets()[..6].to_vec())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(id: u8, zone: &str, addresses: &[&str]) -> Domain {
        let addresses = addresses.iter().map(|address| address.parse().expect("an address"));
        Domain::new(&BeaconId::new([id; 32]), zone, addresses)
    }

    #[test]
    fn a_declared_zone_counts_before_addresses() {
        assert_eq!(domain(1, "attic", &["198.51.100.1"]), domain(2, "attic", &["203.0.113.1"]));
        assert_ne!(domain(1, "attic", &["198.51.100.1"]), domain(2, "barn", &["198.51.100.1"]));
    }

    #[test]
    fn subnets_are_shared_by_addresses_of_one_kind() {
        let shared = |one: &str, other: &str| share_subnet(one.parse().expect("ip"), other.parse().expect("ip"));
        assert!(shared("192.168.1.2", "::ffff:192.168.1.200") && shared("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(!shared("192.168.1.2", "192.168.2.2") && !shared("::1", "127.0.0.1") && !shared("::1", "2001:db8::1"));
    }

    #[test]
    fn public_neighbors_share_a_domain_and_private_ones_do_not() {
        assert_eq!(domain(1, "", &["198.51.100.1"]), domain(2, "", &["198.51.100.200"]));
        assert_ne!(domain(1, "", &["198.51.100.1"]), domain(2, "", &["198.51.101.1"]));
        assert_eq!(domain(1, "", &["2001:db8:1:2::1"]), domain(2, "", &["2001:db8:1:ffff::9"]));
        for local in ["192.168.1.2", "127.0.0.1", "fe80::1", "fd00::1", "100.64.0.1", "::ffff:10.0.0.1"] {
            assert_ne!(domain(1, "", &[local]), domain(2, "", &[local]), "{local}");
        }
        assert_eq!(domain(1, "", &["10.0.0.1", "198.51.100.1"]), domain(2, "", &["198.51.100.9"]));
    }
}
