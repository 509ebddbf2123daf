//! Floor 1: messages to bytes and back, with limits and versions.
//!
//! A message is one byte for the version of the format, then the message itself in postcard's encoding. Kinds of messages
//! are only ever added at the end, and a kind that is not known is refused as a whole, so that a link between two
//! versions carries what both understand.

mod frame;
mod grant;
mod hello;
mod message;
mod signature;
mod signed;

pub use grant::{GrantAnswer, GrantAsk};
pub use hello::{Hello, HelloError, HelloId, SignedHello};
pub use message::{HighWater, Message, MessageError};
pub use signature::{Signer, Verifier};
pub use signed::{RECORD_BYTES_MAX, Record, RecordError, Signed};
