//! What the plan is made from, as this beacon knows it.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    time::Duration,
};

use super::{local::LocalTorrent, node::Node, view::StorageView};
use crate::{
    census::{TorrentIndex, Torrents},
    model::{BeaconId, ByteSize, ContentState, Domain, Instant, Liveness, TorrentState},
    plan::{Situation, Volunteer},
};

/// For how many rounds no beacon must have appeared before what nobody is known to serve is fetched, and after how many it
/// is whoever appears.
const RESCUE_ROUNDS: u32 = 4;
const RESCUE_ROUNDS_MAX: u32 = 40;

impl Node {
    /// Hands out all that the plan is made from; where it is `idle`, without those who could do something.
    pub(super) fn in_situation<R>(&self, now: Instant, idle: bool, look: impl FnOnce(&Situation<'_>) -> R) -> R {
        let torrents = self.census.torrents();
        let wanted = self.pins.iter().chain(&self.requests);
        let pins: BTreeSet<TorrentIndex> = wanted.filter_map(|info_hash| torrents.find(info_hash)).collect();
        let excess = self.excess();
        // Whose they are matters only for what is to go, and what was told to go may be so for longer than the reason for it.
        let goes = self.census.holdings(&self.id()).any(|(_, state)| state == TorrentState::Draining);
        let users = if goes || excess > ByteSize::ZERO { self.users(torrents) } else { BTreeSet::new() };
        look(&Situation {
            me: self.id(),
            census: &self.census,
            volunteers: &if idle { Vec::new() } else { self.volunteers() },
            away: &self.away(now),
            repair_delay: self.settings.repair_delay,
            own_fetches: &if idle { BTreeSet::new() } else { self.own_fetches() },
            rescues: self.rescues(now),
            excess,
            pins: &pins,
            users: &users,
            domains: &self.domains,
            draining: self.drain.is_some(),
        })
    }

    /// Whether this beacon means to fetch or is fetching anything.
    pub(super) fn is_fetching(&self) -> bool {
        self.actions.coming().next().is_some() || self.local.is_fetching()
    }

    /// What each beacon shares the fate of; nothing where no torrent asks for it.
    pub(super) fn find_domains(&self) -> BTreeMap<BeaconId, Domain> {
        if !self.census.torrents().are_capped() {
            return BTreeMap::new();
        }
        let others = self.protocol.members().iter().map(|(id, member)| (*id, member.hello().hello().domain()));
        others.chain([(self.id(), self.domain())]).collect()
    }

    /// What this beacon shares the fate of.
    pub(super) fn domain(&self) -> Domain {
        Domain::new(&self.id(), &self.settings.zone, self.protocol.own().addresses().iter().map(SocketAddr::ip))
    }

    /// Complete torrents that are the user's own, or that the user wants here.
    fn users(&self, torrents: &Torrents) -> BTreeSet<TorrentIndex> {
        let is_users = |(index, torrent): &(TorrentIndex, &LocalTorrent)| {
            let info_hash = &torrents.at(*index).info_hash;
            torrent.is_complete() && (!self.local.is_ours(info_hash, torrent) || self.pins.contains(info_hash))
        };
        self.local.listed(torrents).filter(is_users).map(|(index, _)| index).collect()
    }

    /// By how much this beacon's own torrents are over what its user gives, without those that are on their way out.
    fn excess(&self) -> ByteSize {
        let usage = self.local.usage();
        let sizes = self.reclaims.committed().map(|info_hash| self.size_of(info_hash));
        let leaving = sizes.fold(ByteSize::ZERO, ByteSize::saturating_add);
        usage.used.saturating_add(usage.reserved).saturating_sub(leaving).saturating_sub(self.settings.budget)
    }

    /// Whether what nobody is known to serve may be fetched: not until no beacon has appeared for some rounds, unless that
    /// has gone on for long, as it does in large networks.
    pub(super) fn rescues(&self, now: Instant) -> bool {
        let latest_arrival = self.protocol.members().latest_arrival();
        let latest = latest_arrival.into_iter().chain(self.first_link_at).fold(self.started, Instant::max);
        let quiet = now.since(latest) >= self.settings.plan * RESCUE_ROUNDS;
        quiet || now.since(self.started) >= self.settings.plan * RESCUE_ROUNDS_MAX
    }

    fn volunteers(&self) -> Vec<Volunteer> {
        let storage = self.storage();
        let me =
            Volunteer { id: self.id(), budget: self.capacity(), used: storage.used.saturating_add(storage.reserved) };
        let me = (self.drain.is_none()).then_some(me);
        let others = self.protocol.members().iter().filter_map(|(id, member)| {
            let hello = member.hello().hello();
            let willing = member.liveness() == Liveness::Alive && !hello.observer && !hello.draining;
            willing.then_some(Volunteer { id: *id, budget: hello.budget, used: hello.used })
        });
        let mut volunteers: Vec<_> = others.collect();
        if let Some(me) = me {
            volunteers.insert(volunteers.partition_point(|other| other.id < me.id), me);
        }
        volunteers
    }

    /// What this beacon means to fetch or is fetching, without what the user fetches.
    fn own_fetches(&self) -> BTreeSet<TorrentIndex> {
        let torrents = self.census.torrents();
        let incomplete = self.local.listed(torrents).filter(|(index, torrent)| {
            // What the client is still checking may turn out to be complete.
            let incomplete = !torrent.is_complete() && torrent.content != ContentState::Unknown;
            incomplete && self.local.is_ours(&torrents.at(*index).info_hash, torrent)
        });
        let coming = self.actions.coming().filter_map(|info_hash| torrents.find(info_hash));
        incomplete.map(|(index, _)| index).chain(coming).collect()
    }

    pub(super) fn away(&self, now: Instant) -> Vec<(BeaconId, Duration)> {
        let members = self.protocol.members();
        let any = members.count(Liveness::Away) > 0;
        let away = members.iter().take_while(|_| any).filter(|(_, member)| member.liveness() == Liveness::Away);
        away.map(|(id, member)| (*id, now.since(member.heard()))).collect()
    }

    /// The most that this beacon may hold at present: its budget, or less where its disk is fuller than that.
    pub(super) fn capacity(&self) -> ByteSize {
        let budget = self.settings.budget;
        let Some(free) = self.disk_free else { return budget };
        let fits = self.local.usage().on_disk.saturating_add(free.saturating_sub(self.settings.keep_free));
        if fits >= budget {
            return budget;
        }
        in_steps(fits)
    }

    pub(super) fn storage(&self) -> StorageView {
        let usage = self.local.usage();
        let torrents = self.census.torrents();
        let coming = self.actions.coming().filter_map(|hash| {
            let index = torrents.find(hash)?;
            // Once the client shows it, it is in the usage.
            self.local.find(torrents, index).is_none().then(|| torrents.at(index).size.unwrap_or(0))
        });
        let coming = ByteSize::from_bytes(coming.sum());
        StorageView {
            budget: self.settings.budget,
            used: usage.used,
            reserved: usage.reserved.saturating_add(coming),
            free: self.disk_free,
        }
    }
}

/// Rounded down by at most a sixty-fourth, so that every file written elsewhere on the volume is not news to the whole
/// network.
fn in_steps(size: ByteSize) -> ByteSize {
    let step = 1 << (size.bytes() / 64).checked_ilog2().unwrap_or(0);
    ByteSize::from_bytes(size.bytes() / step * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_small_whatever_the_size() {
        for size in [0, 1, 63, 64, 100, 74_000_000_000, u64::MAX] {
            let stepped = in_steps(ByteSize::from_bytes(size)).bytes();
            assert!(stepped <= size && size - stepped <= size / 64, "{size} became {stepped}");
        }
        let near = in_steps(ByteSize::from_bytes(74_000_000_000));
        assert_eq!(near, in_steps(ByteSize::from_bytes(74_000_000_000 - 100_000)), "small changes are not told");
    }
}
