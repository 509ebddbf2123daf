//! What is simulated: beacons, torrents, a network, and what befalls them.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use super::{Act, Lie};
use crate::{
    model::{
        BeaconId, ByteSize, Catalog, CatalogCollection, CatalogTorrent, CollectionId, DialAddress, InfoHash,
        InfoHashes, Instant, NetworkId, Redundancy, Source, mix,
    },
    node::{NodeSettings, ReclaimSettings, view::Mode},
    protocol::ProtocolSettings,
    wire::Signer,
};

/// Everything that a run depends on: equal scenarios give equal runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// From which all randomness comes.
    pub seed: u64,
    /// How messages travel.
    pub network: NetworkModel,
    /// The beacons' intervals.
    pub timing: Timing,
    /// How the beacons delete copies that are too many.
    pub reclaim: ReclaimSettings,
    /// The torrents of the one collection that all beacons follow.
    pub torrents: Vec<TorrentSpec>,
    /// The beacons.
    pub beacons: Vec<BeaconSpec>,
    /// What happens when, in any order.
    pub acts: Vec<(Instant, Act)>,
    /// How long a client checks its data after it has been started, in which it knows nothing for certain.
    pub checking: Duration,
    /// Whether beacons sign with real keys; else signatures are only checksums, which takes a tenth of the time.
    pub real_keys: bool,
}

/// How messages travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkModel {
    /// The mean time that a packet takes from one beacon to another.
    pub hop: Duration,
    /// How much longer or shorter than `hop` it may take, at most.
    pub jitter: Duration,
    /// How many of a million packets are lost.
    pub loss_ppm: u32,
    /// How many of a million datagrams arrive twice.
    pub duplicate_ppm: u32,
    /// How many of a million datagrams are overtaken by others: they take up to ten times as long.
    pub reorder_ppm: u32,
    /// After how long without a packet a connection is given up.
    pub idle_timeout: Duration,
    /// After how long an unanswered dial has failed.
    pub dial_timeout: Duration,
    /// The most connections of a beacon; more are refused.
    pub links_max: usize,
}

/// The beacons' intervals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    /// The shortest time between two hellos that say nothing new.
    pub heartbeat: Duration,
    /// Between two rounds of planning.
    pub plan: Duration,
    /// Between two questions to the client.
    pub poll: Duration,
    /// How long a beacon may be away before its copies are made anew.
    pub repair_delay: Duration,
}

/// One torrent of the collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TorrentSpec {
    /// Bytes of all its files.
    pub size: u64,
    /// The copies wanted.
    pub redundancy: Redundancy,
}

/// One beacon with its client and its disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeaconSpec {
    /// When it is started.
    pub starts: Instant,
    /// Whether it acts.
    pub mode: Mode,
    /// The most that it may hold for the network.
    pub budget: ByteSize,
    /// The beacons that its user named, by their places in the scenario.
    pub neighbors: Vec<usize>,
    /// The torrents that its user has complete, by their places in the scenario.
    pub library: Vec<usize>,
    /// The torrents that it has itself added before, and has complete, by their places in the scenario.
    pub held: Vec<usize>,
    /// How many bytes a second its client fetches, of all torrents together.
    pub bandwidth: u64,
    /// The failure domain that its user declared; empty where none.
    pub zone: String,
    /// How much faster its clock goes, in millionths.
    pub drift_ppm: i32,
    /// How it deceives the others, if it does.
    pub lie: Option<Lie>,
}

/// With more beacons than this, signatures are only checksums unless something else is said.
const REAL_KEYS_MAX: usize = 50;

impl Default for NetworkModel {
    /// Links across a continent, with bad lines among them.
    fn default() -> Self {
        Self {
            hop: Duration::from_millis(100),
            jitter: Duration::from_millis(50),
            loss_ppm: 50_000,
            duplicate_ppm: 0,
            reorder_ppm: 0,
            idle_timeout: Duration::from_secs(30),
            dial_timeout: Duration::from_secs(5),
            links_max: 64,
        }
    }
}

impl Default for Timing {
    /// Those of a beacon whose user set none.
    fn default() -> Self {
        Self {
            heartbeat: Duration::from_mins(1),
            plan: Duration::from_secs(15),
            poll: Duration::from_secs(5),
            repair_delay: Duration::from_hours(1),
        }
    }
}

