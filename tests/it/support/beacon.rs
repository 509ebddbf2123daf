//! The program under test, running.

use std::{
    env, fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use beacon::{
    model::Instant,
    store::{LedgerRow, LedgerStage, Store},
};
use serde_json::{Value, json};

use super::{
    address::{free_port, own_loopback},
    http::request,
    process::Process,
    qbittorrent_api::QbtApi,
    torrent::TestTorrent,
    wait::until,
};

const START_TIME_MAX: Duration = Duration::from_secs(20);
/// What the program promises.
const STOP_TIME_MAX: Duration = Duration::from_secs(2);

/// One beacon with its own directory, addresses and configuration, which it keeps when it is started again.
#[derive(Debug)]
pub(crate) struct BeaconProcess {
    name: String,
    dir: PathBuf,
    listen: SocketAddr,
    dashboard: SocketAddr,
    /// What is written to its configuration file at each start; tests may change it before.
    pub(crate) config: Value,
    process: Option<Process>,
}

impl BeaconProcess {
    /// A beacon that is not started yet: it applies its plan, and everything in it happens within seconds.
    pub(crate) fn new(world_dir: &Path, name: &str, client: &Value) -> Self {
        let dir = world_dir.join(name);
        fs::create_dir_all(dir.join("collections")).expect("a directory");
        let listen = free_port(own_loopback());
        let dashboard = free_port(Ipv4Addr::LOCALHOST);
        let config = json!({
            "name": name,
            "listen": listen.to_string(),
            "dashboard": dashboard.to_string(),
            "data_dir": dir.join("data"),
            "collections_dir": dir.join("collections"),
            "neighbors": [],
            "stun_servers": [],
            "lan_discovery": false,
            "network_key_file": world_dir.join("network.key"),
            "mode": "apply",
            "storage": { "dir": dir.join("torrents"), "budget": "1 GB", "keep_free": "0 B" },
            "client": client,
            "timing": {
                "heartbeat": "1s", "poll": "1s", "plan": "2s", "repair_delay": "2m", "reclaim_delay": "5s"
            },
            "reclaim": { "quarantine": "0s" }
        });
        Self { name: name.to_owned(), dir, listen, dashboard, config, process: None }
    }

    /// Tells it of one other beacon.
    pub(crate) fn points_at(&mut self, other: &Self) {
        self.config["neighbors"] = json!([other.listen.to_string()]);
    }

    /// Makes it remember that it added torrents itself, each into a directory of its own, with all their data: what a
    /// beacon has from before. It must not run.
    pub(crate) fn adopt(&self, client: &QbtApi, torrents: &[&TestTorrent]) {
        assert!(self.process.is_none(), "{} runs", self.name);
        let mut store = self.store();
        for torrent in torrents {
            let save_dir = self.storage_dir().join(torrent.file_name());
            torrent.write_data(&save_dir);
            client.add_by_hand(torrent, &save_dir, "beacon", "beacon");
            let row = LedgerRow {
                info_hash: torrent.info_hash.parse().expect("an info-hash"),
                stage: LedgerStage::Added,
                name: Some(torrent.name.clone()),
                size: Some(torrent.size() as u64),
                save_dir,
                at: Instant::ZERO,
                leaving_since: None,
            };
            store.ledger_put(&row).expect("the ledger can be written");
        }
    }

    /// How far the torrents of its ledger are. It must not run.
    pub(crate) fn ledger_stages(&self) -> Vec<LedgerStage> {
        assert!(self.process.is_none(), "{} runs", self.name);
        self.store().ledger().expect("the ledger can be read").into_iter().map(|row| row.stage).collect()
    }

    fn store(&self) -> Store {
        let dir = self.dir.join("data");
        fs::create_dir_all(&dir).expect("a directory");
        Store::open(&dir).expect("the store opens")
    }

    /// Where its collection files are.
    pub(crate) fn collections_dir(&self) -> PathBuf {
        self.dir.join("collections")
    }

    /// Where it keeps what it fetches.
    pub(crate) fn storage_dir(&self) -> PathBuf {
        self.dir.join("torrents")
    }

    /// Starts it and waits until its API answers.
    pub(crate) fn start(&mut self) {
        self.launch();
        until(&format!("{} answers", self.name), START_TIME_MAX, || {
            let process = self.process.as_mut().expect("just launched");
            if let Some(status) = process.ended() {
                panic!("{} ended with {status} instead of answering; {}", self.name, process.log_tail());
            }
            self.status()
        });
    }

    /// Starts it and does not wait for anything.
    pub(crate) fn launch(&mut self) {
        assert!(self.process.is_none(), "{} runs already", self.name);
        fs::write(self.config_file(), format!("{:#}\n", self.config)).expect("a configuration file");
        let mut command = self.command(&["run"]);
        self.process = Some(Process::start(&self.name, &mut command, self.dir.join("output.log")));
    }

    /// Runs another command of the program with this beacon's configuration; what it says, or what it complains of.
    pub(crate) fn order(&self, args: &[&str]) -> Result<String, String> {
        let output = self.command(args).output().expect("a program that runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// Where it keeps what it remembers.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// Kills it without giving it any chance to tidy up.
    pub(crate) fn kill9(&mut self) {
        self.process.take().expect("a running beacon").kill9();
    }

    /// Asks it to stop and fails unless it does so within two seconds, with success.
    pub(crate) fn terminate(&mut self) -> Duration {
        let (status, time) = self.process.take().expect("a running beacon").terminate(STOP_TIME_MAX);
        assert!(status.success(), "{} ended with {status}", self.name);
        time
    }

    /// The address of its page, without a path.
    pub(crate) fn page(&self) -> String {
        format!("http://{}", self.dashboard)
    }

    /// What has to be known to order something. It must have been started.
    pub(crate) fn token(&self) -> String {
        let text = fs::read_to_string(self.data_dir().join("api.token")).expect("a token");
        text.trim_end().to_owned()
    }

    /// Sends a request with the token; what was answered, as long as it was no refusal.
    pub(crate) fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let bearer = format!("Bearer {}", self.token());
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let answer = request(self.dashboard, method, path, &headers, body.to_string().as_bytes());
        let answer = answer.map_err(|error| format!("{}: {error}", self.name))?;
        match answer.status {
            200..300 => serde_json::from_slice(&answer.body).map_err(|error| error.to_string()),
            status => Err(format!("{} answered {status} to {path}: {}", self.name, answer.text())),
        }
    }

    /// `GET /api/v1/status`.
    pub(crate) fn status(&self) -> Result<Value, String> {
        self.fetch("/api/v1/status")
    }

    /// `GET /api/v1/plan`.
    pub(crate) fn plan(&self) -> Result<Value, String> {
        self.fetch("/api/v1/plan")
    }

    /// The torrents of a collection as this beacon counts them.
    pub(crate) fn torrents(&self, collection: &str) -> Result<Vec<Value>, String> {
        let page = self.fetch(&format!("/api/v1/collections/{collection}/torrents?limit=1000"))?;
        page["torrents"].as_array().cloned().ok_or_else(|| format!("no list of torrents: {page}"))
    }

    /// One torrent of a collection as this beacon counts it.
    pub(crate) fn torrent(&self, collection: &str, torrent: &TestTorrent) -> Result<Value, String> {
        let found = self.torrents(collection)?.into_iter().find(|entry| entry["info_hash"] == torrent.info_hash);
        found.ok_or_else(|| format!("{} does not list {}", self.name, torrent.name))
    }

    /// `Ok` when this beacon counts exactly so many copies of each torrent and nobody fetching any.
    pub(crate) fn counts(&self, collection: &str, copies: impl Fn(&str) -> u64) -> Result<(), String> {
        for entry in self.torrents(collection)? {
            let hash = entry["info_hash"].as_str().unwrap_or_default();
            if entry["copies"] != copies(hash) || entry["fetching"] != 0 {
                return Err(format!("{} expects {} copies of {entry}", self.name, copies(hash)));
            }
        }
        Ok(())
    }

    /// How many clients its tracker counts: complete, incomplete, and downloads that were completed.
    pub(crate) fn scrape(&self, torrent: &TestTorrent) -> Result<[u64; 3], String> {
        let escaped: Vec<&str> = (0..20).map(|at| &torrent.info_hash[at * 2..at * 2 + 2]).collect();
        let path = format!("/scrape?info_hash=%{}", escaped.join("%"));
        let answer = request(self.dashboard, "GET", &path, &[], b"").map_err(|error| error.to_string())?;
        let text = answer.text();
        let count = |key: &str| {
            let digits = text.split_once(key)?.1.split_once('e')?.0;
            digits.parse().ok()
        };
        let counts = ["8:completei", "10:incompletei", "10:downloadedi"].map(count);
        let [Some(complete), Some(incomplete), Some(downloaded)] = counts else { return Err(text) };
        Ok([complete, incomplete, downloaded])
    }

    fn config_file(&self) -> PathBuf {
        self.dir.join("beacon.json")
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_beacon"));
        command.args(args).arg("--config").arg(self.config_file()).current_dir(&self.dir);
        forget_settings(&mut command);
        command
    }

    /// `GET` of a path.
    pub(crate) fn fetch(&self, path: &str) -> Result<Value, String> {
        let answer =
            request(self.dashboard, "GET", path, &[], b"").map_err(|error| format!("{}: {error}", self.name))?;
        match answer.status {
            200 => serde_json::from_slice(&answer.body).map_err(|error| error.to_string()),
            status => Err(format!("{} answered {status} to {path}: {}", self.name, answer.text())),
        }
    }
}

/// Takes away variables that are settings, which are the test's own, or the tests' (`BEACON_TEST_...`), which would be unknown.
pub(crate) fn forget_settings(command: &mut Command) {
    for (variable, _) in env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"BEACON_")) {
        if variable != "BEACON_LOG" {
            command.env_remove(variable);
        }
    }
}
