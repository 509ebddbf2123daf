//! The protocol, alone and several of it joined in memory.

mod exchange;
mod flood;
mod grants;
mod lies;
mod members;
mod overlay;
mod own;
mod reconcile;
