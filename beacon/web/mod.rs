//! Floor 4: the HTTP API and the status page.

mod question;

pub use question::Question;
