//! Finding beacons on the local network by multicast, with no configuration.
//!
//! What is heard is unsigned and only a hint where to dial; the id in it is pinned, and dialing proves the rest.

mod discovery;
mod heard;
mod packet;
mod socket;

pub(super) use discovery::discover;
pub(super) use packet::Packet;

#[cfg(test)]
pub(super) use socket::works_on_loopback;
