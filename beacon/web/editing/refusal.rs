//! Why a collection is not changed.

use std::path::PathBuf;

use axum::http::StatusCode;
use serde::Serialize;
use thiserror::Error;
use utoipa::ToSchema;

use super::TEXT_BYTES_MAX;
use crate::{
    collection::CollectionFile,
    model::{CollectionId, InfoHash, RedundancyError},
};

/// One thing that is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// The line, counted from 1.
    pub line: u32,
    /// The character in the line, counted from 1.
    pub column: u32,
    /// What is wrong, and what to do.
    pub text: String,
}

/// Why a collection is not changed. Nothing has been written then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditRefusal {
    /// No collection has this id.
    #[error("this beacon has no file of a collection {0}")]
    NoSuchCollection(CollectionId),
    /// It does not list the torrent.
    #[error("the collection does not list torrent {0}")]
    NotListed(InfoHash),
    /// It lists it already.
    #[error("the collection lists torrent {0} already")]
    AlreadyListed(InfoHash),
    /// The file is not what whoever changes it has seen.
    #[error("{} has been changed meanwhile, by somebody else or in another window", .0.display())]
    Changed(PathBuf),
    /// What was seen is not said.
    #[error("it is not said which version of the file this is to replace")]
    NoTag,
    /// The text cannot be used.
    #[error("{}", first(.0))]
    Faults(Vec<Fault>),
    /// The file as it stands cannot be used.
    #[error("{} cannot be changed in part, since it is wrong as it stands: {}", .path.display(), first(.faults))]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        faults: Vec<Fault>,
    },
    /// The text has another id than the collection.
    #[error("the id in the text is {found}, and the collection's is {id}; a collection keeps its id")]
    OtherId {
        /// The collection's.
        id: CollectionId,
        /// That of the text.
        found: CollectionId,
    },
    /// Another file has this id.
    #[error("the id {id} is that of {} already", .path.display())]
    IdTaken {
        /// The id.
        id: CollectionId,
        /// The other file.
        path: PathBuf,
    },
    /// A name that no collection can have.
    #[error("a collection's name must have 1 to {max} characters, and no line breaks", max = CollectionFile::NAME_CHARS_MAX)]
    Name,
    /// Copies that make no sense.
    #[error(transparent)]
    Redundancy(#[from] RedundancyError),
    /// A name that a collection's file cannot have.
    #[error("`{0}` cannot be the name of a collection's file")]
    FileName(String),
    /// A file that is there already.
    #[error("{} is there already; it is left as it is", .0.display())]
    Exists(PathBuf),
    /// What is no torrent.
    #[error("it cannot be added: {0}")]
    Torrent(String),
    /// A file that is larger than what is edited here.
    #[error("{} has more than {TEXT_BYTES_MAX} bytes, which is the most that is edited here", .0.display())]
    TooLarge(PathBuf),
    /// A file that cannot be read or written.
    #[error("{} cannot be {verb}: {reason}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// `read` or `written`.
        verb: &'static str,
        /// What the system says.
        reason: String,
    },
}

impl EditRefusal {
    /// How HTTP calls it.
    pub(in crate::web) const fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchCollection(_) | Self::NotListed(_) => StatusCode::NOT_FOUND,
            Self::AlreadyListed(_)
            | Self::Changed(_)
            | Self::Broken { .. }
            | Self::OtherId { .. }
            | Self::IdTaken { .. }
            | Self::Exists(_)
            | Self::File { .. } => StatusCode::CONFLICT,
            Self::NoTag => StatusCode::PRECONDITION_REQUIRED,
            Self::Faults(_) | Self::Torrent(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Name | Self::Redundancy(_) | Self::FileName(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// What to do about it.
    pub const fn way_out(&self) -> &'static str {
        match self {
            Self::NoSuchCollection(_) => "the collections of this beacon are listed at /api/v1/collections",
            Self::NotListed(_) => "if it is listed, the hash is another",
            Self::AlreadyListed(_) => "change its numbers instead, if these are to be others",
            Self::Changed(_) => "look at it as it is now, and make the change again",
            Self::NoTag => "send `If-Match` with the tag that came with the file",
            Self::Faults(_) => "mend what is told, and try again",
            Self::Broken { .. } => "mend the text of the file first",
            Self::OtherId { .. } => "put the id back; a text with another id makes a collection of its own",
            Self::IdTaken { .. } => "change that collection, or give this one an id of its own",
            Self::Name => "choose another name",
            Self::Redundancy(_) => "choose other numbers",
            Self::FileName(_) => {
                "write a name like town.json, without `/`, that begins with no dot and ends in .json or .collection"
            }
            Self::Exists(_) => "choose another file name",
            Self::Torrent(_) => "give the bytes of a .torrent file, or a magnet link with an info-hash",
            Self::TooLarge(_) => "edit the file itself, on the beacon's machine",
            Self::File { .. } => "see that the user that runs the beacon may read and write there",
        }
    }

    /// What is wrong with a text, if that is why.
    pub(in crate::web) fn faults(&self) -> &[Fault] {
        match self {
            Self::Faults(faults) | Self::Broken { faults, .. } => faults,
            _ => &[],
        }
    }
}

/// The first of several faults in a sentence.
fn first(faults: &[Fault]) -> String {
    match faults {
        [] => "the text cannot be used".to_owned(),
        [Fault { line, column, text }] => format!("line {line}, column {column}: {text}"),
        [Fault { line, column, text }, rest @ ..] => {
            format!("line {line}, column {column}: {text} (and {} more)", rest.len())
        }
    }
}
