//! Runs that show what the whole does.

mod crowd;
mod few;
mod join;
mod many;
mod orders;
mod rest;
mod runs;
mod seeds;
mod sources;
mod staged;
