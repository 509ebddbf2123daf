//! The edge of notifications: messages go to URLs and programs, and what was told is written down.
//!
//! Who is told what is decided in the floor `notify`; here it is only brought there.

mod body;
mod command;
mod error;
mod outbox;
mod send;
mod teller;
#[cfg(test)]
mod tests;
mod webhook;

pub use error::NotifyError;
pub use send::test_hooks;
pub(super) use teller::Teller;
