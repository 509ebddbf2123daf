//! The settings of one beacon, resolved and checked.

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use super::NotifyHook;
use crate::{
    model::{ByteSize, DialAddress},
    node::view::Mode,
};

/// Everything that can be set, resolved and checked. Paths are absolute where the directory that they start from is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The configuration file that was read; `None` where there is none and the defaults hold.
    pub file: Option<PathBuf>,
    /// What this beacon calls itself to others.
    pub name: String,
    /// Whose fate it shares, such as a house or a provider: copies in one zone may be lost together. Empty where unsaid.
    pub zone: String,
    /// The UDP address on which it listens for other beacons; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Addresses to tell others beside those that it finds out; none of them has an id.
    pub advertise: Vec<DialAddress>,
    /// The TCP address of the page and the API; port 0 lets the system choose.
    pub dashboard: SocketAddr,
    /// The directory from which the page's files are read each time; `None` where those within the program are served.
    pub dashboard_dir: Option<PathBuf>,
    /// Whether nothing can be ordered through the API, whoever asks.
    pub read_only: bool,
    /// Names by which the page may be called beside `localhost` and any IP address, in lower case and without port.
    pub host_names: Vec<String>,
    /// Where the beacon keeps its identity and its database.
    pub data_dir: PathBuf,
    /// Where the collection files are.
    pub collections_dir: PathBuf,
    /// Directories of whose content torrents may be made through the API; none switches that off.
    pub create_from: Vec<PathBuf>,
    /// Beacons to connect to at the start.
    pub neighbors: Vec<DialAddress>,
    /// The file with the key that all beacons of a closed network share.
    pub network_key_file: Option<PathBuf>,
    /// STUN servers to ask for the outside address; none asks nobody.
    pub stun_servers: Vec<DialAddress>,
    /// Whether to look for beacons on the local network, and to be found there.
    pub lan_discovery: bool,
    /// Whether the plan is carried out or only shown.
    pub mode: Mode,
    /// Whom to tell of what.
    pub notify: Vec<NotifyHook>,
    /// The space given.
    pub storage: Storage,
    /// The BitTorrent client.
    pub client: ClientSettings,
    /// The BitTorrent tracker within the beacon.
    pub tracker: TrackerSettings,
    /// How often and how patiently.
    pub timing: Timing,
    /// How copies that are too many are deleted.
    pub reclaim: Reclaim,
}

/// The space that a beacon gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storage {
    /// Where the client puts the torrents that the beacon adds.
    pub dir: PathBuf,
    /// The most that the beacon may hold; with 0 it fetches nothing.
    pub budget: ByteSize,
    /// What stays free on the volume whatever the budget says.
    pub keep_free: ByteSize,
}

/// The BitTorrent client behind the beacon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientSettings {
    /// The engine within the beacon.
    Embedded(EmbeddedSettings),
    /// A qBittorrent that runs beside it.
    Qbittorrent(QbittorrentSettings),
}

/// How the embedded client is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedSettings {
    /// The address for BitTorrent connections; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Whether peers are looked for in the DHT too.
    pub dht: bool,
    /// The most that is sent in a second; `None` where there is no limit.
    pub upload_limit: Option<ByteSize>,
    /// The most that is received in a second; `None` where there is no limit.
    pub download_limit: Option<ByteSize>,
}

/// How qBittorrent is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QbittorrentSettings {
    /// The address of its Web UI, without a slash at the end.
    pub url: String,
    /// The user of its Web UI; empty where it asks for none.
    pub username: String,
    /// The password of its Web UI, which may have come from `password_file`.
    pub password: Secret,
    /// The file that the password was read from.
    pub password_file: Option<PathBuf>,
    /// An API key, used instead of user and password.
    pub api_key: Option<Secret>,
    /// What other clients are told to connect to, where that is not what qBittorrent says.
    pub peer_address: Option<SocketAddr>,
}

/// The BitTorrent tracker within the beacon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackerSettings {
    /// Where everyone may ask it, at a TCP port that serves nothing else; `None` where only clients of this machine may, at
    /// the page's address. Port 0 lets the system choose.
    pub listen: Option<SocketAddr>,
}

/// How often things are done, and how long others are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// Between two signs of life.
    pub heartbeat: Duration,
    /// Between two questions to the client.
    pub poll: Duration,
    /// Between two plans.
    pub plan: Duration,
    /// How long a beacon may be away before its copies are replaced.
    pub repair_delay: Duration,
    /// How long a surplus must have stood before it is reclaimed.
    pub reclaim_delay: Duration,
}

/// How copies that are too many are deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reclaim {
    /// For how long a torrent is only stopped in the client before its files go.
    pub quarantine: Duration,
    /// The most torrents that are deleted in 24 hours; with 0 none is, but for those that the user wants gone.
    pub torrents_per_day: u32,
    /// The most bytes that are deleted in 24 hours.
    pub bytes_per_day: ByteSize,
    /// How many more holders than the target must grant a deletion: as many may lie as this.
    pub margin: u16,
}

/// A text that is never shown by accident.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, to be handed to whom it is for.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to hide.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "Secret(empty)" } else { "Secret(hidden)" })
    }
}
