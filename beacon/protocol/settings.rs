//! What the protocol is told once, at the start.

use std::time::Duration;

use crate::{
    model::{DialAddress, NetworkId},
    wire::Hello,
};

/// Settings that hold as long as the beacon runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtocolSettings {
    /// Which network it belongs to.
    pub network: NetworkId,
    /// Another network whose members are taken for ours, while the network key is being changed.
    pub also_accepted: Option<NetworkId>,
    /// Neighbors that the user named: dialed for ever.
    pub neighbors: Vec<DialAddress>,
    /// The shortest time between two hellos of a beacon that has nothing new to say.
    pub heartbeat: Duration,
    /// How many links to keep up; half of them are dialed, the others accepted.
    pub links: usize,
    /// The share of its line that a beacon gives to hellos, in bytes per second: in larger networks hellos are rarer.
    pub hello_budget: u32,
    /// How long a member that is not heard from is remembered at all.
    pub forget_after: Duration,
}

impl ProtocolSettings {
    /// Links to keep up. With eight, ten thousand beacons are within seven hops, and a network of which a third is dead
    /// stays whole.
    pub const LINKS: usize = 8;
    /// Two kilobytes per second: a hundredth of what the slowest lines carry.
    pub const HELLO_BUDGET: u32 = 2_000;
    /// A month: people travel.
    pub const FORGET_AFTER: Duration = Duration::from_hours(30 * 24);

    /// Settings with the usual numbers.
    pub const fn new(network: NetworkId, neighbors: Vec<DialAddress>, heartbeat: Duration) -> Self {
        Self {
            network,
            also_accepted: None,
            neighbors,
            heartbeat,
            links: Self::LINKS,
            hello_budget: Self::HELLO_BUDGET,
            forget_after: Self::FORGET_AFTER,
        }
    }

    /// Whether hellos of this network are listened to.
    pub fn accepts(&self, network: &NetworkId) -> bool {
        *network == self.network || self.also_accepted == Some(*network)
    }

    /// The time between two hellos in a network of this many beacons.
    pub fn interval(&self, members: usize) -> Duration {
        // What a hello costs each beacon: its own bytes once, and twelve for each of the other links.
        const HELLO_COST_BYTES: u64 = 382;
        let millis = members as u64 * HELLO_COST_BYTES * 1_000 / u64::from(self.hello_budget.max(1));
        self.heartbeat.max(Duration::from_millis(millis)).min(Hello::VALID_FOR_MAX)
    }
}
