//! Other processes: uploaders, and what a process has cost.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use crate::uploader;

/// Uploaders in one process, which ends with this value.
pub(crate) struct Uploaders {
    pub(crate) name: &'static str,
    pub(crate) addresses: Vec<SocketAddr>,
    _process: Talker,
}

/// A process that is told things, and answers with words on lines of their own.
pub(crate) struct Talker {
    child: Child,
    answers: BufReader<ChildStdout>,
}

/// Shares a file by libtorrent, which is told that it is complete.
const LIBTORRENT: &str = r#"
import sys, libtorrent as lt
directory, addresses = sys.argv[1], sys.argv[2:]
sessions = []
for address in addresses:
    session = lt.session({"listen_interfaces": address, "enable_dht": False, "enable_lsd": False, "enable_upnp": False,
        "enable_natpmp": False, "allow_multiple_connections_per_ip": True})
    wanted = lt.add_torrent_params()
    wanted.ti = lt.torrent_info(directory + "/source.torrent")
    wanted.save_path = directory + "/source"
    wanted.flags = lt.torrent_flags.seed_mode
    sessions.append((session, session.add_torrent(wanted)))
print("ready", flush=True)
sys.stdin.read()
"#;

/// Clock ticks of `/proc/PID/stat` in a second, on every Linux there is.
const TICKS: u64 = 100;

impl Uploaders {
    /// Starts them, and waits until they can be asked.
    pub(crate) fn start(kind: &str, dir: &Path, count: usize) -> Self {
        let addresses: Vec<SocketAddr> = (0..count).map(uploader).collect();
        let (name, mut command) = match kind {
            "beacon" => {
                let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
                command.arg("--upload").arg(dir).arg(count.to_string());
                ("embedded clients", command)
            }
            "libtorrent" => {
                // Debian's own Python: that is the one which has Debian's libtorrent.
                let mut command = Command::new("/usr/bin/python3");
                command.args(["-c", LIBTORRENT]).arg(dir).args(addresses.iter().map(SocketAddr::to_string));
                ("libtorrent", command)
            }
            other => panic!("uploaders are `beacon` or `libtorrent`, not `{other}`"),
        };
        let mut process = Talker::start(&mut command);
        process.wait_for("ready");
        Self { name, addresses, _process: process }
    }
}

impl Talker {
    pub(crate) fn start(command: &mut Command) -> Self {
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let answers = BufReader::new(child.stdout.take().expect("piped"));
        Self { child, answers }
    }

    pub(crate) fn wait_for(&mut self, word: &str) {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("text");
        assert_eq!(line.trim(), word, "it did not answer as it should");
    }

    pub(crate) fn tell(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().expect("piped"), "{line}").expect("it listens");
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Talker {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The processor time of a process and its threads so far.
pub(crate) fn processor_time(id: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 1_000 / TICKS)
}
