//! Inviting others into the network, joining one, and the neighbors that are named while the beacon runs.

mod answering;
mod failures;
mod inviter;
mod offline;
#[cfg(test)]
mod tests;

pub(super) use failures::Failures;
pub(super) use inviter::Inviter;
pub use offline::join;
