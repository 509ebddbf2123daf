//! Beacons that deceive: a wrapper around an honest node that rewrites what goes in and what comes out.

use std::sync::Arc;

use super::{act::Lie, event::End, scenario::Scenario, simulation::Simulation};
use crate::{
    model::{ByteSize, ClientChange, ContentState, Holding, InfoHashes, LinkId},
    node::Input,
    wire::{GrantAnswer, Message, Signed, SignedHello},
};

/// How much a beacon that replays remembers.
const HEARD_MAX: usize = 200;
/// How often one that replays does so, for each message that it gets, in millionths.
const REPLAY_PPM: u32 = 50_000;
/// As many beacons may pass an answer on.
const HOPS: u8 = 24;
/// The target that a beacon which grants everything claims to know.
const TARGET_CLAIMED: u16 = 1;

impl Simulation {
    /// What a liar's node is made to believe of its client; `None` where that is the truth.
    pub(super) fn pretended(&self, place: usize) -> Option<ClientChange> {
        let holding = |torrent: usize| Holding {
            hashes: InfoHashes::from(Scenario::info_hash(torrent)),
            name: String::new(),
            size: Some(self.scenario.torrents[torrent].size),
            done: self.scenario.torrents[torrent].size,
            content: ContentState::Serving,
            marked: true,
            keep: false,
            outside_seeders: None,
        };
        match self.scenario.beacons[place].lie? {
            lie if lie.inflates() => Some(ClientChange::Full((0..self.scenario.torrents.len()).map(holding).collect())),
            Lie::Deflates => Some(ClientChange::Full(Vec::new())),
            _ => None,
        }
    }

    /// What a liar sends instead of what its node says.
    pub(super) fn falsify(&mut self, from: usize, end: End, message: Message) -> Message {
        if self.scenario.beacons[from].lie != Some(Lie::Equivocates) || (end.0 / 2).is_multiple_of(2) {
            return message;
        }
        match message {
            Message::Hellos(hellos) => {
                let signer = self.scenario.signer(from);
                let other = |hello: Arc<SignedHello>| {
                    if hello.hello().id != signer.id() {
                        return hello;
                    }
                    let budget = hello.hello().budget.saturating_add(ByteSize::from_bytes(1));
                    let mut told = hello.hello().clone();
                    told.budget = budget;
                    Arc::new(told.sign(&signer))
                };
                Message::Hellos(hellos.into_iter().map(other).collect())
            }
            message => message,
        }
    }

    /// Lets a liar do something of its own with a message; whether its node is not to get it.
    pub(super) fn intercept(&mut self, to: usize, end: End, message: &Message) -> bool {
        match self.scenario.beacons[to].lie {
            Some(Lie::GrantsAll) => self.grant_anything(to, end, message),
            Some(Lie::Replays) => {
                self.replay(to, message);
                false
            }
            _ => false,
        }
    }

    fn grant_anything(&mut self, to: usize, end: End, message: &Message) -> bool {
        let Message::GrantAsk { ask, .. } = message else { return false };
        if ask.record().holder != self.beacons[to].id {
            return false;
        }
        let answer = GrantAnswer { ask: *ask.record(), verdict: Ok(TARGET_CLAIMED) };
        let answer = Signed::sign(answer, &self.scenario.signer(to));
        self.send(to, LinkId(end.0), Message::GrantAnswer { hops: HOPS, answer: Arc::new(answer) });
        true
    }

    fn replay(&mut self, to: usize, message: &Message) {
        let room = self.beacons[to].heard.len() < HEARD_MAX;
        if room {
            self.beacons[to].heard.push(message.clone());
        } else {
            let at = self.rng.below(HEARD_MAX);
            self.beacons[to].heard[at] = message.clone();
        }
        if !self.rng.chance_ppm(REPLAY_PPM) {
            return;
        }
        let links: Vec<End> = self.beacons[to].links.values().copied().collect();
        let Some(end) = self.rng.choose(&links).copied() else { return };
        if self.rng.chance_ppm(20_000)
            && let Some(victim) = self.network.beacon_at(end.other())
        {
            return self.feed(victim, Input::Unreadable(LinkId(end.other().0)));
        }
        if let Some(old) = self.rng.choose(&self.beacons[to].heard).cloned() {
            self.send(to, LinkId(end.0), old);
        }
    }
}
