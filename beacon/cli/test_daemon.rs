//! A stand-in for a running beacon: the real API with its token, and a loop of fixed answers behind it.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
    sync::mpsc,
};

use crate::{
    catalog::{Hit, Names, meant},
    census::Torrents,
    daemon::{Editor, Maker, collections::CatalogState},
    model::{
        BeaconId, ByteSize, Catalog, CatalogCollection, CatalogTorrent, ClientInfo, CollectionId, InfoHash, Instant,
        Liveness, Redundancy, Source, TorrentState,
    },
    node::{
        Order, OrderError,
        view::{
            ActionKind, ActionView, ActionsView, BeaconView, ClientState, ClientView, CollectionView, Drain, DrainView,
            HolderDetail, HolderView, Mode, Page, PlanView, StatusView, StorageView, SummaryView, TorrentDetail,
            TorrentFilter, TorrentView, TorrentsView,
        },
    },
    web::{
        ApiToken, Changes, NotShared, Question, Sessions, Tracker, TrackerSettings, WebContext, WebOptions,
        neighbors_testing::FakeNeighbors, serve,
    },
};

/// A running stand-in; it ends with the value.
pub(super) struct TestDaemon {
    _runtime: Runtime,
    /// Where it answers.
    pub(super) dashboard: String,
}

impl TestDaemon {
    /// Serves on a port of the system's choice with the token of `data_dir`.
    pub(super) fn start(data_dir: &Path, mode: Mode) -> Self {
        std::fs::create_dir_all(data_dir).expect("a directory");
        let token = ApiToken::load_or_create(data_dir).expect("a token");
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a free port");
        let dashboard = listener.local_addr().expect("its address").to_string();
        let (questions, asked) = mpsc::channel(8);
        let changes = Changes::new(0);
        let tracker = Arc::new(Tracker::new(questions.clone(), TrackerSettings::default()));
        let (_, catalog) = tokio::sync::watch::channel(CatalogState::default());
        let editor = Arc::new(Editor::new(data_dir.join("collections"), catalog));
        let context = WebContext {
            questions,
            changes: changes.follow(),
            storage_dir: data_dir.to_owned(),
            version: "1.2.3".to_owned(),
            sessions: Arc::new(Sessions::new(token)),
            tracker,
            maker: Arc::new(Maker::new(Vec::new(), data_dir.join("collections"), changes.clone(), Arc::clone(&editor))),
            editor,
            options: WebOptions::default(),
        };
        runtime.spawn(async move {
            let served = serve(listener, context, std::future::pending()).await;
            drop(changes);
            served
        });
        runtime.spawn(answer(asked, mode));
        Self { _runtime: runtime, dashboard }
    }
}

/// `letters` and `maps` begin alike.
pub(super) fn info_hash(last: u8) -> InfoHash {
    let mut bytes = [0xab; 20];
    bytes[19] = last;
    InfoHash::V1(bytes)
}

/// Keeps whether it is being drained, and answers the rest as it always does.
async fn answer(mut asked: mpsc::Receiver<Question>, mode: Mode) {
    let mut drain = None;
    let mut neighbors = FakeNeighbors::default();
    while let Some(question) = asked.recv().await {
        match question {
            Question::Status(reply) => drop(reply.send(status(mode, drain))),
            // No command asks for it.
            Question::Figures(reply) => drop(reply),
            Question::Past(_) | Question::Network(_) => {}
            Question::Plan { offset, limit, reply } => {
                let plan = PlanView {
                    mode,
                    waiting: None,
                    total: 2,
                    actions: actions().into_iter().skip(offset).take(limit).collect(),
                    unplaced_total: 0,
                    unplaced: Vec::new(),
                };
                drop(reply.send(plan));
            }
            Question::Torrents { filter, page, reply } => drop(reply.send(torrents(&filter, page))),
            Question::Map { reply, .. } => drop(reply.send(None)),
            Question::Places { reply, .. } => drop(reply.send(None)),
            Question::Torrent { info_hash: asked, reply } => {
                drop(reply.send((asked == info_hash(1)).then(detail)));
            }
            Question::Peers { reply, .. } => drop(reply.send(None)),
            Question::Neighbors(question) => neighbors.answer(question),
            Question::Share { info_hash: asked, path, reply } => drop(reply.send(shared(asked, &path))),
            Question::Order { order, reply } => drop(reply.send(ordered(order, &mut drain))),
        }
    }
}

