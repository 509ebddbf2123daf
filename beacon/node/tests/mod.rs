//! Nodes with their clients, joined in memory.

mod client;
mod explain;
mod fetching;
mod metainfo;
mod neighbors;
mod news;
mod orders;
mod pages;
mod peers;
mod reclaim;
mod sources;
mod zones;
