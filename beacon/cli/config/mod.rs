//! `beacon config`.

mod check;
mod command;
mod schema;
#[cfg(test)]
mod tests;

pub(super) use command::ConfigCommand;
