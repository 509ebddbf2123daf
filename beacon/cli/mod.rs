//! Floor 6: the command line, one file a command.
//!
//! It is a function of an [`Env`]: arguments, directory, environment and streams come in, an [`Exit`] comes out, so that
//! tests run commands without a process. Data goes to the output, talk to the error stream.

mod arguments;
mod collection;
mod config;
mod demo;
mod drain;
mod entry;
mod env;
mod error;
mod exit;
mod explain;
mod find;
mod id;
mod invite;
mod join;
mod log;
mod magnet;
mod neighbor;
#[cfg(test)]
mod neighbor_tests;
mod page;
mod pin;
mod plan;
mod remote;
mod run;
mod save;
mod share;
mod simulate;
mod status;
mod table;
#[cfg(test)]
mod test_daemon;
#[cfg(test)]
mod test_env;
#[cfg(test)]
mod tests;
mod torrent;
mod what;
mod who;

pub use arguments::{Arguments, Command, Options};
pub use demo::{DemoArgs, DemoError};
pub use drain::DrainArgs;
pub use entry::run;
pub use env::Env;
pub use error::CliError;
pub use exit::Exit;
pub use find::FindArgs;
pub use invite::InviteArgs;
pub use join::JoinArgs;
pub use neighbor::NeighborCommand;

pub use run::RunArgs;
pub use share::ShareArgs;
pub use what::What;
