//! Figures for programs that watch a beacon over time, in the text form of `OpenMetrics` 1.0, which Prometheus reads.
//!
//! They are made when asked, from one look at the node. Nothing grows with torrents or members: each is counted, none has a
//! series of its own. Every name stands in `docs/METRICS.md`, and a test holds the two together.

mod archive;
mod beacon;
mod family;
mod machine;
mod process;
mod route;
mod scrape;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;

pub(super) use route::{__path_metrics, metrics};
