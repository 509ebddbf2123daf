//! How the embedded client behaves, with real sockets and files.

mod bench;
mod fetching;
mod trouble;
