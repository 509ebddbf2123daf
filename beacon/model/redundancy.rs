//! How many copies a torrent should have.

use thiserror::Error;

/// The two numbers of a torrent: fetch below `target`, reclaim above `max`, leave alone between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Redundancy {
    target: u16,
    max: u16,
    per_zone: Option<u16>,
}

/// Two numbers that cannot be a redundancy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RedundancyError {
    /// A target of zero would mean that nobody wants the torrent: then it should not be in the collection.
    #[error("`target` is 0; a torrent that needs no copies is left out of the collection")]
    NoTarget,
    /// The surplus limit is below the number wanted.
    #[error("`max` ({max}) is below `target` ({target})")]
    MaxBelowTarget {
        /// The copies wanted.
        target: u16,
        /// The copies above which surplus is reclaimed.
        max: u16,
    },
    /// A cap of zero would let no copy count at all.
    #[error("`max_copies_per_zone` is 0; leave it out where zones do not matter")]
    NoneOfAZone,
    /// More copies than any network has beacons.
    #[error("`{0}` copies are more than {limit}, the most that can be asked for", limit = Redundancy::COPIES_MAX)]
    TooMany(u64),
}

impl Redundancy {
    /// The most copies that can be asked for: as many as the largest network the project is made for has beacons.
    pub const COPIES_MAX: u16 = 10_000;

    /// Checks and joins the two numbers; `max` defaults to `target`.
    pub fn new(target: u64, max: Option<u64>) -> Result<Self, RedundancyError> {
        let target = narrow(target)?;
        let max = max.map_or(Ok(target), narrow)?;
        match (target, max) {
            (0, _) => Err(RedundancyError::NoTarget),
            _ if max < target => Err(RedundancyError::MaxBelowTarget { target, max }),
            _ => Ok(Self { target, max, per_zone: None }),
        }
    }

    /// The copies wanted, at least one.
    pub const fn target(self) -> u16 {
        self.target
    }

    /// The copies above which surplus is reclaimed, at least `target`.
    pub const fn max(self) -> u16 {
        self.max
    }

    /// The most copies of one failure domain that count; all of them where `None`.
    pub const fn per_zone(self) -> Option<u16> {
        self.per_zone
    }

    /// The same, but of one failure domain no more than so many copies count.
    pub fn with_per_zone(self, most: Option<u64>) -> Result<Self, RedundancyError> {
        let per_zone = match most {
            None => None,
            Some(0) => return Err(RedundancyError::NoneOfAZone),
            Some(most) => Some(narrow(most)?),
        };
        Ok(Self { per_zone, ..self })
    }

    /// The larger numbers of two redundancies and the tighter cap of zones: what counts where collections differ.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        let per_zone = match (self.per_zone, other.per_zone) {
            (Some(one), Some(another)) => Some(one.min(another)),
            (one, another) => one.or(another),
        };
        Self { target: self.target.max(other.target), max: self.max.max(other.max), per_zone }
    }
}

fn narrow(copies: u64) -> Result<u16, RedundancyError> {
    match u16::try_from(copies) {
        Ok(copies) if copies <= Redundancy::COPIES_MAX => Ok(copies),
        _ => Err(RedundancyError::TooMany(copies)),
    }
}

impl Default for Redundancy {
    /// Three copies, as in most archives (LOCKSS, HDFS).
    fn default() -> Self {
        Self { target: 3, max: 3, per_zone: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_numbers_are_refused() {
        assert_eq!(Redundancy::new(0, None), Err(RedundancyError::NoTarget));
        assert_eq!(Redundancy::new(3, Some(2)), Err(RedundancyError::MaxBelowTarget { target: 3, max: 2 }));
        assert_eq!(Redundancy::new(70_000, None), Err(RedundancyError::TooMany(70_000)));
        assert_eq!(Redundancy::new(2, None).map(Redundancy::max), Ok(2));
    }
}
