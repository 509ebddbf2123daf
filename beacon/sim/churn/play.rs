//! One rule played over all lives: what happens, one event after the other.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    absence::{Step, steps},
    copies::Copies,
    event::{Event, Events},
    library::Library,
    line::Line,
    lives::Life,
    policy::{Policy, Surplus},
    report::PolicyFigures,
    scenario::ChurnScenario,
};
use crate::{
    census::{Census, TorrentIndex},
    model::{Instant, Liveness, NetworkId, TorrentState},
    protocol::ProtocolSettings,
};

/// A year under one rule.
#[derive(Debug)]
pub(super) struct Play<'a> {
    pub(super) scenario: &'a ChurnScenario,
    pub(super) policy: &'a Policy,
    pub(super) library: &'a Library,
    pub(super) lives: &'a [Life],
    /// The time between two hellos in a network of this size.
    interval: Duration,
    pub(super) now: Instant,
    pub(super) events: Events,
    /// What everyone knows.
    pub(super) census: Census,
    /// What is.
    pub(super) copies: Copies,
    /// In the order of `lives`.
    pub(super) beacons: Vec<Beacon>,
    /// Who is fetching what.
    pub(super) fetchers: BTreeMap<TorrentIndex, BTreeSet<usize>>,
    /// Torrents that lack copies which nobody began to fetch when it was last looked.
    pub(super) pending: BTreeSet<TorrentIndex>,
    /// Since when torrents have had too many copies.
    pub(super) surplus_since: BTreeMap<TorrentIndex, Instant>,
    pub(super) figures: PolicyFigures,
}

/// A beacon as it is, and what others make of it.
#[derive(Debug)]
pub(super) struct Beacon {
    pub(super) up: bool,
    /// The session that it is in, or was in last; `None` before it joins.
    session: Option<usize>,
    pub(super) liveness: Liveness,
    /// When it was last there.
    pub(super) heard: Instant,
    pub(super) states: Vec<TorrentState>,
    /// The bytes of what it holds and fetches.
    pub(super) used: u64,
    pub(super) line: Line,
}

impl<'a> Play<'a> {
    /// Plays everything; the figures are those of the whole time.
    pub(super) fn run(
        scenario: &'a ChurnScenario,
        policy: &'a Policy,
        library: &'a Library,
        lives: &'a [Life],
    ) -> PolicyFigures {
        let mut play = Self::new(scenario, policy, library, lives);
        play.begin();
        let end = Instant::ZERO + scenario.lasts();
        while let Some((at, event)) = play.events.pop(end) {
            play.copies.advance(at);
            play.now = at;
            play.happen(event);
        }
        play.copies.advance(end);
        play.now = end;
        for beacon in 0..lives.len() {
            play.settle(beacon);
        }
        play.figures.conclude(&play.copies);
        play.figures
    }

    fn new(scenario: &'a ChurnScenario, policy: &'a Policy, library: &'a Library, lives: &'a [Life]) -> Self {
        let torrents = library.sizes().len();
        let beacon = || Beacon {
            up: false,
            session: None,
            liveness: Liveness::Gone,
            heard: Instant::ZERO,
            states: vec![TorrentState::Absent; torrents],
            used: 0,
            line: Line::default(),
        };
        let members = scenario.kinds.iter().map(|kind| kind.beacons).sum();
        let settings = ProtocolSettings::new(NetworkId::new([0; 16]), Vec::new(), scenario.heartbeat);
        let mut events = Events::default();
        for (place, life) in lives.iter().enumerate() {
            events.push(life.sessions[0].0, Event::Up(place));
        }
        Self {
            scenario,
            policy,
            library,
            lives,
            interval: settings.interval(members),
            now: Instant::ZERO,
            events,
            census: library.census(),
            copies: Copies::new(torrents, scenario.redundancy.target()),
            beacons: lives.iter().map(|_| beacon()).collect(),
            fetchers: BTreeMap::new(),
            pending: BTreeSet::new(),
            surplus_since: BTreeMap::new(),
            figures: PolicyFigures::new(&policy.name),
        }
    }

    /// Those who are there at the beginning join and have every torrent spread over them, as it would be.
    fn begin(&mut self) {
        let is_first = |place: &usize| self.lives[*place].sessions[0].0 == Instant::ZERO;
        let first: Vec<usize> = (0..self.lives.len()).filter(is_first).collect();
        for place in &first {
            self.tell(*place);
            self.beacons[*place].liveness = Liveness::Alive;
        }
        for (torrent, takers) in self.first_holders() {
            for place in takers {
                self.beacons[place].used += self.library.sizes()[torrent as usize];
                self.beacons[place].states[torrent as usize] = TorrentState::Held;
                self.copies.lay_down(torrent);
            }
        }
        for place in first {
            self.tell(place);
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Up(place) => self.come(place),
            Event::Down(place) => self.go(place),
            Event::Silent { beacon, session, step } => {
                if !self.beacons[beacon].up && self.beacons[beacon].session == Some(session) {
                    self.notice(beacon, step);
                }
            }
            Event::Done { beacon, turn } => {
                if let Some(torrent) = self.beacons[beacon].line.active_at(turn) {
                    self.complete(beacon, torrent);
                }
            }
            Event::Surplus { torrent, since } => {
                if self.surplus_since.get(&torrent) == Some(&since) {
                    self.surplus_since.remove(&torrent);
                    self.reclaim(torrent);
                }
            }
        }
    }

