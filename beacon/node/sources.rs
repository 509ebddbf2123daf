//! From where a torrent is best fetched, and what clients are told of it.

use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use super::{Output, node::Node, peers::has_client};
use crate::{
    census::TorrentIndex,
    model::{BeaconId, ContentState, InfoHash, Instant, LinkId, TorrentState, mix, share_subnet, stir},
    plan::{Load, Supplier, beacon_key, rank_sources},
};

/// Who wants to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// The client of this beacon.
    This,
    /// A client at this address.
    Client(IpAddr),
    /// Whoever gets hold of a link.
    Anyone,
}

/// Others of a torrent, as they are chosen from.
type Other = (BeaconId, TorrentState);

/// How often the client is told again where the others are while a torrent is on its way, since it may have tried them
/// while they were still checking their data.
const TELL_AGAIN: Duration = Duration::from_secs(30);
/// The most holders that the client is told of for a torrent: what it needs to fill any line, while a few of them are away
/// or behind a router. Where there are fewer, it is told of all.
const SOURCES_MAX: usize = 20;
/// The most others that want a torrent, for who wants it too: these pass on to each other what each has.
const FELLOWS_MAX: usize = 20;
/// The most and the fewest others that want a torrent, for who serves it beside many: connections work whoever makes them, so
/// with more, everybody would be connected to everybody after all. With none, who cannot be reached could not serve.
const FETCHERS_MAX: usize = 50;
const FETCHERS_MIN: usize = 4;
/// What the way to a beacon is thought to be where nothing at all was measured.
const LATENCY_UNKNOWN: Duration = Duration::from_millis(50);

impl Node {
    /// Where clients that serve a torrent can be reached, the best for `asker` first: near ones, then by lot, in which a
    /// short way and little load win more often. At most `max` addresses, one of each holder before the second of any.
    pub fn sources(&self, info_hash: &InfoHash, asker: Asker, max: usize) -> Vec<SocketAddr> {
        let Some(index) = self.census.torrents().find(info_hash) else { return Vec::new() };
        let served = self.census.holders(index).filter(|(id, state, liveness)| {
            state.is_served() && liveness.counts() && (asker != Asker::This || *id != self.id())
        });
        let holders: Vec<BeaconId> = served.map(|(id, _, _)| id).collect();
        let ranked = self.ranked(info_hash, asker, &holders);
        let of_each: Vec<&[SocketAddr]> = ranked.iter().map(|id| self.client_addresses_of(id)).collect();
        let deepest = of_each.iter().map(|addresses| addresses.len()).max().unwrap_or(0);
        let mut told = Vec::new();
        for address in (0..deepest).flat_map(|depth| of_each.iter().filter_map(move |addresses| addresses.get(depth))) {
            if told.len() < max && !told.contains(address) {
                told.push(*address);
            }
        }
        told
    }

    /// Notes how long packets take on each link, there and back.
    pub(super) fn measured(&mut self, round_trips: Vec<(LinkId, Duration)>) {
        let links = self.protocol.links();
        let known = round_trips.into_iter().filter_map(|(link, time)| Some((links.find(link)?.beacon, time)));
        self.latencies = known.collect();
    }

    /// The round-trip time to a beacon, where it is a neighbor.
    pub(super) fn latency_to(&self, beacon: &BeaconId) -> Option<Duration> {
        self.latencies.get(beacon).copied()
    }

    /// Tells the client where holders of what it fetches are, and fetchers of what it serves: whichever of the two can reach
    /// the other then does. That goes for the user's torrents too, of which nothing is changed by it: while the user's own
    /// download counts as on its way, nobody else fetches, so it has to find the holders.
    pub(super) fn tell_peers(&mut self, now: Instant) {
        let torrents = self.census.torrents();
        let mut tell: Vec<(InfoHash, BTreeSet<SocketAddr>)> = Vec::new();
        for (index, torrent) in self.local.listed(torrents) {
            let tally = self.census.tally(index);
            let wants = torrent.content == ContentState::Fetching && tally.served > 0;
            let gives = torrent.content == ContentState::Serving && tally.fetching + tally.stalled > 0;
            if wants || gives {
                tell.push((torrents.at(index).info_hash, self.peers_of(index, wants)));
            }
        }
        for (info_hash, peers) in tell {
            let known = self.told.get(&info_hash);
            let news = known.is_none_or(|(at, told)| *told != peers || now.since(*at) >= TELL_AGAIN);
            if news && !peers.is_empty() {
                self.told.insert(info_hash, (now, peers.clone()));
                self.outputs.push_back(Output::AddPeers { info_hash, peers: peers.into_iter().collect() });
            }
        }
        self.told.retain(|_, (at, _)| now.since(*at) < TELL_AGAIN * 2);
    }

    /// Where the clients of others that have or want a torrent can be reached, as many of them as are useful to a client
    /// that `wants` it or else serves it.
    pub(super) fn peers_of(&self, index: TorrentIndex, wants: bool) -> BTreeSet<SocketAddr> {
        let me = self.id();
        let others = self
            .census
            .holders(index)
            .filter(|(id, state, liveness)| *id != me && liveness.counts() && has_client(*state));
        let others: Vec<Other> = others.map(|(id, state, _)| (id, state)).collect();
        // Who gets nothing from those who were chosen tries everybody.
        let is_stuck = self.census.state(&me, index) == TorrentState::Stalled;
        let chosen = if others.len() <= SOURCES_MAX || is_stuck {
            others.into_iter().map(|(id, _)| id).collect()
        } else {
            self.chosen(index, wants, others)
        };
        let addresses = chosen.iter().flat_map(|id| self.client_addresses_of(id).iter().copied());
        addresses.filter(|address| !self.client_addresses.contains(address)).collect()
    }

