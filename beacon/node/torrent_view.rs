//! What people and programs are shown of torrents and their holders.

use std::{net::SocketAddr, time::Duration};

use super::view::Standing;
use crate::model::{BeaconId, ByteSize, CollectionId, InfoHash, Liveness, TorrentState};

/// Which torrents of a collection to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TorrentFilter {
    /// Only those of this standing.
    pub standing: Option<Standing>,
    /// How many matching ones to skip.
    pub offset: usize,
    /// The most to show.
    pub limit: usize,
}

/// One page of a collection's torrents.
#[derive(Debug, Clone, PartialEq)]
pub struct TorrentsView {
    /// How many match the filter in all.
    pub total: usize,
    /// The page, in the order of the manifest.
    pub torrents: Vec<TorrentView>,
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
    /// Whether its user ordered it to be here whatever the counts.
    pub pinned: bool,
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

/// What was looked for and found.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundView {
    /// How many torrents were found in all.
    pub total: usize,
    /// The one that is meant beyond doubt.
    pub meant: Option<InfoHash>,
    /// A page of them, the best first.
    pub torrents: Vec<TorrentView>,
}
