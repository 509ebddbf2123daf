//! Every client of a torrent once, whether beacons know of it or it announced, and which of them another one is told of.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, SocketAddr},
};

use super::{Announce, Asker, Counts, Known, Told, room::Client};
use crate::model::Rng;

/// One client.
#[derive(Debug, Clone, Default)]
struct Candidate {
    /// Where beacons say that it is reached.
    addresses: Vec<SocketAddr>,
    /// Where it announced from, and as what.
    announced: Option<(SocketAddr, Client)>,
    is_complete: bool,
    is_own: bool,
}

/// The clients of one torrent.
#[derive(Debug)]
pub(super) struct Candidates<'a> {
    known: &'a Known,
    /// Those that beacons know of.
    beacons: Vec<Candidate>,
    /// The others.
    strangers: Vec<Candidate>,
}

impl<'a> Candidates<'a> {
    /// Joins both kinds. What a client says of itself is newer than what beacons say of it.
    pub(super) fn new<'b>(known: &'a Known, announced: impl Iterator<Item = (SocketAddr, &'b Client)>) -> Self {
        let mut beacons: Vec<Candidate> = known.peers.iter().map(Candidate::of_beacon).collect();
        let mut by_address = BTreeMap::new();
        for (place, peer) in known.peers.iter().enumerate() {
            by_address.extend(peer.addresses.iter().map(|address| (*address, place)));
        }
        let own = known.peers.iter().position(|peer| peer.is_own);
        let mut strangers = Vec::new();
        for (address, client) in announced {
            let is_own = client.is_here && known.own.iter().any(|own| own.port() == address.port());
            let place = if is_own { own } else { by_address.get(&address).copied() };
            let announced = Some((address, *client));
            match place {
                Some(place) => {
                    beacons[place].announced = announced;
                    beacons[place].is_complete = client.is_complete;
                }
                None => strangers.push(Candidate {
                    announced,
                    is_complete: client.is_complete,
                    is_own,
                    ..Candidate::default()
                }),
            }
        }
        Self { known, beacons, strangers }
    }

    /// How many there are.
    pub(super) fn counts(&self, downloaded: u32) -> Counts {
        let all = || self.beacons.iter().chain(&self.strangers);
        let complete = all().filter(|candidate| candidate.is_complete).count();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Counts { complete: count(complete), incomplete: count(all().count() - complete), downloaded }
    }

    /// Random ones of use to the asker, as many as it wants: never itself, and for whoever lacks nothing nobody else who
    /// lacks nothing. Beacons and strangers take turns, so that inventing strangers keeps nobody from the holders.
    pub(super) fn choose(&self, rng: &mut Rng, asker: Asker, announce: &Announce, wants_all: bool) -> Vec<Told> {
        let is_of_use = |candidate: &&Candidate| {
            (wants_all || !candidate.is_complete) && !self.is_asker(candidate, asker, announce)
        };
        let mut beacons: Vec<&Candidate> = self.beacons.iter().filter(is_of_use).collect();
        let mut strangers: Vec<&Candidate> = self.strangers.iter().filter(is_of_use).collect();
        rng.shuffle(&mut beacons);
        rng.shuffle(&mut strangers);
        let mut told: Vec<Told> = Vec::new();
        let mut seen: BTreeSet<SocketAddr> = BTreeSet::new();
        for turn in 0..beacons.len().max(strangers.len()) {
            for candidate in [beacons.get(turn), strangers.get(turn)].into_iter().flatten() {
                let peer_id = candidate.announced.map(|(_, client)| client.peer_id);
                let addresses = self.addresses(candidate, asker).into_iter();
                let news = addresses.filter(|address| !self.is_own_address(*address, asker, announce));
                told.extend(news.filter(|address| seen.insert(*address)).map(|address| Told { address, peer_id }));
            }
            if told.len() >= announce.wanted {
                break;
            }
        }
        told.truncate(announce.wanted);
        told
    }

    /// Where the asker can reach a client. One that announced on this machine is told elsewhere by the addresses at which
    /// others reach this machine's client, with its own port.
    fn addresses(&self, candidate: &Candidate, asker: Asker) -> Vec<SocketAddr> {
        let mut addresses = Vec::new();
        match candidate.announced {
            Some((address, client)) if client.is_here && !asker.is_here => {
                let ips: BTreeSet<IpAddr> = self.known.own.iter().map(SocketAddr::ip).collect();
                addresses.extend(ips.into_iter().map(|ip| SocketAddr::new(ip, address.port())));
            }
            Some((address, _)) => addresses.push(address),
            None => {}
        }
        addresses.extend(&candidate.addresses);
        addresses.retain(|address| asker.can_use(*address));
        addresses
    }

    fn is_asker(&self, candidate: &Candidate, asker: Asker, announce: &Announce) -> bool {
        let is_own = candidate.is_own && asker.is_here;
        candidate.announced.is_some_and(|(_, client)| client.peer_id == announce.peer_id)
            || candidate.addresses.contains(&SocketAddr::new(asker.ip, announce.port))
            || (is_own && self.known.own.iter().any(|own| own.port() == announce.port))
    }

    /// Whether the asker itself is behind an address, though a candidate claims it.
    fn is_own_address(&self, address: SocketAddr, asker: Asker, announce: &Announce) -> bool {
        let is_of_this_machine =
            || asker.is_here && (self.known.own.iter().any(|own| own.ip() == address.ip()) || address.ip() == asker.ip);
        address.port() == announce.port && (address.ip() == asker.ip || is_of_this_machine())
    }
}

impl Candidate {
    fn of_beacon(peer: &super::KnownPeer) -> Self {
        Self { addresses: peer.addresses.clone(), announced: None, is_complete: peer.is_complete, is_own: peer.is_own }
    }
}
