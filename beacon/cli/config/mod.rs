//! `beacon config`.

mod check;
mod command;
#[cfg(test)]
mod tests;

pub use command::ConfigCommand;
