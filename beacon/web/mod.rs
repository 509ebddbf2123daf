//! Floor 4: the HTTP API and the status page.
//!
//! It asks the daemon's loop a [`Question`] and shows the answer. Whoever reaches it may look; to order something (pin,
//! unpin, drain) takes the token from the data directory, and each route says so where it is mounted. Beside them stands a BitTorrent tracker, for this machine only unless it has a listener of its own.

mod ask;
mod asked;
mod assets;
mod body;
mod changes;
mod collections;
mod connections;
mod document;
mod editing;
mod etag;
mod events;
mod form;
mod form_collection;
mod form_member;
mod form_torrent;
mod guard;
mod host;
mod invitation;
mod log;
mod making;
mod members;
mod metrics;
mod mount;
mod neighbors;
mod orders;
mod past;
mod problem;
mod question;
mod rfc3339;
mod routes;
mod server;
mod session;
mod share;
mod status;
mod strict;
mod token;
mod tracker;
mod words;

pub use changes::{Changes, Revision, Topic};
pub use editing::{
    CheckedText, CreatedCollection, Edit, EditRefusal, EditsCollections, Expected, Fault, FileText, NewCollection,
    NewTorrent, TEXT_BYTES_MAX,
};
pub use invitation::{Invited, JoinRefusal, Joined, way_out as join_way_out};
pub use log::{LogLevel, LogLine, LogRing, tell_log};
pub use making::{JobView, MadeView, MakeForm, MakeRefusal, MakeVersion, MakesTorrents};
pub use members::NetworkQuestion;
pub use neighbors::NeighborsQuestion;
pub use past::PastQuestion;
pub use question::{NotShared, Question};
pub use rfc3339::{parse_rfc3339, rfc3339};
pub use server::{WebContext, WebOptions, serve};
pub use session::Sessions;
pub use token::{ApiToken, TokenError};
pub use tracker::{Admits, Tracker, TrackerSettings, serve_tracker};
#[cfg(test)]
mod making_tests;
#[cfg(test)]
pub(crate) mod neighbors_testing;
#[cfg(test)]
mod neighbors_tests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod testing_answers;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod views_tests;
