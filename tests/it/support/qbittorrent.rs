//! A real qBittorrent of its own, for one test.

use std::{
    env, fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use serde_json::{Value, json};

use super::{
    address::{free_port, own_loopback},
    process::Process,
    qbittorrent_api::QbtApi,
    wait::until,
};

/// The password of an instance that wants one; the user is `admin`.
pub(crate) const PASSWORD: &str = "correct horse";

/// PBKDF2-HMAC-SHA-512 of [`PASSWORD`], 100,000 rounds, as qBittorrent keeps it: salt and hash.
const PASSWORD_HASH: &str = "@ByteArray(AAECAwQFBgcICQoLDA0ODw==:Cydfp1z9RwhFbZBlUPGEUbm90YYIzLkDEOiu/l8ZkFWdvi9oLM8GozOKTYJ8WKZJkm3CNbSBItnsIxvYurqNAw==)";

const START_TIME_MAX: Duration = Duration::from_mins(1);
const STOP_TIME_MAX: Duration = Duration::from_secs(30);

/// Which qBittorrent: what two Debian releases ship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QbtVersion {
    /// 4.5.2, from bookworm: installed, or in a tree.
    Bookworm452,
    /// 5.1.0, from trixie: in a tree.
    Trixie510,
}

/// One instance with its own profile, loopback address and ports, which it keeps when it is started again.
#[derive(Debug)]
pub(crate) struct RealQbittorrent {
    version: QbtVersion,
    dir: PathBuf,
    web: SocketAddr,
    peer: SocketAddr,
    api: QbtApi,
    wants_password: bool,
    process: Option<Process>,
}

impl RealQbittorrent {
    /// Starts an instance that lets everyone on this machine in.
    pub(crate) fn start(version: QbtVersion, dir: &Path) -> Self {
        Self::start_with(version, dir, false)
    }

    /// Starts an instance that wants the user `admin` and [`PASSWORD`].
    pub(crate) fn start_with_password(version: QbtVersion, dir: &Path) -> Self {
        Self::start_with(version, dir, true)
    }

    fn start_with(version: QbtVersion, dir: &Path, wants_password: bool) -> Self {
        let web = free_port(Ipv4Addr::LOCALHOST);
        let peer = free_port(own_loopback());
        let api = QbtApi::new(web);
        let dir = dir.to_owned();
        let mut instance = Self { version, dir, web, peer, api, wants_password, process: None };
        let config_dir = instance.dir.join("qBittorrent/config");
        fs::create_dir_all(&config_dir).expect("a profile directory");
        fs::write(config_dir.join("qBittorrent.conf"), instance.settings()).expect("a settings file");
        instance.start_again();
        instance
    }

    /// Starts it once more after it was stopped or killed.
    pub(crate) fn start_again(&mut self) {
        assert!(self.process.is_none(), "it runs already");
        let mut command = program(self.version);
        command.arg(format!("--profile={}", self.dir.display())).arg(format!("--webui-port={}", self.web.port()));
        command.env("HOME", &self.dir).current_dir(&self.dir);
        let mut process = Process::start("qbittorrent-nox", &mut command, self.dir.join("output.log"));
        let version = until("qBittorrent answers", START_TIME_MAX, || {
            if let Some(status) = process.ended() {
                panic!("qBittorrent ended with {status} instead of answering; {}", process.log_tail());
            }
            if self.wants_password {
                self.api.log_in("admin", PASSWORD)?;
            }
            self.api.version()
        });
        let expected = match self.version {
            QbtVersion::Bookworm452 => "v4.5.",
            QbtVersion::Trixie510 => "v5.1.",
        };
        assert!(
            version.starts_with(expected),
            "this is qBittorrent {version}, not {expected}*; run the tests by tests/run"
        );
        self.process = Some(process);
    }

    /// Kills it without giving it any chance to save.
    pub(crate) fn kill9(&mut self) {
        self.process.take().expect("a running client").kill9();
    }

    /// Stops it as its user does.
    pub(crate) fn stop(&mut self) {
        self.process.take().expect("a running client").terminate(STOP_TIME_MAX);
    }

    /// Its web API.
    pub(crate) fn api(&self) -> &QbtApi {
        &self.api
    }

    /// The `client` part of the configuration of a beacon beside it.
    pub(crate) fn config(&self) -> Value {
        let url = format!("http://{}", self.web);
        json!({ "type": "qbittorrent", "url": url, "peer_address": self.peer.to_string() })
    }

    /// Alone with what it is told: no tracker, DHT or exchange, so that only what beacons say joins clients.
    fn settings(&self) -> String {
        let login = if self.wants_password {
            format!("WebUI\\LocalHostAuth=true\nWebUI\\Password_PBKDF2=\"{PASSWORD_HASH}\"\n")
        } else {
            "WebUI\\LocalHostAuth=false\n".to_owned()
        };
        format!(
            "[LegalNotice]\nAccepted=true\n\
             [BitTorrent]\n\
             Session\\Port={}\n\
             Session\\DHTEnabled=false\n\
             Session\\LSDEnabled=false\n\
             Session\\PeXEnabled=false\n\
             Session\\Interface=lo\n\
             Session\\InterfaceAddress={}\n\
             Session\\MultiConnectionsPerIp=true\n\
             Session\\QueueingSystemEnabled=false\n\
             [Preferences]\n\
             WebUI\\Port={}\n\
             WebUI\\Address=127.0.0.1\n\
             {login}",
            self.peer.port(),
            self.peer.ip(),
            self.web.port(),
        )
    }
}

fn program(version: QbtVersion) -> Command {
    match version {
        QbtVersion::Bookworm452 => tree("BEACON_TEST_BOOKWORM", "bookworm")
            .map_or_else(|| Command::new("qbittorrent-nox"), |tree| in_tree(&tree)),
        QbtVersion::Trixie510 => match tree("BEACON_TEST_TRIXIE", "trixie") {
            Some(tree) => in_tree(&tree),
            None => panic!("there is no Debian trixie with qbittorrent-nox; run tests/run, which makes one"),
        },
    }
}

/// The tree that a variable names, or else the one that `tests/run` has made before.
fn tree(variable: &str, suite: &str) -> Option<PathBuf> {
    let made = || Path::new(env!("CARGO_TARGET_TMPDIR")).parent().map(|target| target.join(suite));
    env::var_os(variable).map(PathBuf::from).or_else(|| made().filter(|tree| tree.exists()))
}

/// Runs the program of another Debian with that Debian's own loader and libraries. Unlike chroot it needs no root, and
/// paths mean the same to the program and to everyone else.
fn in_tree(tree: &Path) -> Command {
    let below = |dir: &str, matches: &dyn Fn(&str) -> bool| -> PathBuf {
        let entries = fs::read_dir(tree.join(dir)).unwrap_or_else(|error| panic!("{}/{dir}: {error}", tree.display()));
        let mut names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let name = names.find(|name| matches(name));
        tree.join(dir).join(name.unwrap_or_else(|| panic!("{}/{dir} is incomplete", tree.display())))
    };
    let libraries = below("usr/lib", &|name| name.ends_with("-linux-gnu"));
    let triplet = libraries.file_name().expect("a name").to_string_lossy().into_owned();
    let loader = below(&format!("usr/lib/{triplet}"), &|name| name.starts_with("ld-linux"));
    let path = format!("{0}:{0}/libproxy", libraries.display());
    let mut command = Command::new(loader);
    command.arg("--library-path").arg(path).arg(tree.join("usr/bin/qbittorrent-nox"));
    command.env("QT_PLUGIN_PATH", libraries.join("qt6/plugins"));
    command
}
