//! Floor 3: the one state machine: protocol, census and plan.

pub mod view;
