//! The packet by which a beacon makes itself known on the local network.

use crate::model::{BeaconId, NetworkId};

/// "Here I am." On the wire: `magic (6) | version (1) | network (16) | beacon (32) | port (2, big endian)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::net) struct Packet {
    /// The network that the beacon is in.
    pub(in crate::net) network: NetworkId,
    /// Who it is.
    pub(in crate::net) beacon: BeaconId,
    /// Its QUIC port; its address is the packet's source.
    pub(in crate::net) port: u16,
}

/// The size of every packet of this version.
pub(super) const PACKET_BYTES: usize = 57;

impl Packet {
    pub(super) fn encode(&self) -> [u8; PACKET_BYTES] {
        let mut bytes = [0; PACKET_BYTES];
        bytes[..6].copy_from_slice(MAGIC);
        bytes[6] = VERSION;
        bytes[7..23].copy_from_slice(self.network.as_bytes());
        bytes[23..55].copy_from_slice(self.beacon.as_bytes());
        bytes[55..].copy_from_slice(&self.port.to_be_bytes());
        bytes
    }

    /// Reads a packet; `None` where it is anything else, or of another version.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?.strip_prefix(&[VERSION])?;
        let (&network, rest) = rest.split_first_chunk()?;
        let (&beacon, rest) = rest.split_first_chunk()?;
        let port = u16::from_be_bytes(rest.try_into().ok()?);
        (port != 0).then_some(Self { network: NetworkId::new(network), beacon: BeaconId::new(beacon), port })
    }
}

const MAGIC: &[u8; 6] = b"beacon";
const VERSION: u8 = 1;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packet() -> Packet {
        Packet { network: NetworkId::new([1; 16]), beacon: BeaconId::new([2; 32]), port: 9000 }
    }

    #[test]
    fn packets_survive_the_wire_and_nothing_else_is_one() {
        let bytes = packet().encode();
        assert_eq!(Packet::decode(&bytes), Some(packet()));
        assert_eq!(Packet::decode(&bytes[..PACKET_BYTES - 1]), None);
        assert_eq!(Packet::decode(&[bytes.as_slice(), &[0]].concat()), None);
        assert_eq!(Packet::decode(&Packet { port: 0, ..packet() }.encode()), None);
        let mut later = bytes;
        later[6] = 2;
        assert_eq!(Packet::decode(&later), None);
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_what_was_written(
            mut bytes in proptest::collection::vec(any::<u8>(), 0..80),
            genuine_start in any::<bool>(),
        ) {
            if genuine_start {
                for (byte, genuine) in bytes.iter_mut().zip(&packet().encode()[..7]) {
                    *byte = *genuine;
                }
            }
            if let Some(read) = Packet::decode(&bytes) {
                let written = read.encode();
                prop_assert_eq!(written.as_slice(), bytes.as_slice());
            }
        }
    }
}
