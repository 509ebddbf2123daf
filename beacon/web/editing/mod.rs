//! Making, changing and removing collections through the API.

mod editor;
pub(super) mod edits;
#[cfg(test)]
pub(super) mod fake;
pub(super) mod files;
mod forms;
mod refusal;
#[cfg(test)]
mod tests;

pub use editor::{
    CheckedText, CreatedCollection, Edit, EditsCollections, Expected, FileText, NewCollection, NewTorrent,
    TEXT_BYTES_MAX,
};
pub use refusal::{EditRefusal, Fault};
