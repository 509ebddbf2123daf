//! What nodes that run in one process may do for each other: keep in one place what they all know, and begin with it.
//!
//! Only the simulator needs it: ten thousand nodes that know each other are a hundred million pairs.

use std::sync::Arc;

use super::node::Node;
use crate::{
    census::{Census, Status},
    model::{Instant, Liveness},
    wire::SignedHello,
};

impl Node {
    /// Keeps what is known of another node's beacon in that node's memory, as far as it is the same.
    pub fn share(&mut self, origin: &Self) {
        if let Some(status) = origin.protocol.own().status() {
            self.protocol.share_status(&origin.id(), status);
            self.census.share(&origin.id(), &origin.census);
        }
    }

    /// Says the next hello as if it had been said `at`, in a network of this many beacons.
    pub fn say_before(&mut self, at: Instant, beacons: usize) -> Arc<SignedHello> {
        let interval = self.settings.protocol.interval(beacons);
        self.protocol.own_mut().say_before(at, interval)
    }

    /// Begins with a beacon known as if its hello had come at `heard` and its status after it. `census` is one that counts
    /// the same torrents and has read that status.
    pub fn know(
        &mut self,
        now: Instant,
        (hello, heard): (&Arc<SignedHello>, Instant),
        status: &Arc<Status>,
        census: &Census,
    ) {
        let id = hello.hello().id;
        if id != self.id() && self.protocol.know(now, hello, heard, status) {
            self.census.adopt(&id, Liveness::Alive, census);
        }
    }

    /// Begins with whom another node knows, of the same collections and this one among them: many times faster than
    /// getting to know one after another.
    pub fn know_like(&mut self, other: &Self) {
        self.protocol.know_like(&other.protocol);
        self.census = other.census.clone();
    }
}
