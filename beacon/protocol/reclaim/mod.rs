//! Deleting a copy only with the leave of enough others that keep theirs.

mod claim;
mod grants;

pub use claim::{Claim, Terms, precedes};
