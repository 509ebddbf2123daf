//! The run itself: events one after another, each handed to the node that it concerns.

use std::{net::IpAddr, sync::Arc, time::Duration};

use super::{
    act::Act,
    beacon::Beacon,
    event::{End, Event, Life},
    network::Network,
    queue::Queue,
    scenario::{Scenario, at_address, beacon_address},
    trace::Trace,
    traffic::Traffic,
    truth::Truth,
};
use crate::{
    model::{BeaconId, Channel, DialAddress, IdKey, IdTable, Instant, Keyed, LinkId, Rng},
    node::{Input, Listing, Node},
    wire::Message,
};

/// A scenario under way.
#[derive(Debug)]
pub struct Simulation {
    pub(super) scenario: Scenario,
    /// The one collection, as every beacon has it.
    pub(super) listing: Arc<Listing>,
    pub(super) now: Instant,
    /// When the run began.
    pub(super) began: Instant,
    pub(super) queue: Queue,
    pub(super) network: Network,
    pub(super) beacons: Vec<Beacon>,
    places: IdTable<Place>,
    pub(super) truth: Truth,
    pub(super) trace: Trace,
    pub(super) rng: Rng,
}

/// Where in the scenario a beacon is.
#[derive(Debug)]
struct Place {
    id: BeaconId,
    place: usize,
}

/// The shortest time that a clock tells: whoever is due at once is woken after it.
const TICK: Duration = Duration::from_millis(1);

/// After how long without an answer the first packet of a connection is sent again (RFC 9002 has 999 ms).
const FIRST_PACKET_AGAIN: Duration = Duration::from_secs(1);

impl Simulation {
    /// A scenario at its beginning.
    pub fn new(scenario: Scenario) -> Self {
        let mut simulation = Self::before(scenario);
        for (place, spec) in simulation.scenario.beacons.iter().enumerate() {
            simulation.queue.push(spec.starts, Event::Act(Act::Start(place)));
        }
        for (at, act) in simulation.scenario.acts.clone() {
            simulation.queue.push(at, Event::Act(act));
        }
        simulation
    }

    /// A scenario before anything happens.
    pub(super) fn before(scenario: Scenario) -> Self {
        let mut rng = Rng::new(scenario.seed);
        let beacons = (0..scenario.beacons.len()).map(|place| Beacon::new(place, scenario.signer(place).id()));
        let beacons: Vec<Beacon> = beacons.collect();
        let mut places = IdTable::default();
        for (place, beacon) in beacons.iter().enumerate() {
            places.insert(Place { id: beacon.id, place });
        }
        let mut simulation = Self {
            listing: Arc::new(Listing::new(scenario.catalog())),
            now: Instant::ZERO,
            began: Instant::ZERO,
            queue: Queue::default(),
            network: Network::new(scenario.network.clone(), rng.fork()),
            beacons,
            places,
            truth: Truth::new(&scenario.torrents),
            trace: Trace::default(),
            rng,
            scenario,
        };
        simulation.fill_libraries();
        simulation
    }

    /// Plays on until this moment.
    pub fn run_until(&mut self, until: Instant) {
        while let Some((at, event)) = self.queue.pop(until) {
            self.now = at;
            self.happen(event);
        }
        self.now = until;
    }

    /// Plays on until `condition` holds, looking every `step`; `None` where it does not hold by the deadline.
    pub fn run_until_holds(
        &mut self,
        deadline: Instant,
        step: Duration,
        condition: impl Fn(&Self) -> bool,
    ) -> Option<Instant> {
        while !condition(self) {
            if self.now >= deadline {
                return None;
            }
            self.run_until((self.now + step).min(deadline));
        }
        Some(self.now)
    }

    /// Lets something happen now.
    pub fn act(&mut self, act: Act) {
        self.queue.push(self.now, Event::Act(act));
    }

    /// The time in the simulation, which starts at 0.
    pub const fn now(&self) -> Instant {
        self.now
    }

    /// A beacon's node, by its place in the scenario; `None` while it does not run.
    pub fn node(&self, beacon: usize) -> Option<&Node> {
        self.beacons[beacon].node.as_deref()
    }

