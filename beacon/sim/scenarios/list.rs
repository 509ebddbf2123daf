//! The list of scenarios.

use super::{Staged, absences, crowd, few, lies, limits};

/// A scenario by its name.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The name.
    pub name: &'static str,
    /// What it is about, in a line.
    pub about: &'static str,
    /// Sets it up for a seed; `None` where it is not played by [`Staged::play`], but by a program of its own.
    pub stage: Option<fn(u64) -> Staged>,
}

/// All scenarios, in the order in which people are told of them.
pub const LIST: &[Entry] = &[
    Entry { name: few::WORKED_EXAMPLE, about: few::WORKED_EXAMPLE_ABOUT, stage: Some(few::worked_example) },
    Entry { name: crowd::THUNDERING_JOIN, about: crowd::THUNDERING_JOIN_ABOUT, stage: Some(crowd::thundering_join) },
    Entry {
        name: absences::FLAPPING_THIRD,
        about: absences::FLAPPING_THIRD_ABOUT,
        stage: Some(absences::flapping_third),
    },
    Entry { name: absences::ZONE_LOSS, about: absences::ZONE_LOSS_ABOUT, stage: Some(absences::zone_loss) },
    Entry { name: limits::BUDGET_SQUEEZE, about: limits::BUDGET_SQUEEZE_ABOUT, stage: Some(limits::budget_squeeze) },
    Entry {
        name: limits::ROLLING_DEPARTURE,
        about: limits::ROLLING_DEPARTURE_ABOUT,
        stage: Some(limits::rolling_departure),
    },
    Entry { name: absences::PARTITION, about: absences::PARTITION_ABOUT, stage: Some(absences::partition) },
    Entry {
        name: lies::BYZANTINE_MINORITY,
        about: lies::BYZANTINE_MINORITY_ABOUT,
        stage: Some(lies::byzantine_minority),
    },
    Entry {
        name: "year-of-churn",
        about: "a year of daily and heavy-tailed absences and departures, by several rules beside an oracle",
        stage: None,
    },
];

/// The scenario of this name; `None` where there is none that can be staged.
pub fn find(name: &str, seed: u64) -> Option<Staged> {
    let entry = LIST.iter().find(|entry| entry.name == name)?;
    entry.stage.map(|stage| stage(seed))
}
