//! What the embedded client is set up with.

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf};

/// What the embedded client is set up with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedSettings {
    /// The TCP address for BitTorrent connections; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Where it remembers its torrents. No other client may use it.
    pub state_dir: PathBuf,
    /// The announce URL of the beacon's own tracker, as reached from this machine: it tells who holds what.
    pub tracker: Option<String>,
    /// Whether peers are looked for in the DHT (BEP 5) too. Private torrents (BEP 27) never are.
    pub dht: bool,
    /// The most that is sent and received.
    pub limits: SpeedLimits,
}

/// The most that is sent and received, in bytes a second, all torrents together; `None` where there is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpeedLimits {
    /// What is sent.
    pub upload: Option<NonZeroU32>,
    /// What is received.
    pub download: Option<NonZeroU32>,
}
