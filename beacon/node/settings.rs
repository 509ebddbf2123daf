//! What a node is told once, at the start.

use std::time::Duration;

use super::view::Mode;
use crate::model::Instant;
use crate::{
    model::{BeaconId, ByteSize, InfoHash},
    protocol::ProtocolSettings,
    wire::SignedHello,
};

/// Settings that hold as long as the beacon runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeSettings {
    /// What the protocol is told.
    pub protocol: ProtocolSettings,
    /// Whether it acts.
    pub mode: Mode,
    /// The name its user gave it.
    pub name: String,
    /// The failure domain its user declared; empty where none.
    pub zone: String,
    /// The most that the beacon may hold.
    pub budget: ByteSize,
    /// What is to stay free on the volume.
    pub keep_free: ByteSize,
    /// The time between two rounds of planning; an intent waits for one before it is carried out.
    pub plan: Duration,
    /// How long to wait for a beacon that is away before its copies are made anew.
    pub repair_delay: Duration,
}

/// What a node remembers from before a restart.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// Its incarnation, higher than all before.
    pub incarnation: u64,
    /// The newest versions seen of other beacons' hellos.
    pub marks: Vec<(BeaconId, (u64, u64))>,
    /// The members last known, with when they were last heard.
    pub members: Vec<(SignedHello, Instant)>,
    /// The torrents that the beacon added to its client.
    pub ledger: Vec<InfoHash>,
}
