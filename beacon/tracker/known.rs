//! What beacons know of a torrent's clients.

use std::net::SocketAddr;

/// The clients of one torrent that beacons tell of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// The client of each live beacon that serves the torrent or fetches it.
    pub peers: Vec<KnownPeer>,
    /// Where this beacon's own client is reached, whether it has the torrent or not.
    pub own: Vec<SocketAddr>,
}

/// One beacon's client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPeer {
    /// Where it can be reached.
    pub addresses: Vec<SocketAddr>,
    /// Whether it has all data and serves it.
    pub is_complete: bool,
    /// Whether it is this beacon's own client.
    pub is_own: bool,
}

impl Known {
    /// Whether this beacon's own client has all data and serves it.
    pub(super) fn own_is_complete(&self) -> bool {
        self.peers.iter().any(|peer| peer.is_own && peer.is_complete)
    }
}
