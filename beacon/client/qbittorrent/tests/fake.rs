//! A Web API that behaves as told.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use reqwest::Url;
use serde_json::{Map, Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use super::super::{Qbittorrent, QbittorrentSettings};

/// A version whose habits are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Era {
    V45,
    V51,
    V52,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// Answers only after the client's patience is over.
    Slow,
    /// Everything is a login page.
    Html,
    /// `sync/maindata` answers with this status and text.
    MainData(u16, &'static str),
    /// The name by which it is called is refused.
    Host,
    /// A gateway before it asks for a login of its own.
    Challenge,
    /// A gateway before it cannot reach it.
    Gateway,
    /// A gateway before it redirects.
    Redirect,
    /// Cookies do not arrive.
    NoCookies,
    /// Uploads are answered well, and nothing comes of them.
    Forgetful,
}

/// What the played qBittorrent has and has seen.
#[derive(Debug)]
pub(super) struct Play {
    pub(super) era: Era,
    pub(super) fault: Fault,
    /// `None` where no login is needed.
    pub(super) password: Option<&'static str>,
    pub(super) api_key: Option<&'static str>,
    pub(super) api_version: &'static str,
    pub(super) cookie: &'static str,
    pub(super) connection_status: &'static str,
    pub(super) logins: u32,
    pub(super) banned: bool,
    pub(super) torrents: BTreeMap<String, Map<String, Value>>,
    pub(super) files: BTreeMap<String, Vec<&'static str>>,
    /// Every call that is not a question: endpoint and body.
    pub(super) commands: Vec<(String, String)>,
    /// Every call at all.
    pub(super) calls: u32,
    /// What happens to an upload.
    pub(super) upload: Upload,
    sessions: BTreeMap<String, Sent>,
    sessions_ever: u32,
}

/// What happens to an upload.
#[derive(Debug, Clone)]
pub(super) enum Upload {
    /// It shows, with the tags sent, as a torrent of this id.
    Shows(String),
    /// It shows without any tags.
    ShowsUntagged(String),
    /// It is there already.
    Duplicate,
    /// It is not a torrent.
    Bad,
}

#[derive(Debug, Default)]
struct Sent {
    rid: u64,
    torrents: BTreeMap<String, Map<String, Value>>,
}

/// A running one.
#[derive(Debug)]
pub(super) struct Fake {
    url: String,
    play: Arc<Mutex<Play>>,
    server: JoinHandle<()>,
}

impl Fake {
    pub(super) async fn start(era: Era) -> Self {
        let (api_version, cookie) = match era {
            Era::V45 => ("2.8.19", "SID"),
            Era::V51 => ("2.11.4", "SID"),
            Era::V52 => ("2.15.1", "QBT_SID_8080"),
        };
        let play = Arc::new(Mutex::new(Play {
            era,
            fault: Fault::None,
            password: None,
            api_key: None,
            api_version,
            cookie,
            connection_status: "connected",
            logins: 0,
            banned: false,
            torrents: BTreeMap::new(),
            files: BTreeMap::new(),
            commands: Vec::new(),
            calls: 0,
            upload: Upload::Duplicate,
            sessions: BTreeMap::new(),
            sessions_ever: 0,
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&play));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, play, server }
    }

    pub(super) fn play(&self) -> MutexGuard<'_, Play> {
        self.play.lock().unwrap()
    }

    pub(super) fn settings(&self) -> QbittorrentSettings {
        QbittorrentSettings {
            timeout: Duration::from_millis(500),
            patience: Duration::from_millis(600),
            ..QbittorrentSettings::at(&self.url)
        }
    }

    pub(super) fn client(&self) -> Qbittorrent {
        Qbittorrent::new(self.settings()).unwrap()
    }

    pub(super) fn client_with(&self, username: &str, password: &str) -> Qbittorrent {
        let settings =
            QbittorrentSettings { username: username.to_owned(), password: password.to_owned(), ..self.settings() };
        Qbittorrent::new(settings).unwrap()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Play {
    /// Forgets every session, as after a restart.
    pub(super) fn restart(&mut self) {
        self.sessions.clear();
    }

    /// Puts a complete torrent in.
    pub(super) fn put(&mut self, id: &str, tags: &str, content_path: &str) {
        let save_path = content_path.rsplit_once('/').map_or("", |(dir, _)| dir);
        let torrent = json!({
            "infohash_v1": id, "infohash_v2": "", "name": "letters", "state": "stalledUP", "size": 100, "total_size": 100,
            "amount_left": 0, "progress": 1, "tags": tags, "num_complete": 2, "save_path": save_path,
            "content_path": content_path, "category": "", "dlspeed": 0,
        });
        let Value::Object(torrent) = torrent else { unreachable!() };
        self.torrents.insert(id.to_owned(), torrent);
    }

    pub(super) fn command(&self, endpoint: &str) -> Option<&str> {
        self.commands.iter().find(|(name, _)| name == endpoint).map(|(_, body)| body.as_str())
    }

    fn start_session(&mut self) -> String {
        self.sessions_ever += 1;
        let id = format!("s{}", self.sessions_ever);
        self.sessions.insert(id.clone(), Sent::default());
        id
    }

    fn session_of(&self, headers: &HeaderMap) -> Option<String> {
        if self.fault == Fault::NoCookies {
            return None;
        }
        if let Some(key) = self.api_key
            && headers.get(header::AUTHORIZATION).is_some_and(|value| *value == format!("Bearer {key}"))
        {
            return Some("key".to_owned());
        }
        let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
        let prefix = format!("{}=", self.cookie);
        let id = cookies.split("; ").find_map(|cookie| cookie.strip_prefix(&prefix))?;
        self.sessions.contains_key(id).then(|| id.to_owned())
    }

    fn log_in(&mut self, body: &str) -> Response {
        self.logins += 1;
        if self.banned {
            return (StatusCode::FORBIDDEN, "Your IP address has been banned").into_response();
        }
        let new = self.era == Era::V52;
        if Some(form(body)["password"].as_str()) != self.password {
            let refusal = if new { (StatusCode::UNAUTHORIZED, "") } else { (StatusCode::OK, "Fails.") };
            return refusal.into_response();
        }
        let session = self.start_session();
        let cookie = format!("{}={session}; HttpOnly; path=/; SameSite=Strict", self.cookie);
        let ok = if new { (StatusCode::NO_CONTENT, "") } else { (StatusCode::OK, "Ok.") };
        ([(header::SET_COOKIE, cookie)], ok).into_response()
    }

    fn main_data(&mut self, session: &str, rid: u64) -> Value {
        let now = self.torrents.clone();
        let sent = self.sessions.entry(session.to_owned()).or_default();
        let full = rid == 0 || rid != sent.rid;
        let before = if full { BTreeMap::new() } else { std::mem::take(&mut sent.torrents) };
        let changes = |id: &String, torrent: &Map<String, Value>| -> Map<String, Value> {
            let old = before.get(id);
            let changed = |(name, value): &(&String, &Value)| old.and_then(|old| old.get(*name)) != Some(*value);
            torrent.iter().filter(changed).map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        let torrents: BTreeMap<_, _> = now
            .iter()
            .map(|(id, torrent)| (id.clone(), changes(id, torrent)))
            .filter(|(_, torrent)| !torrent.is_empty())
            .collect();
        let ids: BTreeSet<_> = now.keys().collect();
        let removed: Vec<_> = before.keys().filter(|id| !ids.contains(id)).collect();
        let mut data = json!({ "rid": sent.rid + 1, "torrents": torrents, "torrents_removed": removed });
        if full {
            data["full_update"] = json!(true);
            data["server_state"] = json!({ "free_space_on_disk": 5_000, "connection_status": "connected" });
        }
        sent.rid += 1;
        sent.torrents = now;
        data
    }

    fn add(&mut self, body: &str) -> Response {
        let (id, tags) = match &self.upload {
            Upload::Bad => return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not a valid torrent").into_response(),
            Upload::Duplicate if self.era == Era::V52 => return StatusCode::CONFLICT.into_response(),
            Upload::Duplicate => return "Fails.".into_response(),
            Upload::Shows(id) => (id.clone(), "beacon, beacon:Town"),
            Upload::ShowsUntagged(id) => (id.clone(), ""),
        };
        if self.fault != Fault::Forgetful {
            assert!(body.contains("name=\"torrents\""), "no file: {body}");
            self.put(&id, tags, "/beacon/letters/letters.txt");
        }
        match self.era {
            Era::V52 => json!({ "success_count": 1, "added_torrent_ids": [id] }).to_string().into_response(),
            _ => "Ok.".into_response(),
        }
    }

    fn listed(&self, wanted: Option<&String>) -> Value {
        let wanted: Vec<&str> = wanted.map(|ids| ids.split('|').collect()).unwrap_or_default();
        let listed = self.torrents.iter().filter(|(id, _)| wanted.is_empty() || wanted.contains(&id.as_str()));
        let with_id = |(id, torrent): (&String, &Map<String, Value>)| {
            let mut torrent = torrent.clone();
            torrent.insert("hash".to_owned(), json!(id));
            Value::Object(torrent)
        };
        listed.map(with_id).collect()
    }

    fn serve(&mut self, endpoint: &str, query: &BTreeMap<String, String>, body: &str, session: &str) -> Response {
        let old = self.era == Era::V45;
        match endpoint {
            "app/webapiVersion" => self.api_version.into_response(),
            "app/version" => "v4.5.2".into_response(),
            "app/preferences" => json!({ "listen_port": 6881, "save_path": "/beacon" }).to_string().into_response(),
            "transfer/info" => json!({ "connection_status": self.connection_status }).to_string().into_response(),
            "sync/maindata" => self.main_data(session, query["rid"].parse().unwrap()).to_string().into_response(),
            "torrents/info" => self.listed(query.get("hashes")).to_string().into_response(),
            "torrents/files" => match self.files.get(&query["hash"]) {
                Some(files) => {
                    let files: Vec<_> =
                        files.iter().map(|name| json!({ "name": name, "size": 50, "priority": 1 })).collect();
                    Value::from(files).to_string().into_response()
                }
                None => StatusCode::NOT_FOUND.into_response(),
            },
            "torrents/export" if self.torrents.contains_key(&query["hash"]) => "d4:infodee".into_response(),
            "torrents/export" | "torrents/createCategory" => StatusCode::CONFLICT.into_response(),
            "torrents/add" => self.add(body),
            "torrents/addPeers" => "{}".into_response(),
            "torrents/delete" => {
                self.torrents.remove(&form(body)["hashes"]);
                StatusCode::OK.into_response()
            }
            "torrents/pause" | "torrents/resume" if old => StatusCode::OK.into_response(),
            "torrents/stop" | "torrents/start" if !old => StatusCode::NO_CONTENT.into_response(),
            _ => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

pub(super) fn form(body: &str) -> BTreeMap<String, String> {
    pairs(&Url::parse(&format!("http://localhost/?{body}")).unwrap())
}

fn pairs(url: &Url) -> BTreeMap<String, String> {
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

async fn answer(State(play): State<Arc<Mutex<Play>>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let body = String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap()).into_owned();
    let endpoint = parts.uri.path().trim_start_matches("/api/v2/").to_owned();
    assert!(parts.headers.get(header::ORIGIN).is_none() && parts.headers.get(header::REFERER).is_none());
    let fault = play.lock().unwrap().fault;
    if fault == Fault::Slow {
        tokio::time::sleep(Duration::from_secs(5)).await;
    }

    let mut play = play.lock().unwrap();
    play.calls += 1;
    match fault {
        Fault::Html => return "<html><body>Please log in</body></html>".into_response(),
        Fault::Host => return StatusCode::UNAUTHORIZED.into_response(),
        Fault::Challenge => {
            return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Basic realm=\"nas\"")]).into_response();
        }
        Fault::Gateway => return StatusCode::BAD_GATEWAY.into_response(),
        Fault::Redirect => return (StatusCode::FOUND, [(header::LOCATION, "https://sso.example/")]).into_response(),
        Fault::MainData(status, text) if endpoint == "sync/maindata" => {
            return (StatusCode::from_u16(status).unwrap(), text).into_response();
        }
        _ => {}
    }
    if parts.method == "POST" && endpoint != "auth/login" {
        play.commands.push((endpoint.clone(), body.clone()));
    }
    if endpoint == "auth/login" {
        return play.log_in(&body);
    }
    let url = Url::parse(&format!("http://localhost{}", parts.uri)).unwrap();
    match play.session_of(&parts.headers) {
        Some(session) => play.serve(&endpoint, &pairs(&url), &body, &session),
        None if play.password.is_none() && play.api_key.is_none() => {
            let session = play.start_session();
            let cookie = format!("{}={session}; path=/", play.cookie);
            ([(header::SET_COOKIE, cookie)], play.serve(&endpoint, &pairs(&url), &body, &session)).into_response()
        }
        None => StatusCode::FORBIDDEN.into_response(),
    }
}