/// `letters` and `maps`, as a beacon would find them, in no collection that it is asked for.
fn torrents(filter: &TorrentFilter, page: Page) -> Option<TorrentsView> {
    let torrent = |last, name: &str| CatalogTorrent {
        info_hash: info_hash(last),
        hashes: info_hash(last).into(),
        name: Some(name.to_owned()),
        size: Some(70_000),
        redundancy: Redundancy::default(),
        priority: 0,
        source: Source::Magnet(String::new()),
    };
    let collection = CatalogCollection {
        id: CollectionId::from_bytes([0xc0; 16]),
        name: "Town archive".to_owned(),
        redundancy: Redundancy::default(),
        torrents: vec![torrent(1, "letters"), torrent(2, "maps")],
    };
    let sought = filter.sought.as_ref().filter(|_| filter.collection.is_none())?;
    let catalog = Catalog { collections: vec![collection] };
    let counted = Torrents::of(&catalog);
    let mut hits = Names::new(&catalog, &counted, [[0, 1].into()]).search(&counted, sought, None);
    hits.sort_by_key(|hit| hit.fit);
    let view = |hit: &Hit| {
        let listed = &catalog.collections[0].torrents[hit.torrent as usize];
        let size = listed.size.map(ByteSize::from_bytes);
        TorrentView { info_hash: listed.info_hash, name: listed.name.clone(), size, ..detail().torrent }
    };
    Some(TorrentsView {
        total: hits.len(),
        meant: meant(&hits).map(|torrent| counted.at(torrent).info_hash),
        torrents: hits.iter().skip(page.offset).take(page.limit).map(view).collect(),
    })
}

fn ordered(order: Order, drain: &mut Option<Drain>) -> Result<String, OrderError> {
    match order {
        Order::Pin(asked) if asked == info_hash(1) => Ok("letters is pinned".to_owned()),
        Order::Unpin(asked) if asked == info_hash(1) => Ok("letters is not pinned any more".to_owned()),
        Order::Unpin(asked) if asked == info_hash(2) => Err(OrderError::NotPinned(asked)),
        Order::Pin(asked) | Order::Unpin(asked) | Order::Request(asked) | Order::Unrequest(asked) => {
            Err(OrderError::NotListed(asked))
        }
        Order::Mode(mode) => Ok(format!("the mode is {}", mode.word())),
        Order::Drain(Drain { until: Some(until) }) if until < Instant::from_millis(1_000_000) => Err(OrderError::Past),
        Order::Drain(wanted) => {
            *drain = Some(wanted);
            Ok("draining: others are to take over what this beacon holds".to_owned())
        }
        Order::Stay => match drain.take() {
            Some(_) => Ok("this beacon stays".to_owned()),
            None => Err(OrderError::NotDraining),
        },
    }
}

fn actions() -> Vec<ActionView> {
    let action = |kind, last, name: &str, reason: &str| ActionView {
        kind,
        info_hash: info_hash(last),
        name: Some(name.to_owned()),
        size: Some(ByteSize::from_bytes(70_000)),
        reason: reason.to_owned(),
        outcome: None,
        at: Instant::from_millis(1_234_567_890_123),
        undo: None,
    };
    vec![
        action(
            ActionKind::Reclaim,
            1,
            "letters",
            "5 copies are more than 3; 1 of 4 holders that were asked have granted it",
        ),
        action(ActionKind::Delete, 2, "maps", "4 copies are more than 3; stopped, files kept"),
    ]
}

