//! Whoever may write collection files, as handlers see them.

use std::{fmt, path::PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::{EditRefusal, Fault};
use crate::{
    collection::{EntryChange, HeadChange},
    model::{ByteSize, CollectionId, InfoHash},
};

/// The most bytes of a text that is edited here: a hundred thousand torrents with magnet links of three hundred characters.
pub const TEXT_BYTES_MAX: usize = 32 << 20;

/// Whoever reads and writes collection files. All of it may wait for a disk.
pub trait EditsCollections: fmt::Debug + Send + Sync {
    /// The file of a collection.
    fn file(&self, id: CollectionId) -> Result<FileText, EditRefusal>;
    /// Puts another text in the place of a collection's; what comes of it, in a sentence.
    fn write(&self, id: CollectionId, text: &str, expected: &Expected) -> Result<String, EditRefusal>;
    /// What a text would be as a collection. Nothing is written.
    fn check(&self, text: &str) -> CheckedText;
    /// Makes a collection, in the file of this name, or of one that follows from the collection's.
    fn create(&self, new: &NewCollection, file: Option<&str>) -> Result<CreatedCollection, EditRefusal>;
    /// Changes one thing of a collection; what comes of it, in a sentence.
    fn edit(&self, id: CollectionId, edit: &Edit, expected: &Expected) -> Result<String, EditRefusal>;
    /// Lays a collection's file aside, so that it is none any more; what comes of it, in a sentence.
    fn remove(&self, id: CollectionId, expected: &Expected) -> Result<String, EditRefusal>;
}

/// A collection file as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileText {
    /// Where it is.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
}

/// What of a file whoever changes it has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// They do not say: whatever it says.
    Anything,
    /// One of the versions with these tags.
    Tags(Vec<String>),
}

/// What a text would be as a collection.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckedText {
    /// Its name, where it has a good one.
    pub name: Option<String>,
    /// The torrents that can be used.
    pub torrents: usize,
    /// Their bytes, as far as these are known.
    pub bytes: ByteSize,
    /// What is wrong with it, in the order of the text.
    pub faults: Vec<Fault>,
    /// Whether more may be wrong.
    pub more: bool,
}

/// A collection to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewCollection {
    /// Without torrents, under a new id.
    Empty {
        /// What people call it.
        name: String,
        /// The copies wanted of each torrent.
        target: u16,
        /// The copies above which surplus is reclaimed; the target where `None`.
        max: Option<u16>,
    },
    /// With this text, as somebody wrote it or passed it on.
    Text(String),
}

/// A collection that has been made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedCollection {
    /// Its id.
    pub id: CollectionId,
    /// Its file.
    pub path: PathBuf,
    /// What comes of it, in a sentence.
    pub message: String,
}

/// One change of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Of its name and the copies wanted.
    Head(HeadChange),
    /// A torrent more.
    Add(NewTorrent, EntryChange),
    /// Of the copies wanted of one torrent, and its priority.
    Entry(InfoHash, EntryChange),
    /// A torrent less; its data stays.
    Drop(InfoHash),
}

/// A torrent to be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewTorrent {
    /// By a magnet link, with its size where the link does not tell it.
    Magnet(String, Option<ByteSize>),
    /// By its .torrent file, which is put beside the collection's.
    File(Vec<u8>),
}

impl Expected {
    /// The tag of a version of a file.
    pub fn tag(bytes: &[u8]) -> String {
        HEXLOWER.encode(&Sha256::digest(bytes)[..16])
    }

    /// Whether this version is one that was seen.
    pub fn allows(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Anything => true,
            Self::Tags(tags) => tags.contains(&Self::tag(bytes)),
        }
    }
}
