//! How long the calls of the API take that the page makes, while the beacon runs.

use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use tokio::time::sleep;

use super::support::{COLLECTION, Item};

/// Requests of each kind; of these the two slowest are beyond the 99th percentile.
const REQUESTS: usize = 300;
/// Between two requests, so that they meet the beacon at all times of its rounds.
const PAUSE: Duration = Duration::from_millis(20);

/// What one kind of request took, sorted.
pub(crate) struct Timed {
    pub(crate) what: &'static str,
    pub(crate) times: Vec<Duration>,
    /// Bytes of the largest answer.
    pub(crate) bytes: usize,
}

impl Timed {
    /// What at least `percent` of a hundred requests stayed within.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let place = (self.times.len() * percent).div_ceil(100).clamp(1, self.times.len()) - 1;
        self.times[place]
    }
}

/// The calls, each as its path for the request of a number, `torrents` being how many there are.
type Path = fn(usize, usize) -> String;

const CALLS: [(&str, Path); 15] = [
    ("status", |_, _| "status".to_owned()),
    ("collections", |_, _| "collections".to_owned()),
    ("a page of a collection", |at, torrents| of_collection(&format!("limit=50&offset={}", spread(at, torrents)))),
    ("... of those with too few copies", |at, _| of_collection(&format!("state=under&limit=50&offset={}", at * 5))),
    ("... by name", |at, torrents| of_collection(&format!("sort=name&limit=50&offset={}", spread(at, torrents)))),
    ("... by size", |at, torrents| {
        of_collection(&format!("sort=size&order=desc&limit=50&offset={}", spread(at, torrents)))
    }),
    ("... by copies", |at, torrents| of_collection(&format!("sort=copies&limit=50&offset={}", spread(at, torrents)))),
    ("... that a word finds", |at, _| of_collection(&format!("query=harbour {}&limit=50", 1_800 + at % 200))),
    ("a page of all torrents", |at, torrents| format!("torrents?limit=50&offset={}", spread(at, torrents))),
    ("torrents that words find", |at, _| format!("torrents?query=mill films {}&limit=50", 1_800 + at % 200)),
    ("a torrent", |at, torrents| format!("torrents/{}", Item(spread(at, torrents)).info_hash())),
    ("a part of the map (16,384 cells)", |at, torrents| {
        format!("collections/{COLLECTION}/map?offset={}", at * 16_384 % torrents)
    }),
    ("places that a word finds", |at, _| format!("collections/{COLLECTION}/places?query=chapel {}", 1_800 + at % 200)),
    ("members", |_, _| "members?limit=50".to_owned()),
    ("history", |at, _| format!("history?limit=50&offset={at}")),
];

/// Makes every kind of request, one after the other; each kind that the beacon answers.
pub(crate) async fn time_all(page: &str, torrents: usize) -> Vec<Timed> {
    let client = Client::builder().no_proxy().build().expect("an HTTP client");
    let mut all = Vec::new();
    for (what, path) in CALLS {
        let mut timed = Timed { what, times: Vec::new(), bytes: 0 };
        for at in 0..REQUESTS {
            let url = format!("{page}/api/v1/{}", path(at, torrents));
            let start = Instant::now();
            let answer = client.get(&url).send().await.expect("an answer");
            let status = answer.status();
            let body = answer.bytes().await.expect("a whole answer");
            timed.times.push(start.elapsed());
            assert_eq!(status, StatusCode::OK, "{url}: {}", String::from_utf8_lossy(&body));
            timed.bytes = timed.bytes.max(body.len());
            sleep(PAUSE).await;
        }
        timed.times.sort();
        all.push(timed);
    }
    all
}

fn of_collection(query: &str) -> String {
    format!("collections/{COLLECTION}/torrents?{query}")
}

/// Places all over the archive.
fn spread(at: usize, torrents: usize) -> usize {
    at * 7_919 % torrents
}
