//! Bytes that beacons send, by what they are for.

use std::ops::{Add, Sub};

use crate::wire::Message;

/// Bytes of messages by purpose, and what packets add.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Hellos one by one.
    pub hellos: u64,
    /// Ids of hellos.
    pub ids: u64,
    /// Questions for hellos, and what shapes the tree.
    pub asks: u64,
    /// Checksums and lists of what is known, and the hellos sent after them.
    pub reconciliation: u64,
    /// Statuses and questions for them.
    pub status: u64,
    /// Everything else.
    pub other: u64,
    /// Headers and seals of packets: IP, UDP and QUIC.
    pub packets: u64,
}

/// What a packet adds to what it carries: 28 bytes of IPv4 and UDP, 27 of QUIC's header and seal, 3 of a frame.
const PACKET_BYTES: u64 = 58;
/// What a packet carries at most.
const PACKET_PAYLOAD_BYTES: u64 = 1_200;

impl Traffic {
    /// What one message costs.
    pub(super) fn of(message: &Message) -> Self {
        let bytes = message.size_estimate() as u64;
        let mut traffic = Self { packets: packets_of(message) * PACKET_BYTES, ..Self::default() };
        let purpose = match message {
            Message::Hellos(hellos) if hellos.len() == 1 => &mut traffic.hellos,
            Message::HaveHellos(_) => &mut traffic.ids,
            Message::AskHellos(_) | Message::Prune | Message::Graft => &mut traffic.asks,
            Message::Hellos(_) | Message::Summary(_) | Message::Ranges { .. } | Message::AskMembers(_) => {
                &mut traffic.reconciliation
            }
            Message::WantStatus { .. } | Message::Status { .. } | Message::NoStatus { .. } => &mut traffic.status,
            _ => &mut traffic.other,
        };
        *purpose = bytes;
        traffic
    }

    /// All bytes of the flood of hellos.
    pub const fn flood(&self) -> u64 {
        self.hellos + self.ids + self.asks
    }

    /// All bytes of messages, without what packets add.
    pub const fn messages(&self) -> u64 {
        self.flood() + self.reconciliation + self.status + self.other
    }

    /// All bytes.
    pub const fn total(&self) -> u64 {
        self.messages() + self.packets
    }
}

/// How many packets a message takes.
pub(super) fn packets_of(message: &Message) -> u64 {
    (message.size_estimate() as u64).div_ceil(PACKET_PAYLOAD_BYTES)
}

impl Add for Traffic {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            hellos: self.hellos + other.hellos,
            ids: self.ids + other.ids,
            asks: self.asks + other.asks,
            reconciliation: self.reconciliation + other.reconciliation,
            status: self.status + other.status,
            other: self.other + other.other,
            packets: self.packets + other.packets,
        }
    }
}

impl Sub for Traffic {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            hellos: self.hellos - earlier.hellos,
            ids: self.ids - earlier.ids,
            asks: self.asks - earlier.asks,
            reconciliation: self.reconciliation - earlier.reconciliation,
            status: self.status - earlier.status,
            other: self.other - earlier.other,
            packets: self.packets - earlier.packets,
        }
    }
}
