//! The JSON of beacons and of the links to them. Names are those that programs rely on: add, never rename.

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    form::{forms, liveness_word, texts},
    neighbors::NeighborForm,
    words::{BeaconIdText, LivenessWord},
};
use crate::{
    model::TorrentState,
    node::view::{LinkView, MemberDetail, MemberView, MembersView, NetworkView, TrafficView},
};

/// One beacon of the network.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the JSON, independent of the others")]
pub(super) struct MemberForm {
    #[schema(value_type = BeaconIdText)]
    id: String,
    name: String,
    #[schema(value_type = LivenessWord)]
    state: &'static str,
    addresses: Vec<String>,
    last_heard_s: u64,
    budget: u64,
    used: u64,
    draining: bool,
    observer: bool,
    neighbor: bool,
    this: bool,
    zone: String,
    client_addresses: Vec<String>,
    /// Of the link to it; `null` where it is no neighbor.
    latency_ms: Option<f64>,
    /// The id of the neighbor from which its latest hello came; `null` where that is not known any more.
    #[schema(value_type = Option<BeaconIdText>)]
    via: Option<String>,
    /// Of its program. Always `null` but for this beacon: others do not tell.
    version: Option<String>,
    /// It rises with each start.
    incarnation: u64,
    /// How many collections it takes part in, once that is known.
    collections: Option<usize>,
}

/// `GET /api/v1/members`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MembersForm {
    total: usize,
    members: Vec<MemberForm>,
}

/// `GET /api/v1/members/{id}`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MemberDetailForm {
    #[serde(flatten)]
    member: MemberForm,
    counts: CountsForm,
}

/// How many torrents a beacon has in each state, of those that this beacon counts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CountsForm {
    fetching: usize,
    stalled: usize,
    held: usize,
    pinned: usize,
    draining: usize,
    resting: usize,
}

/// `GET /api/v1/network`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NetworkForm {
    links: Vec<LinkForm>,
    /// Over all links since the start. Packets take more than their messages; that is not counted.
    traffic: TrafficForm,
    neighbors: Vec<NeighborForm>,
}

/// One live link.
#[derive(Debug, Serialize, ToSchema)]
struct LinkForm {
    /// Who is at the other end.
    #[schema(value_type = BeaconIdText)]
    beacon: String,
    name: String,
    address: String,
    /// Whether this beacon dialed.
    dialed: bool,
    up_s: u64,
    latency_ms: Option<f64>,
    /// Bytes of messages.
    sent: u64,
    received: u64,
    messages_sent: u64,
    messages_received: u64,
}

/// What has gone over links.
#[derive(Debug, Serialize, ToSchema)]
struct TrafficForm {
    sent: u64,
    received: u64,
    messages_sent: u64,
    messages_received: u64,
    by_kind: Vec<KindForm>,
}

/// What one kind of message made up of it.
#[derive(Debug, Serialize, ToSchema)]
struct KindForm {
    kind: &'static str,
    sent: u64,
    received: u64,
    messages_sent: u64,
    messages_received: u64,
}

impl MemberForm {
    /// Says of this beacon's own row which program it is.
    pub(super) fn with_version(self, version: &str) -> Self {
        let version = self.this.then(|| version.to_owned());
        Self { version, ..self }
    }
}

impl MembersForm {
    pub(super) fn new(view: MembersView, version: &str) -> Self {
        Self { total: view.total, members: members(view.members, version) }
    }
}

impl MemberDetailForm {
    pub(super) fn new(view: MemberDetail, version: &str) -> Self {
        Self { member: MemberForm::from(view.member).with_version(version), counts: view.counts.into() }
    }
}

/// Each beacon in its form.
pub(super) fn members(views: Vec<MemberView>, version: &str) -> Vec<MemberForm> {
    views.into_iter().map(|view| MemberForm::from(view).with_version(version)).collect()
}

impl From<MemberView> for MemberForm {
    fn from(view: MemberView) -> Self {
        Self {
            id: view.id.to_string(),
            name: view.name,
            state: liveness_word(view.state),
            addresses: texts(&view.addresses),
            last_heard_s: view.last_heard.as_secs(),
            budget: view.budget.bytes(),
            used: view.used.bytes(),
            draining: view.draining,
            observer: view.observer,
            neighbor: view.neighbor,
            this: view.this,
            zone: view.zone,
            client_addresses: texts(&view.client_addresses),
            latency_ms: view.latency.map(in_ms),
            via: view.via.map(|id| id.to_string()),
            version: None,
            incarnation: view.incarnation,
            collections: view.collections,
        }
    }
}

impl From<BTreeMap<TorrentState, usize>> for CountsForm {
    fn from(counts: BTreeMap<TorrentState, usize>) -> Self {
        let count = |state| counts.get(&state).copied().unwrap_or_default();
        Self {
            fetching: count(TorrentState::Fetching),
            stalled: count(TorrentState::Stalled),
            held: count(TorrentState::Held),
            pinned: count(TorrentState::Pinned),
            draining: count(TorrentState::Draining),
            resting: count(TorrentState::Resting),
        }
    }
}

impl From<NetworkView> for NetworkForm {
    fn from(view: NetworkView) -> Self {
        let TrafficView { sent, received, messages_sent, messages_received } = view.traffic;
        let by_kind = forms(view.by_kind);
        Self {
            links: forms(view.links),
            traffic: TrafficForm { sent, received, messages_sent, messages_received, by_kind },
            neighbors: forms(view.neighbors),
        }
    }
}

impl From<(LinkView, TrafficView)> for LinkForm {
    fn from((link, traffic): (LinkView, TrafficView)) -> Self {
        Self {
            beacon: link.beacon.to_string(),
            name: link.name,
            address: link.address.to_string(),
            dialed: link.dialed,
            up_s: link.up.as_secs(),
            latency_ms: link.latency.map(in_ms),
            sent: traffic.sent,
            received: traffic.received,
            messages_sent: traffic.messages_sent,
            messages_received: traffic.messages_received,
        }
    }
}

impl From<(&'static str, TrafficView)> for KindForm {
    fn from((kind, traffic): (&'static str, TrafficView)) -> Self {
        let TrafficView { sent, received, messages_sent, messages_received } = traffic;
        Self { kind, sent, received, messages_sent, messages_received }
    }
}

/// Milliseconds, to the microsecond.
pub(super) fn in_ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}