    /// The live copies of each torrent, in the order of the scenario.
    pub fn copies(&self) -> Vec<u32> {
        self.truth.copies().collect()
    }

    /// How many torrents a beacon has complete.
    pub fn copies_at(&self, beacon: usize) -> usize {
        self.beacons[beacon].client.complete().count()
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Act(act) => self.carry_out_act(act),
            Event::Deliver { end, message } => self.deliver(end, message),
            Event::Dialed { by, address, since } => self.dialed(by, address, since),
            Event::Down(end) => self.down(end),
            Event::Idle(end) => self.idle(end),
            Event::Wake(life) => self.wake(life),
            Event::Poll(life) => self.poll(life),
            Event::Command { of, kind, info_hash } => self.command(of, kind, info_hash),
        }
    }

    /// Hands a node an input, and carries out what follows.
    pub(super) fn feed(&mut self, beacon: usize, input: Input) {
        let at = &mut self.beacons[beacon];
        let Some(node) = &mut at.node else { return };
        self.trace.event(self.now, 1, beacon);
        node.handle(at.clock.show(self.now), input);
        self.drain(beacon);
    }

    pub(super) fn lives(&self, life: Life) -> bool {
        let beacon = &self.beacons[life.beacon];
        beacon.is_up() && beacon.life == life
    }

    fn wake(&mut self, life: Life) {
        if !self.lives(life) || self.beacons[life.beacon].wake_at != self.now {
            return;
        }
        let beacon = &mut self.beacons[life.beacon];
        beacon.wake_at = Instant::FAR_FUTURE;
        let local = beacon.clock.show(self.now);
        if let Some(node) = &mut beacon.node
            && node.next_timeout() <= local
        {
            self.trace.event(self.now, 2, life.beacon);
            node.handle_timeout(local);
        }
        self.drain(life.beacon);
    }

    pub(super) fn drain(&mut self, beacon: usize) {
        while let Some(output) = self.beacons[beacon].node.as_mut().and_then(|node| node.poll_output()) {
            self.trace.output(&output);
            self.carry_out(beacon, output);
        }
        let beacon = &mut self.beacons[beacon];
        let Some(node) = &beacon.node else { return };
        let at = beacon.clock.reaches(node.next_timeout()).max(self.now + TICK);
        // A wake that turns out too early only looks again.
        if at < beacon.wake_at && at < Instant::FAR_FUTURE {
            beacon.wake_at = at;
            self.queue.push(at, Event::Wake(beacon.life));
        }
    }

    /// Puts a message on its way.
    pub(super) fn send(&mut self, from: usize, link: LinkId, message: Message) {
        let end = End(link.0);
        if self.network.beacon_at(end) != Some(from) {
            return;
        }
        let message = self.falsify(from, end, message);
        let cost = Traffic::of(&message);
        let sent = &mut self.beacons[from].sent;
        *sent = *sent + cost;
        let delay = match message.channel() {
            Channel::Datagram => self.network.datagram(),
            Channel::Stream => {
                let packets = super::traffic::packets_of(&message);
                let (delay, again) = self.network.stream(packets);
                sent.packets += cost.total() * again / packets.max(1);
                Some(delay)
            }
        };
        if message.channel() == Channel::Datagram
            && let Some(delay) = self.network.duplicate()
        {
            self.queue.push(self.now + delay, Event::Deliver { end: end.other(), message: message.clone() });
        }
        if let Some(delay) = delay {
            self.queue.push(self.now + delay, Event::Deliver { end: end.other(), message });
        }
    }

    fn deliver(&mut self, end: End, message: Message) {
        let Some(to) = self.network.beacon_at(end) else { return };
        if let Some(from) = self.network.beacon_at(end.other())
            && !self.network.reaches(from, to)
        {
            if message.channel() == Channel::Stream {
                let again = self.now + self.network.resend();
                self.queue.push(again, Event::Deliver { end, message });
            }
            return;
        }
        self.trace.message(&message);
        let status_of = match &message {
            Message::Status { beacon, .. } => Some(*beacon),
            _ => None,
        };
        if self.intercept(to, end, &message) {
            return;
        }
        self.feed(to, Input::Received(LinkId(end.0), message));
        if let Some(origin) = status_of.and_then(|origin| self.places.find(&origin)).map(|found| found.place) {
            self.share(to, origin);
        }
    }

    /// Nodes know the same of each other; one copy of it is enough.
    fn share(&mut self, to: usize, origin: usize) {
        if let Ok([Beacon { node: Some(to), .. }, Beacon { node: Some(origin), .. }]) =
            self.beacons.get_disjoint_mut([to, origin])
        {
            to.share(origin);
        }
    }

    pub(super) fn dial(&mut self, by: usize, address: DialAddress) {
        self.beacons[by].dials += 1;
        let (there, _) = self.network.stream(1);
        let (back, _) = self.network.stream(1);
        let by = self.beacons[by].life;
        self.queue.push(self.now + there + back, Event::Dialed { by, address, since: self.now });
    }

    fn dialed(&mut self, by: Life, address: DialAddress, since: Instant) {
        if !self.lives(by) {
            return;
        }
        let dialer = by.beacon;
        let at = address.host.parse().ok().and_then(|ip: IpAddr| at_address((ip, address.port).into()));
        let runs = |found: &usize| self.beacons.get(*found).is_some_and(Beacon::is_up);
        let Some(acceptor) = at.filter(runs).filter(|place| self.network.connects(dialer, *place)) else {
            // The first packet is sent again after a second, and again after twice the time, until it is enough.
            let next = self.now + self.now.since(since).max(FIRST_PACKET_AGAIN);
            if next.since(since) > self.network.model().dial_timeout {
                return self.feed(dialer, Input::DialFailed(address));
            }
            self.queue.push(next, Event::Dialed { by, address, since });
            return;
        };
        let wrong = address.id.is_some_and(|id| id != self.beacons[acceptor].id);
        let linked = self.beacons[dialer].links.contains_key(&acceptor);
        let full = self.beacons[acceptor].links.len() >= self.network.model().links_max;
        if acceptor == dialer || wrong || linked || full {
            return self.feed(dialer, Input::DialFailed(address));
        }
        if let Some(old) = self.beacons[acceptor].links.get(&dialer).copied() {
            // Of the dialer's life before this one, and not missed yet.
            self.down(old);
        }
        self.link(dialer, acceptor, address);
    }

    fn link(&mut self, dialer: usize, acceptor: usize, to: DialAddress) {
        let [here, there] = self.network.open(dialer, acceptor);
        self.beacons[dialer].links.insert(acceptor, here);
        self.beacons[acceptor].links.insert(dialer, there);
        let up = |end: End, other: usize, dialed| Input::LinkUp {
            link: LinkId(end.0),
            beacon: self.beacons[other].id,
            address: beacon_address(other),
            dialed,
        };
        let acceptor_hears = up(there, dialer, None);
        let dialer_hears = up(here, acceptor, Some(to));
        self.feed(acceptor, acceptor_hears);
        self.feed(dialer, dialer_hears);
    }

    /// A node closes a link: its own end at once, the other's when it hears of it.
    pub(super) fn close(&mut self, beacon: usize, link: LinkId) {
        let end = End(link.0);
        if self.network.beacon_at(end) == Some(beacon) {
            self.down(end);
            let hop = self.network.hop();
            self.queue.push(self.now + hop, Event::Down(end.other()));
        }
    }

    /// A connection that has been cut off for long is given up, unless it works again.
    fn idle(&mut self, end: End) {
        let works = |one, other| self.network.connects(one, other);
        match (self.network.beacon_at(end), self.network.beacon_at(end.other())) {
            (Some(one), Some(other)) if works(one, other) => {}
            _ => self.down(end),
        }
    }

    pub(super) fn down(&mut self, end: End) {
        let Some(place) = self.network.close(end) else { return };
        let beacon = &mut self.beacons[place];
        beacon.links.retain(|_, open| *open != end);
        beacon.links_lost += 1;
        self.feed(place, Input::LinkDown(LinkId(end.0)));
    }
}

impl Keyed for Place {
    fn id(&self) -> &BeaconId {
        &self.id
    }

    fn key(&self) -> IdKey {
        IdKey::of(&self.id)
    }
}