fn status(mode: Mode, drain: Option<Drain>) -> StatusView {
    StatusView {
        beacon: BeaconView {
            id: BeaconId::new([0xbe; 32]),
            name: "attic".to_owned(),
            mode,
            mode_is_ordered: false,
            uptime: Duration::from_secs(61),
            addresses: Vec::new(),
        },
        client: ClientView {
            info: Some(ClientInfo { kind: "qbittorrent", version: "v5.1.0".to_owned(), ..ClientInfo::default() }),
            traffic: None,
            state: ClientState::Ready,
            peer_addresses: Vec::new(),
        },
        storage: StorageView {
            budget: ByteSize::from_bytes(500_000),
            used: ByteSize::from_bytes(210_000),
            reserved: ByteSize::ZERO,
            free: None,
        },
        drain: drain.map(|drain| DrainView { drain, safe: 2, waiting: 1, waiting_bytes: ByteSize::from_bytes(70_000) }),
        members: Vec::new(),
        collections: vec![CollectionView {
            id: CollectionId::from_bytes([0xc0; 16]),
            name: "Town archive".to_owned(),
            torrents: 3,
            missing: 0,
            under: 0,
            met: 1,
            over: 2,
            copies_histogram: vec![0, 0, 0, 1, 1, 1],
            bytes_total: ByteSize::from_bytes(210_000),
            bytes_here: ByteSize::from_bytes(210_000),
            target: 2,
            max: 3,
            members: 1,
            bytes_wanted: ByteSize::from_bytes(420_000),
            bytes_stored: ByteSize::from_bytes(840_000),
            bytes_mirrored: ByteSize::from_bytes(210_000),
            file: None,
            problem: None,
        }],
        summary: SummaryView { torrents: 3, met: 1, over: 2, ..SummaryView::default() },
        actions: ActionsView { pending: actions().split_off(1), running: actions()[..1].to_vec(), recent: Vec::new() },
        notices: Vec::new(),
    }
}

fn detail() -> TorrentDetail {
    TorrentDetail {
        torrent: TorrentView {
            info_hash: info_hash(1),
            name: Some("letters".to_owned()),
            size: None,
            target: 3,
            max: 3,
            copies: 5,
            fetching: 0,
            outside_seeders: None,
            holders: Vec::new(),
            here: TorrentState::Held,
            progress: 1.0,
            pinned: false,
            requested: false,
            priority: 0,
        },
        collections: Vec::new(),
        explain: vec!["there are more copies than wanted".to_owned()],
        holder_details: vec![
            holder(1, "attic", TorrentState::Held, Liveness::Alive),
            holder(2, "barn", TorrentState::Fetching, Liveness::Suspect),
        ],
        magnet: format!("magnet:?xt=urn:btih:{}&dn=letters&x.pe=198.51.100.1:6881", info_hash(1)),
    }
}

fn holder(number: u8, name: &str, state: TorrentState, liveness: Liveness) -> HolderDetail {
    let beacon = BeaconId::new([number; 32]);
    let address = SocketAddr::from(([198, 51, 100, number], 6881));
    HolderDetail {
        holder: HolderView { beacon, name: name.to_owned(), state, liveness, counted: state.is_copy() },
        progress: state.is_complete().then_some(1.0),
        zone: if number == 1 { "hill".to_owned() } else { String::new() },
        client_addresses: vec![address],
        latency: (number == 1).then(|| Duration::from_micros(12_340)),
        last_heard: Duration::from_secs(u64::from(number) * 20),
        this: false,
    }
}

fn shared(asked: InfoHash, path: &Path) -> Result<String, NotShared> {
    match path.is_absolute() {
        _ if asked != info_hash(1) => Err(NotShared::NotListed(asked)),
        true => Ok(format!("serves {}", path.display())),
        false => Err(NotShared::NotThere(format!("{} is not an absolute path", path.display()))),
    }
}
