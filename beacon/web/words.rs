//! What the API's texts can be, for its document: words of a kind, and texts with a form.
//!
//! Forms hold plain texts; these types stand for them where the document is made, and have no values.

use std::borrow::Cow;

use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, SchemaFormat, Type},
    },
};

use crate::{
    model::{Liveness, TorrentState},
    node::view::{ActionKind, ClientState, MemberOrder, Mode, Severity, Standing, TorrentOrder},
};

use super::{
    LogLevel,
    form::{client_state, liveness_word, severity_word},
};

/// Declares a type without values that stands for a text in the document.
macro_rules! texts {
    ($($(#[doc = $doc:literal])+ $name:ident => $schema:expr;)+) => {
    $(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub(super) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let object: ObjectBuilder = $schema;
                Schema::Object(object.description(Some(concat!($($doc),+).trim())).build()).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+

    /// All of these by name, since the document does not find those that only parameters have.
    pub(super) fn schemas() -> Vec<(String, RefOr<Schema>)> {
        vec![$((stringify!($name).to_owned(), $name::schema())),+]
    }};
}

texts! {
    /// What is done to a torrent.
    ActionWord => words(ActionKind::ALL.map(ActionKind::word));
    /// The id of a beacon: its public key.
    BeaconIdText => form("[0-9a-fA-F]{64}", "f3".repeat(32));
    /// The state of the BitTorrent client.
    ClientStateWord => words([ClientState::Starting, ClientState::Ready, ClientState::Trouble(String::new())].map(|state| client_state(state).0));
    /// The type of the BitTorrent client.
    ClientTypeWord => words(["embedded", "qbittorrent"]);
    /// The id of a collection, a UUID.
    CollectionIdText => format("uuid");
    /// A v1 or v2 info-hash in hexadecimal. In answers it is the one by which beacons know the torrent, in lower case.
    InfoHashText => form("([0-9a-fA-F]{40}|[0-9a-fA-F]{64})", "c12fe1c06bba254a9dc9f519b335aa7c1367a88a".to_owned());
    /// How far a job is.
    JobStateWord => words(["running", "done", "failed"]);
    /// How sure it is that a beacon is there.
    LivenessWord => words([Liveness::Alive, Liveness::Suspect, Liveness::Away, Liveness::Gone].map(liveness_word));
    /// How grave a line of the log is.
    LogLevelWord => words(LogLevel::ALL.map(LogLevel::word));
    /// By what beacons are put in order.
    MemberOrderWord => words(MemberOrder::ALL.map(MemberOrder::word));
    /// Whether the plan is carried out, or only shown.
    ModeWord => words([Mode::DryRun, Mode::Apply].map(Mode::word));
    /// Upwards or downwards.
    OrderWord => words(["asc", "desc"]);
    /// The beginning of an info-hash.
    PrefixText => form("[0-9a-fA-F]{6,64}", "c12fe1c0".to_owned());
    /// How bad it is.
    SeverityWord => words([Severity::Error, Severity::Warning, Severity::Info].map(severity_word));
    /// How a torrent's copies stand to its target.
    StandingWord => words(Standing::ALL.map(Standing::word));
    /// By what torrents are put in order.
    TorrentOrderWord => words(TorrentOrder::ALL.map(TorrentOrder::word));
    /// A moment, as RFC 3339 writes it.
    Time => format("date-time");
    /// What a beacon has of a torrent.
    TorrentStateWord => words(TorrentState::ALL.map(TorrentState::word));
}

/// One of several words.
fn words<const N: usize>(words: [&'static str; N]) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words))
}

/// A text that is wholly of a pattern.
fn form(pattern: &str, example: String) -> ObjectBuilder {
    let pattern = format!("^{pattern}$");
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).examples([Value::from(example)])
}

/// A text in a form that has a name.
fn format(name: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::Custom(name.to_owned())))
}