impl Default for BeaconSpec {
    /// There from the start, ready for anything, alone, and empty.
    fn default() -> Self {
        Self {
            starts: Instant::ZERO,
            mode: Mode::Apply,
            budget: ByteSize::from_bytes(1_000_000_000_000),
            neighbors: Vec::new(),
            library: Vec::new(),
            held: Vec::new(),
            bandwidth: 10_000_000,
            zone: String::new(),
            drift_ppm: 0,
            lie: None,
        }
    }
}

impl Scenario {
    /// A scenario with the usual network and intervals, in which nothing happens from outside.
    pub fn new(seed: u64, torrents: Vec<TorrentSpec>, beacons: Vec<BeaconSpec>) -> Self {
        Self {
            seed,
            network: NetworkModel::default(),
            timing: Timing::default(),
            reclaim: ReclaimSettings { delay: Duration::from_hours(1), ..ReclaimSettings::default() },
            torrents,
            real_keys: beacons.len() <= REAL_KEYS_MAX,
            beacons,
            acts: Vec::new(),
            checking: Duration::ZERO,
        }
    }

    /// The key of a beacon: a real one in small networks.
    pub(super) fn signer(&self, beacon: usize) -> Signer {
        let seed = bytes32(mix(self.seed) ^ beacon as u64);
        if self.real_keys { Signer::from_seed(&seed) } else { Signer::simulated(BeaconId::new(seed)) }
    }

    /// What a beacon's node is told at its start.
    pub(super) fn settings(&self, beacon: usize) -> NodeSettings {
        let spec = &self.beacons[beacon];
        let neighbor = |place: &usize| {
            let address = beacon_address(*place);
            DialAddress { id: None, host: address.ip().to_string(), port: address.port() }
        };
        let neighbors = spec.neighbors.iter().map(neighbor).collect();
        NodeSettings {
            protocol: ProtocolSettings::new(NetworkId::new([0; 16]), neighbors, self.timing.heartbeat),
            mode: spec.mode,
            name: format!("b{beacon}"),
            zone: spec.zone.clone(),
            budget: spec.budget,
            keep_free: ByteSize::ZERO,
            plan: self.timing.plan,
            repair_delay: self.timing.repair_delay,
            reclaim: self.reclaim,
        }
    }

    /// The info-hash of a torrent.
    pub fn info_hash(torrent: usize) -> InfoHash {
        let mut hash = [0; 20];
        hash.copy_from_slice(&bytes32(torrent as u64)[..20]);
        InfoHash::V1(hash)
    }

    /// The one collection, as every beacon has it.
    pub(super) fn catalog(&self) -> Arc<Catalog> {
        let torrent = |(place, spec): (usize, &TorrentSpec)| CatalogTorrent {
            info_hash: Self::info_hash(place),
            hashes: InfoHashes::from(Self::info_hash(place)),
            name: Some(format!("t{place}")),
            size: Some(spec.size),
            redundancy: spec.redundancy,
            priority: 0,
            source: Source::Magnet(String::new()),
        };
        let mut torrents: Vec<_> = self.torrents.iter().enumerate().map(torrent).collect();
        torrents.sort_by_key(|torrent| torrent.info_hash);
        let collection = CatalogCollection {
            id: CollectionId::from_bytes([1; 16]),
            name: "simulated".to_owned(),
            redundancy: Redundancy::default(),
            torrents,
        };
        Arc::new(Catalog { collections: vec![collection] })
    }
}

/// Where a beacon is reached: a private address of its own.
pub(super) fn beacon_address(beacon: usize) -> SocketAddr {
    address(beacon, 9_000)
}

/// Where a beacon's client is reached.
pub(super) fn client_address(beacon: usize) -> SocketAddr {
    address(beacon, 6_881)
}

/// Whose address this is.
pub(super) fn at_address(address: SocketAddr) -> Option<usize> {
    match address.ip() {
        IpAddr::V4(ip) => usize::try_from(ip.to_bits().checked_sub(FIRST_ADDRESS)?).ok(),
        IpAddr::V6(_) => None,
    }
}

/// 10.0.0.1.
const FIRST_ADDRESS: u32 = 0x0a00_0001;

fn address(beacon: usize, port: u16) -> SocketAddr {
    let place = u32::try_from(beacon).unwrap_or(u32::MAX);
    SocketAddr::from((Ipv4Addr::from_bits(FIRST_ADDRESS.saturating_add(place)), port))
}

fn bytes32(seed: u64) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (place, chunk) in (1_u64..).zip(bytes.chunks_mut(8)) {
        chunk.copy_from_slice(&mix(seed.wrapping_add(place.wrapping_mul(0x9e37_79b9_7f4a_7c15))).to_le_bytes());
    }
    bytes
}
