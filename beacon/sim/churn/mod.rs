//! A year of churn: which rule of patience keeps every torrent for the least traffic.
//!
//! Playing every message of a year would take weeks, and patience does not depend on messages. So this part of the simulator
//! plays only what happens to copies: a beacon goes, comes, leaves for ever; a repair delay is over; a fetch is complete.
//! What to do then is decided by the rules that run in a beacon: the copies are counted by [`Census`](crate::census::Census),
//! and fetches are placed and given up by [`assign`](crate::plan::assign()) and [`Plan`](crate::plan::Plan).
//!
//! What is simpler than in the world: all beacons know the same at once, hear from each other until the moment someone
//! goes, and plan as soon as something happens instead of every few seconds. Lines out are never full; the line into a
//! beacon takes one fetch after the other. Nobody says that they are going to leave. Everyone is in one time zone, so that
//! nights are as bad as they can be.
//!
//! The oracle is that of Carbonite (Chun et al., NSDI 2006): it knows which absences are for ever, repairs those at once and
//! no others.

mod absence;
mod copies;
mod decide;
mod draws;
mod event;
mod library;
mod line;
mod lives;
mod play;
mod policy;
mod report;
mod run;
mod scenario;

#[cfg(test)]
mod tests;

pub use policy::{Patience, Policy, Surplus};
pub use report::{ChurnReport, PolicyFigures};
pub use run::run;
pub use scenario::{ChurnScenario, Day, Kind, Outages, Trips};
