//! The JSON of the overview and of the plan. Names are those that programs rely on: add, never rename.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    model::{ByteSize, InfoHash},
    node::view::{
        ActionView, ActionsView, ClientState, ClientView, DrainView, Liveness, Notice, PlanView, Severity, StatusView,
        StorageView, Undo, UnplacedView,
    },
};

use super::{
    Tracker,
    form_collection::{CollectionForm, SummaryForm},
    form_member::{MemberForm, members},
    host::HostFigures,
    rfc3339::rfc3339,
    words::{ActionWord, BeaconIdText, ClientStateWord, ClientTypeWord, InfoHashText, ModeWord, SeverityWord, Time},
};

/// `GET /api/v1/status`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StatusForm {
    beacon: BeaconForm,
    host: HostFigures,
    client: ClientForm,
    storage: StorageForm,
    drain: Option<DrainForm>,
    members: Vec<MemberForm>,
    collections: Vec<CollectionForm>,
    summary: SummaryForm,
    actions: ActionsForm,
    notices: Vec<NoticeForm>,
    tracker: TrackerForm,
}

#[derive(Debug, Serialize, ToSchema)]
struct BeaconForm {
    #[schema(value_type = BeaconIdText)]
    id: String,
    name: String,
    version: String,
    #[schema(value_type = ModeWord)]
    mode: &'static str,
    /// `order` where the user ordered another mode than the configuration says, else `config`.
    mode_set_by: &'static str,
    /// Whether nothing can be ordered from here.
    read_only: bool,
    uptime_s: u64,
    addresses: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ClientForm {
    #[schema(value_type = Option<ClientTypeWord>)]
    r#type: Option<&'static str>,
    version: Option<String>,
    #[schema(value_type = ClientStateWord)]
    state: &'static str,
    /// What is the matter and what to do, when in trouble.
    problem: Option<String>,
    peer_address: Option<String>,
    peer_addresses: Vec<String>,
    listen_port: Option<u16>,
    /// Payload since its start, in bytes; `null` where it does not tell.
    received: Option<u64>,
    sent: Option<u64>,
    warnings: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct StorageForm {
    budget: u64,
    used: u64,
    reserved: u64,
    free: Option<u64>,
}

/// The BitTorrent tracker.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrackerForm {
    /// The URL for clients of the beacon's machine.
    announce_url: String,
    /// Where everyone may ask; `null` where nobody else may.
    listen: Option<String>,
    /// Torrents with clients that announced, and these clients, once for each torrent.
    torrents: usize,
    clients: usize,
}

/// How far the beacon is with leaving.
#[derive(Debug, Serialize, ToSchema)]
struct DrainForm {
    /// When it comes back by itself; `null` where the user says so.
    #[schema(value_type = Option<Time>)]
    until: Option<String>,
    /// Torrents here that others have enough copies of.
    safe: usize,
    /// Torrents here that others do not have enough copies of yet, and what these take.
    waiting: usize,
    waiting_bytes: u64,
}

#[derive(Debug, Serialize, ToSchema)]
struct ActionsForm {
    pending: Vec<ActionForm>,
    running: Vec<ActionForm>,
    recent: Vec<ActionForm>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ActionForm {
    #[schema(value_type = ActionWord)]
    kind: &'static str,
    #[schema(value_type = InfoHashText)]
    info_hash: String,
    name: Option<String>,
    size: Option<u64>,
    reason: String,
    outcome: Option<String>,
    #[schema(value_type = Time)]
    at: String,
    /// The request by which whoever knows the token can turn it around; `null` where nothing does.
    undo: Option<UndoForm>,
}

/// A request that turns an action around.
#[derive(Debug, Serialize, ToSchema)]
struct UndoForm {
    method: &'static str,
    path: String,
    /// What comes of it, in a few words.
    says: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
struct NoticeForm {
    #[schema(value_type = SeverityWord)]
    severity: &'static str,
    text: String,
}

/// `GET /api/v1/plan`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanForm {
    #[schema(value_type = ModeWord)]
    mode: &'static str,
    waiting: Option<String>,
    /// Actions in all; a page of them follows.
    total: usize,
    actions: Vec<ActionForm>,
    /// Torrents below target that nobody is expected to fetch; the first thousand follow.
    unplaced_total: usize,
    unplaced: Vec<UnplacedForm>,
}

#[derive(Debug, Serialize, ToSchema)]
struct UnplacedForm {
    #[schema(value_type = InfoHashText)]
    info_hash: String,
    name: Option<String>,
    lacking: u32,
    reason: String,
}

impl StatusForm {
    /// Joins what the node knows with what only the web server does.
    pub(super) fn new(
        view: StatusView,
        host: HostFigures,
        version: &str,
        read_only: bool,
        tracker: TrackerForm,
    ) -> Self {
        Self {
            beacon: BeaconForm {
                id: view.beacon.id.to_string(),
                name: view.beacon.name,
                version: version.to_owned(),
                mode: view.beacon.mode.word(),
                mode_set_by: if view.beacon.mode_is_ordered { "order" } else { "config" },
                read_only,
                uptime_s: view.beacon.uptime.as_secs(),
                addresses: texts(&view.beacon.addresses),
            },
            host,
            client: view.client.into(),
            storage: view.storage.into(),
            drain: view.drain.map(DrainForm::from),
            members: members(view.members, version),
            collections: forms(view.collections),
            summary: view.summary.into(),
            actions: view.actions.into(),
            notices: forms(view.notices),
            tracker,
        }
    }
}

impl TrackerForm {
    /// How the tracker does at this moment.
    pub(super) fn of(tracker: &Tracker) -> Self {
        let (settings, totals) = (tracker.settings(), tracker.totals());
        Self {
            announce_url: settings.announce_url.clone(),
            listen: settings.listen.map(|address| address.to_string()),
            torrents: totals.torrents,
            clients: totals.clients,
        }
    }
}

impl From<ClientView> for ClientForm {
    fn from(view: ClientView) -> Self {
        let (state, problem) = client_state(view.state);
        let info = view.info;
        Self {
            r#type: info.as_ref().map(|info| info.kind),
            version: info.as_ref().map(|info| info.version.clone()),
            state,
            problem,
            peer_address: view.peer_addresses.first().map(ToString::to_string),
            peer_addresses: texts(&view.peer_addresses),
            listen_port: info.as_ref().and_then(|info| info.listen_port),
            received: view.traffic.map(|traffic| traffic.received.bytes()),
            sent: view.traffic.map(|traffic| traffic.sent.bytes()),
            warnings: info.map(|info| info.warnings).unwrap_or_default(),
        }
    }
}

/// The word for a client's state, and the text that comes with trouble.
pub(super) fn client_state(state: ClientState) -> (&'static str, Option<String>) {
    match state {
        ClientState::Starting => ("starting", None),
        ClientState::Ready => ("ready", None),
        ClientState::Trouble(problem) => ("trouble", Some(problem)),
    }
}

impl From<StorageView> for StorageForm {
    fn from(view: StorageView) -> Self {
        Self {
            budget: view.budget.bytes(),
            used: view.used.bytes(),
            reserved: view.reserved.bytes(),
            free: view.free.map(ByteSize::bytes),
        }
    }
}

impl From<DrainView> for DrainForm {
    fn from(view: DrainView) -> Self {
        Self {
            until: view.drain.until.map(rfc3339),
            safe: view.safe,
            waiting: view.waiting,
            waiting_bytes: view.waiting_bytes.bytes(),
        }
    }
}

impl From<ActionsView> for ActionsForm {
    fn from(view: ActionsView) -> Self {
        Self { pending: forms(view.pending), running: forms(view.running), recent: forms(view.recent) }
    }
}

impl From<ActionView> for ActionForm {
    fn from(view: ActionView) -> Self {
        Self {
            kind: view.kind.word(),
            info_hash: view.info_hash.to_string(),
            name: view.name,
            size: view.size.map(ByteSize::bytes),
            reason: view.reason,
            outcome: view.outcome,
            at: rfc3339(view.at),
            undo: view.undo.map(|undo| UndoForm::of(undo, &view.info_hash)),
        }
    }
}

impl UndoForm {
    fn of(undo: Undo, info_hash: &InfoHash) -> Self {
        let (method, order, says) = match undo {
            Undo::Pin => ("POST", "pin", "keep it here"),
            Undo::Unpin => ("DELETE", "pin", "unpin it"),
            Undo::Unrequest => ("DELETE", "request", "do not fetch it after all"),
        };
        Self { method, path: format!("/api/v1/torrents/{info_hash}/{order}"), says }
    }
}

impl From<Notice> for NoticeForm {
    fn from(notice: Notice) -> Self {
        Self { severity: severity_word(notice.severity), text: notice.text }
    }
}

impl From<PlanView> for PlanForm {
    fn from(view: PlanView) -> Self {
        Self {
            mode: view.mode.word(),
            waiting: view.waiting,
            total: view.total,
            actions: forms(view.actions),
            unplaced_total: view.unplaced_total,
            unplaced: forms(view.unplaced),
        }
    }
}

impl From<UnplacedView> for UnplacedForm {
    fn from(view: UnplacedView) -> Self {
        Self { info_hash: view.info_hash.to_string(), name: view.name, lacking: view.lacking, reason: view.reason }
    }
}

/// The word for a liveness in the API.
pub(super) const fn liveness_word(liveness: Liveness) -> &'static str {
    match liveness {
        Liveness::Alive => "alive",
        Liveness::Suspect => "suspect",
        Liveness::Away => "away",
        Liveness::Gone => "gone",
    }
}

/// The word for how bad something is.
pub(super) const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// Each view in its form.
pub(super) fn forms<View, Form: From<View>>(views: Vec<View>) -> Vec<Form> {
    views.into_iter().map(Form::from).collect()
}

/// Each as text.
pub(super) fn texts<T: ToString>(items: &[T]) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}
