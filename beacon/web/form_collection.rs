//! The JSON of collections. Names are those that programs rely on: add, never rename.

use data_encoding::BASE64;
use serde::Serialize;
use utoipa::ToSchema;

use super::words::CollectionIdText;
use crate::node::view::{Cell, CollectionView, MapView, PlacesView, SummaryView};

/// One of `GET /api/v1/collections`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CollectionForm {
    #[schema(value_type = CollectionIdText)]
    id: String,
    name: String,
    torrents: usize,
    missing: usize,
    under: usize,
    met: usize,
    over: usize,
    copies_histogram: Vec<usize>,
    bytes_total: u64,
    bytes_here: u64,
    /// The copies wanted of torrents for which the file says nothing else, and those above which surplus is reclaimed.
    target: u16,
    max: u16,
    /// Beacons that follow it, this one among them.
    members: usize,
    /// What it takes to have just the copies that are wanted, what those that there are take, and what it would take if
    /// every member stored everything.
    bytes_wanted: u64,
    bytes_stored: u64,
    bytes_mirrored: u64,
    file: Option<String>,
    /// What is the matter with the file, so that the last good version of it is in use.
    problem: Option<String>,
}

/// What all torrents add up to, each counted once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SummaryForm {
    torrents: usize,
    missing: usize,
    under: usize,
    met: usize,
    over: usize,
    /// Below their target and being fetched somewhere.
    repairing: usize,
    bytes_total: u64,
    bytes_wanted: u64,
    bytes_stored: u64,
    bytes_mirrored: u64,
    bytes_here: u64,
}

/// `GET /api/v1/collections/{id}/map`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MapForm {
    /// Torrents of the collection.
    total: usize,
    /// The place of the first one that is shown.
    offset: usize,
    /// With another one, places mean something else.
    revision: String,
    /// Base64 of four bytes a torrent, in the order of the manifest: copies, target and max, each 255 where it is more, and
    /// flags: 1 fetching somewhere, 2 complete here, 4 on its way here, 8 the user's own or pinned here, 16 others than
    /// beacons have it, 32 on its way out here.
    cells: String,
}

/// `GET /api/v1/collections/{id}/places`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlacesForm {
    total: usize,
    /// Places in the manifest, rising.
    places: Vec<u32>,
}

impl From<CollectionView> for CollectionForm {
    fn from(view: CollectionView) -> Self {
        Self {
            id: view.id.to_string(),
            name: view.name,
            torrents: view.torrents,
            missing: view.missing,
            under: view.under,
            met: view.met,
            over: view.over,
            copies_histogram: view.copies_histogram,
            bytes_total: view.bytes_total.bytes(),
            bytes_here: view.bytes_here.bytes(),
            target: view.target,
            max: view.max,
            members: view.members,
            bytes_wanted: view.bytes_wanted.bytes(),
            bytes_stored: view.bytes_stored.bytes(),
            bytes_mirrored: view.bytes_mirrored.bytes(),
            file: view.file.map(|file| file.display().to_string()),
            problem: view.problem,
        }
    }
}

impl From<SummaryView> for SummaryForm {
    fn from(view: SummaryView) -> Self {
        Self {
            torrents: view.torrents,
            missing: view.missing,
            under: view.under,
            met: view.met,
            over: view.over,
            repairing: view.repairing,
            bytes_total: view.bytes_total.bytes(),
            bytes_wanted: view.bytes_wanted.bytes(),
            bytes_stored: view.bytes_stored.bytes(),
            bytes_mirrored: view.bytes_mirrored.bytes(),
            bytes_here: view.bytes_here.bytes(),
        }
    }
}

impl From<MapView> for MapForm {
    fn from(view: MapView) -> Self {
        let bytes: Vec<u8> = view.cells.into_iter().flat_map(Cell::bytes).collect();
        let revision = view.revision.to_string();
        Self { total: view.total, offset: view.offset, revision, cells: BASE64.encode(&bytes) }
    }
}

impl From<PlacesView> for PlacesForm {
    fn from(view: PlacesView) -> Self {
        Self { total: view.total, places: view.places }
    }
}
