//! `beacon demo`: a whole network at work in one process, with real beacons, engines, sockets and data.

mod act;
mod actor;
mod cast;
mod command;
mod error;
mod files;
mod interrupt;
mod play;
mod scene;
mod scratch;
mod screen;
mod story;
mod summary;
mod tally;
#[cfg(test)]
mod tests;
mod troupe;
mod world;

pub use command::DemoArgs;
pub(super) use command::run;
pub use error::DemoError;
