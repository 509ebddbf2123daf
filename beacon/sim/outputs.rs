//! What nodes want done, done.

use std::time::Duration;

use super::{
    beacon::Beacon,
    event::{Event, Life},
    scenario::{at_address, client_address},
    simulation::Simulation,
};
use crate::{
    model::InfoHash,
    node::{Input, Leaving, Outcome, Output, view::ActionKind},
};

/// How long a client takes to do as it is told.
const COMMAND: Duration = Duration::from_millis(500);

impl Simulation {
    pub(super) fn carry_out(&mut self, place: usize, output: Output) {
        match output {
            Output::Send(link, message) => self.send(place, link, message),
            Output::Dial(address) => self.dial(place, address),
            Output::Close { link, .. } => self.close(place, link),
            Output::Fetch { info_hash, peers } => {
                self.beacons[place].disk.ledger.insert(info_hash, None);
                self.truth.begin_fetch(&info_hash);
                self.beacons[place].orders.insert(info_hash, peers.into_iter().collect());
                self.order(place, ActionKind::Fetch, info_hash);
            }
            Output::Cancel(info_hash) => self.order(place, ActionKind::Cancel, info_hash),
            Output::Serve(info_hash) => self.order(place, ActionKind::Serve, info_hash),
            Output::Quarantine(info_hash) => {
                let leaving = Some(Leaving::Quarantined(self.now));
                self.write_ahead(place, ActionKind::Quarantine, info_hash, leaving);
            }
            Output::Delete(info_hash) => {
                self.write_ahead(place, ActionKind::Delete, info_hash, Some(Leaving::Deleting));
            }
            Output::Restore(info_hash) => self.write_ahead(place, ActionKind::Restore, info_hash, None),
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
            // Members are written down when the node ends.
            Output::SaveMember(_) | Output::SaveMetainfo { .. } | Output::Note(_) => {}
        }
    }

    /// Writes the stage of a torrent to the disk, then tells the client.
    fn write_ahead(&mut self, place: usize, kind: ActionKind, info_hash: InfoHash, leaving: Option<Leaving>) {
        let before = self.beacons[place].disk.ledger.insert(info_hash, leaving).flatten();
        match (before, leaving) {
            (None, Some(_)) => self.truth.give_up_copy(&info_hash),
            (Some(_), None) => self.truth.keep_copy(&info_hash),
            _ => {}
        }
        self.order(place, kind, info_hash);
    }

    fn order(&mut self, place: usize, kind: ActionKind, info_hash: InfoHash) {
        let of = self.beacons[place].life;
        self.queue.push(self.now + COMMAND, Event::Command { of, kind, info_hash });
    }

    /// A client does as it was told.
    pub(super) fn command(&mut self, of: Life, kind: ActionKind, info_hash: InfoHash) {
        if !self.lives(of) {
            return;
        }
        let beacon = &mut self.beacons[of.beacon];
        let outcome = match kind {
            ActionKind::Fetch => {
                let peers = beacon.orders.remove(&info_hash).unwrap_or_default();
                if beacon.client.add(info_hash, self.truth.size(&info_hash), peers) {
                    Outcome::Done
                } else {
                    beacon.disk.ledger.remove(&info_hash);
                    self.truth.end_fetch(&info_hash);
                    Outcome::AlreadyThere
                }
            }
            ActionKind::Cancel if beacon.client.is_complete(&info_hash) => {
                Outcome::Failed("it is complete by now".to_owned())
            }
            ActionKind::Cancel => {
                if beacon.client.remove(&info_hash) {
                    self.truth.end_fetch(&info_hash);
                    self.truth.cancels += 1;
                }
                beacon.disk.ledger.remove(&info_hash);
                Outcome::Done
            }
            ActionKind::Serve | ActionKind::Restore => {
                if beacon.client.start(&info_hash) {
                    self.truth.gain_copy(self.now, &info_hash);
                }
                Outcome::Done
            }
            ActionKind::Quarantine => {
                if beacon.client.stop(&info_hash) {
                    self.truth.lose_copy(&info_hash);
                }
                Outcome::Done
            }
            ActionKind::Delete => {
                if beacon.client.serves(&info_hash) {
                    self.truth.lose_copy(&info_hash);
                }
                if beacon.client.remove(&info_hash) {
                    self.truth.deletions += 1;
                }
                Outcome::Done
            }
            ActionKind::Reclaim => Outcome::Failed("it is no command".to_owned()),
        };
        self.feed(of.beacon, Input::Outcome { kind, info_hash, outcome });
    }
}
