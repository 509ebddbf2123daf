//! `beacon collection`: making, changing and checking collection files.

mod add;
mod change;
#[cfg(test)]
mod change_tests;
mod check;
mod command;
mod list;
mod new;
mod relative;
#[cfg(test)]
mod tests;

pub(super) use add::Add;
pub(super) use check::configured;
pub(super) use command::CollectionCommand;
