//! What is compared: rules on when a copy of a beacon that is away is made anew, and what becomes of copies too many.

use std::time::Duration;

use crate::{model::Redundancy, node::NodeSettings};

/// One rule with the name that it has in tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What to call it.
    pub name: String,
    /// When copies are made anew.
    pub patience: Patience,
    /// What becomes of copies too many.
    pub surplus: Surplus,
}

/// When a copy of a beacon that is away is made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// At once where the beacon will never return, and never where it will.
    Oracle,
    /// After this time, however many copies are left.
    Fixed(Duration),
    /// After this time, or sooner where more copies are in [`Doubt`](crate::plan::Doubt): as beacons do it.
    Scaled(Duration),
}

/// What becomes of copies too many, as when a beacon returns whose copies were made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surplus {
    /// They stay, and the next absences cost nothing.
    Keep,
    /// Where more than `max` live copies have stood for `after`, those beyond it are deleted, as beacons do it.
    Reclaim {
        /// The copies that stay.
        max: u16,
        /// How long there must have been more.
        after: Duration,
    },
}

impl Surplus {
    /// What the collection asks for under this rule, where it asks for this much at least.
    pub(super) fn redundancy(self, least: Redundancy) -> Redundancy {
        match self {
            Self::Keep => least,
            Self::Reclaim { max, .. } => {
                Redundancy::new(u64::from(least.target()), Some(u64::from(max.max(least.target())))).unwrap_or(least)
            }
        }
    }
}

impl Policy {
    /// What is worth comparing: the rules of others, and ours with the default repair delay and with surplus kept or, where
    /// there have been more copies than wanted for an hour or for a day, reclaimed.
    pub fn standard() -> Vec<Self> {
        let ours = || Self::ours(NodeSettings::REPAIR_DELAY);
        let reclaiming = |name: &str, after| {
            let target = Redundancy::default().target();
            ours().named(name).with_surplus(Surplus::Reclaim { max: target, after })
        };
        vec![
            Self::naive(),
            Self::ceph(),
            ours(),
            reclaiming("ours, reclaims 1 h", Duration::from_hours(1)),
            reclaiming("ours, reclaims 1 d", Duration::from_hours(24)),
        ]
    }

    /// A rule that keeps surplus.
    pub fn new(name: impl Into<String>, patience: Patience) -> Self {
        Self { name: name.into(), patience, surplus: Surplus::Keep }
    }

    /// What no rule can beat: it knows who will never return.
    pub fn oracle() -> Self {
        Self::new("oracle", Patience::Oracle)
    }

    /// Whoever has been silent for a minute is replaced.
    pub fn naive() -> Self {
        Self::new("naive, 60 s", Patience::Fixed(Duration::from_mins(1)))
    }

    /// Ceph's `mon_osd_down_out_interval` as it is by default: ten minutes.
    pub fn ceph() -> Self {
        Self::new("Ceph, 600 s", Patience::Fixed(Duration::from_mins(10)))
    }

    /// What a beacon does with this repair delay: copies whose return is in [`Doubt`](crate::plan::Doubt) are made anew.
    pub fn ours(repair_delay: Duration) -> Self {
        Self::new("ours", Patience::Scaled(repair_delay))
    }

    /// The same rule by another name.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// The same rule with surplus dealt with in this way.
    #[must_use]
    pub fn with_surplus(self, surplus: Surplus) -> Self {
        Self { surplus, ..self }
    }
}
