//! Floor 5: the loop that joins node, network, client, store and web.

pub mod collections;
