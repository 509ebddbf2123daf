//! Deleting a copy only with the leave of enough others that keep theirs.

mod claim;

pub use claim::{Claim, Domain, Refusal, Terms, precedes};
