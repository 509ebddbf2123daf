//! Floor 0: JSON whose every value knows its line and column, for the files that people write by hand.
//!
//! `serde_json` reads the text; the slices that it hands back lie in that text, and so tell where each value stands.

mod document;
mod error;
mod nearest;
mod node;
mod object;
mod position;
mod splice;

pub use document::Document;
pub use error::{JsonError, Kind};
pub use nearest::{Suggestion, nearest};
pub use node::Node;
pub use object::Object;
pub use position::{Located, Position};
pub use splice::{appended, inserted, item_removed, member_removed, quoted, replaced};
