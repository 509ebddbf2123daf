//! Live connections to other beacons.

use std::fmt;

/// A live connection to another beacon, as this process numbers it; never reused while the process lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u64);

impl LinkId {
    /// Two bytes of it: enough to tell the few links of one beacon apart where memory is dear.
    pub const fn low_bits(self) -> u16 {
        let [.., high, low] = self.0.to_be_bytes();
        u16::from_be_bytes([high, low])
    }
}

impl fmt::Display for LinkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "link {}", self.0)
    }
}

/// How a message travels over a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Cheap, small and at most once: it may be lost.
    Datagram,
    /// Of any size up to the transport's limit, and delivered as long as the link lives; in no particular order.
    Stream,
}
