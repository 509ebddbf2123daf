//! The clients that fetch, each driven as its own users do: by the program's own remote control.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::{
    DOWNLOADER, LOOK, PORT,
    processes::{Talker, processor_time},
    web::{Answer, request},
};

/// A client that is compared, in the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Program {
    Beacon,
    Aria2,
    Transmission,
    QBittorrent,
}

/// A client that is up, and knows of no torrent but what it is told of.
pub(crate) enum Client {
    /// The embedded client, which says by itself when it is done.
    Embedded { process: Talker },
    /// A program with a remote control over HTTP.
    Remote { program: Program, child: Running, control: SocketAddr, dir: PathBuf, session: String },
}

/// A program that ends with this value, also where the comparison breaks off.
pub(crate) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail where it has ended already, which is as good.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// How long a program may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(30);

impl Program {
    const ALL: [Self; 4] = [Self::Beacon, Self::Aria2, Self::Transmission, Self::QBittorrent];

    /// Those that are here, and what is not and how to get it.
    pub(crate) fn all(only: Option<&str>) -> (Vec<Self>, Vec<String>) {
        let wanted = Self::ALL.into_iter().filter(|program| only.is_none_or(|name| program.name().contains(name)));
        let (here, not): (Vec<Self>, Vec<Self>) = wanted.partition(|program| {
            let Some((command, _)) = program.source() else { return true };
            Command::new(command).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
        });
        let missing = not.iter().filter_map(|program| {
            let (command, package) = program.source()?;
            Some(format!("`{command}` (apt-get install {package})"))
        });
        (here, missing.collect())
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Beacon => "beacon, embedded client",
            Self::Aria2 => "aria2",
            Self::Transmission => "transmission",
            Self::QBittorrent => "qbittorrent",
        }
    }

    /// The command and the package of Debian that it is in.
    fn source(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Beacon => None,
            Self::Aria2 => Some(("aria2c", "aria2")),
            Self::Transmission => Some(("transmission-daemon", "transmission-daemon")),
            Self::QBittorrent => Some(("qbittorrent-nox", "qbittorrent-nox")),
        }
    }

    /// Starts it in an empty directory and waits until it answers.
    pub(crate) fn start(self, dir: &Path) -> Client {
        fs::create_dir_all(dir.join("files")).expect("made");
        let control = free_port();
        let mut command = match self {
            Self::Beacon => {
                let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
                let mut process = Talker::start(command.arg("--download").arg(dir));
                process.wait_for("ready");
                return Client::Embedded { process };
            }
            Self::Aria2 => aria2(dir, control),
            Self::Transmission => transmission(dir, control),
            Self::QBittorrent => qbittorrent(dir, control),
        };
        let log = fs::File::create(dir.join("log")).expect("a log");
        let copy = log.try_clone().expect("a second handle");
        command.env("HOME", dir).stdin(Stdio::null()).stdout(log).stderr(copy);
        let child = Running(command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}")));
        let mut client = Client::Remote { program: self, child, control, dir: dir.to_owned(), session: String::new() };
        let began = Instant::now();
        while client.look().is_err() {
            assert!(began.elapsed() < PATIENCE, "{} does not answer", self.name());
            thread::sleep(LOOK);
        }
        client
    }
}

impl Client {
    /// Tells it of the torrent, which is in a file too.
    pub(crate) fn add(&mut self, file: &Path, torrent: &[u8]) {
        let (program, control, files, session) = match self {
            Self::Embedded { process } => return process.tell(file.to_str().expect("text")),
            Self::Remote { program, control, dir, session, .. } => (*program, *control, dir.join("files"), session),
        };
        let encoded = BASE64.encode(torrent);
        let answer = match program {
            Program::Aria2 => rpc(control, session, "/jsonrpc", &aria2_call("aria2.addTorrent", &json!([encoded]))),
            Program::Transmission => {
                let arguments = json!({ "metainfo": encoded, "download-dir": files });
                rpc(control, session, RPC, &json!({ "method": "torrent-add", "arguments": arguments }))
            }
            Program::QBittorrent => {
                let kind = format!("multipart/form-data; boundary={BOUNDARY}");
                let body = qbittorrent_form(&files, torrent);
                ask(control, "POST", "/api/v2/torrents/add", &[("Content-Type", &kind)], &body).map(|_| Value::Null)
            }
            Program::Beacon => unreachable!("it has no remote control"),
        };
        answer.unwrap_or_else(|error| panic!("{} does not take the torrent: {error}", program.name()));
    }

    /// Whether everything has come and was checked.
    pub(crate) fn is_done(&mut self) -> bool {
        if let Self::Embedded { process } = self {
            process.wait_for("done");
            return true;
        }
        self.look().unwrap_or_else(|error| panic!("it does not say how far it is: {error}"))
    }

    /// Whether it has a torrent that is complete; fails while it does not answer.
    fn look(&mut self) -> Result<bool, String> {
        let Self::Remote { program, control, session, .. } = self else { return Ok(false) };
        match program {
            Program::Aria2 => {
                let keys = json!(["totalLength", "completedLength"]);
                let active = rpc(*control, session, "/jsonrpc", &aria2_call("aria2.tellActive", &json!([keys])))?;
                let torrent = &active["result"][0];
                Ok(torrent["completedLength"] == torrent["totalLength"]
                    && torrent["totalLength"].as_str().is_some_and(|length| length != "0"))
            }
            Program::Transmission => {
                let arguments = json!({ "fields": ["leftUntilDone", "sizeWhenDone", "percentDone"] });
                let told = rpc(*control, session, RPC, &json!({ "method": "torrent-get", "arguments": arguments }))?;
                let torrent = &told["arguments"]["torrents"][0];
                Ok(torrent["leftUntilDone"] == 0 && torrent["sizeWhenDone"].as_u64().is_some_and(|size| size > 0))
            }
            Program::QBittorrent => {
                let told = ask(*control, "GET", "/api/v2/torrents/info", &[], b"")?;
                let told: Value = serde_json::from_slice(&told.body).map_err(|error| error.to_string())?;
                let state = told[0]["state"].as_str().unwrap_or_default();
                Ok(told[0]["amount_left"] == 0 && matches!(state, "uploading" | "stalledUP" | "queuedUP" | "forcedUP"))
            }
            Program::Beacon => Ok(false),
        }
    }

