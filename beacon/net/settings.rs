//! What the network is started with, and why it may not start.

use std::{io, net::SocketAddr, time::Duration};

use thiserror::Error;

use super::{identity::Identity, key::NetworkKeys};

/// What the network is started with.
#[derive(Debug, Clone)]
pub struct NetSettings {
    /// The UDP address of everything but local discovery; port 0 lets the system choose. `[::]` serves IPv4 too.
    pub listen: SocketAddr,
    /// Who this beacon is.
    pub identity: Identity,
    /// The secrets of the network; none in the open network.
    pub network_keys: NetworkKeys,
    /// STUN servers as `host:port`, asked in turn; none are asked where `listen` is a loopback address.
    pub stun_servers: Vec<String>,
    /// Whether to find, and be found by, beacons on the local network.
    pub lan_discovery: bool,
    /// The most links at once; a quarter of them is kept for links that this beacon dials.
    pub links_max: usize,
    /// After how much silence a link is dead. Links are kept alive at a third of it.
    pub idle_timeout: Duration,
}

impl NetSettings {
    /// The usual settings: 64 links, 30 s of silence, local discovery, no STUN servers.
    pub fn new(listen: SocketAddr, identity: Identity, network_keys: NetworkKeys) -> Self {
        Self {
            listen,
            identity,
            network_keys,
            stun_servers: Vec::new(),
            lan_discovery: true,
            links_max: 64,
            idle_timeout: Duration::from_secs(30),
        }
    }
}

/// Why the network could not start.
#[derive(Debug, Error)]
pub enum NetError {
    /// The address cannot be listened on.
    #[error("cannot listen on UDP {address}: {source}; choose another `listen` address if another program has it")]
    Listen {
        /// The address from the settings.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The cryptography could not be set up.
    #[error("cannot set up TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The system has no randomness.
    #[error("the system gives no random bytes")]
    NoRandomness,
    /// The time after which a silent link is dead is out of range.
    #[error("an idle timeout of {0:?} is not possible; take between 1 second and 1 hour")]
    IdleTimeout(Duration),
}
