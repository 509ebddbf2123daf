//! Random mixes of faults, drawn from a seed, and the oracles that judge what beacons do under them.
//!
//! A *safety run* has faults until its end: nothing may ever be lost by what beacons do. A *liveness run* has faults for a
//! while and then none: everything has to come right within a bound, and stay so. The mix of a seed is the same in both.

mod befall;
mod draw;
mod judge;
mod oracles;
mod run;

pub use run::{CONVERGES_WITHIN, FaultReport, Kind, run};