    /// What it has cost so far.
    pub(crate) fn processor_time(&self) -> Duration {
        processor_time(match self {
            Self::Embedded { process } => process.id(),
            Self::Remote { child, .. } => child.0.id(),
        })
    }

    /// Ends it as a user does, so that it writes what it still has in memory.
    pub(crate) fn stop(self) {
        let Self::Remote { mut child, program, .. } = self else { return };
        let told = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &child.0.id().to_string()]).status();
        assert!(told.is_ok_and(|status| status.success()), "{} is not running", program.name());
        let began = Instant::now();
        while child.0.try_wait().expect("a child").is_none() {
            if began.elapsed() > PATIENCE {
                child.0.kill().expect("it runs");
            }
            thread::sleep(LOOK);
        }
    }
}

const RPC: &str = "/transmission/rpc";
const BOUNDARY: &str = "a-boundary-that-no-torrent-has";

fn aria2(dir: &Path, control: SocketAddr) -> Command {
    let mut command = Command::new("aria2c");
    command.args(["--no-conf", "--quiet", "--enable-rpc", "--file-allocation=none", "--enable-dht=false"]);
    command.args(["--enable-dht6=false", "--bt-enable-lpd=false", "--enable-peer-exchange=false"]);
    command.arg("--seed-ratio=0").arg(format!("--listen-port={PORT}"));
    command.arg(format!("--rpc-listen-port={}", control.port())).arg(format!("--dir={}", dir.join("files").display()));
    command
}

fn aria2_call(method: &str, params: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": "1", "method": method, "params": params })
}

fn transmission(dir: &Path, control: SocketAddr) -> Command {
    let settings = json!({
        "rpc-enabled": true,
        "rpc-port": control.port(),
        "rpc-bind-address": "127.0.0.1",
        "rpc-authentication-required": false,
        "dht-enabled": false,
        "lpd-enabled": false,
        "pex-enabled": false,
        "utp-enabled": false,
        "port-forwarding-enabled": false,
        "encryption": 0,
        "peer-port": PORT,
        "bind-address-ipv4": DOWNLOADER.to_string(),
        "download-dir": dir.join("files"),
    });
    fs::write(dir.join("settings.json"), settings.to_string()).expect("written");
    let mut command = Command::new("transmission-daemon");
    command.arg("--foreground").arg("--config-dir").arg(dir);
    command
}

fn qbittorrent(dir: &Path, control: SocketAddr) -> Command {
    let config = dir.join("qBittorrent/config");
    fs::create_dir_all(&config).expect("made");
    // Its answers are as old as the refresh interval, which would otherwise be a second and a half.
    let settings = format!(
        "[LegalNotice]\nAccepted=true\n[BitTorrent]\nSession\\Port={PORT}\nSession\\DHTEnabled=false\n\
         Session\\LSDEnabled=false\nSession\\PeXEnabled=false\nSession\\Encryption=2\nSession\\Interface=lo\n\
         Session\\InterfaceAddress={DOWNLOADER}\nSession\\QueueingSystemEnabled=false\n\
         Session\\MultiConnectionsPerIp=true\nSession\\RefreshInterval=20\n[Network]\nPortForwardingEnabled=false\n\
         [Preferences]\nWebUI\\Port={}\nWebUI\\Address=127.0.0.1\nWebUI\\LocalHostAuth=false\n",
        control.port()
    );
    fs::write(config.join("qBittorrent.conf"), settings).expect("written");
    let mut command = Command::new("qbittorrent-nox");
    command.arg(format!("--profile={}", dir.display()));
    command
}

fn qbittorrent_form(files: &Path, torrent: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"savepath\"\r\n\r\n{}\r\n\
         --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"torrents\"; filename=\"a.torrent\"\r\n\
         Content-Type: application/x-bittorrent\r\n\r\n",
        files.display()
    );
    [head.as_bytes(), torrent, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}

/// Asks once; Transmission first says which session it wants to hear of.
fn rpc(control: SocketAddr, session: &mut String, path: &str, call: &Value) -> Result<Value, String> {
    let body = call.to_string();
    let send = |session: &str| {
        let headers = [("Content-Type", "application/json"), (SESSION, session)];
        request(control, "POST", path, &headers, body.as_bytes()).map_err(|error| error.to_string())
    };
    let mut answer = send(session)?;
    if answer.status == 409 {
        answer.header(&SESSION.to_ascii_lowercase()).unwrap_or_default().clone_into(session);
        answer = send(session)?;
    }
    let told: Value = serde_json::from_slice(&good(answer)?.body).map_err(|error| error.to_string())?;
    let has_failed = told.get("result").is_some_and(|result| result.is_string() && path == RPC && result != "success");
    if has_failed || told.get("error").is_some() { Err(told.to_string()) } else { Ok(told) }
}

const SESSION: &str = "X-Transmission-Session-Id";

fn ask(control: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer, String> {
    request(control, method, path, headers, body).map_err(|error| error.to_string()).and_then(good)
}

fn good(answer: Answer) -> Result<Answer, String> {
    if answer.status == 200 { Ok(answer) } else { Err(format!("{}: {}", answer.status, answer.text())) }
}

fn free_port() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address")
}
