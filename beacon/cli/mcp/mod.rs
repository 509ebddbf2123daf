//! `beacon mcp`: the running beacon as tools for an assistant, by the Model Context Protocol over standard input and output.
//!
//! It is a client of the API like every other command and adds no right of its own: what orders something is there only
//! where the user says `--allow-write`. Names of torrents, collections and members come from strangers, and an assistant
//! may take what it reads for an order; so answers are bounded, control characters are replaced, and every answer says
//! that names are data.

mod arguments;
mod command;
mod documents;
mod link;
mod reading;
mod seeding;
mod server;
mod shown;
#[cfg(test)]
mod tests;
mod tools;
mod writing;

pub use command::McpArgs;
pub(super) use command::run;
