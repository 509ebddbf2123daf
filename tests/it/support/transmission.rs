//! A real Transmission that fetches torrents and then serves them.

use std::{fs, net::Ipv4Addr, path::Path, process::Command};

use serde_json::json;

use super::{address::free_port, process::Process, torrent::TestTorrent};

/// One instance with an address and a port of its own, alone with the trackers in its torrents.
#[derive(Debug)]
pub(crate) struct RealTransmission {
    _process: Process,
}

impl RealTransmission {
    /// Has it fetch a torrent into `dir`, or serve it where the data is there. It connects to no loopback address, so `ip` must be another of this machine's.
    pub(crate) fn start(ip: Ipv4Addr, dir: &Path, torrent: &TestTorrent) -> Self {
        let (config, watched) = (dir.join("config"), dir.join("watched"));
        for made in [&config, &watched] {
            fs::create_dir_all(made).expect("a directory");
        }
        let settings = json!({
            "bind-address-ipv4": ip.to_string(),
            "dht-enabled": false,
            "download-dir": dir,
            "lpd-enabled": false,
            "peer-port": free_port(ip).port(),
            "pex-enabled": false,
            "port-forwarding-enabled": false,
            "rpc-enabled": false,
            "utp-enabled": false,
            "watch-dir": watched,
            "watch-dir-enabled": true
        });
        fs::write(config.join("settings.json"), settings.to_string()).expect("a settings file");
        fs::write(watched.join(torrent.file_name()), &torrent.metainfo).expect("a .torrent file");
        let mut command = Command::new("transmission-daemon");
        command.args(["--foreground", "--log-info", "--config-dir"]).arg(config).env("HOME", dir).current_dir(dir);
        Self { _process: Process::start("transmission-daemon", &mut command, dir.join("output.log")) }
    }
}
