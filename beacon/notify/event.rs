//! What can be told, and the messages that tell it.

use std::fmt::{self, Write as _};

use crate::model::{InfoHash, Instant};

/// Everything that a user can be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// Torrents without any copy.
    Missing,
    /// Torrents that have had fewer copies than wanted for long.
    Under,
    /// The BitTorrent client does not answer.
    ClientLost,
    /// The client answers again, after it was told that it did not.
    ClientBack,
    /// The disk has no more room than what is to stay free.
    DiskFull,
    /// A collection lists other torrents than before, is new, or is gone.
    CollectionChanged,
    /// A collection file cannot be used as it is.
    CollectionBroken,
    /// Others have enough copies of everything here, while this beacon leaves.
    DrainFinished,
    /// A member has been away for so long that its copies do not count any more.
    MemberGone,
    /// The client could not do what it was told.
    ActionFailed,
}

impl EventKind {
    /// Every kind, the most urgent first.
    pub const ALL: [Self; 10] = [
        Self::Missing,
        Self::Under,
        Self::ClientLost,
        Self::ClientBack,
        Self::DiskFull,
        Self::CollectionChanged,
        Self::CollectionBroken,
        Self::DrainFinished,
        Self::MemberGone,
        Self::ActionFailed,
    ];

    /// The word for it in the configuration, in messages and on the disk.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Under => "under",
            Self::ClientLost => "client_lost",
            Self::ClientBack => "client_back",
            Self::DiskFull => "disk_full",
            Self::CollectionChanged => "collection_changed",
            Self::CollectionBroken => "collection_broken",
            Self::DrainFinished => "drain_finished",
            Self::MemberGone => "member_gone",
            Self::ActionFailed => "action_failed",
        }
    }

    /// The kind that a word means.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Whether something began, ended, or only happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It holds, and is told once until it is over.
    Begun,
    /// What was told is over.
    Over,
    /// It happened, and there is nothing to be over.
    Happened,
}

impl Phase {
    /// The word for it in messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Over => "over",
            Self::Happened => "happened",
        }
    }
}

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What kind of thing.
    pub kind: EventKind,
    /// Whether it began or ended.
    pub phase: Phase,
    /// Since when it has been so, as far as this beacon knows.
    pub since: Instant,
    /// What is the matter, in a sentence without its full stop.
    pub text: String,
    /// What can be done about it; empty where nothing has to be.
    pub way_out: String,
    /// How many torrents it is about.
    pub count: usize,
    /// The first of these, with their exact names where they are known.
    pub torrents: Vec<(InfoHash, Option<String>)>,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        if self.way_out.is_empty() { Ok(()) } else { write!(f, "; {}", self.way_out) }
    }
}

/// What a hook is told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// When it was made.
    pub at: Instant,
    /// What happened, in that order; at least one.
    pub events: Vec<Event>,
    /// How many more events there were, of which nothing is known any more.
    pub left_out: usize,
}

/// Bytes of a message's text. Chats take 2,000 characters and more.
const TEXT_BYTES_MAX: usize = 1_800;

impl Message {
    /// The most torrents that are named in one event.
    pub const TORRENTS_MAX: usize = 20;

    /// All of it as people read it, a line for each event; what is too long is only counted.
    pub fn text(&self) -> String {
        if let ([event], 0) = (&self.events[..], self.left_out) {
            return cut(&event.to_string());
        }
        let mut text = format!("{} things happened:", self.events.len() + self.left_out);
        let mut left = self.events.len() + self.left_out;
        for event in &self.events {
            let line = format!("\n- {event}");
            if text.len() + line.len() > TEXT_BYTES_MAX {
                break;
            }
            text.push_str(&line);
            left -= 1;
        }
        if left > 0 {
            // Writing into a text cannot fail.
            let _ = write!(text, "\n- and {left} more; `beacon status` shows how things are now");
        }
        text
    }
}

fn cut(text: &str) -> String {
    match text.floor_char_boundary(TEXT_BYTES_MAX) {
        end if end < text.len() => format!("{}…", &text[..end]),
        _ => text.to_owned(),
    }
}
