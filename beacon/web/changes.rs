//! What has changed and when, counted: from any point in the count it can be said what has changed since.

use std::fmt;

use tokio::sync::watch;

/// Something of which pages are told that it changed, so that they ask for it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// This beacon, its client, its storage, and what its user should know.
    Status,
    /// Which torrents there are, who has them, and how far they are.
    Torrents,
    /// Which beacons there are, what they give, and which are neighbors.
    Members,
    /// What is planned, under way, or has ended.
    Actions,
    /// Which collections there are, and what is wrong with their files.
    Collections,
    /// What has been done.
    History,
    /// What is logged.
    Log,
    /// Torrents that are being made.
    Jobs,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Status,
        Self::Torrents,
        Self::Members,
        Self::Actions,
        Self::Collections,
        Self::History,
        Self::Log,
        Self::Jobs,
    ];

    /// The word for it in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Torrents => "torrents",
            Self::Members => "members",
            Self::Actions => "actions",
            Self::Collections => "collections",
            Self::History => "history",
            Self::Log => "log",
            Self::Jobs => "jobs",
        }
    }
}

/// Counts changes, for all who follow.
#[derive(Debug, Clone)]
pub struct Changes(watch::Sender<Revision>);

/// How far the count is, and when each topic last changed. A run of the beacon is told from others by `boot`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision {
    boot: u32,
    number: u64,
    last: [u64; Topic::ALL.len()],
}

impl Changes {
    /// Begins to count, in a run that is told from others by `boot`.
    pub fn new(boot: u32) -> Self {
        Self(watch::Sender::new(Revision { boot, number: 0, last: [0; Topic::ALL.len()] }))
    }

    /// Counts one more change, of these topics; without any it is none.
    pub fn raise(&self, topics: &[Topic]) {
        if topics.is_empty() {
            return;
        }
        self.0.send_modify(|revision| {
            revision.number += 1;
            for topic in topics {
                revision.last[*topic as usize] = revision.number;
            }
        });
    }

    /// The way to follow them.
    pub fn follow(&self) -> watch::Receiver<Revision> {
        self.0.subscribe()
    }
}

impl Revision {
    /// How many changes there have been.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// The topics that have changed after the first `number` changes.
    pub(super) fn since(&self, number: u64) -> Vec<Topic> {
        Topic::ALL.into_iter().filter(|topic| self.last[*topic as usize] > number).collect()
    }

    /// The tag of what changes only with these topics (RFC 9110, 8.8.3). The answer must be made after it.
    pub(super) fn tag(&self, topics: &[Topic]) -> String {
        let last = topics.iter().map(|topic| self.last[*topic as usize]).max().unwrap_or_default();
        format!("\"{:08x}-{last}\"", self.boot)
    }

    /// The count that an id of this run stands for; `None` for that of another run, or one that is none.
    pub(super) fn seen(&self, id: &str) -> Option<u64> {
        let (boot, number) = id.split_once('-')?;
        let is_ours = u32::from_str_radix(boot, 16).ok() == Some(self.boot);
        number.parse().ok().filter(|number| is_ours && *number <= self.number)
    }
}

/// The id by which a page says how far it has followed.
impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}-{}", self.boot, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_any_point_it_is_known_what_changed_since() {
        let changes = Changes::new(0xb0);
        let followed = changes.follow();
        changes.raise(&[]);
        assert_eq!(followed.borrow().number(), 0);
        changes.raise(&[Topic::Log, Topic::Status]);
        changes.raise(&[Topic::Jobs]);
        changes.raise(&[Topic::Log]);
        let revision = *followed.borrow();
        for (number, topics) in [
            (0, vec![Topic::Status, Topic::Log, Topic::Jobs]),
            (1, vec![Topic::Log, Topic::Jobs]),
            (2, vec![Topic::Log]),
            (3, vec![]),
        ] {
            assert_eq!(revision.since(number), topics, "since {number}");
        }
    }

    #[test]
    fn a_tag_changes_with_its_topics_only() {
        let changes = Changes::new(0xb0);
        let tag = || changes.follow().borrow().tag(&[Topic::Torrents, Topic::Members]);
        let before = tag();
        changes.raise(&[Topic::Log]);
        assert_eq!(tag(), before);
        changes.raise(&[Topic::Members]);
        assert_eq!(tag(), "\"000000b0-2\"");
    }

    #[test]
    fn an_id_counts_only_in_its_own_run() {
        let changes = Changes::new(0xb0);
        changes.raise(&[Topic::Log]);
        let revision = *changes.follow().borrow();
        assert_eq!(revision.to_string(), "000000b0-1");
        assert_eq!(revision.seen("000000b0-1"), Some(1));
        assert_eq!(revision.seen("000000b0-0"), Some(0));
        for other in ["000000b0-2", "000000b1-1", "1", "", "-", "000000b0-", "x-1"] {
            assert_eq!(revision.seen(other), None, "{other}");
        }
    }
}
