//! The census itself: the statuses of all beacons, and the counts they add up to.

use std::{collections::BTreeMap, sync::Arc};

use super::{Status, TorrentIndex, Torrents, manifest_map::ManifestMap};
use crate::model::{BeaconId, Catalog, IdKey, IdTable, InfoHash, Keyed, Liveness, ObjectHash, TorrentState};

/// Who holds what, counted.
#[derive(Debug, Clone, Default)]
pub struct Census {
    /// Shared by those that count the same in one process.
    torrents: Arc<Torrents>,
    tallies: Vec<Tally>,
    manifests: BTreeMap<ObjectHash, Arc<ManifestMap>>,
    members: IdTable<Member>,
    revision: u64,
}

/// What all beacons together have of one torrent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Distinct live holders: complete, served, meant to stay, and heard from lately.
    pub copies: u16,
    /// Copies of beacons that are away: they may come back.
    pub away: u16,
    /// Live beacons that are fetching it or are about to.
    pub fetching: u16,
    /// Live beacons that try to fetch it and receive nothing.
    pub stalled: u16,
    /// Live beacons from which it can be fetched, including those that want to be rid of it.
    pub served: u16,
}

/// One beacon, in sixteen bytes beside what it holds.
#[derive(Debug, Clone)]
struct Member {
    read: Arc<Read>,
    key: IdKey,
    liveness: Liveness,
}

/// A beacon's status as it is read here: what it holds, in terms of the torrents that are counted here.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    beacon: BeaconId,
    manifests: Box<[Arc<ManifestMap>]>,
    /// What is not absent, in the order of the torrents.
    holdings: Box<[Holding]>,
}

/// What is known of one beacon.
#[derive(Debug, Clone, Copy)]
pub struct MemberView<'a>(&'a Read);

/// A torrent and its state in four bytes: there are as many of these as copies in the whole network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Holding(u32);

impl Census {
    /// A census of the torrents of a catalog, before anything is known of anyone.
    pub fn new(catalog: &Catalog) -> Self {
        let torrents = Arc::new(Torrents::of(catalog));
        let tallies = vec![Tally::default(); torrents.entries().len()];
        Self { torrents, tallies, manifests: BTreeMap::new(), members: IdTable::default(), revision: 0 }
    }

    /// The torrents that are counted.
    pub fn torrents(&self) -> &Torrents {
        &self.torrents
    }

    /// Rises with whatever changes a count, a size, or what is known of a beacon.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Notes the size of a torrent, once its metainfo is known.
    pub fn learn_size(&mut self, torrent: TorrentIndex, size: u64) {
        Arc::make_mut(&mut self.torrents).learn_size(torrent, size);
        self.revision += 1;
    }

