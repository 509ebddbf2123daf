//! Integration tests: the program itself, beside real BitTorrent clients where a test is in `real`,
//! and beside Debian's Chromium where it is in `browser`.
//!
//! `tests/run` gets those programs and runs everything.

mod browser;
mod contract;
mod demo;
mod edits;
mod embedded;
mod feats;
mod mcp;
mod notify;
mod orders;
mod real;
mod support;
