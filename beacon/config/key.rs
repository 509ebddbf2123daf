//! Every key of the configuration.

use std::fmt;

/// One key of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its path in the file, with a dot between object and key.
    pub path: &'static str,
    /// The client type to which it belongs; `None` where it is for all.
    pub client: Option<ClientKind>,
}

/// The types of clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientKind {
    /// The engine within the beacon.
    Embedded,
    /// A qBittorrent beside it.
    Qbittorrent,
}

impl ClientKind {
    /// Every type.
    pub const ALL: [Self; 2] = [Self::Embedded, Self::Qbittorrent];

    /// The word for it in the file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Qbittorrent => "qbittorrent",
        }
    }
}

impl fmt::Display for ClientKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

const fn key(path: &'static str) -> Key {
    Key { path, client: None }
}

const fn client_key(path: &'static str, kind: ClientKind) -> Key {
    Key { path, client: Some(kind) }
}

/// Every key, in the order of the example file.
pub const KEYS: &[Key] = &[
    key("name"),
    key("zone"),
    key("listen"),
    key("advertise"),
    key("dashboard"),
    key("dashboard_dir"),
    key("read_only"),
    key("host_names"),
    key("data_dir"),
    key("collections_dir"),
    key("create_from"),
    key("neighbors"),
    key("network_key_file"),
    key("stun_servers"),
    key("lan_discovery"),
    key("mode"),
    key("notify"),
    key("storage.dir"),
    key("storage.budget"),
    key("storage.keep_free"),
    key("client.type"),
    client_key("client.listen", ClientKind::Embedded),
    client_key("client.dht", ClientKind::Embedded),
    client_key("client.upload_limit", ClientKind::Embedded),
    client_key("client.download_limit", ClientKind::Embedded),
    client_key("client.url", ClientKind::Qbittorrent),
    client_key("client.username", ClientKind::Qbittorrent),
    client_key("client.password", ClientKind::Qbittorrent),
    client_key("client.password_file", ClientKind::Qbittorrent),
    client_key("client.api_key", ClientKind::Qbittorrent),
    client_key("client.peer_address", ClientKind::Qbittorrent),
    key("tracker.listen"),
    key("timing.heartbeat"),
    key("timing.poll"),
    key("timing.plan"),
    key("timing.repair_delay"),
    key("timing.reclaim_delay"),
    key("reclaim.quarantine"),
    key("reclaim.torrents_per_day"),
    key("reclaim.bytes_per_day"),
    key("reclaim.margin"),
];

impl Key {
    /// The key with this path.
    pub fn find(path: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.path == path)
    }

    /// The object in which it stands, and its own name.
    pub fn parts(&self) -> (Option<&'static str>, &'static str) {
        match self.path.split_once('.') {
            Some((section, name)) => (Some(section), name),
            None => (None, self.path),
        }
    }

    /// The environment variable that sets it.
    pub fn variable(&self) -> String {
        format!("{VARIABLE_PREFIX}{}", self.path.replace('.', "__").to_uppercase())
    }
}

/// What the names of all variables begin with.
pub(super) const VARIABLE_PREFIX: &str = "BEACON_";

/// Variables with that beginning that are no keys: the path of the file, and what is logged.
pub(super) const OTHER_VARIABLES: [&str; 2] = ["BEACON_CONFIG", "BEACON_LOG"];

/// What the variables begin with that a hook's command is given, and that it hands on to whatever beacon it asks.
pub(super) const EVENT_VARIABLES: &str = "BEACON_EVENT";

/// The objects within the file.
pub(super) const SECTIONS: [&str; 5] = ["storage", "client", "tracker", "timing", "reclaim"];

/// The names that may stand in the object `section`, or at the top where it is `None`.
pub(super) fn names_in(section: Option<&str>) -> Vec<&'static str> {
    let own = KEYS.iter().map(Key::parts).filter(|(of, _)| *of == section).map(|(_, name)| name);
    let sections = SECTIONS.into_iter().filter(|_| section.is_none());
    own.chain(sections).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_named_after_their_keys() {
        assert_eq!(Key::find("client.password").expect("a key").variable(), "BEACON_CLIENT__PASSWORD");
        assert_eq!(Key::find("data_dir").expect("a key").variable(), "BEACON_DATA_DIR");
        assert_eq!(names_in(Some("storage")), ["dir", "budget", "keep_free"]);
        assert!(names_in(None).contains(&"timing"));
    }
}
