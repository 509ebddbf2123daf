//! Floor 3: the one state machine: protocol, census and plan.
//!
//! Whoever drives a [`Node`] hands it one [`Input`], drains its [`Output`]s, and waits for the next input or until its next
//! timeout. The daemon and the simulator do just that.

mod actions;
mod acts;
mod answers;
mod counting;
mod counts;
mod explain;
mod figures;
mod holders;
mod io;
mod kin;
mod listing;
mod local;
mod local_sums;
mod map;
mod member_view;
mod metainfo;
mod naming;
mod neighbors;
mod news;
#[expect(clippy::module_inception, reason = "the module is named for what it holds")]
mod node;
mod observing;
mod orders;
mod own_status;
mod pages;
mod past_view;
mod peers;
mod people;
mod reclaiming;
mod reclaims;
mod round;
mod settings;
mod situation;
mod sources;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod torrent_view;
pub mod view;

pub use io::{Input, Note, Outcome, Output};
pub use listing::Listing;
pub use neighbors::{NEIGHBORS_MAX, NeighborError, NeighborSource, NeighborState, NeighborView};
pub use news::News;
pub use node::Node;
pub use orders::{Order, OrderError};
pub use settings::{Leaving, Memory, NodeSettings, ReclaimSettings};
pub use sources::Asker;
