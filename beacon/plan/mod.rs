//! Floor 2: from census to actions, each with its reason. Pure: the same situation gives the same plan.

mod by_torrent;
mod candidate;
mod patience;
mod placement;
mod planner;
mod reason;
mod sources;
mod surplus;
mod zones;

pub use patience::{Doubt, counted_on};
pub use placement::{Score, beacon_key, score, torrent_key};
pub use planner::{Assignment, Plan, Situation, Volunteer, assign, lacks};
pub use reason::{CancelReason, FetchReason, ReclaimReason, UnplacedReason};
pub use sources::{Load, Loads, Supplier, rank_sources};
pub use surplus::{copies_elsewhere, deleters};
pub use zones::{ZoneCount, all_counted_copies, counted_copies};
