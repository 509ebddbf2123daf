//! Floor 6: the command line, one file a command.
//!
//! It is a function of an [`Env`]: arguments, directory, environment and streams come in, an [`Exit`] comes out, so that
//! tests run commands without a process. Data goes to the output, talk to the error stream.

mod arguments;
mod collection;
mod collections;
mod config;
mod connection;
mod demo;
mod drain;
mod entry;
mod env;
mod error;
mod exit;
mod explain;
mod find;
mod follow;
mod help;
mod history;
mod id;
mod invite;
mod join;
mod log;
mod logged;
mod magnet;
mod map;
mod mcp;
mod members;
mod mode;
mod neighbor;
#[cfg(test)]
mod neighbor_tests;
mod network;
mod notify;
#[cfg(test)]
mod orders_tests;
mod page;
mod people;
mod picture;
mod pin;
mod plan;
mod query;
mod remote;
mod request;
mod run;
mod save;
mod share;
mod simulate;
mod slow;
mod status;
mod style;
mod table;
#[cfg(test)]
mod test_canned;
#[cfg(test)]
mod test_daemon;
#[cfg(test)]
mod test_env;
#[cfg(test)]
mod tests;
mod torrent;
mod torrent_table;
mod torrents;
mod trend;
#[cfg(test)]
mod views_tests;
mod watch;
#[cfg(test)]
mod watch_tests;
mod what;
mod who;
mod width;

pub use arguments::{Arguments, Command, Options};
pub use demo::{DemoArgs, DemoError};
pub use drain::DrainArgs;
pub use entry::run;
pub use env::Env;
pub use error::CliError;
pub use exit::Exit;
pub use find::FindArgs;
pub use help::{CompletionsArgs, ManArgs};
pub use history::HistoryArgs;
pub use invite::InviteArgs;
pub use join::JoinArgs;
pub use logged::LogArgs;
pub use map::MapArgs;
pub use mcp::McpArgs;
pub use members::{MemberArgs, MembersArgs};
pub use mode::ModeArgs;
pub use neighbor::NeighborCommand;
pub use notify::{NotifyCommand, NotifyTest};
pub use request::RequestArgs;
pub use run::RunArgs;
pub use share::ShareArgs;
pub use status::StatusArgs;
pub use torrents::TorrentsArgs;
pub use trend::TrendArgs;
pub use what::What;
