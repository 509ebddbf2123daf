//! Figures made up for tests.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    model::{BeaconId, ByteSize, ClientInfo, ClientTraffic, CollectionId, Instant, Liveness},
    node::view::{
        ActionFigures, ActionKind, BeaconView, ClientState, CollectionView, Drain, DrainView, FiguresView,
        MemberFigures, Mode, PlanFigures, Severity, StorageView,
    },
};

/// A beacon with one collection that leaves.
pub(in crate::web) fn figures() -> FiguresView {
    FiguresView {
        beacon: BeaconView {
            id: BeaconId::new([0xbe; 32]),
            name: "attic".to_owned(),
            mode_is_ordered: false,
            mode: Mode::Apply,
            uptime: Duration::from_millis(61_500),
            addresses: Vec::new(),
        },
        client: ClientState::Ready,
        client_info: Some(ClientInfo { kind: "qbittorrent", version: "v4.5.2".to_owned(), ..ClientInfo::default() }),
        client_traffic: Some(ClientTraffic { received: ByteSize::from_bytes(70), sent: ByteSize::from_bytes(9) }),
        storage: StorageView {
            budget: ByteSize::from_bytes(500),
            used: ByteSize::from_bytes(120),
            reserved: ByteSize::from_bytes(30),
            free: Some(ByteSize::from_bytes(u64::MAX)),
        },
        keep_free: ByteSize::from_bytes(10),
        drain: Some(DrainView {
            drain: Drain { until: Some(Instant::from_millis(1_234_567_890_000)) },
            safe: 2,
            waiting: 1,
            waiting_bytes: ByteSize::from_bytes(70),
        }),
        collections: vec![collection(1, "Town \"archive\"\\\nof 1905")],
        members: MemberFigures {
            by_state: BTreeMap::from([(Liveness::Alive, 3), (Liveness::Gone, 1)]),
            neighbors: 2,
            draining: 1,
            observers: 0,
            budget: ByteSize::from_bytes(5_000),
            used: ByteSize::from_bytes(700),
        },
        actions: ActionFigures {
            pending: BTreeMap::from([(ActionKind::Fetch, 4)]),
            running: BTreeMap::from([(ActionKind::Fetch, 2), (ActionKind::Reclaim, 1)]),
            ended: BTreeMap::from([((ActionKind::Fetch, false), 12), ((ActionKind::Fetch, true), 1)]),
        },
        plan: PlanFigures { waits: false, unplaced: 1, unplaced_copies: 2 },
        notices: BTreeMap::from([(Severity::Warning, 1)]),
    }
}

/// A collection of six torrents, whose id ends in `number`.
pub(in crate::web) fn collection(number: u16, name: &str) -> CollectionView {
    let mut id = [0xc0; 16];
    id[14..].copy_from_slice(&number.to_be_bytes());
    CollectionView {
        id: CollectionId::from_bytes(id),
        name: name.to_owned(),
        torrents: 6,
        missing: 0,
        under: 1,
        met: 3,
        over: 2,
        copies_histogram: vec![0, 1, 0, 3, 2],
        bytes_total: ByteSize::from_bytes(6_000),
        bytes_here: ByteSize::from_bytes(2_000),
        target: 2,
        max: 3,
        members: 4,
        bytes_wanted: ByteSize::from_bytes(12_000),
        bytes_stored: ByteSize::from_bytes(18_000),
        bytes_mirrored: ByteSize::from_bytes(24_000),
        file: None,
        problem: None,
    }
}
