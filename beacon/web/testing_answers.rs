//! The fixed answers of the stand-in for the daemon's loop.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    catalog::Sought,
    model::{BeaconId, ByteSize, ClientInfo, ClientTraffic, InfoHash, Instant, LinkId, ObjectHash, TorrentState},
    node::view::{
        ActionKind, ActionView, ActionsView, BeaconView, Cell, ClientState, ClientView, CollectionView, Drain,
        DrainView, EventView, HistoryView, HolderDetail, HolderView, LinkView, Liveness, MapView, MemberDetail,
        MemberView, MembersView, Mode, NetworkView, Notice, Page, PlanView, Severity, StatusView, StorageView,
        SummaryView, TorrentDetail, TorrentFilter, TorrentOrder, TorrentView, TorrentsView, TrafficView, TrendPoint,
        TrendView, Undo, UnplacedView,
    },
    tracker::{Known, KnownPeer},
};

use super::{
    NetworkQuestion, NotShared, PastQuestion,
    testing::{COLLECTION, info_hash},
};

pub(super) fn status(client: ClientState) -> StatusView {
    StatusView {
        beacon: BeaconView {
            id: BeaconId::new([0xbe; 32]),
            name: "attic".to_owned(),
            mode: Mode::DryRun,
            mode_is_ordered: true,
            uptime: Duration::from_millis(61_500),
            addresses: vec![address(9000)],
        },
        client: ClientView {
            info: Some(ClientInfo {
                kind: "qbittorrent",
                version: "v4.5.2".to_owned(),
                listen_port: Some(16881),
                free: None,
                warnings: vec!["the queue holds torrents back".to_owned()],
            }),
            traffic: Some(ClientTraffic { received: ByteSize::from_bytes(70), sent: ByteSize::from_bytes(9) }),
            state: client,
            peer_addresses: vec![address(16881)],
        },
        drain: Some(DrainView {
            drain: Drain { until: Some(Instant::from_millis(1_234_567_890_000)) },
            safe: 2,
            waiting: 1,
            waiting_bytes: ByteSize::from_bytes(70),
        }),
        storage: StorageView {
            budget: ByteSize::from_bytes(500),
            used: ByteSize::from_bytes(120),
            reserved: ByteSize::from_bytes(30),
            free: None,
        },
        members: vec![member()],
        collections: vec![CollectionView {
            id: COLLECTION,
            name: "Town archive".to_owned(),
            torrents: 3,
            missing: 1,
            under: 1,
            met: 1,
            over: 0,
            copies_histogram: vec![1, 1, 1],
            bytes_total: ByteSize::from_bytes(3000),
            bytes_here: ByteSize::from_bytes(1000),
            target: 2,
            max: 3,
            members: 4,
            bytes_wanted: ByteSize::from_bytes(6000),
            bytes_stored: ByteSize::from_bytes(3000),
            bytes_mirrored: ByteSize::from_bytes(12_000),
            file: Some(PathBuf::from("/srv/collections/town.json")),
            problem: Some("line 3 cannot be read".to_owned()),
        }],
        summary: SummaryView { torrents: 3, missing: 1, under: 1, met: 1, ..SummaryView::default() },
        actions: ActionsView { pending: vec![action()], ..ActionsView::default() },
        notices: vec![Notice { severity: Severity::Warning, text: "the client is slow".to_owned() }],
    }
}

pub(super) fn member() -> MemberView {
    MemberView {
        id: BeaconId::new([0xbe; 32]),
        name: "attic".to_owned(),
        state: Liveness::Alive,
        addresses: vec![address(9000)],
        last_heard: Duration::ZERO,
        budget: ByteSize::from_bytes(500),
        used: ByteSize::from_bytes(120),
        draining: false,
        observer: true,
        neighbor: false,
        this: true,
        zone: "hill".to_owned(),
        client_addresses: vec![address(16881)],
        latency: None,
        via: None,
        incarnation: 3,
        collections: Some(1),
    }
}

fn action() -> ActionView {
    ActionView {
        kind: ActionKind::Fetch,
        info_hash: info_hash(1),
        name: Some("letters".to_owned()),
        size: Some(ByteSize::from_bytes(1000)),
        reason: "1 of 2 copies".to_owned(),
        outcome: None,
        at: Instant::from_millis(1_234_567_890_123),
        undo: Some(Undo::Unrequest),
    }
}

/// Says back in the totals which page was asked for.
pub(super) fn plan(offset: usize, limit: usize) -> PlanView {
    let unplaced = UnplacedView { info_hash: info_hash(2), name: None, lacking: 1, reason: "no room".to_owned() };
    PlanView {
        mode: Mode::DryRun,
        waiting: None,
        total: offset,
        actions: vec![action()],
        unplaced_total: limit,
        unplaced: vec![unplaced],
    }
}

/// Says back in the name what was asked for. By hash nothing but torrent 1 is found.
pub(super) fn torrents(filter: &TorrentFilter, page: Page) -> TorrentsView {
    let is_found = match &filter.sought {
        Some(Sought::Hashes(hashes)) => hashes.contains(&info_hash(1)),
        Some(Sought::Beginning(digits)) => digits.begin(&info_hash(1)),
        Some(Sought::Words { .. }) | None => true,
    };
    if !is_found {
        return TorrentsView { total: 0, meant: None, torrents: Vec::new() };
    }
    let whole = match &filter.sought {
        Some(Sought::Words { whole, .. }) => whole,
        _ => "letters",
    };
    let order = page.order.map_or("best", TorrentOrder::word);
    let turned = if page.descending { " turned" } else { "" };
    let asked = format!(
        "{whole}, {:?} {:?}, {order}{turned} from {} at most {}",
        filter.standing, filter.here, page.offset, page.limit
    );
    let meant = filter.sought.as_ref().map(|_| info_hash(1));
    TorrentsView { total: 3, meant, torrents: vec![TorrentView { name: Some(asked), ..torrent() }] }
}