    /// Makes a manifest known, the info-hashes at its address in their order, so that statuses by it can be read.
    pub fn learn_manifest<'a>(&mut self, address: ObjectHash, info_hashes: impl IntoIterator<Item = &'a InfoHash>) {
        let torrents = &self.torrents;
        let map = || Arc::new(ManifestMap::new(info_hashes.into_iter().map(|hash| torrents.find(hash))));
        self.manifests.entry(address).or_insert_with(map);
    }

    /// Forgets manifests for which `keep` does not speak; statuses that were read by them stay.
    pub fn keep_manifests(&mut self, keep: impl Fn(&ObjectHash) -> bool) {
        self.manifests.retain(|hash, _| keep(hash));
    }

    /// Takes a beacon's status in place of what was known of it before. Collections by manifests that are not known are
    /// passed over; their manifests are returned, and the status should be given again once they are.
    pub fn set_status(&mut self, beacon: BeaconId, status: &Status) -> Vec<ObjectHash> {
        let mut unknown = Vec::new();
        let mut manifests = Vec::new();
        let mut holdings = Vec::new();
        for collection in status.collections() {
            let Some(map) = self.manifests.get(&collection.manifest) else {
                unknown.push(collection.manifest);
                continue;
            };
            manifests.push(Arc::clone(map));
            let mut first = 0;
            for page in &collection.pages {
                let known = page.present().iter().filter_map(|(position, state)| {
                    Some(Holding::new(map.torrent(first + usize::from(*position))?, *state))
                });
                holdings.extend(known);
                first += page.torrents();
            }
        }
        // A torrent of two collections is one copy at most: its last entry, the state of highest code, stays.
        holdings.sort_unstable_by(|a: &Holding, b| b.cmp(a));
        holdings.dedup_by_key(|holding| holding.torrent());
        holdings.reverse();

        let liveness = self.members.find(&beacon).map_or(Liveness::Alive, |member| member.liveness);
        self.put(liveness, Arc::new(Read { beacon, manifests: manifests.into(), holdings: holdings.into() }));
        unknown
    }

    /// Takes over what another census has read of a beacon, in the same memory. That saves memory and time where several
    /// beacons run in one process; false where the two do not count the same torrents or do not know the same manifests.
    pub fn adopt(&mut self, beacon: &BeaconId, liveness: Liveness, other: &Self) -> bool {
        let Some(theirs) = other.members.find(beacon) else { return false };
        let known = |map: &Arc<ManifestMap>| self.manifests.values().any(|known| Arc::ptr_eq(known, map));
        let same = Arc::ptr_eq(&self.torrents, &other.torrents) && theirs.read.manifests.iter().all(known);
        if same {
            self.put(liveness, Arc::clone(&theirs.read));
        }
        same
    }

    /// Keeps what is known of a beacon in the memory of another census, where both have read the same.
    pub fn share(&mut self, beacon: &BeaconId, other: &Self) {
        if let (Some(ours), Some(theirs)) = (self.members.find_mut(beacon), other.members.find(beacon))
            && ours.read == theirs.read
        {
            ours.read = Arc::clone(&theirs.read);
        }
    }

    /// Notes whether a beacon is there; whether that changed what is counted.
    pub fn set_liveness(&mut self, beacon: &BeaconId, liveness: Liveness) -> bool {
        let Some(member) = self.members.find_mut(beacon).filter(|member| member.liveness != liveness) else {
            return false;
        };
        count_out(&mut self.tallies, member);
        member.liveness = liveness;
        count_in(&mut self.tallies, member);
        self.revision += 1;
        true
    }

    /// Forgets a beacon and what it holds.
    pub fn forget(&mut self, beacon: &BeaconId) {
        if let Some(member) = self.members.remove(beacon) {
            count_out(&mut self.tallies, &member);
            self.revision += 1;
        }
    }

    /// What all beacons together have of a torrent.
    pub fn tally(&self, torrent: TorrentIndex) -> Tally {
        self.tallies[torrent as usize]
    }

    /// What all beacons together have of each torrent, in their order.
    pub fn tallies(&self) -> &[Tally] {
        &self.tallies
    }

    /// Whether every torrent has as many live copies as it should: neither fewer than its target nor more than its max.
    pub fn is_met(&self) -> bool {
        let mut torrents = self.torrents.entries().iter().zip(&self.tallies);
        torrents
            .all(|(torrent, tally)| (torrent.redundancy.target()..=torrent.redundancy.max()).contains(&tally.copies))
    }

    /// What a beacon says of a torrent; absent where nothing is known.
    pub fn state(&self, beacon: &BeaconId, torrent: TorrentIndex) -> TorrentState {
        self.members.find(beacon).map_or(TorrentState::Absent, |member| member.read.state(torrent))
    }

    /// Whether these are what a beacon says of all torrents, in their order; false where nothing is known of it.
    pub fn says(&self, beacon: &BeaconId, states: &[TorrentState]) -> bool {
        self.members.find(beacon).is_some_and(|member| {
            let present = (0..).zip(states).filter(|(_, state)| **state != TorrentState::Absent);
            present.map(|(torrent, state)| Holding::new(torrent, *state)).eq(member.read.holdings.iter().copied())
        })
    }

    /// What is known of one beacon, for many questions about it.
    pub fn member(&self, beacon: &BeaconId) -> Option<MemberView<'_>> {
        self.members.find(beacon).map(|member| MemberView(&member.read))
    }

    /// What is known of everyone, by id.
    pub fn members(&self) -> impl Iterator<Item = (&BeaconId, Liveness, MemberView<'_>)> {
        self.members.iter().map(|member| (member.id(), member.liveness, MemberView(&member.read)))
    }

    /// Everyone who has something of a torrent, by id.
    pub fn holders(&self, torrent: TorrentIndex) -> impl Iterator<Item = (BeaconId, TorrentState, Liveness)> {
        self.members.iter().filter_map(move |member| match member.read.state(torrent) {
            TorrentState::Absent => None,
            state => Some((*member.id(), state, member.liveness)),
        })
    }

    /// What a beacon holds, in the order of the torrents.
    pub fn holdings(&self, beacon: &BeaconId) -> impl Iterator<Item = (TorrentIndex, TorrentState)> {
        self.member(beacon).into_iter().flat_map(MemberView::holdings)
    }

    fn put(&mut self, liveness: Liveness, read: Arc<Read>) {
        let member = Member { key: IdKey::of(&read.beacon), read, liveness };
        if let Some(before) = self.members.insert(member.clone()) {
            count_out(&mut self.tallies, &before);
        }
        count_in(&mut self.tallies, &member);
        self.revision += 1;
    }
}

