//! Scenarios with names, each with what has to come of it. `beacon simulate` plays them.

mod absences;
mod crowd;
mod few;
mod lies;
mod limits;
mod list;
mod load;
mod staged;
mod tools;

pub use list::{Entry, LIST, find};
pub use load::{Load, load};
pub use staged::{Expectation, Outcome, Staged};
