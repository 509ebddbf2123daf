//! `beacon config`.

mod check;
mod command;
#[cfg(test)]
mod tests;

pub(super) use command::ConfigCommand;
