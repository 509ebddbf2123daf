//! Writing collection files for those who do not sit at the beacon's machine, and for the command line.

mod draft;
mod editor;
mod listing;
mod naming;
#[cfg(test)]
mod tests;

pub use draft::Draft;
pub use editor::Editor;
pub use naming::lay_aside;
