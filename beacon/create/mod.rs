//! Floor 4: making torrents of files and directories.
//!
//! A tree is walked, a [`Draft`](crate::metainfo::Draft) made of it, every file read once by as many threads as there are
//! cores, each with one buffer, and the .torrent written so that nobody ever sees half of one.

mod error;
mod hash;
mod left_out;
mod prepared;
mod stamp;
#[cfg(test)]
mod tests;
mod walk;
mod write;

pub use error::CreateError;
pub use hash::Watch;
pub use left_out::{LeftOut, WhyLeftOut};
pub use prepared::{Prepared, Wanted};
pub use walk::own_name;
pub use write::write_whole;
