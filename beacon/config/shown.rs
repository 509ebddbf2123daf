//! The settings as people are shown them.

use std::path::{Path, PathBuf};

use super::{ClientKind, ClientSettings, HookTarget, NotifyHook, Secret, Settings, format_duration};
use crate::node::view::Mode;

impl Settings {
    /// Every key with the value that holds, in the order of the example file; secrets are hidden.
    pub fn shown(&self) -> Vec<(&'static str, String)> {
        let mut shown = vec![
            ("name", self.name.clone()),
            ("zone", self.zone.clone()),
            ("listen", self.listen.to_string()),
            ("advertise", list(&self.advertise)),
            ("dashboard", self.dashboard.to_string()),
            ("dashboard_dir", optional(self.dashboard_dir.as_deref().map(path))),
            ("read_only", self.read_only.to_string()),
            ("host_names", list(&self.host_names)),
            ("data_dir", path(&self.data_dir)),
            ("collections_dir", path(&self.collections_dir)),
            ("create_from", paths(&self.create_from)),
            ("neighbors", list(&self.neighbors)),
            ("network_key_file", optional(self.network_key_file.as_deref().map(path))),
            ("stun_servers", list(&self.stun_servers)),
            ("lan_discovery", self.lan_discovery.to_string()),
            ("mode", mode(self.mode).to_owned()),
            ("notify", hooks(&self.notify)),
            ("storage.dir", path(&self.storage.dir)),
            ("storage.budget", self.storage.budget.to_string()),
            ("storage.keep_free", self.storage.keep_free.to_string()),
        ];
        shown.extend(self.client.shown());
        shown.push(("tracker.listen", optional(self.tracker.listen.map(|address| address.to_string()))));
        let timing = &self.timing;
        shown.extend([
            ("timing.heartbeat", format_duration(timing.heartbeat)),
            ("timing.poll", format_duration(timing.poll)),
            ("timing.plan", format_duration(timing.plan)),
            ("timing.repair_delay", format_duration(timing.repair_delay)),
            ("timing.reclaim_delay", format_duration(timing.reclaim_delay)),
            ("reclaim.quarantine", format_duration(self.reclaim.quarantine)),
            ("reclaim.torrents_per_day", self.reclaim.torrents_per_day.to_string()),
            ("reclaim.bytes_per_day", self.reclaim.bytes_per_day.to_string()),
            ("reclaim.margin", self.reclaim.margin.to_string()),
        ]);
        shown
    }
}

impl ClientSettings {
    /// Which type of client it is.
    pub const fn kind(&self) -> ClientKind {
        match self {
            Self::Embedded(_) => ClientKind::Embedded,
            Self::Qbittorrent(_) => ClientKind::Qbittorrent,
        }
    }

    fn shown(&self) -> Vec<(&'static str, String)> {
        let mut shown = vec![("client.type", self.kind().to_string())];
        match self {
            Self::Embedded(client) => shown.extend([
                ("client.listen", client.listen.to_string()),
                ("client.dht", client.dht.to_string()),
                ("client.upload_limit", optional(client.upload_limit.map(|limit| limit.to_string()))),
                ("client.download_limit", optional(client.download_limit.map(|limit| limit.to_string()))),
            ]),
            Self::Qbittorrent(client) => shown.extend([
                ("client.url", client.url.clone()),
                ("client.username", client.username.clone()),
                ("client.password", hidden(Some(&client.password))),
                ("client.password_file", optional(client.password_file.as_deref().map(path))),
                ("client.api_key", hidden(client.api_key.as_ref())),
                ("client.peer_address", optional(client.peer_address.map(|address| address.to_string()))),
            ]),
        }
        shown
    }
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::DryRun => "dry-run",
        Mode::Apply => "apply",
    }
}

fn path(path: &Path) -> String {
    path.display().to_string()
}

fn paths(paths: &[PathBuf]) -> String {
    if paths.is_empty() {
        return "[]".to_owned();
    }
    let paths: Vec<String> = paths.iter().map(|own| path(own)).collect();
    paths.join(", ")
}

fn optional(value: Option<String>) -> String {
    value.unwrap_or_else(|| "null".to_owned())
}

fn hidden(secret: Option<&Secret>) -> String {
    match secret {
        None => "null".to_owned(),
        Some(secret) if secret.is_empty() => String::new(),
        Some(_) => "(hidden)".to_owned(),
    }
}

fn hooks(hooks: &[NotifyHook]) -> String {
    let shown = |hook: &NotifyHook| {
        let way = match hook.target {
            HookTarget::Webhook(_) => "webhook at",
            HookTarget::Command(_) => "command",
        };
        let kinds: Vec<&str> = hook.policy.kinds.iter().map(|kind| kind.word()).collect();
        format!("{}: {way} {} for {}", hook.name, hook.target.shown(), kinds.join(" "))
    };
    if hooks.is_empty() { "[]".to_owned() } else { hooks.iter().map(shown).collect::<Vec<_>>().join("; ") }
}

fn list<T: ToString>(addresses: &[T]) -> String {
    if addresses.is_empty() {
        return "[]".to_owned();
    }
    let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    addresses.join(", ")
}
