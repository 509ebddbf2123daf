//! What can be wrong with a JSON text before anybody asks what it means.

use std::fmt;

use thiserror::Error;

use super::{Position, Suggestion};

/// What can be wrong with a JSON text or the shape of one of its values.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JsonError {
    /// Not JSON.
    #[error("not valid JSON: {0}")]
    Syntax(String),
    /// Nothing but white space.
    #[error("the file is empty; it must hold a JSON object, `{{ ... }}`")]
    Empty,
    /// Bytes that are no UTF-8.
    #[error("not UTF-8 text; save the file as UTF-8")]
    NotUtf8,
    /// A value of another kind than is wanted.
    #[error("this must be {wanted}, and is {found}")]
    WrongKind {
        /// What belongs there.
        wanted: &'static str,
        /// What is there.
        found: Kind,
    },
    /// A key that means nothing here.
    #[error("unknown key `{key}`; {suggestion}")]
    UnknownKey {
        /// The key as written.
        key: String,
        /// What may have been meant.
        suggestion: Suggestion,
    },
    /// A key that stands twice in one object.
    #[error("the key `{key}` is here a second time; the first is at {first}: remove one of them")]
    DuplicateKey {
        /// The key as written.
        key: String,
        /// Where it stands first.
        first: Position,
    },
    /// A key that must be there.
    #[error("the key `{0}` is missing here")]
    MissingKey(&'static str),
    /// A number outside of what the value may be.
    #[error("`{text}` is not a whole number from {min} to {max}")]
    NotInRange {
        /// The number as written.
        text: String,
        /// The least it may be.
        min: i64,
        /// The most it may be.
        max: u64,
    },
}

/// The kinds of JSON values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `{ ... }`
    Object,
    /// `[ ... ]`
    List,
    /// `"..."`
    Text,
    /// `12`
    Number,
    /// `true` or `false`
    Flag,
    /// `null`
    Null,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Object => "an object",
            Self::List => "a list",
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Flag => "true or false",
            Self::Null => "null",
        })
    }
}
