//! Nodes with their clients, joined in memory.

mod client;
mod explain;
mod fetching;
mod metainfo;
mod peers;
mod reclaim;
mod sources;
mod zones;
