//! A stand-in for the daemon's loop with fixed answers, and a plain HTTP client, for this module's tests.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

use crate::{
    model::{CollectionId, InfoHash, Instant},
    node::{
        Order, OrderError,
        view::{ClientState, Drain, PlacesView},
    },
};

use super::{
    ApiToken, Changes, JobView, MakeForm, MakeRefusal, MakesTorrents, Question, Sessions, Tracker, TrackerSettings,
    WebContext, WebOptions,
    editing::fake::OneFile,
    neighbors_testing::FakeNeighbors,
    serve,
    server::Shared,
    testing_answers::{detail, known_peers, map, network, past, plan, shared, status, torrents},
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
            editor: Arc::new(OneFile),
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
        editor: Arc::new(OneFile),
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
        Order::Request(asked) if asked == info_hash(1) => Ok("letters is fetched".to_owned()),
        Order::Unrequest(asked) if asked == info_hash(1) => Err(OrderError::NotRequested(asked)),
        Order::Pin(asked) | Order::Unpin(asked) | Order::Request(asked) | Order::Unrequest(asked) => {
            Err(OrderError::NotListed(asked))
        }
        Order::Mode(mode) => Ok(format!("the mode is {}", mode.word())),
        Order::Drain(Drain { until: Some(until) }) if until < Instant::from_millis(1_000) => Err(OrderError::Past),
        Order::Drain(Drain { until }) => Ok(format!("draining until {until:?}")),
        Order::Stay => Err(OrderError::NotDraining),
    }
}

async fn answer(mut asked: mpsc::Receiver<Question>, client: ClientState) {
    let mut neighbors = FakeNeighbors::default();
    while let Some(question) = asked.recv().await {
        match question {
            Question::Status(reply) => drop(reply.send(status(client.clone()))),
            Question::Figures(reply) => drop(reply.send(super::metrics::testing::figures())),
            Question::Plan { offset, limit, reply } => drop(reply.send(plan(offset, limit))),
            Question::Past(question) => past(question),
            Question::Network(question) => network(question),
            Question::Torrents { filter, page, reply } => {
                let is_known = filter.collection.is_none_or(|collection| collection == COLLECTION);
                drop(reply.send(is_known.then(|| torrents(&filter, page))));
            }
            Question::Map { collection, offset, limit, reply } => {
                drop(reply.send((collection == COLLECTION).then(|| map(offset, limit))));
            }
            Question::Places { collection, filter, limit, reply } => {
                let places = PlacesView { total: limit, places: vec![u32::from(filter.sought.is_some()), 7] };
                drop(reply.send((collection == COLLECTION).then_some(places)));
            }
            Question::Torrent { info_hash: asked, reply } => {
                drop(reply.send((asked == info_hash(1)).then(detail)));
            }
            Question::Peers { info_hash: asked, reply } => drop(reply.send((asked == [1; 20]).then(known_peers))),
            Question::Neighbors(question) => neighbors.answer(question),
            Question::Share { info_hash: asked, path, reply } => drop(reply.send(shared(asked, &path))),
            Question::Order { order, reply } => drop(reply.send(ordered(order))),
        }
    }
}
