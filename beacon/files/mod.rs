//! Floor 3: files that are there whole or not at all.
//!
//! It stands so low that everything which writes can use it, and is the one module down there that is not pure.

mod write;

pub use write::{create, create_secret, rename, replace};
