//! Neighbors that the user names while the beacon runs.

use std::time::Duration;

use thiserror::Error;

use super::{Output, node::Node};
use crate::{
    model::{BeaconId, DialAddress, Instant},
    protocol::Neighbor,
};

/// The most neighbors that are named while the beacon runs: each is dialed for ever, and a few lead to all others.
pub const NEIGHBORS_MAX: usize = 100;

/// How it stands with a neighbor that the user named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeighborView {
    /// Where it is dialed.
    pub address: DialAddress,
    /// Who named it.
    pub source: NeighborSource,
    /// How it stands.
    pub state: NeighborState,
    /// Who is at the other end, where there is a link.
    pub beacon: Option<BeaconId>,
    /// How often in a row it did not answer as it should.
    pub failures: u32,
    /// How long until it is dialed again, where it has failed.
    pub retry_in: Option<Duration>,
    /// Why it failed the last time, where that is known.
    pub problem: Option<String>,
}

/// Who named a neighbor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NeighborSource {
    /// The configuration.
    Config,
    /// The user, while the beacon ran.
    Order,
}

/// How it stands with a neighbor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NeighborState {
    /// There is a link to it.
    Linked,
    /// It is being dialed, or about to be.
    Dialing,
    /// It has failed, and is dialed again in a while.
    Waiting,
}

/// Why a neighbor is not added or removed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NeighborError {
    /// It is one already.
    #[error("{0} is a neighbor already")]
    Already(DialAddress),
    /// An address that names this beacon.
    #[error("{0} is this beacon itself")]
    Itself(DialAddress),
    /// As many as may be.
    #[error("{NEIGHBORS_MAX} neighbors have been added, which is the most")]
    TooMany,
    /// It is none.
    #[error("{0} is not a neighbor that was named")]
    Unknown(DialAddress),
    /// The configuration names it.
    #[error("{0} stands in `neighbors` of the configuration")]
    Configured(DialAddress),
}

impl NeighborSource {
    /// The word for it in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Order => "order",
        }
    }
}

impl NeighborState {
    /// The word for it in the API and in what people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::Dialing => "dialing",
            Self::Waiting => "waiting",
        }
    }
}

impl Node {
    /// The neighbors that the user named, those of the configuration first.
    pub fn neighbors(&self, now: Instant) -> Vec<NeighborView> {
        self.protocol.neighbors().into_iter().map(|neighbor| view(now, neighbor)).collect()
    }

    /// Names a neighbor: it is dialed now, and for ever. Says in a sentence what comes of it. Drain [`Node::poll_output`]
    /// afterwards.
    ///
    /// # Errors
    /// Why not; then nothing has changed.
    pub fn add_neighbor(&mut self, now: Instant, address: DialAddress) -> Result<String, NeighborError> {
        if address.id == Some(self.id()) {
            return Err(NeighborError::Itself(address));
        }
        let named = self.protocol.neighbors();
        if named.iter().any(|neighbor| neighbor.address == address) {
            return Err(NeighborError::Already(address));
        }
        if named.iter().filter(|neighbor| !neighbor.is_set).count() >= NEIGHBORS_MAX {
            return Err(NeighborError::TooMany);
        }
        self.protocol.add_neighbor(now, address.clone());
        let said = format!("{address} is a neighbor now, and is being connected to");
        self.outputs.push_back(Output::SaveNeighbor { address, is_kept: true });
        self.settle(now);
        Ok(said)
    }

    /// Takes a neighbor back that was named while the beacon ran. Says in a sentence what comes of it. Drain
    /// [`Node::poll_output`] afterwards.
    ///
    /// # Errors
    /// Why not; then nothing has changed.
    pub fn remove_neighbor(&mut self, address: &DialAddress) -> Result<String, NeighborError> {
        if !self.protocol.remove_neighbor(address) {
            let is_set = self.protocol.neighbors().iter().any(|neighbor| neighbor.address == *address);
            let error = if is_set { NeighborError::Configured } else { NeighborError::Unknown };
            return Err(error(address.clone()));
        }
        self.outputs.push_back(Output::SaveNeighbor { address: address.clone(), is_kept: false });
        Ok(format!(
            "{address} is not dialed as a neighbor any more; a connection that is up stays until it ends by itself"
        ))
    }
}

fn view(now: Instant, neighbor: Neighbor) -> NeighborView {
    let waits = neighbor.not_before.filter(|at| *at > now && neighbor.failures > 0);
    NeighborView {
        address: neighbor.address,
        source: if neighbor.is_set { NeighborSource::Config } else { NeighborSource::Order },
        state: match (neighbor.beacon, waits) {
            (Some(_), _) => NeighborState::Linked,
            (None, Some(_)) => NeighborState::Waiting,
            (None, None) => NeighborState::Dialing,
        },
        beacon: neighbor.beacon,
        failures: neighbor.failures,
        retry_in: waits.map(|at| at.since(now)),
        problem: None,
    }
}
