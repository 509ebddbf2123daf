//! `beacon simulate`: scenarios by name, random mixes of faults by seed, and figures of both.

mod churn;
mod command;
mod figures;
mod mixes;
mod scenario;
mod shown;
#[cfg(test)]
mod tests;

pub(super) use command::SimulateArguments;