    fn chosen(&self, index: TorrentIndex, wants: bool, others: Vec<Other>) -> Vec<BeaconId> {
        let info_hash = &self.census.torrents().at(index).info_hash;
        let ids = |others: &[Other]| others.iter().map(|(id, _)| *id).collect::<Vec<_>>();
        let (serving, wanting): (Vec<Other>, Vec<Other>) = others.into_iter().partition(|(_, state)| state.is_served());
        if wants {
            let sources = self.ranked(info_hash, Asker::This, &ids(&serving));
            let fellows = self.ranked(info_hash, Asker::This, &ids(&wanting));
            return [self.first(info_hash, sources, SOURCES_MAX), self.first(info_hash, fellows, FELLOWS_MAX)].concat();
        }
        let (stuck, moving): (Vec<Other>, Vec<Other>) =
            wanting.into_iter().partition(|(_, state)| *state == TorrentState::Stalled);
        let ranked = |some| self.ranked(info_hash, Asker::This, &ids(some));
        let mut fetchers = self.first(info_hash, ranked(&stuck), FETCHERS_MAX);
        // As many as are likely to choose this beacon.
        let share = ((stuck.len() + moving.len()) * SOURCES_MAX).div_ceil(serving.len() + 1);
        let room = share.clamp(FETCHERS_MIN, FETCHERS_MAX).saturating_sub(fetchers.len());
        fetchers.extend(self.first(info_hash, ranked(&moving), room));
        fetchers
    }

    /// The first so many: before all others those that the client was told of, so that it is told of new ones only where
    /// one has gone, and does not come to know everybody while measurements change.
    fn first(&self, info_hash: &InfoHash, ranked: Vec<BeaconId>, max: usize) -> Vec<BeaconId> {
        let told = self.told.get(info_hash).map(|(_, told)| told);
        let is_told = |id: &BeaconId| {
            told.is_some_and(|told| self.client_addresses_of(id).iter().any(|address| told.contains(address)))
        };
        let (known, new): (Vec<_>, Vec<_>) = ranked.into_iter().partition(is_told);
        known.into_iter().chain(new).take(max).collect()
    }

    fn ranked(&self, info_hash: &InfoHash, asker: Asker, beacons: &[BeaconId]) -> Vec<BeaconId> {
        if beacons.len() < 2 {
            return beacons.to_vec();
        }
        let middle = self.middle_latency();
        let is_here = self.is_here(asker);
        let (members, my_domain) = (self.protocol.members(), self.domain());
        let supplier = |id: &BeaconId| {
            let latency = if *id == self.id() { Some(Duration::ZERO) } else { self.latency_to(id) };
            let near = match asker {
                Asker::Client(ip) => self.client_addresses_of(id).iter().any(|own| share_subnet(own.ip(), ip)),
                Asker::This => members.find(id).is_some_and(|member| member.hello().hello().domain() == my_domain),
                Asker::Anyone => false,
            };
            let load = self.census.member(id).map_or(Load::default(), |member| self.loads.at(member));
            Supplier { id: *id, near, latency: latency.filter(|_| is_here).unwrap_or(middle), load }
        };
        let mut suppliers: Vec<Supplier> = beacons.iter().map(supplier).collect();
        rank_sources(info_hash, self.key_of(asker), &mut suppliers);
        suppliers.into_iter().map(|supplier| supplier.id).collect()
    }

    /// Whether what was measured from here holds for whoever asks.
    fn is_here(&self, asker: Asker) -> bool {
        match asker {
            Asker::This => true,
            Asker::Client(ip) => self.client_addresses.iter().any(|own| share_subnet(own.ip(), ip)),
            Asker::Anyone => false,
        }
    }

    /// What makes askers draw differently.
    fn key_of(&self, asker: Asker) -> u64 {
        let own = mix(beacon_key(&self.id()));
        match asker {
            Asker::This => own,
            Asker::Client(IpAddr::V4(ip)) => stir(1, u64::from(ip.to_bits())),
            #[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
            Asker::Client(IpAddr::V6(ip)) => stir((ip.to_bits() >> 64) as u64, ip.to_bits() as u64),
            Asker::Anyone => stir(2, own),
        }
    }

    /// The way to beacons that are no neighbors is thought to be as long as the median of those that are.
    fn middle_latency(&self) -> Duration {
        let mut known: Vec<Duration> = self.latencies.values().copied().collect();
        known.sort_unstable();
        known.get(known.len() / 2).copied().unwrap_or(LATENCY_UNKNOWN)
    }

    fn client_addresses_of(&self, id: &BeaconId) -> &[SocketAddr] {
        if *id == self.id() {
            return &self.client_addresses;
        }
        self.protocol.members().find(id).map_or(&[], |member| &member.hello().hello().peer_addresses)
    }
}
