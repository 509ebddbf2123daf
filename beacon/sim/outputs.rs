//! What nodes want done, done.

use std::{collections::BTreeSet, time::Duration};

use super::{
    beacon::Beacon,
    scenario::{at_address, client_address},
    simulation::Simulation,
};
use crate::{
    model::InfoHash,
    node::{Input, Output, view::ActionKind},
};

/// A beacon that fetches so soon what it has itself deleted should not have deleted it.
const REFETCH_WITHIN: Duration = Duration::from_hours(1);

impl Simulation {
    pub(super) fn carry_out(&mut self, place: usize, output: Output) {
        match output {
            Output::Send(link, message) => self.send(place, link, message),
            Output::Dial(address) => self.dial(place, address),
            Output::Close { link, .. } => self.close(place, link),
            Output::Fetch { info_hash, peers } => {
                if self.scenario.beacons[place].lie.is_none() {
                    self.truth.last = Some((self.now, place, info_hash));
                    let again = self.beacons[place].deleted.get(&info_hash).copied();
                    let again = again.is_some_and(|at| self.now.since(at) < REFETCH_WITHIN);
                    let needed = self.is_needed(place, &info_hash);
                    self.truth.begin_fetch(&info_hash, needed, again);
                }
                self.begin_task(place, ActionKind::Fetch, info_hash, peers.into_iter().collect());
            }
            Output::Cancel(info_hash) => self.begin_task(place, ActionKind::Cancel, info_hash, BTreeSet::new()),
            Output::Serve(info_hash) => self.begin_task(place, ActionKind::Serve, info_hash, BTreeSet::new()),
            Output::Quarantine(info_hash) => {
                self.begin_task(place, ActionKind::Quarantine, info_hash, BTreeSet::new());
            }
            Output::Delete(info_hash) => self.begin_task(place, ActionKind::Delete, info_hash, BTreeSet::new()),
            Output::Restore(info_hash) => self.begin_task(place, ActionKind::Restore, info_hash, BTreeSet::new()),
            Output::SavePin { info_hash, pinned } => {
                let pins = &mut self.beacons[place].disk.pins;
                if pinned {
                    pins.insert(info_hash)
                } else {
                    pins.remove(&info_hash)
                };
            }
            Output::SaveDrain(drain) => self.beacons[place].disk.drain = drain,
            Output::AddPeers { info_hash, peers } => {
                // A connection serves both ways, whoever makes it.
                for other in peers.iter().filter_map(|peer| at_address(*peer)) {
                    if let Some(other) = self.beacons.get_mut(other) {
                        other.client.add_peers(&info_hash, [client_address(place)]);
                    }
                }
                self.beacons[place].client.add_peers(&info_hash, peers);
            }
            Output::LedgerRemove(info_hash) => {
                self.beacons[place].disk.ledger.remove(&info_hash);
            }
            Output::ReadMetainfo { link, info_hash } => {
                self.feed(place, Input::Metainfo { link, info_hash, bytes: None });
            }
            Output::ForgetMember(id) => {
                let Beacon { node, disk, .. } = &mut self.beacons[place];
                let newest = node.as_ref().and_then(|node| node.protocol().members().newest(&id));
                disk.marks.extend(newest.map(|version| (id, version)));
            }
            Output::SaveIncarnation(incarnation) => self.beacons[place].disk.incarnation = incarnation,
            // Members are written down when the node ends, and nobody names neighbors here.
            Output::SaveMember(_)
            | Output::SaveNeighbor { .. }
            | Output::SaveRequest { .. }
            | Output::SaveMode(_)
            | Output::SaveMetainfo { .. }
            | Output::Note(_) => {}
        }
    }

    /// Whether too few copies and fetches are to be had where this beacon is: copies that are about to go do not count, nor
    /// does whoever it cannot reach.
    fn is_needed(&self, place: usize, info_hash: &InfoHash) -> bool {
        if self.truth.is_short(info_hash) {
            return true;
        }
        let there = |other: usize| {
            let beacon = &self.beacons[other];
            let Some(node) = beacon.node.as_ref().filter(|_| self.counts(other)) else { return false };
            if beacon.client.has(info_hash) && !beacon.client.is_complete(info_hash) {
                return true;
            }
            let torrents = node.census().torrents();
            let state = torrents.find(info_hash).map(|index| node.census().state(&node.id(), index));
            state.is_some_and(|state| state.is_copy() || state.is_fetching())
        };
        let others = (0..self.beacons.len()).filter(|other| *other != place && self.network.connects(place, *other));
        others.filter(|other| there(*other)).count() < self.truth.target(info_hash)
    }
}
