//! Floor 4: QUIC between beacons, STUN, and discovery on the local network.
//!
//! It carries opaque bytes between beacons whose identity it has proved, and knows nothing of what they mean.

mod accept;
mod admission;
mod carry;
mod close;
mod dial;
mod endpoint;
mod event;
mod identity;
mod inbox;
mod key;
mod lan;
mod link;
mod registry;
mod settings;
mod socket;
mod stun;
#[cfg(test)]
mod tests;
mod tls;

pub use endpoint::Net;
pub use event::{DialFailure, NetEvent, NetEvents};
pub use identity::{Identity, IdentityError};
pub use key::{NetworkKey, NetworkKeyError, NetworkKeys};
pub use link::{DATAGRAM_BYTES_MAX, MESSAGE_BYTES_MAX, SendError};
pub use registry::Traffic;
pub use settings::{NetError, NetSettings};
