//! Integration tests: the program itself, beside real BitTorrent clients where a test is in `real`.
//!
//! `tests/run` gets those clients and runs everything.

mod demo;
mod edits;
mod embedded;
mod feats;
mod notify;
mod orders;
mod real;
mod support;
