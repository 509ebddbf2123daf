//! A client that holds as much as is wanted without a byte of it: the part of qBittorrent's Web API that says so.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json, Router,
    extract::{Query, State},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use super::archive::Item;

/// How many torrents differ from one look to the next, as in a client that is at work.
const CHANGES: usize = 20;
/// How many looks it takes until something is fetched.
const LOOKS_TO_FETCH: u64 = 400;
/// Bytes of everything that is fetched: who has only a magnet link learns its size so.
const FETCHED_BYTES: u64 = 700_000_000;

/// The client of one beacon. It ends when dropped.
#[derive(Debug)]
pub(crate) struct Holder {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

struct Held {
    items: Vec<Item>,
    state: Mutex<Fetching>,
}

#[derive(Default)]
struct Fetching {
    /// How often somebody looked.
    looks: u64,
    /// Info-hashes of what was added, by the look at which it was.
    since: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct Since {
    rid: u64,
}

#[derive(Deserialize)]
struct Of {
    hashes: String,
}

impl Holder {
    /// Holds what the beacon of this number, of so many, holds of so many torrents.
    pub(crate) async fn start(beacon: usize, beacons: usize, torrents: usize) -> Self {
        let items = (0..torrents).map(Item).filter(|item| item.is_held_by(beacon, beacons)).collect();
        let held = Arc::new(Held { items, state: Mutex::default() });
        let app = Router::new()
            .route("/api/v2/app/version", get(|| async { "v5.1.0" }))
            .route("/api/v2/app/webapiVersion", get(|| async { "2.11.4" }))
            .route("/api/v2/app/preferences", get(|| async { Json(json!({ "listen_port": 6881, "save_path": "/" })) }))
            .route("/api/v2/transfer/info", get(|| async { Json(json!({ "connection_status": "connected" })) }))
            .route("/api/v2/sync/maindata", get(main_data))
            .route("/api/v2/torrents/info", get(info))
            .route("/api/v2/torrents/add", post(add))
            // Whatever else is ordered is done at once.
            .fallback(|| async { "Ok." })
            .with_state(held);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let task = tokio::spawn(async move { drop(axum::serve(listener, app).await) });
        Self { address, task }
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// All torrents at first, then a few that others serve more or less of outside; and always what is being fetched.
async fn main_data(State(held): State<Arc<Held>>, Query(since): Query<Since>) -> Json<Value> {
    let mut state = held.state.lock().unwrap_or_else(PoisonError::into_inner);
    state.looks += 1;
    let mut torrents = Map::new();
    if since.rid == 0 {
        torrents.extend(held.items.iter().map(|item| (item.info_hash(), whole(*item))));
    } else if !held.items.is_empty() {
        let first = usize::try_from(state.looks).unwrap_or_default() * 7_919;
        for step in 0..CHANGES {
            let item = held.items[(first + step * 4_099) % held.items.len()];
            torrents.insert(item.info_hash(), json!({ "num_complete": state.looks % 9 }));
        }
    }
    torrents.extend(state.since.iter().map(|(hash, since)| (hash.clone(), partial(hash, state.looks - since))));
    Json(json!({
        "rid": state.looks,
        "full_update": since.rid == 0,
        "torrents": torrents,
        "server_state": { "free_space_on_disk": 1_000_000_000_000_u64 },
    }))
}

/// What is added it fetches; everything else it has.
async fn info(State(held): State<Arc<Held>>, Query(of): Query<Of>) -> Json<Value> {
    let state = held.state.lock().unwrap_or_else(PoisonError::into_inner);
    let fetched = state.since.get(&of.hashes).map(|since| partial(&of.hashes, state.looks - since));
    let told =
        fetched.or_else(|| held.items.iter().find(|item| item.info_hash() == of.hashes).map(|item| whole(*item)));
    Json(told.into_iter().collect())
}

async fn add(State(held): State<Arc<Held>>, body: String) -> &'static str {
    let mut state = held.state.lock().unwrap_or_else(PoisonError::into_inner);
    let looks = state.looks;
    // In a form the colon before the info-hash is written as `%3A`.
    let hash = body.split_once("btih%3A").and_then(|(_, rest)| rest.get(..40));
    match hash {
        Some(hash) => drop(state.since.insert(hash.to_owned(), looks)),
        None => return "Fails.",
    }
    "Ok."
}

fn whole(item: Item) -> Value {
    told(&item.info_hash(), Some(&item.name()), item.bytes(), 0, "")
}

fn partial(hash: &str, looks: u64) -> Value {
    let left = FETCHED_BYTES * LOOKS_TO_FETCH.saturating_sub(looks) / LOOKS_TO_FETCH;
    told(hash, None, FETCHED_BYTES, left, "beacon")
}

fn told(hash: &str, name: Option<&str>, bytes: u64, left: u64, tags: &str) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "a part of one")]
    let progress = 1.0 - left as f64 / bytes as f64;
    json!({
        "hash": hash,
        "infohash_v1": hash,
        "infohash_v2": "",
        "name": name.unwrap_or(hash),
        "state": if left == 0 { "stalledUP" } else { "downloading" },
        "size": bytes,
        "total_size": bytes,
        "amount_left": left,
        "progress": progress,
        "tags": tags,
        "num_complete": 0,
        "save_path": "/srv/torrents",
    })
}
