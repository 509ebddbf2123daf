//! Why addresses did not answer the last time, for those who named them.

use std::collections::BTreeMap;

use crate::{
    model::DialAddress,
    net::DialFailure,
    node::{NeighborState, NeighborView, Node},
};

/// The most that is remembered: all neighbors that can be named, with room for many of the configuration.
const FAILURES_MAX: usize = 512;

/// Why addresses did not answer the last time.
#[derive(Debug, Default)]
pub(in crate::daemon) struct Failures(BTreeMap<DialAddress, DialFailure>);

impl Failures {
    /// Notes why an address was dialed in vain. Of too many, only those that the user named are remembered.
    pub(in crate::daemon) fn note(&mut self, node: &Node, address: &DialAddress, failure: DialFailure) {
        if self.0.len() >= FAILURES_MAX {
            let named: Vec<_> = node.protocol().neighbors().into_iter().map(|neighbor| neighbor.address).collect();
            self.0.retain(|address, _| named.contains(address));
        }
        if self.0.len() < FAILURES_MAX || self.0.contains_key(address) {
            self.0.insert(address.clone(), failure);
        }
    }

    /// Adds to what a node tells of its neighbors why they failed. Who answers at two addresses has one link, and that is no
    /// failure.
    pub(in crate::daemon) fn explain(&self, node: &Node, mut views: Vec<NeighborView>) -> Vec<NeighborView> {
        for view in views.iter_mut().filter(|view| view.state != NeighborState::Linked) {
            match self.0.get(&view.address) {
                Some(DialFailure::AlreadyLinked { beacon }) if node.protocol().links().to(beacon).is_some() => {
                    view.state = NeighborState::Linked;
                    view.beacon = Some(*beacon);
                    view.failures = 0;
                    view.retry_in = None;
                }
                Some(failure) if view.failures > 0 => view.problem = Some(failure.to_string()),
                _ => {}
            }
        }
        views
    }
}
