//! A stand-in for the daemon's loop with fixed answers, and a plain HTTP client, for this module's tests.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

use crate::{
    catalog::Sought,
    model::{BeaconId, ByteSize, ClientInfo, ClientTraffic, CollectionId, InfoHash, Instant, TorrentState},
    node::{
        Order, OrderError,
        view::{
            ActionKind, ActionView, ActionsView, BeaconView, ClientState, ClientView, CollectionView, Drain, DrainView,
            FoundView, HolderDetail, HolderView, Liveness, MemberView, Mode, Notice, PlanView, Severity, StatusView,
            StorageView, TorrentDetail, TorrentFilter, TorrentView, TorrentsView, UnplacedView,
        },
    },
    tracker::{Known, KnownPeer},
};

use super::{
    ApiToken, Changes, JobView, MakeForm, MakeRefusal, MakesTorrents, NotShared, Question, Sessions, Tracker,
    TrackerSettings, WebContext, WebOptions, serve, server::Shared,
};

/// No test waits longer.
pub(super) const DEADLINE: Duration = Duration::from_secs(20);

/// The one collection there is.
pub(super) const COLLECTION: CollectionId = CollectionId::from_bytes([0xc0; 16]);

/// A running server with its stand-in loop.
#[derive(Debug)]
pub(super) struct TestServer {
    pub(super) address: SocketAddr,
    pub(super) changes: Changes,
    pub(super) stop: oneshot::Sender<()>,
    pub(super) serving: JoinHandle<std::io::Result<()>>,
}

/// One answer, taken apart.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Lower-case names with their values, a line each.
    pub(super) head: String,
    pub(super) body: String,
}

impl TestServer {
    /// Serves on a port of the system's choice; the loop says `client` of its client.
    pub(super) async fn start(client: ClientState) -> Self {
        let host_names = vec!["attic.example".to_owned()];
        Self::start_with(client, WebOptions { host_names, ..WebOptions::default() }).await
    }

    /// The same with other options.
    pub(super) async fn start_with(client: ClientState, options: WebOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (questions, asked) = mpsc::channel(8);
        let changes = Changes::new(0xb0);
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(answer(asked, client));
        let tracker = Arc::new(Tracker::new(questions.clone(), TrackerSettings::default()));
        let context = WebContext {
            questions,
            changes: changes.follow(),
            storage_dir: PathBuf::from("/"),
            version: "1.2.3".to_owned(),
            sessions: Arc::new(Sessions::new(ApiToken::for_test())),
            tracker,
            maker: Arc::new(OneJob),
            options,
        };
        let serving = tokio::spawn(serve(listener, context, async { drop(stopped.await) }));
        Self { address, changes, stop, serving }
    }

    /// Sends a request and leaves the connection open.
    pub(super) async fn open(&self, method: &str, path: &str, headers: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("a connection");
        let request = format!("{method} {path} HTTP/1.1\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.expect("a request sent");
        stream
    }

    /// Sends a request and reads the whole answer.
    pub(super) async fn send(&self, method: &str, path: &str, headers: &str) -> Answer {
        self.send_with_body(method, path, headers, "").await
    }

    /// The same with a body.
    pub(super) async fn send_with_body(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let mut stream = self.open(method, path, &format!("{headers}Connection: close\r\n")).await;
        stream.write_all(body.as_bytes()).await.expect("a body sent");
        let mut bytes = Vec::new();
        timeout(DEADLINE, stream.read_to_end(&mut bytes)).await.expect("an answer in time").expect("an answer");
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    /// A request with a body from a program that knows the token.
    pub(super) async fn order(&self, method: &str, path: &str, body: &str) -> Answer {
        let length = body.len();
        let headers = format!("Host: localhost\r\nAuthorization: Bearer beacon1-test\r\nContent-Length: {length}\r\n");
        self.send_with_body(method, path, &headers, body).await
    }

    /// `GET` from `localhost`.
    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "Host: localhost\r\n").await
    }
}

impl Answer {
    /// The body, which must be JSON.
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

/// What handlers share, with nobody behind it.
pub(super) fn shared_state() -> Arc<Shared> {
    let (questions, _asked) = mpsc::channel(1);
    let changes = Changes::new(0xb0).follow();
    let (_close, closing) = watch::channel(false);
    let context = WebContext {
        tracker: Arc::new(Tracker::new(questions.clone(), TrackerSettings::default())),
        questions,
        changes,
        storage_dir: PathBuf::from("/"),
        version: "1.2.3".to_owned(),
        sessions: Arc::new(Sessions::new(ApiToken::for_test())),
        maker: Arc::new(OneJob),
        options: WebOptions::default(),
    };
    Arc::new(Shared::new(context, closing))
}

/// The head of an answer, and what of the body comes with it.
pub(super) async fn head(mut stream: TcpStream) -> String {
    let mut buffer = vec![0; 4096];
    let count = timeout(DEADLINE, stream.read(&mut buffer)).await.expect("an answer in time").expect("an answer");
    String::from_utf8_lossy(&buffer[..count]).into_owned()
}

/// The info-hash of the nth torrent.
pub(super) fn info_hash(n: u8) -> InfoHash {
    InfoHash::V1([n; 20])
}

/// Makes torrents of nothing but `/allowed`, as job 7.
#[derive(Debug)]
pub(super) struct OneJob;

impl MakesTorrents for OneJob {
    fn begin(&self, wanted: MakeForm) -> Result<JobView, MakeRefusal> {
        match wanted.path.to_str() {
            Some("/allowed") => self.job(7).ok_or(MakeRefusal::SwitchedOff),
            Some("/busy") => Err(MakeRefusal::Busy(2)),
            _ => Err(MakeRefusal::NotAllowed(wanted.path)),
        }
    }

