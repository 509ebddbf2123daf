//! Whether another beacon is there, as far as can be told from its own signs of life.

/// How sure we are that a member is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Liveness {
    /// Heard from within its own interval.
    Alive,
    /// Not heard from for one and a half intervals.
    Suspect,
    /// Not heard from for three and a half intervals; it is waited for, the longer the more in doubt.
    Away,
    /// Not heard from for longer than the repair delay; its copies do not count until it returns.
    Gone,
}

impl Liveness {
    /// Every state, the surest first.
    pub const ALL: [Self; 4] = [Self::Alive, Self::Suspect, Self::Away, Self::Gone];

    /// Whether what it holds counts as copies. A suspect is most often late, so it still does.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Alive | Self::Suspect)
    }

    /// The word for it in the API and in what people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Alive => "alive",
            Self::Suspect => "suspect",
            Self::Away => "away",
            Self::Gone => "gone",
        }
    }
}