    fn come(&mut self, place: usize) {
        let beacon = &mut self.beacons[place];
        let session = beacon.session.map_or(0, |last| last + 1);
        beacon.session = Some(session);
        beacon.up = true;
        beacon.liveness = Liveness::Alive;
        let (_, until) = self.lives[place].sessions[session];
        self.events.push(until, Event::Down(place));
        if self.census.member(&self.lives[place].id).is_none() {
            self.tell(place);
        }
        self.census.set_liveness(&self.lives[place].id, Liveness::Alive);
        let held = self.held(place);
        for torrent in &held {
            self.copies.wake(*torrent);
        }
        self.pump_fetchers_of(&held);
        self.pump(place);
        self.review(held.into_iter().chain(self.fetched_by(place)).collect());
    }

    fn go(&mut self, place: usize) {
        let life = &self.lives[place];
        let session = self.beacons[place].session.unwrap_or(0);
        let next = life.sessions.get(session + 1);
        let for_ever = next.is_none() && life.leaves;
        self.settle(place);
        self.beacons[place].up = false;
        self.beacons[place].heard = self.now;
        let held = self.held(place);
        for torrent in &held {
            self.copies.sleep(*torrent, for_ever);
        }
        self.pump_fetchers_of(&held);
        if for_ever {
            for torrent in self.fetched_by(place) {
                self.forget_fetch(place, torrent);
            }
        }
        if let Some((from, _)) = next {
            self.events.push(*from, Event::Up(place));
        }
        for (after, step) in steps(self.policy.patience, self.interval, for_ever) {
            self.events.push(self.now + after, Event::Silent { beacon: place, session, step });
        }
    }

    /// Others notice how long a beacon has been silent.
    fn notice(&mut self, place: usize, step: Step) {
        let id = self.lives[place].id;
        let touched: BTreeSet<TorrentIndex> = match step {
            // Its copies still count; but what it was expected to fetch is for others now.
            Step::Becomes(Liveness::Suspect) => BTreeSet::new(),
            Step::Becomes(_) | Step::Due => self.census.holdings(&id).map(|(torrent, _)| torrent).collect(),
        };
        if let Step::Becomes(liveness) = step {
            self.beacons[place].liveness = liveness;
            self.census.set_liveness(&id, liveness);
            if liveness == Liveness::Gone {
                // Nothing of it counts, and should it return it tells its status anew.
                self.census.forget(&id);
            }
        }
        self.review(touched);
    }

    fn complete(&mut self, place: usize, torrent: TorrentIndex) {
        self.settle(place);
        self.forget_fetch(place, torrent);
        self.beacons[place].states[torrent as usize] = TorrentState::Held;
        self.tell(place);
        self.copies.appear(torrent);
        self.figures.completed += 1;
        self.pump_fetchers_of(&[torrent]);
        self.pump(place);
        self.review(BTreeSet::from([torrent]));
    }

    /// Accounts for what a beacon received.
    pub(super) fn settle(&mut self, place: usize) {
        let received = self.beacons[place].line.settle(self.now, self.scenario.bandwidth);
        self.figures.receive(self.now.since(Instant::ZERO), self.scenario.lasts(), received);
    }

    /// Lets a beacon go on with what it can fetch.
    pub(super) fn pump(&mut self, place: usize) {
        self.settle(place);
        if self.beacons[place].up {
            let copies = &self.copies;
            let next =
                self.beacons[place].line.go_on(self.now, self.scenario.bandwidth, |torrent| copies.is_served(torrent));
            if let Some((takes, turn)) = next {
                self.events.push(self.now + takes, Event::Done { beacon: place, turn });
            }
        }
    }

    fn pump_fetchers_of(&mut self, torrents: &[TorrentIndex]) {
        let fetchers = torrents.iter().filter_map(|torrent| self.fetchers.get(torrent));
        let fetchers: BTreeSet<usize> = fetchers.flatten().copied().collect();
        for place in fetchers {
            self.pump(place);
        }
    }

    /// Ends a fetch without saying what becomes of it.
    pub(super) fn forget_fetch(&mut self, place: usize, torrent: TorrentIndex) {
        self.beacons[place].line.remove(torrent);
        if let Some(fetchers) = self.fetchers.get_mut(&torrent) {
            fetchers.remove(&place);
            if fetchers.is_empty() {
                self.fetchers.remove(&torrent);
            }
        }
    }

    /// A beacon's status becomes known to all.
    pub(super) fn tell(&mut self, place: usize) {
        let status = self.library.status(&self.beacons[place].states);
        self.census.set_status(self.lives[place].id, &status);
    }

    fn held(&self, place: usize) -> Vec<TorrentIndex> {
        let states = (0..).zip(&self.beacons[place].states);
        states.filter(|(_, state)| state.is_copy()).map(|(torrent, _)| torrent).collect()
    }

    fn fetched_by(&self, place: usize) -> Vec<TorrentIndex> {
        self.beacons[place].line.torrents().collect()
    }

    /// How many live copies may stay, and for how long more than that must have been there.
    pub(super) const fn reclaims(&self) -> Option<(u16, Duration)> {
        match self.policy.surplus {
            Surplus::Keep => None,
            Surplus::Reclaim { max, after } => Some((max, after)),
        }
    }
}
