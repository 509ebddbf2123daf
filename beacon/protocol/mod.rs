//! Floor 2: the sans-IO protocol: membership, flood and object exchange.
//!
//! Whoever drives [`Protocol`] tells it of links, messages and time, drains its events, and waits until its next timeout.
//! It has no clock, no sockets and no randomness of its own.

mod allowance;
mod event;
mod exchange;
mod flood;
mod hellos;
mod links;
mod member;
mod members;
mod moment;
mod neighbors;
mod objects;
mod overlay;
mod own;
mod proof;
#[expect(clippy::module_inception, reason = "the module is named for what it holds")]
mod protocol;
mod reclaim;
mod reconcile;
mod settings;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use event::ProtocolEvent;
pub use links::{Link, Links};
pub use member::Member;
pub use members::Members;
pub use neighbors::Neighbor;
pub use own::{Own, Profile};
pub use protocol::Protocol;
pub use reclaim::{Claim, Terms, precedes};
pub use settings::ProtocolSettings;
