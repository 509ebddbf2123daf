//! What people can read of the commands: help in groups with examples, completions for shells, manual pages, and the
//! reference in `docs/COMMANDS.md`, all made from the same tree.

mod completions;
mod guide;
mod guides;
mod man;
#[cfg(test)]
mod tests;
mod tree;

pub use completions::CompletionsArgs;
pub(super) use completions::run as completions;
pub use man::ManArgs;
pub(super) use man::run as man;
pub(super) use tree::command;
