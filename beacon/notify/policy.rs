//! What the user of a hook wants to be told.

use std::{collections::BTreeSet, time::Duration};

use super::EventKind;

/// What the user of a hook wants to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Of what.
    pub kinds: BTreeSet<EventKind>,
    /// How long a torrent has fewer copies than wanted before that is told. Nothing else waits longer either.
    pub after: Duration,
    /// The most messages in an hour.
    pub per_hour: u32,
}

impl Policy {
    /// A day: most of what lacks copies has them by then, and needs nobody.
    pub const AFTER: Duration = Duration::from_hours(24);
    /// One message every five minutes, at the most.
    pub const PER_HOUR: u32 = 12;

    /// How long something of a kind has to hold before it is told, so that what passes by itself bothers nobody.
    pub(super) fn wait(&self, kind: EventKind) -> Duration {
        let wait = match kind {
            EventKind::Under => return self.after,
            EventKind::Missing => Duration::from_mins(10),
            EventKind::ClientLost | EventKind::DiskFull => Duration::from_mins(5),
            EventKind::CollectionBroken | EventKind::DrainFinished => Duration::from_mins(1),
            EventKind::ClientBack | EventKind::CollectionChanged | EventKind::MemberGone | EventKind::ActionFailed => {
                Duration::ZERO
            }
        };
        wait.min(self.after)
    }
}

impl Default for Policy {
    /// Everything but what happens every day in a network that is well.
    fn default() -> Self {
        let quiet = [EventKind::CollectionChanged, EventKind::ActionFailed];
        let kinds = EventKind::ALL.into_iter().filter(|kind| !quiet.contains(kind)).collect();
        Self { kinds, after: Self::AFTER, per_hour: Self::PER_HOUR }
    }
}
