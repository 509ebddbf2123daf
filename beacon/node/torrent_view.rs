//! What people and programs are shown of torrents and their holders.

use std::{net::SocketAddr, time::Duration};

use super::view::Standing;
use crate::{
    catalog::Sought,
    model::{BeaconId, ByteSize, CollectionId, InfoHash, Liveness, ObjectHash, TorrentState},
};

/// Which torrents to show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TorrentFilter {
    /// Only those of this collection.
    pub collection: Option<CollectionId>,
    /// Only those that somebody looks for.
    pub sought: Option<Sought>,
    /// Only those of this standing.
    pub standing: Option<Standing>,
    /// Only those that are this here.
    pub here: Option<TorrentState>,
}

/// Which of the torrents that match, in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Page {
    /// By what they are ordered. Where nothing is said it is how well they fit what is looked for, or else the manifest
    /// of a collection, or else the name.
    pub order: Option<TorrentOrder>,
    /// Whether the order is turned around.
    pub descending: bool,
    /// How many to skip.
    pub offset: usize,
    /// The most to show.
    pub limit: usize,
}

/// By what torrents are ordered. Those that are equal in it are ordered by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TorrentOrder {
    /// By info-hash, as manifests are.
    Manifest,
    /// By name, without case and accents; those without one last.
    Name,
    /// By size; what is not known counts as nothing.
    Size,
    /// By the copies there are.
    Copies,
    /// By the copies that are lacking up to the target.
    Lacking,
    /// By how many beacons have something of it.
    Holders,
}

impl TorrentOrder {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Manifest, Self::Name, Self::Size, Self::Copies, Self::Lacking, Self::Holders];

    /// The word for it in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::Name => "name",
            Self::Size => "size",
            Self::Copies => "copies",
            Self::Lacking => "lacking",
            Self::Holders => "holders",
        }
    }
}

/// One page of torrents.
#[derive(Debug, Clone, PartialEq)]
pub struct TorrentsView {
    /// How many match in all.
    pub total: usize,
    /// Where something was looked for: the one that is meant beyond doubt.
    pub meant: Option<InfoHash>,
    /// The page.
    pub torrents: Vec<TorrentView>,
}

/// Where torrents stand in the manifest of their collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacesView {
    /// How many match in all.
    pub total: usize,
    /// The first of their places, rising.
    pub places: Vec<u32>,
}

/// Some torrents of a collection in few bytes, to draw them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapView {
    /// How many torrents the collection lists.
    pub total: usize,
    /// The place of the first one.
    pub offset: usize,
    /// The address of the manifest: with another one, places mean something else.
    pub revision: ObjectHash,
    /// The torrents, in the order of the manifest.
    pub cells: Vec<Cell>,
}

/// One torrent as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// The copies there are, as far as a byte counts.
    pub copies: u8,
    /// The copies wanted, as far as a byte counts.
    pub target: u8,
    /// The copies above which surplus is reclaimed, as far as a byte counts.
    pub max: u8,
    /// What holds of it: a sum of the constants below.
    pub flags: u8,
}

impl Cell {
    /// Some beacon is fetching it.
    pub const FETCHING: u8 = 1;
    /// All of it is here.
    pub const COMPLETE_HERE: u8 = 2;
    /// It is on its way here.
    pub const FETCHING_HERE: u8 = 4;
    /// It is the user's own or pinned here.
    pub const PINNED_HERE: u8 = 8;
    /// Others than beacons have it, too.
    pub const OUTSIDE: u8 = 16;
    /// It is here, and on its way out.
    pub const LEAVING_HERE: u8 = 32;

    /// As bytes, in the order of the fields.
    pub const fn bytes(self) -> [u8; 4] {
        [self.copies, self.target, self.max, self.flags]
    }
}

/// One torrent, counted.
#[derive(Debug, Clone, PartialEq)]
pub struct TorrentView {
    /// Its canonical info-hash.
    pub info_hash: InfoHash,
    /// Its name, where known.
    pub name: Option<String>,
    /// Its size, where known.
    pub size: Option<ByteSize>,
    /// The copies wanted.
    pub target: u16,
    /// The copies above which surplus is reclaimed.
    pub max: u16,
    /// The copies there are.
    pub copies: u32,
    /// How many beacons are fetching it.
    pub fetching: u32,
    /// Seeders outside the beacons, as this beacon's client guesses.
    pub outside_seeders: Option<u32>,
    /// Everyone who has it, fetches it, or had it when last heard from.
    pub holders: Vec<HolderView>,
    /// What it is here.
    pub here: TorrentState,
    /// How much of it is here, from 0 to 1.
    pub progress: f64,
    /// Whether its user ordered it to be here whatever the counts.
    pub pinned: bool,
    /// Whether its user ordered it to be fetched here once.
    pub requested: bool,
    /// Larger is fetched earlier.
    pub priority: i32,
}

/// One beacon that has something of a torrent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderView {
    /// Who.
    pub beacon: BeaconId,
    /// Its name.
    pub name: String,
    /// What it says of the torrent.
    pub state: TorrentState,
    /// How sure we are that it is there.
    pub liveness: Liveness,
    /// Whether it is counted as a copy now.
    pub counted: bool,
}

/// One torrent with everything that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct TorrentDetail {
    /// The torrent.
    pub torrent: TorrentView,
    /// The ids and names of the collections that list it.
    pub collections: Vec<(CollectionId, String)>,
    /// Why things are as they are and what comes next: one sentence each, the verdict first.
    pub explain: Vec<String>,
    /// Everyone in `torrent.holders`, in that order, with what is known of how to fetch from there.
    pub holder_details: Vec<HolderDetail>,
    /// A magnet link for any client, with the addresses of the best holders.
    pub magnet: String,
}

/// One beacon that has something of a torrent, and how to fetch it from there.
#[derive(Debug, Clone, PartialEq)]
pub struct HolderDetail {
    /// Who, and what it says.
    pub holder: HolderView,
    /// How much of it is there, from 0 to 1; `None` where only that beacon knows.
    pub progress: Option<f64>,
    /// The zone that its user declared; empty where none.
    pub zone: String,
    /// Where its client can be reached.
    pub client_addresses: Vec<SocketAddr>,
    /// The round-trip time of the link to it; `None` where it is no neighbor.
    pub latency: Option<Duration>,
    /// Time since its last sign of life; zero for this beacon.
    pub last_heard: Duration,
    /// Whether it is this beacon.
    pub this: bool,
}
