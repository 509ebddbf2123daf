//! The JSON of torrents. Names are those that programs rely on: add, never rename.

use serde::Serialize;

use crate::{
    model::{ByteSize, CollectionId, InfoHash},
    node::view::{HolderView, TorrentDetail, TorrentView, TorrentsView},
};

use super::form::{forms, liveness_word};

/// `GET /api/v1/collections/{id}/torrents`.
#[derive(Debug, Serialize)]
pub(super) struct TorrentsForm {
    total: usize,
    torrents: Vec<TorrentForm>,
}

/// One torrent, counted.
#[derive(Debug, Serialize)]
struct TorrentForm {
    info_hash: String,
    name: Option<String>,
    size: Option<u64>,
    target: u16,
    max: u16,
    copies: u32,
    /// How many copies were proved by an audit. Always `null`: this version does not audit.
    audited: Option<u32>,
    fetching: u32,
    outside_seeders: Option<u32>,
    holders: Vec<HolderForm>,
    here: &'static str,
    progress: f64,
}

#[derive(Debug, Serialize)]
struct HolderForm {
    id: String,
    name: String,
    state: &'static str,
    liveness: &'static str,
    counted: bool,
}

/// `GET /api/v1/torrents/{info_hash}`.
#[derive(Debug, Serialize)]
pub(super) struct TorrentDetailForm {
    #[serde(flatten)]
    torrent: TorrentForm,
    collections: Vec<CollectionNameForm>,
    explain: Vec<String>,
}

#[derive(Debug, Serialize)]
struct CollectionNameForm {
    id: String,
    name: String,
}

/// `GET /api/v1/torrents?prefix=`.
#[derive(Debug, Serialize)]
pub(super) struct FoundForm {
    torrents: Vec<FoundTorrentForm>,
}

#[derive(Debug, Serialize)]
struct FoundTorrentForm {
    info_hash: String,
    name: Option<String>,
}

impl From<Vec<(InfoHash, Option<String>)>> for FoundForm {
    fn from(found: Vec<(InfoHash, Option<String>)>) -> Self {
        Self { torrents: forms(found) }
    }
}

impl From<(InfoHash, Option<String>)> for FoundTorrentForm {
    fn from((info_hash, name): (InfoHash, Option<String>)) -> Self {
        Self { info_hash: info_hash.to_string(), name }
    }
}

impl From<TorrentsView> for TorrentsForm {
    fn from(view: TorrentsView) -> Self {
        Self { total: view.total, torrents: forms(view.torrents) }
    }
}

impl From<TorrentView> for TorrentForm {
    fn from(view: TorrentView) -> Self {
        Self {
            info_hash: view.info_hash.to_string(),
            name: view.name,
            size: view.size.map(ByteSize::bytes),
            target: view.target,
            max: view.max,
            copies: view.copies,
            audited: None,
            fetching: view.fetching,
            outside_seeders: view.outside_seeders,
            holders: forms(view.holders),
            here: view.here.word(),
            progress: view.progress,
        }
    }
}

impl From<HolderView> for HolderForm {
    fn from(view: HolderView) -> Self {
        Self {
            id: view.beacon.to_string(),
            name: view.name,
            state: view.state.word(),
            liveness: liveness_word(view.liveness),
            counted: view.counted,
        }
    }
}

impl From<TorrentDetail> for TorrentDetailForm {
    fn from(view: TorrentDetail) -> Self {
        Self { torrent: view.torrent.into(), collections: forms(view.collections), explain: view.explain }
    }
}

impl From<(CollectionId, String)> for CollectionNameForm {
    fn from((id, name): (CollectionId, String)) -> Self {
        Self { id: id.to_string(), name }
    }
}
