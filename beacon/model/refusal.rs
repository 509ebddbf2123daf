//! Why a beacon does not let another count on its copy.

use std::fmt;

/// Why a grant is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// No complete copy that is served, meant to stay, and seen since the client last started.
    NotHeld,
    /// It is attempting to delete its own, and comes first.
    Attempting,
    /// It is deleting its own.
    Deleting,
}

impl Refusal {
    /// Every reason, in the order of its code on the wire.
    pub const ALL: [Self; 3] = [Self::NotHeld, Self::Attempting, Self::Deleting];
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotHeld => "it has no copy that others may count on",
            Self::Attempting => "it is asking to delete its own, and comes first",
            Self::Deleting => "it is deleting its own",
        })
    }
}