    fn job(&self, id: u64) -> Option<JobView> {
        let path = "/allowed".to_owned();
        let view = JobView { id, state: "running", path, bytes_done: 5, bytes_total: 10, result: None, error: None };
        (id == 7).then_some(view)
    }

    fn cancel(&self, id: u64) -> Option<JobView> {
        self.job(id)
    }
}

/// What comes of an order: torrent 1 is fetched by the beacon and pinned, 2 is the user's own, others are not listed.
fn ordered(order: Order) -> Result<String, OrderError> {
    match order {
        Order::Pin(asked) if asked == info_hash(1) => Ok("letters is pinned".to_owned()),
        Order::Unpin(asked) if asked == info_hash(1) => Err(OrderError::NotPinned(asked)),
        Order::Unpin(asked) if asked == info_hash(2) => Err(OrderError::YourOwn(asked)),
        Order::Pin(asked) | Order::Unpin(asked) => Err(OrderError::NotListed(asked)),
        Order::Drain(Drain { until: Some(until) }) if until < Instant::from_millis(1_000) => Err(OrderError::Past),
        Order::Drain(Drain { until }) => Ok(format!("draining until {until:?}")),
        Order::Stay => Err(OrderError::NotDraining),
    }
}

async fn answer(mut asked: mpsc::Receiver<Question>, client: ClientState) {
    while let Some(question) = asked.recv().await {
        match question {
            Question::Status(reply) => drop(reply.send(status(client.clone()))),
            Question::Plan(reply) => drop(reply.send(plan())),
            Question::Torrents { collection, filter, reply } => {
                drop(reply.send((collection == COLLECTION).then(|| torrents(filter))));
            }
            Question::Torrent { info_hash: asked, reply } => {
                drop(reply.send((asked == info_hash(1)).then(detail)));
            }
            Question::Peers { info_hash: asked, reply } => drop(reply.send((asked == [1; 20]).then(known_peers))),
            Question::Find { sought, offset, limit, reply } => drop(reply.send(found(&sought, offset, limit))),
            Question::Share { info_hash: asked, path, reply } => drop(reply.send(shared(asked, &path))),
            Question::Order { order, reply } => drop(reply.send(ordered(order))),
        }
    }
}

fn status(client: ClientState) -> StatusView {
    StatusView {
        beacon: BeaconView {
            id: BeaconId::new([0xbe; 32]),
            name: "attic".to_owned(),
            mode: Mode::DryRun,
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
        }],
        actions: ActionsView { pending: vec![action()], ..ActionsView::default() },
        notices: vec![Notice { severity: Severity::Warning, text: "the client is slow".to_owned() }],
    }
}

fn member() -> MemberView {
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
    }
}

fn plan() -> PlanView {
    let unplaced = UnplacedView { info_hash: info_hash(2), name: None, lacking: 1, reason: "no room".to_owned() };
    PlanView { mode: Mode::DryRun, waiting: None, actions: vec![action()], unplaced: vec![unplaced] }
}

/// Says back in `total` and the first name what was asked for.
fn torrents(filter: TorrentFilter) -> TorrentsView {
    let asked = format!("{:?} from {} at most {}", filter.standing, filter.offset, filter.limit);
    TorrentsView { total: 3, torrents: vec![TorrentView { name: Some(asked), ..torrent() }] }
}

/// Of words, says back in the name what was asked for.
fn found(sought: &Sought, offset: usize, limit: usize) -> FoundView {
    let asked = match sought {
        Sought::Words { whole, .. } => Some(format!("{whole} from {offset} at most {limit}")),
        Sought::Hashes(hashes) => hashes.contains(&info_hash(1)).then(|| "letters".to_owned()),
        Sought::Beginning(digits) => digits.begin(&info_hash(1)).then(|| "letters".to_owned()),
    };
    let torrents: Vec<_> = asked.into_iter().map(|asked| TorrentView { name: Some(asked), ..torrent() }).collect();
    FoundView { total: torrents.len(), meant: torrents.first().map(|torrent| torrent.info_hash), torrents }
}

fn detail() -> TorrentDetail {
    let torrent = torrent();
    let holder = torrent.holders[0].clone();
    TorrentDetail {
        torrent,
        collections: vec![(COLLECTION, "Town archive".to_owned())],
        explain: vec!["one copy is lacking".to_owned()],
        pinned: true,
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
    }
}

fn known_peers() -> Known {
    let peer = |port, is_own| KnownPeer { addresses: vec![address(port)], is_complete: true, is_own };
    Known { peers: vec![peer(16881, true), peer(16882, false)], own: vec![address(16881)] }
}

fn address(port: u16) -> SocketAddr {
    SocketAddr::from(([198, 51, 100, 7], port))
}

fn shared(asked: InfoHash, path: &Path) -> Result<String, NotShared> {
    match path.is_absolute() {
        _ if asked != info_hash(1) => Err(NotShared::NotListed(asked)),
        true => Ok(format!("serves {}", path.display())),
        false => Err(NotShared::NotThere(format!("{} is not an absolute path", path.display()))),
    }
}
