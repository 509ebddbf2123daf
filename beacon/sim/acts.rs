//! What happens to beacons and to the network from outside.

use super::{
    act::Act,
    beacon::Beacon,
    event::{End, Event, Life},
    scenario::{Scenario, beacon_address, client_address},
    simulation::Simulation,
};
use crate::{
    model::{ByteSize, InfoHash},
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
                if self.beacons[place].client.put(info_hash, size, marked) && marked {
                    self.beacons[place].disk.ledger.insert(info_hash, None);
                }
            }
        }
    }

    pub(super) fn carry_out_act(&mut self, act: Act) {
        match act {
            Act::Start(beacon) => self.start(beacon),
            Act::Stop(beacon) => {
                let hop = self.network.hop();
                self.end(beacon, hop, true);
            }
            Act::Crash(beacon) => self.end(beacon, self.network.model().idle_timeout, true),
            Act::Kill(beacon) => self.end(beacon, self.network.model().idle_timeout, false),
            Act::Trap { beacon, with_client, back_after } => {
                self.beacons[beacon].trap = Some((with_client, back_after));
            }
            Act::Lose(beacon) => self.lose(beacon),
            Act::ClientDown(beacon) => self.client_down(beacon),
            Act::ClientUp(beacon) => self.client_up(beacon),
            Act::Add { beacon, torrent } => self.add_by_hand(beacon, torrent),
            Act::Remove { beacon, torrent } => self.remove_by_hand(beacon, torrent),
            Act::Order { beacon, order } => {
                let at = &mut self.beacons[beacon];
                let local = at.clock.show(self.now);
                // What makes no sense to the beacon is refused, as it is to users.
                if let Some(node) = &mut at.node
                    && node.order(local, order).is_ok()
                {
                    self.drain(beacon);
                }
            }
            Act::Budget { beacon, budget } => self.set_budget(beacon, budget),
            Act::Leap { beacon, by } => {
                let at = &mut self.beacons[beacon];
                at.clock.ahead += by;
                if at.is_up() {
                    at.wake_at = self.now;
                    self.queue.push(self.now, Event::Wake(at.life));
                }
            }
            Act::Part(groups) => {
                self.network.part(&groups);
                self.watch_parted();
            }
            Act::Cut { from, to } => {
                self.network.cut(&from, &to);
                self.watch_parted();
            }
            Act::Join => self.network.join(),
            Act::Weather { loss_ppm, duplicate_ppm, reorder_ppm } => {
                self.network.set_weather(loss_ppm, duplicate_ppm, reorder_ppm);
            }
        }
    }

    /// Whether what a beacon's client serves counts: it runs, its client runs, and it does not deceive the others.
    pub(super) fn counts(&self, place: usize) -> bool {
        let beacon = &self.beacons[place];
        beacon.is_up() && beacon.client.is_running() && self.scenario.beacons[place].lie.is_none()
    }

    pub(super) fn start(&mut self, place: usize) {
        if self.beacons[place].is_up() || self.beacons[place].lost {
            return;
        }
        let spec = &self.scenario.beacons[place];
        let beacon = &mut self.beacons[place];
        beacon.clock.drift_ppm = spec.drift_ppm;
        beacon.life.starts += 1;
        let memory = beacon.disk.recall();
        let (settings, signer) = (self.scenario.settings(place), self.scenario.signer(place));
        let local = beacon.clock.show(self.now);
        beacon.node = Some(Box::new(Node::new(local, settings, signer, memory, self.rng.next_u64())));
        if beacon.client.is_running() {
            beacon.client.restart(self.now);
        } else {
            beacon.client_since = beacon.life.starts;
            beacon.client.run(self.now, self.scenario.checking);
        }
        let life = beacon.life;
        self.count_all(place);
        self.queue.push(self.now + FIRST_POLL, Event::Poll(life));
        let addresses = Input::Addresses { beacon: vec![beacon_address(place)], client: vec![client_address(place)] };
        self.feed(place, addresses);
        let listing = Arc::clone(&self.listing);
        self.feed(place, Input::Listing { listing, problems: Vec::new() });
    }

    /// Ends a beacon, with its client or alone; its neighbors notice after `silence`.
    fn end(&mut self, place: usize, silence: Duration, with_client: bool) {
        if !self.beacons[place].is_up() {
            if with_client {
                self.beacons[place].client.end();
            }
            return;
        }
        self.discount_all(place);
        self.cut_tasks_off(place, with_client);
        let Beacon { node, client, links, wake_at, disk, .. } = &mut self.beacons[place];
        let Some(ended) = node.take() else { return };
        disk.save_members(ended.protocol().members());
        *wake_at = crate::model::Instant::FAR_FUTURE;
        if with_client {
            client.end();
        }
        for end in std::mem::take(links).into_values() {
            self.network.close(end);
            self.queue.push(self.now + silence, Event::Down(end.other()));
        }
    }

    fn lose(&mut self, place: usize) {
        self.end(place, self.network.model().idle_timeout, true);
        let beacon = &mut self.beacons[place];
        for info_hash in beacon.client.complete() {
            self.truth.hurt(self.now, info_hash);
        }
        beacon.client.wipe();
        beacon.lost = true;
    }

    /// What a beacon's client serves begins to count.
    fn count_all(&mut self, place: usize) {
        if self.counts(place) {
            let client = &self.beacons[place].client;
            client.served().for_each(|info_hash| self.truth.gain_copy(self.now, info_hash));
            client.incomplete().for_each(|(info_hash, _)| self.truth.resume_fetch(info_hash));
        }
    }

    /// What a beacon's client serves no longer counts.
    fn discount_all(&mut self, place: usize) {
        if self.counts(place) {
            let client = &self.beacons[place].client;
            client.served().for_each(|info_hash| self.truth.lose_copy(info_hash));
            client.incomplete().for_each(|(info_hash, _)| self.truth.end_fetch(info_hash));
        }
    }

    fn client_down(&mut self, place: usize) {
        if self.beacons[place].client.is_running() {
            self.discount_all(place);
            self.beacons[place].client.end();
        }
    }

    fn client_up(&mut self, place: usize) {
        let beacon = &mut self.beacons[place];
        if !beacon.client.is_running() && !beacon.lost && beacon.is_up() {
            beacon.client_since = beacon.life.starts;
            beacon.client.run(self.now, self.scenario.checking);
            self.count_all(place);
        }
    }

    fn add_by_hand(&mut self, place: usize, torrent: usize) {
        let info_hash = Scenario::info_hash(torrent);
        if self.beacons[place].lost {
            return;
        }
        let size = self.scenario.torrents[torrent].size;
        if self.beacons[place].client.put(info_hash, size, false) && self.counts(place) {
            self.truth.gain_copy(self.now, &info_hash);
            self.report_client(place);
        }
    }

    fn remove_by_hand(&mut self, place: usize, torrent: usize) {
        let info_hash = Scenario::info_hash(torrent);
        let client = &self.beacons[place].client;
        let (has, served, complete) =
            (client.has(&info_hash), client.serves(&info_hash), client.is_complete(&info_hash));
        if complete {
            self.truth.hurt(self.now, &info_hash);
        }
        if self.counts(place) && served {
            self.truth.lose_copy(&info_hash);
        } else if self.counts(place) && has && !complete {
            self.truth.end_fetch(&info_hash);
        }
        self.beacons[place].client.remove(&info_hash);
    }

    /// Settings are read at the start, so the beacon is stopped and started, while its client goes on.
    fn set_budget(&mut self, place: usize, budget: ByteSize) {
        self.scenario.beacons[place].budget = budget;
        if self.beacons[place].is_up() {
            let hop = self.network.hop();
            self.end(place, hop, false);
            self.start(place);
        }
    }

    /// Connections that packets no longer get through are given up after a while.
    fn watch_parted(&mut self) {
        let at = self.now + self.network.model().idle_timeout;
        let cut: Vec<End> = self
            .network
            .connections()
            .filter(|(_, one, other)| !self.network.connects(*one, *other))
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
        if !self.beacons[place].client.is_running() {
            return self.feed(place, Input::ClientTrouble("the client does not answer".to_owned()));
        }
        let report = self.beacons[place].client.report(self.now);
        if let Some(change) = self.pretended(place).or(report) {
            self.feed(place, Input::Client(change));
        }
    }

    /// Moves what a client has fetched since it was last asked from whoever has it whole.
    fn transfer(&mut self, place: usize) {
        if !self.beacons[place].client.is_running() {
            return;
        }
        let has = |holder: usize, info_hash: &InfoHash| {
            self.beacons.get(holder).is_some_and(|holder| holder.client.is_running() && holder.client.serves(info_hash))
                && self.network.connects(place, holder)
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
        if self.counts(place) {
            for info_hash in moved.completed {
                self.truth.end_fetch(&info_hash);
                self.truth.gain_copy(self.now, &info_hash);
            }
        }
    }
}
