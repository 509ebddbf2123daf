//! What must hold at every moment, whatever befalls the beacons.

use crate::sim::Simulation;

/// The most events that may wait for each beacon: messages on their way, wakes, commands.
const EVENTS_PER_BEACON_MAX: usize = 3_000;

impl Simulation {
    /// Whatever is broken now that must never be.
    pub(super) fn breaches(&self) -> Vec<String> {
        let mut breaches = Vec::new();
        for incident in &self.truth.incidents {
            breaches.push(format!(
                "safety: at {} beacon {} gave up its copy of torrent {} while only {} others were kept",
                incident.at, incident.beacon, incident.torrent, incident.kept
            ));
        }
        if self.truth.users_commanded > 0 {
            breaches.push("safety: a beacon told its client to stop or delete what is its user's own".to_owned());
        }
        if self.queue.len() > EVENTS_PER_BEACON_MAX * self.beacons.len() {
            breaches.push(format!("bounds: at {} {} events wait", self.now, self.queue.len()));
        }
        for (place, beacon) in self.beacons.iter().enumerate() {
            let Some(node) = &beacon.node else { continue };
            let members = node.protocol().members().iter().count();
            if members >= self.beacons.len() || beacon.links.len() > self.scenario.network.links_max {
                breaches.push(format!("bounds: at {} beacon {place} knows {members} members", self.now));
            }
            if beacon.disk.ledger.len() > self.scenario.torrents.len() {
                breaches.push(format!(
                    "bounds: at {} the ledger of beacon {place} is longer than the collection",
                    self.now
                ));
            }
        }
        breaches
    }
}
