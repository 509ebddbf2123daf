//! Live connections to other beacons.

use std::fmt;

/// A live connection to another beacon, as this process numbers it; never reused while the process lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u64);

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
