//! What plans are made of in the benches: one collection, and beacons that hold three copies of nearly all of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use beacon::{
    census::{Census, Status, TorrentIndex},
    collection::Manifest,
    model::{
        BeaconId, ByteSize, Catalog, CatalogCollection, CatalogTorrent, CollectionId, Domain, InfoHash, InfoHashes,
        Redundancy, Source, TorrentState, mix,
    },
    plan::{Situation, Volunteer},
};

const SIZE: u64 = 1_000_000_000;
const COPIES: usize = 3;

/// A census, with all else that a plan looks at.
pub(crate) struct World {
    pub(crate) census: Census,
    /// Each beacon has room for as much again as it holds.
    pub(crate) volunteers: Vec<Volunteer>,
    none: BTreeSet<TorrentIndex>,
    domains: BTreeMap<BeaconId, Domain>,
}

impl World {
    /// Each torrent has a gigabyte and the three copies that are wanted, but one in a hundred lacks one.
    pub(crate) fn new(torrents: usize, beacons: usize) -> Self {
        let catalog = catalog(torrents);
        let manifest = Manifest::of(&catalog.collections[0]);
        let mut census = Census::new(&catalog);
        census.learn_manifest(manifest.hash(), manifest.entries().iter().map(|(hash, _)| hash));
        for (place, held) in holdings(torrents, beacons).into_iter().enumerate() {
            let status = Status::new([(catalog.collections[0].id, manifest.hash(), states(torrents, &held))]);
            census.set_status(beacon(place), &status);
        }
        let used = ByteSize::from_bytes((torrents * COPIES / beacons) as u64 * SIZE);
        let volunteer = |place| Volunteer { id: beacon(place), budget: used.saturating_add(used), used };
        let mut volunteers: Vec<_> = (0..beacons).map(volunteer).collect();
        volunteers.sort_unstable_by_key(|volunteer| volunteer.id);
        Self { census, volunteers, none: BTreeSet::new(), domains: BTreeMap::new() }
    }

    /// The situation of the first of the beacons.
    pub(crate) fn situation(&self) -> Situation<'_> {
        Situation {
            me: self.volunteers[0].id,
            census: &self.census,
            volunteers: &self.volunteers,
            away: &[],
            repair_delay: Duration::from_hours(1),
            own_fetches: &self.none,
            rescues: true,
            excess: ByteSize::ZERO,
            pins: &self.none,
            users: &self.none,
            domains: &self.domains,
            draining: false,
        }
    }
}

/// A collection with so many torrents.
pub(crate) fn catalog(torrents: usize) -> Catalog {
    let redundancy = Redundancy::new(3, None).expect("possible");
    let torrent = |place: usize| {
        let mut hash = [0; 20];
        hash[..8].copy_from_slice(&mix(place as u64).to_be_bytes());
        let info_hash = InfoHash::V1(hash);
        CatalogTorrent {
            info_hash,
            hashes: InfoHashes::from(info_hash),
            name: None,
            size: Some(SIZE),
            redundancy,
            priority: 0,
            source: Source::Magnet(String::new()),
        }
    };
    let mut torrents: Vec<_> = (0..torrents).map(torrent).collect();
    torrents.sort_by_key(|torrent| torrent.info_hash);
    let id = CollectionId::from_bytes([1; 16]);
    Catalog { collections: vec![CatalogCollection { id, name: String::new(), redundancy, torrents }] }
}

/// The torrents that each beacon holds.
pub(crate) fn holdings(torrents: usize, beacons: usize) -> Vec<Vec<usize>> {
    let mut held = vec![Vec::with_capacity(torrents * COPIES / beacons); beacons];
    for torrent in 0..torrents {
        let first = usize::try_from(mix(torrent as u64) % beacons as u64).expect("fewer than beacons");
        let copies = if torrent.is_multiple_of(100) { COPIES - 1 } else { COPIES };
        for copy in 0..copies {
            held[(first + copy * (beacons / COPIES).max(1)) % beacons].push(torrent);
        }
    }
    held
}

/// What a beacon says that holds these of so many torrents.
pub(crate) fn states(torrents: usize, held: &[usize]) -> Vec<TorrentState> {
    let mut states = vec![TorrentState::Absent; torrents];
    for torrent in held {
        states[*torrent] = TorrentState::Held;
    }
    states
}

fn beacon(place: usize) -> BeaconId {
    let mut id = [0; 32];
    id[..8].copy_from_slice(&mix(!place as u64).to_be_bytes());
    BeaconId::new(id)
}
