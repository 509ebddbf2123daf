//! The protocol, several of it joined in memory.
