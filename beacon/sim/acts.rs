//! What happens to beacons and to the network from outside.

use super::{
    beacon::Beacon,
    event::{End, Event, Life},
    scenario::{Act, Scenario, beacon_address, client_address},
    simulation::Simulation,
};
use crate::{
    model::InfoHash,
    node::{Input, Node},
};
use std::{sync::Arc, time::Duration};

/// How long a client takes to answer for the first time.
const FIRST_POLL: Duration = Duration::from_millis(100);

impl Simulation {
    /// Puts the users' torrents into their clients.
    pub(super) fn fill_libraries(&mut self) {
        for (place, spec) in self.scenario.beacons.iter().enumerate() {
            let library = spec.library.iter().map(|torrent| (torrent, false));
            for (torrent, marked) in library.chain(spec.held.iter().map(|torrent| (torrent, true))) {
                let size = self.scenario.torrents[*torrent].size;
                let info_hash = Scenario::info_hash(*torrent);
                if self.beacons[place].client.put(info_hash, size, marked) {
                    self.truth.keep_copy(&info_hash);
                    if marked {
                        self.beacons[place].disk.ledger.insert(info_hash, None);
                    }
                }
            }
        }
    }

    pub(super) fn carry_out_act(&mut self, act: Act) {
        match act {
            Act::Start(beacon) => self.start(beacon),
            Act::Stop(beacon) => {
                let hop = self.network.hop();
                self.end(beacon, hop);
            }
            Act::Crash(beacon) => {
                let silence = self.network.model().idle_timeout;
                self.end(beacon, silence);
            }
            Act::Add { beacon, torrent } => {
                let size = self.scenario.torrents[torrent].size;
                let info_hash = Scenario::info_hash(torrent);
                let added = self.beacons[beacon].client.put(info_hash, size, false);
                if added {
                    self.truth.keep_copy(&info_hash);
                }
                if added && self.beacons[beacon].is_up() {
                    self.truth.gain_copy(self.now, &info_hash);
                    self.report_client(beacon);
                }
            }
            Act::Part(groups) => {
                self.network.part(&groups);
                self.watch_parted();
            }
            Act::Join => self.network.join(),
        }
    }

    pub(super) fn start(&mut self, place: usize) {
        if self.beacons[place].is_up() {
            return;
        }
        let beacon = &mut self.beacons[place];
        beacon.life.starts += 1;
        let memory = beacon.disk.recall();
        let (settings, signer) = (self.scenario.settings(place), self.scenario.signer(place));
        beacon.node = Some(Box::new(Node::new(self.now, settings, signer, memory, self.rng.next_u64())));
        beacon.client.restart(self.now);
        for info_hash in beacon.client.served() {
            self.truth.gain_copy(self.now, info_hash);
        }
        for (info_hash, _) in beacon.client.incomplete() {
            self.truth.resume_fetch(info_hash);
        }
        let life = beacon.life;
        self.queue.push(self.now + FIRST_POLL, Event::Poll(life));
        let addresses = Input::Addresses { beacon: vec![beacon_address(place)], client: vec![client_address(place)] };
        self.feed(place, addresses);
        let listing = Arc::clone(&self.listing);
        self.feed(place, Input::Listing(listing));
    }

    /// Ends a beacon with its client; its neighbors notice after `silence`.
    fn end(&mut self, place: usize, silence: Duration) {
        let Beacon { node, client, orders, links, wake_at, disk, .. } = &mut self.beacons[place];
        let Some(ended) = node.take() else { return };
        disk.save_members(ended.protocol().members());
        *wake_at = crate::model::Instant::FAR_FUTURE;
        for info_hash in client.served() {
            self.truth.lose_copy(info_hash);
        }
        for (info_hash, _) in client.incomplete() {
            self.truth.end_fetch(info_hash);
        }
        for info_hash in std::mem::take(orders).keys() {
            self.truth.end_fetch(info_hash);
        }
        for end in std::mem::take(links).into_values() {
            self.network.close(end);
            self.queue.push(self.now + silence, Event::Down(end.other()));
        }
    }

    /// Connections that packets no longer get through are given up after a while.
    fn watch_parted(&mut self) {
        let at = self.now + self.network.model().idle_timeout;
        let cut: Vec<End> = self
            .network
            .connections()
            .filter(|(_, one, other)| !self.network.reaches(*one, *other))
            .map(|(end, _, _)| end)
            .collect();
        for end in cut {
            self.queue.push(at, Event::Idle(end));
            self.queue.push(at, Event::Idle(end.other()));
        }
    }

    /// Asks a client, and asks it again later.
    pub(super) fn poll(&mut self, life: Life) {
        if self.lives(life) {
            self.transfer(life.beacon);
            self.report_client(life.beacon);
            self.queue.push(self.now + self.scenario.timing.poll, Event::Poll(life));
        }
    }

    pub(super) fn report_client(&mut self, place: usize) {
        if let Some(change) = self.beacons[place].client.report() {
            self.feed(place, Input::Client(change));
        }
    }

    /// Moves what a client has fetched since it was last asked from whoever has it whole.
    fn transfer(&mut self, place: usize) {
        let has = |holder: usize, info_hash: &InfoHash| {
            self.beacons.get(holder).is_some_and(|holder| holder.is_up() && holder.client.serves(info_hash))
                && self.network.reaches(place, holder)
        };
        let sourced: Vec<InfoHash> = self.beacons[place]
            .client
            .incomplete()
            .filter(|(hash, peers)| {
                peers.iter().filter_map(|peer| super::scenario::at_address(*peer)).any(|peer| has(peer, hash))
            })
            .map(|(hash, _)| *hash)
            .collect();
        let bandwidth = self.scenario.beacons[place].bandwidth;
        let moved = self.beacons[place].client.transfer(self.now, &sourced, bandwidth);
        self.truth.bytes_moved += moved.bytes;
        for info_hash in moved.completed {
            self.truth.end_fetch(&info_hash);
            self.truth.gain_copy(self.now, &info_hash);
            self.truth.keep_copy(&info_hash);
        }
    }
}
