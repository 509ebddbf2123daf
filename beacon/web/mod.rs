//! Floor 4: the HTTP API and the status page.
//!
//! Everything here only reads: it asks the daemon's loop a [`Question`] and shows the answer. Nothing can be changed
//! through it in this version, and every other method than `GET` and `HEAD` is refused.

mod ask;
mod assets;
mod collections;
mod connections;
mod events;
mod form;
mod form_torrent;
mod guard;
mod host;
mod problem;
mod question;
mod rfc3339;
mod server;
mod status;

pub use question::Question;
pub use server::{WebContext, serve};
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
