//! A real aria2 that fetches one torrent and then serves it.

use std::{fs, net::Ipv4Addr, path::Path, process::Command, time::Duration};

use super::{address::free_port, process::Process, torrent::TestTorrent};

const STOP_TIME_MAX: Duration = Duration::from_secs(30);

/// One instance with a port of its own at every address of this machine, alone with the trackers in its torrent.
#[derive(Debug)]
pub(crate) struct RealAria2 {
    process: Process,
}

impl RealAria2 {
    /// Has it fetch a torrent into `dir`, or serve it where the data is there.
    pub(crate) fn start(dir: &Path, torrent: &TestTorrent) -> Self {
        fs::create_dir_all(dir).expect("a directory");
        let file = dir.join(torrent.file_name());
        fs::write(&file, &torrent.metainfo).expect("a .torrent file");
        let port = free_port(Ipv4Addr::LOCALHOST).port();
        let mut command = Command::new("aria2c");
        command.args(["--no-conf", "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false"]);
        command.args(["--enable-peer-exchange=false", "--seed-ratio=0.0", "--check-integrity=true"]);
        command.arg(format!("--listen-port={port}"));
        command.arg(format!("--dir={}", dir.display())).arg(file).env("HOME", dir).current_dir(dir);
        Self { process: Process::start("aria2c", &mut command, dir.join("output.log")) }
    }

    /// Stops it as its user does. At SIGTERM it would not take leave of its trackers.
    pub(crate) fn stop(self) {
        self.process.interrupt(STOP_TIME_MAX);
    }
}