fn count_in(tallies: &mut [Tally], member: &Member) {
    adjust(tallies, member, |count| *count = count.saturating_add(1));
}

fn count_out(tallies: &mut [Tally], member: &Member) {
    adjust(tallies, member, |count| *count = count.saturating_sub(1));
}

fn adjust(tallies: &mut [Tally], member: &Member, change: impl Fn(&mut u16)) {
    for holding in &member.read.holdings {
        let tally = &mut tallies[holding.torrent() as usize];
        let state = holding.state();
        match member.liveness {
            Liveness::Alive | Liveness::Suspect => {
                if state.is_copy() {
                    change(&mut tally.copies);
                }
                if state.is_served() {
                    change(&mut tally.served);
                }
                match state {
                    TorrentState::Fetching => change(&mut tally.fetching),
                    TorrentState::Stalled => change(&mut tally.stalled),
                    _ => {}
                }
            }
            Liveness::Away if state.is_copy() => change(&mut tally.away),
            Liveness::Away | Liveness::Gone => {}
        }
    }
}

impl<'a> MemberView<'a> {
    /// What it holds, in the order of the torrents.
    pub fn holdings(self) -> impl Iterator<Item = (TorrentIndex, TorrentState)> + Clone + use<'a> {
        self.0.holdings.iter().map(|holding| (holding.torrent(), holding.state()))
    }

    /// What it says of a torrent.
    pub fn state(&self, torrent: TorrentIndex) -> TorrentState {
        self.0.state(torrent)
    }

    /// Whether it takes part in a collection that lists this torrent.
    pub fn follows(&self, torrent: TorrentIndex) -> bool {
        self.0.manifests.iter().any(|map| map.lists(torrent))
    }
}

impl Keyed for Member {
    fn id(&self) -> &BeaconId {
        &self.read.beacon
    }

    fn key(&self) -> IdKey {
        self.key
    }
}

impl Read {
    fn state(&self, torrent: TorrentIndex) -> TorrentState {
        match self.holdings.binary_search_by_key(&torrent, |holding| holding.torrent()) {
            Ok(place) => self.holdings[place].state(),
            Err(_) => TorrentState::Absent,
        }
    }
}

impl Holding {
    fn new(torrent: TorrentIndex, state: TorrentState) -> Self {
        Self(torrent << 3 | state as u32)
    }

    const fn torrent(self) -> TorrentIndex {
        self.0 >> 3
    }

    const fn state(self) -> TorrentState {
        TorrentState::ALL[(self.0 & 7) as usize]
    }
}

#[cfg(test)]
#[path = "census_tests.rs"]
mod tests;
