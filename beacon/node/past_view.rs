//! What people and programs are shown of what was.

use crate::model::{ByteSize, InfoHash, Instant};

/// A page of what happened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoryView {
    /// How many events match in all.
    pub total: usize,
    /// The page, the latest first.
    pub events: Vec<EventView>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventView {
    /// When.
    pub at: Instant,
    /// What kind of thing, in one word.
    pub kind: String,
    /// The torrent it was about, if any.
    pub info_hash: Option<InfoHash>,
    /// What that is called, where it is known.
    pub name: Option<String>,
    /// What, in a sentence.
    pub text: String,
}

/// How torrents stood in the course of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendView {
    /// Since when it is told.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// How they stood, the earliest first; each holds until the next.
    pub points: Vec<TrendPoint>,
}

/// How torrents stood at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrendPoint {
    /// When.
    pub at: Instant,
    /// Those without any copy.
    pub missing: u32,
    /// Those with a copy, but fewer than their target.
    pub under: u32,
    /// Those between target and max.
    pub met: u32,
    /// Those with more than max.
    pub over: u32,
    /// Bytes of all.
    pub bytes_total: ByteSize,
    /// What it would take to have just the copies that are wanted.
    pub bytes_wanted: ByteSize,
    /// What the copies that there were took.
    pub bytes_stored: ByteSize,
    /// What it would take if everyone stored everything of what they follow.
    pub bytes_mirrored: ByteSize,
}
