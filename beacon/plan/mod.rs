//! Floor 2: from census to actions, each with its reason. Pure: the same situation gives the same plan.

mod placement;
mod planner;
mod reason;
mod surplus;

pub use placement::{Score, beacon_key, score, torrent_key};
pub use planner::{Plan, Situation, Volunteer, lacks, patience};
pub use reason::{CancelReason, FetchReason, ReclaimReason, UnplacedReason};
