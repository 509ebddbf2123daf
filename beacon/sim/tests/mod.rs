//! Runs that show what the whole does.

mod few;
mod many;
mod runs;