pub(super) fn map(offset: usize, limit: usize) -> MapView {
    let cell = Cell { copies: 1, target: 2, max: 255, flags: Cell::FETCHING + Cell::LEAVING_HERE };
    MapView { total: limit, offset, revision: ObjectHash::new([0xab; 32]), cells: vec![cell, Cell::default()] }
}

pub(super) fn detail() -> TorrentDetail {
    let torrent = torrent();
    let holder = torrent.holders[0].clone();
    TorrentDetail {
        torrent,
        collections: vec![(COLLECTION, "Town archive".to_owned())],
        explain: vec!["one copy is lacking".to_owned()],
        holder_details: vec![HolderDetail {
            holder,
            progress: Some(1.0),
            zone: "hill".to_owned(),
            client_addresses: vec![address(16881)],
            latency: Some(Duration::from_micros(12_340)),
            last_heard: Duration::from_millis(2_500),
            this: false,
        }],
        magnet: "magnet:?xt=urn:btih:0101".to_owned(),
    }
}

fn torrent() -> TorrentView {
    TorrentView {
        info_hash: info_hash(1),
        name: Some("letters".to_owned()),
        size: None,
        target: 2,
        max: 3,
        copies: 1,
        fetching: 0,
        outside_seeders: Some(4),
        holders: vec![HolderView {
            beacon: BeaconId::new([0xbe; 32]),
            name: "attic".to_owned(),
            state: TorrentState::Pinned,
            liveness: Liveness::Alive,
            counted: true,
        }],
        here: TorrentState::Pinned,
        progress: 1.0,
        pinned: true,
        requested: false,
        priority: 5,
    }
}

pub(super) fn known_peers() -> Known {
    let peer = |port, is_own| KnownPeer { addresses: vec![address(port)], is_complete: true, is_own };
    Known { peers: vec![peer(16881, true), peer(16882, false)], own: vec![address(16881)] }
}

pub(super) fn address(port: u16) -> SocketAddr {
    SocketAddr::from(([198, 51, 100, 7], port))
}

pub(super) fn shared(asked: InfoHash, path: &Path) -> Result<String, NotShared> {
    match path.is_absolute() {
        _ if asked != info_hash(1) => Err(NotShared::NotListed(asked)),
        true => Ok(format!("serves {}", path.display())),
        false => Err(NotShared::NotThere(format!("{} is not an absolute path", path.display()))),
    }
}

/// Says back in the text what was asked for. Nothing can be read since the second second, and only one collection is known.
pub(super) fn past(question: PastQuestion) {
    let at = Instant::from_millis(1_234_567_890_123);
    match question {
        PastQuestion::History { info_hash: asked, kind, offset, limit, reply } => {
            let text = format!("{kind:?} from {offset} at most {limit}");
            let (kind, name) = ("info".to_owned(), asked.map(|_| "letters".to_owned()));
            let events = vec![EventView { at, kind, info_hash: asked, name, text }];
            drop(reply.send(Ok(HistoryView { total: 7, events })));
        }
        PastQuestion::Trend { since, reply, .. } if since == Instant::from_millis(1_000) => {
            drop(reply.send(Err("its disk is gone".to_owned())));
        }
        PastQuestion::Trend { collection, since, points, reply } => {
            let point =
                TrendPoint { at, missing: points, bytes_stored: ByteSize::from_bytes(9), ..TrendPoint::default() };
            let view = TrendView { from: since, to: at, points: vec![point] };
            let is_known = collection.is_none_or(|collection| collection == COLLECTION);
            drop(reply.send(Ok(is_known.then_some(view))));
        }
    }
}

/// Says back in the name what was asked for. Only this beacon is known.
pub(super) fn network(question: NetworkQuestion) {
    match question {
        NetworkQuestion::Members { filter, reply } => {
            let turned = if filter.descending { " turned" } else { "" };
            let name = format!(
                "{:?} `{}` by {}{turned} from {} at most {}",
                filter.state,
                filter.text,
                filter.order.word(),
                filter.offset,
                filter.limit
            );
            drop(reply.send(MembersView { total: 2, members: vec![MemberView { name, ..member() }] }));
        }
        NetworkQuestion::Member { id, reply } => {
            let counts = [(TorrentState::Held, 2), (TorrentState::Fetching, 1)].into();
            drop(reply.send((id == member().id).then(|| MemberDetail { member: member(), counts })));
        }
        NetworkQuestion::Links(reply) => {
            let traffic = TrafficView { sent: 70, received: 9, messages_sent: 2, messages_received: 1 };
            let link = LinkView {
                link: LinkId(1),
                beacon: BeaconId::new([0xba; 32]),
                name: "barn".to_owned(),
                address: address(9000),
                dialed: true,
                up: Duration::from_millis(61_500),
                latency: Some(Duration::from_micros(12_340)),
            };
            let links = vec![(link, traffic)];
            drop(reply.send(NetworkView { links, traffic, by_kind: vec![("hellos", traffic)], neighbors: Vec::new() }));
        }
    }
}
