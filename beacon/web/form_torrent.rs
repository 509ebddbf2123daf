//! The JSON of torrents. Names are those that programs rely on: add, never rename.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    model::{ByteSize, CollectionId},
    node::view::{HolderDetail, HolderView, TorrentDetail, TorrentView, TorrentsView},
};

use super::{
    form::{forms, liveness_word, texts},
    form_member::in_ms,
    words::{BeaconIdText, CollectionIdText, InfoHashText, LivenessWord, TorrentStateWord},
};

/// `GET /api/v1/collections/{id}/torrents`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TorrentsForm {
    total: usize,
    torrents: Vec<TorrentForm>,
}

/// One torrent, counted.
#[derive(Debug, Serialize, ToSchema)]
struct TorrentForm {
    #[schema(value_type = InfoHashText)]
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
    #[schema(value_type = TorrentStateWord)]
    here: &'static str,
    progress: f64,
    /// Whether it is to be here by order, whatever the counts.
    pinned: bool,
    /// Whether it is to be fetched here once, by order.
    requested: bool,
    /// Larger is fetched earlier.
    priority: i32,
}

#[derive(Debug, Serialize, ToSchema)]
struct HolderForm {
    #[schema(value_type = BeaconIdText)]
    id: String,
    name: String,
    #[schema(value_type = TorrentStateWord)]
    state: &'static str,
    #[schema(value_type = LivenessWord)]
    liveness: &'static str,
    counted: bool,
}

/// `GET /api/v1/torrents/{info_hash}`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TorrentDetailForm {
    #[serde(flatten)]
    torrent: TorrentForm,
    collections: Vec<CollectionNameForm>,
    explain: Vec<String>,
    holder_details: Vec<HolderDetailForm>,
    /// For any client, with addresses of holders.
    magnet: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct CollectionNameForm {
    #[schema(value_type = CollectionIdText)]
    id: String,
    name: String,
}

/// One holder with what is known of how to fetch from there.
#[derive(Debug, Serialize, ToSchema)]
struct HolderDetailForm {
    #[serde(flatten)]
    holder: HolderForm,
    /// From 0 to 1; `null` where only that beacon knows.
    progress: Option<f64>,
    zone: String,
    client_addresses: Vec<String>,
    /// Of the link to it; `null` where it is no neighbor.
    latency_ms: Option<f64>,
    last_heard_s: u64,
    this: bool,
}

/// `GET /api/v1/torrents?query=` and `?prefix=`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FoundForm {
    total: usize,
    /// The info-hash of the one that is meant beyond doubt.
    #[schema(value_type = Option<InfoHashText>)]
    meant: Option<String>,
    torrents: Vec<TorrentForm>,
}

impl From<TorrentsView> for FoundForm {
    fn from(view: TorrentsView) -> Self {
        let meant = view.meant.map(|info_hash| info_hash.to_string());
        Self { total: view.total, meant, torrents: forms(view.torrents) }
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
            pinned: view.pinned,
            requested: view.requested,
            priority: view.priority,
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

impl From<HolderDetail> for HolderDetailForm {
    fn from(view: HolderDetail) -> Self {
        Self {
            holder: view.holder.into(),
            progress: view.progress,
            zone: view.zone,
            client_addresses: texts(&view.client_addresses),
            latency_ms: view.latency.map(in_ms),
            last_heard_s: view.last_heard.as_secs(),
            this: view.this,
        }
    }
}

impl From<TorrentDetail> for TorrentDetailForm {
    fn from(view: TorrentDetail) -> Self {
        Self {
            torrent: view.torrent.into(),
            collections: forms(view.collections),
            explain: view.explain,
            holder_details: forms(view.holder_details),
            magnet: view.magnet,
        }
    }
}

impl From<(CollectionId, String)> for CollectionNameForm {
    fn from((id, name): (CollectionId, String)) -> Self {
        Self { id: id.to_string(), name }
    }
}
