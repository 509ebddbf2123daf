//! The figures of this beacon: what it gives, does and plans, and how its client is.

use std::collections::BTreeMap;

use super::family::{Family, Kind, Sample, Unit, known, labelled, one};
use crate::{
    model::readable,
    node::view::{ActionKind, ClientState, Mode, Severity},
};

/// Of this beacon, in the order in which they are written.
pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "beacon_info",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &["id", "name", "version"],
        help: "Always 1; the labels say which beacon it is",
        read: |scrape| {
            let beacon = &scrape.figures.beacon;
            vec![labelled([&beacon.id.to_string(), &readable(&beacon.name), &scrape.version], true)]
        },
    },
    Family {
        name: "beacon_uptime_seconds",
        kind: Kind::Gauge,
        unit: Unit::Seconds,
        labels: &[],
        help: "How long the beacon has run",
        read: |scrape| one(scrape.figures.beacon.uptime.as_secs_f64()),
    },
    Family {
        name: "beacon_applies",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &[],
        help: "1 where the beacon carries its plan out, 0 in dry-run",
        read: |scrape| one(scrape.figures.beacon.mode == Mode::Apply),
    },
    Family {
        name: "beacon_client_state",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &["state"],
        help: "1 for the state of the BitTorrent client: starting, ready or trouble; 0 for the others",
        read: |scrape| {
            let now = match scrape.figures.client {
                ClientState::Starting => "starting",
                ClientState::Ready => "ready",
                ClientState::Trouble(_) => "trouble",
            };
            ["starting", "ready", "trouble"].map(|state| labelled([state], state == now)).into()
        },
    },
    Family {
        name: "beacon_client_info",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &["type", "version"],
        help: "Always 1; the labels say which BitTorrent client answers",
        read: |scrape| {
            let info = scrape.figures.client_info.as_ref();
            let version = |text: &str| readable(text).chars().take(VERSION_CHARS_MAX).collect::<String>();
            info.map(|info| labelled([info.kind, &version(&info.version)], true)).into_iter().collect()
        },
    },
    Family {
        name: "beacon_client_received_bytes",
        kind: Kind::Counter,
        unit: Unit::Bytes,
        labels: &[],
        help: "Payload that the client has received since it was started, of all its torrents",
        read: |scrape| known(scrape.figures.client_traffic.map(|traffic| traffic.received)),
    },
    Family {
        name: "beacon_client_sent_bytes",
        kind: Kind::Counter,
        unit: Unit::Bytes,
        labels: &[],
        help: "Payload that the client has sent since it was started, of all its torrents",
        read: |scrape| known(scrape.figures.client_traffic.map(|traffic| traffic.sent)),
    },
    Family {
        name: "beacon_storage_budget_bytes",
        kind: Kind::Gauge,
        unit: Unit::Bytes,
        labels: &[],
        help: "The most that this beacon may hold (storage.budget)",
        read: |scrape| one(scrape.figures.storage.budget),
    },
    Family {
        name: "beacon_storage_used_bytes",
        kind: Kind::Gauge,
        unit: Unit::Bytes,
        labels: &[],
        help: "What complete torrents take that this beacon added",
        read: |scrape| one(scrape.figures.storage.used),
    },
    Family {
        name: "beacon_storage_reserved_bytes",
        kind: Kind::Gauge,
        unit: Unit::Bytes,
        labels: &[],
        help: "What torrents on their way will take",
        read: |scrape| one(scrape.figures.storage.reserved),
    },
    Family {
        name: "beacon_storage_free_bytes",
        kind: Kind::Gauge,
        unit: Unit::Bytes,
        labels: &[],
        help: "Free on the volume of storage.dir",
        read: |scrape| known(scrape.figures.storage.free),
    },
    Family {
        name: "beacon_storage_keep_free_bytes",
        kind: Kind::Gauge,
        unit: Unit::Bytes,
        labels: &[],
        help: "What is to stay free on that volume (storage.keep_free); nothing is fetched below it",
        read: |scrape| one(scrape.figures.keep_free),
    },
    Family {
        name: "beacon_actions_pending",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &["action"],
        help: "Actions that are decided and wait: for the next round, for a quarantine to end, or for the user to leave dry-run",
        read: |scrape| by_action(&scrape.figures.actions.pending),
    },
    Family {
        name: "beacon_actions_running",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &["action"],
        help: "Actions under way",
        read: |scrape| by_action(&scrape.figures.actions.running),
    },
    Family {
        name: "beacon_actions_ended",
        kind: Kind::Counter,
        unit: Unit::None,
        labels: &["action", "result"],
        help: "Actions that have ended since the beacon was started, by result: done or failed",
        read: |scrape| {
            let ended = &scrape.figures.actions.ended;
            let count = |kind, failed| ended.get(&(kind, failed)).copied().unwrap_or(0);
            let series = |kind: ActionKind| {
                [("done", false), ("failed", true)]
                    .map(|(result, failed)| labelled([kind.word(), result], count(kind, failed)))
            };
            ActionKind::ALL.into_iter().flat_map(series).collect()
        },
    },
    Family {
        name: "beacon_plan_waits",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &[],
        help: "1 while nothing is planned because too little is known, as just after a start; counts may be wrong then",
        read: |scrape| one(scrape.figures.plan.waits),
    },
    Family {
        name: "beacon_plan_unplaced_torrents",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &[],
        help: "Torrents with too few copies that no beacon can take, for lack of room above all",
        read: |scrape| one(scrape.figures.plan.unplaced),
    },
    Family {
        name: "beacon_plan_unplaced_copies",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &[],
        help: "Copies that those torrents lack",
        read: |scrape| one(scrape.figures.plan.unplaced_copies),
    },
    Family {
        name: "beacon_draining",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &[],
        help: "1 while this beacon is leaving",
        read: |scrape| one(scrape.figures.drain.is_some()),
    },
    Family {
        name: "beacon_drain_torrents",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &["state"],
        help: "While it is leaving: torrents here that others have enough copies of (safe), and those that others have still to take (waiting)",
        read: |scrape| {
            let series = scrape
                .figures
                .drain
                .map(|drain| [labelled(["safe"], drain.safe), labelled(["waiting"], drain.waiting)]);
            series.into_iter().flatten().collect()
        },
    },
    Family {
        name: "beacon_drain_waiting_bytes",
        kind: Kind::Gauge,
        unit: Unit::Bytes,
        labels: &[],
        help: "While it is leaving: what the torrents take that others have still to take",
        read: |scrape| known(scrape.figures.drain.map(|drain| drain.waiting_bytes)),
    },
    Family {
        name: "beacon_notices",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &["severity"],
        help: "What the status page asks its user to know or mend, by severity: error, warning or info",
        read: |scrape| {
            let count = |severity| scrape.figures.notices.get(&severity).copied().unwrap_or(0);
            [("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)]
                .map(|(word, severity)| labelled([word], count(severity)))
                .into()
        },
    },
];

/// Characters of a client's own version text in a label.
const VERSION_CHARS_MAX: usize = 100;

fn by_action(counts: &BTreeMap<ActionKind, usize>) -> Vec<Sample> {
    let series = |kind: ActionKind| labelled([kind.word()], counts.get(&kind).copied().unwrap_or(0));
    ActionKind::ALL.into_iter().map(series).collect()
}
