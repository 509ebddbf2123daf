//! The tracker's memory and its answers.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use super::{
    Announce, Answer, Asker, Counts, Event, Known, ShortHash,
    pace::{Pace, Stage},
    room::{Client, Room},
    select::Candidates,
};
use crate::model::{Instant, Rng};

/// How often those who did not come back are looked for.
const SWEEP: Duration = Duration::from_secs(30);
/// The most torrents whose completed downloads are counted; further ones show none.
const COMPLETED_MAX: usize = 100_000;

/// The clients that announced, and what is answered to them.
#[derive(Debug)]
pub struct Registry {
    room: Room,
    completed: BTreeMap<ShortHash, u32>,
    rng: Rng,
    next_sweep: Instant,
}

/// How much a tracker has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Torrents with clients that announced.
    pub torrents: usize,
    /// Clients that announced, once for each torrent.
    pub clients: usize,
}

impl Registry {
    /// An empty one; `seed` decides which clients are told of which.
    pub fn new(seed: u64) -> Self {
        Self { room: Room::default(), completed: BTreeMap::new(), rng: Rng::new(seed), next_sweep: Instant::ZERO }
    }

    /// Notes what a client says, and answers it. `known` is of the torrent that it names, which the caller has found to be
    /// one that is tracked.
    pub fn announce(&mut self, now: Instant, announce: &Announce, asker: Asker, known: &Known) -> Answer {
        self.sweep(now);
        let stage = stage(announce, asker, known);
        let pace = Pace::of(stage, asker.is_here, &mut self.rng);
        self.note(now + pace.remembered(), announce, asker, known);
        let candidates = Candidates::new(known, self.room.of(&announce.info_hash));
        let counts = candidates.counts(self.completed(&announce.info_hash));
        let peers = match announce.event {
            Some(Event::Stopped) => Vec::new(),
            _ => candidates.choose(&mut self.rng, asker, announce, stage != Stage::Complete),
        };
        Answer { peers, counts, interval: pace.interval, interval_min: pace.interval_min }
    }

    /// How many clients a torrent has.
    pub fn scrape(&mut self, now: Instant, info_hash: &ShortHash, known: &Known) -> Counts {
        self.sweep(now);
        Candidates::new(known, self.room.of(info_hash)).counts(self.completed(info_hash))
    }

    /// How much there is in all.
    pub fn totals(&mut self, now: Instant) -> Totals {
        self.sweep(now);
        let (torrents, clients) = self.room.sizes();
        Totals { torrents, clients }
    }

    fn note(&mut self, expires: Instant, announce: &Announce, asker: Asker, known: &Known) {
        let is_complete = announce.is_complete;
        let client = Client { peer_id: announce.peer_id, is_complete, is_here: asker.is_here, expires };
        let address = SocketAddr::new(asker.ip, announce.port);
        // Holders that beacons know of need no place here: a client with a million torrents would take them all.
        let is_known = is_complete && is_known_complete(known, address, asker);
        let stays = announce.event != Some(Event::Stopped) && announce.port != 0 && !is_known;
        let before = if stays {
            self.room.put(announce.info_hash, asker, announce.port, client)
        } else {
            self.room.remove(&announce.info_hash, asker, announce.port)
        };
        // Some clients never say that they have become complete, so what counts is that they lacked something before.
        if is_complete && before.is_some_and(|before| !before.is_complete) {
            let has_room = self.completed.len() < COMPLETED_MAX || self.completed.contains_key(&announce.info_hash);
            if has_room {
                *self.completed.entry(announce.info_hash).or_default() += 1;
            }
        }
    }

    fn completed(&self, info_hash: &ShortHash) -> u32 {
        self.completed.get(info_hash).copied().unwrap_or(0)
    }

    fn sweep(&mut self, now: Instant) {
        if now >= self.next_sweep {
            self.room.expire(now);
            self.next_sweep = now + SWEEP;
        }
    }
}

/// A client of this machine that lacks nothing, received nothing, and is not known to be a holder may not know yet what it
/// has: librqbit says so until it has looked at its files or found the metadata.
fn stage(announce: &Announce, asker: Asker, known: &Known) -> Stage {
    match announce.is_complete {
        false => Stage::Lacking,
        true if asker.is_here && !announce.has_received && !known.own_is_complete() => Stage::Unsure,
        true => Stage::Complete,
    }
}

fn is_known_complete(known: &Known, address: SocketAddr, asker: Asker) -> bool {
    known.peers.iter().filter(|peer| peer.is_complete).any(|peer| {
        let is_own = || peer.is_own && asker.is_here && known.own.iter().any(|own| own.port() == address.port());
        peer.addresses.contains(&address) || is_own()
    })
}
