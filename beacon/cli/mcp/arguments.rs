//! What tools are given. Whatever is not known is refused, so that a slip is seen and not passed over.

use rmcp::model::JsonObject;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

use super::link::ToolError;
use crate::model::ByteSize;

/// The arguments of a tool without any.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// Which torrent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    pub(super) torrent: String,
}

/// What to look for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    #[serde(default)]
    pub(super) query: String,
    pub(super) collection: Option<String>,
    pub(super) state: Option<StandingWord>,
    pub(super) sort: Option<SortWord>,
    #[serde(default)]
    pub(super) offset: u32,
    #[serde(default)]
    pub(super) limit: Limit,
}

/// How a torrent's copies stand to what is wanted.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum StandingWord {
    Missing,
    Under,
    Met,
    Over,
}

/// What a list of torrents is ordered by.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SortWord {
    Name,
    Size,
    Copies,
    Lacking,
}

impl StandingWord {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Under => "under",
            Self::Met => "met",
            Self::Over => "over",
        }
    }
}

impl SortWord {
    /// The order's name in the API, and its direction: the largest first, but for names and copies.
    pub(super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Name => ("name", "asc"),
            Self::Size => ("size", "desc"),
            Self::Copies => ("copies", "asc"),
            Self::Lacking => ("lacking", "desc"),
        }
    }
}

/// Which page of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    #[serde(default)]
    pub(super) offset: u32,
    #[serde(default)]
    pub(super) limit: Limit,
}

/// Which members.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MembersWanted {
    pub(super) state: Option<MemberState>,
    #[serde(default)]
    pub(super) offset: u32,
    #[serde(default)]
    pub(super) limit: Limit,
}

/// How sure it is that a member is there.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum MemberState {
    Alive,
    Suspect,
    Away,
    Gone,
}

/// Which events.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HistoryWanted {
    pub(super) torrent: Option<String>,
    #[serde(default)]
    pub(super) offset: u32,
    #[serde(default)]
    pub(super) limit: Limit,
}

/// How much room there is for what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Room {
    #[serde(default, deserialize_with = "size")]
    pub(super) space: Option<ByteSize>,
    pub(super) collection: Option<String>,
    #[serde(default)]
    pub(super) limit: Limit,
}

/// Until when to leave, or not to leave after all.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Leaving {
    pub(super) until: Option<String>,
    #[serde(default)]
    pub(super) stop: bool,
}

/// Whether to act.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModeWanted {
    pub(super) mode: ModeWord,
}

/// Whether to act.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ModeWord {
    Apply,
    DryRun,
}

/// The most entries of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit(pub(super) usize);

impl Limit {
    pub(super) const DEFAULT: usize = 50;
    pub(super) const MAX: usize = super::shown::LIST_MAX;
}

impl Default for Limit {
    fn default() -> Self {
        Self(Self::DEFAULT)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match usize::deserialize(deserializer)? {
            limit @ 1..=Self::MAX => Ok(Self(limit)),
            limit => Err(D::Error::custom(format!("`limit` is {limit}; it must be from 1 to {}", Self::MAX))),
        }
    }
}

/// Reads the arguments of a call.
pub(super) fn read<'de, T: Deserialize<'de>>(arguments: Option<JsonObject>) -> Result<T, ToolError> {
    T::deserialize(Value::Object(arguments.unwrap_or_default()))
        .map_err(|error| ToolError::Arguments(super::shown::short(&error.to_string())))
}

/// A size as people write it, or a number of bytes.
fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ByteSize>, D::Error> {
    match Option::<Value>::deserialize(deserializer)? {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => text.trim().parse().map(Some).map_err(D::Error::custom),
        Some(value) => match value.as_u64() {
            Some(bytes) => Ok(Some(ByteSize::from_bytes(bytes))),
            None => Err(D::Error::custom("`space` must be a text such as \"2 TB\", or a whole number of bytes")),
        },
    }
}
