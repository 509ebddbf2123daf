//! Floor 5: the loop that joins node, network, client, store and web.

mod addresses;
mod adopt;
mod answering;
mod client;
mod clock;
pub mod collections;
mod disk;
mod driver;
mod editing;
mod error;
mod event_loop;
mod folder;
mod housekeeping;
mod joining;
mod leaving;
mod making;
mod memory;
mod notify;
mod page;
mod past;
mod preparing;
mod sharing;
mod start;
mod torrents;
mod traffic;
mod trend;
mod writing;

pub use adopt::{Adopted, adopt};
pub use disk::free as free_space;
pub use editing::{Draft, Editor, lay_aside};
pub use error::DaemonError;
pub use folder::save_dir;
pub use joining::join;
pub use making::Maker;
pub use notify::{NotifyError, test_hooks};
pub use start::{Banner, check, run, serve, stop_signal};
