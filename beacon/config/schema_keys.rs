//! What each key of the configuration is: its type, its default, and what it is for.

/// What a key is.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyDoc {
    /// Its path, as in [`super::KEYS`].
    pub(super) path: &'static str,
    pub(super) kind: ValueKind,
    /// The default as JSON; `None` where it depends on something, which `text` then says.
    pub(super) default: Option<&'static str>,
    /// What it is for, in sentences.
    pub(super) text: &'static str,
}

/// What a value can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueKind {
    /// Any text.
    Text,
    /// A text, or `null` for none.
    TextOrNull,
    /// A path.
    Path,
    /// A path, or `null` for none.
    PathOrNull,
    /// A list of paths.
    Paths,
    /// An address of this machine with a port, such as `0.0.0.0:9000`.
    Address,
    /// The same, or `null` for none.
    AddressOrNull,
    /// Addresses of others, such as `example.org:9000` or `ID@198.51.100.7:9000`.
    Addresses,
    /// A list of texts.
    Texts,
    /// `true` or `false`.
    Flag,
    /// One of several words.
    Word(&'static [&'static str]),
    /// A size such as `500 GB`, or bytes.
    Size,
    /// The same, or `null` for no limit.
    SizeOrNull,
    /// A duration such as `1h 30m`.
    Duration,
    /// A list of hooks.
    Hooks,
    /// A whole number up to this one.
    Count(u64),
}

const fn doc(path: &'static str, kind: ValueKind, default: Option<&'static str>, text: &'static str) -> KeyDoc {
    KeyDoc { path, kind, default, text }
}

/// What each key is, in the order of [`super::KEYS`].
pub(super) const KEY_DOCS: &[KeyDoc] = &[
    doc(
        "name",
        ValueKind::Text,
        None,
        "What this beacon calls itself to others, at most 64 bytes. Default: the name of the machine.",
    ),
    doc(
        "zone",
        ValueKind::Text,
        Some("\"\""),
        "Whose fate it shares, such as a house or a provider: copies in one zone may be lost together. Empty where unsaid.",
    ),
    doc(
        "listen",
        ValueKind::Address,
        Some("\"0.0.0.0:9000\""),
        "The UDP address on which it listens for other beacons; port 0 lets the system choose.",
    ),
    doc(
        "advertise",
        ValueKind::Addresses,
        Some("[]"),
        "Addresses to tell others beside those that it finds out, such as that of a forwarded port.",
    ),
    doc(
        "dashboard",
        ValueKind::Address,
        Some("\"127.0.0.1:9001\""),
        "The TCP address of the page and the API. Whoever reaches it can read everything; orders need the token.",
    ),
    doc(
        "dashboard_dir",
        ValueKind::PathOrNull,
        Some("null"),
        "A directory from which the page's files are read each time, for people who change them; null serves those within the program.",
    ),
    doc(
        "read_only",
        ValueKind::Flag,
        Some("false"),
        "Whether nothing can be ordered through the page and the API, whoever asks.",
    ),
    doc(
        "host_names",
        ValueKind::Texts,
        Some("[]"),
        "Names by which the page may be called beside localhost and any IP address.",
    ),
    doc(
        "data_dir",
        ValueKind::Path,
        Some("\"beacon-data\""),
        "Where the beacon keeps its identity, its token and its database. Paths start from the directory of the configuration file.",
    ),
    doc(
        "collections_dir",
        ValueKind::Path,
        Some("\"collections\""),
        "Where the collection files are. They may be edited while the beacon runs.",
    ),
    doc(
        "create_from",
        ValueKind::Paths,
        Some("[]"),
        "Directories of whose content torrents may be made through the page and the API; none switches that off.",
    ),
    doc(
        "neighbors",
        ValueKind::Addresses,
        Some("[]"),
        "Beacons to connect to at the start; one is enough, the others are learnt from it.",
    ),
    doc(
        "network_key_file",
        ValueKind::PathOrNull,
        Some("null"),
        "The file with the key that all beacons of a closed network share; null for an open one.",
    ),
    doc(
        "stun_servers",
        ValueKind::Addresses,
        Some("[\"stun.l.google.com:19302\", \"stun.cloudflare.com:3478\"]"),
        "Servers to ask for the outside address; an empty list asks nobody.",
    ),
    doc(
        "lan_discovery",
        ValueKind::Flag,
        Some("true"),
        "Whether to look for beacons on the local network, and to be found there.",
    ),
    doc(
        "mode",
        ValueKind::Word(&["dry-run", "apply"]),
        None,
        "Whether the plan is carried out or only shown. Default: apply with the client within, dry-run with qBittorrent.",
    ),
    doc(
        "notify",
        ValueKind::Hooks,
        Some("[]"),
        "Whom to tell when something is the matter: URLs and programs. docs/NOTIFICATIONS.md explains them.",
    ),
    doc(
        "storage.dir",
        ValueKind::Path,
        Some("\"beacon-data/torrents\""),
        "Where the client puts the torrents that the beacon adds; it has to mean the same directory to the client.",
    ),
    doc(
        "storage.budget",
        ValueKind::Size,
        Some("\"500 GB\""),
        "The most that the beacon may hold; with 0 it fetches nothing.",
    ),
    doc(
        "storage.keep_free",
        ValueKind::Size,
        Some("\"10 GB\""),
        "What stays free on the volume whatever the budget says.",
    ),
    doc(
        "client.type",
        ValueKind::Word(&["embedded", "qbittorrent"]),
        Some("\"embedded\""),
        "The BitTorrent client: the one within, or a qBittorrent beside it.",
    ),
    doc(
        "client.listen",
        ValueKind::Address,
        Some("\"0.0.0.0:6881\""),
        "The TCP address for BitTorrent peers; port 0 lets the system choose anew at each start.",
    ),
    doc(
        "client.dht",
        ValueKind::Flag,
        Some("true"),
        "Whether peers are looked for in the DHT, where a torrent is not private.",
    ),
    doc(
        "client.upload_limit",
        ValueKind::SizeOrNull,
        Some("null"),
        "The most that is sent in a second, all torrents together; null or 0 is no limit.",
    ),
    doc(
        "client.download_limit",
        ValueKind::SizeOrNull,
        Some("null"),
        "The most that is received in a second, all torrents together; null or 0 is no limit.",
    ),
    doc("client.url", ValueKind::Text, Some("\"http://127.0.0.1:8080\""), "The address of qBittorrent's Web UI."),
    doc("client.username", ValueKind::Text, Some("\"\""), "The user of the Web UI; empty where it asks for none."),
    doc("client.password", ValueKind::Text, Some("\"\""), "The password of the Web UI; better kept in password_file."),
    doc(
        "client.password_file",
        ValueKind::PathOrNull,
        Some("null"),
        "A file that holds the password and nothing else.",
    ),
    doc("client.api_key", ValueKind::TextOrNull, Some("null"), "An API key, used instead of user and password."),
    doc(
        "client.peer_address",
        ValueKind::AddressOrNull,
        Some("null"),
        "What other clients are told to connect to, where that is not what qBittorrent says.",
    ),
    doc(
        "tracker.listen",
        ValueKind::AddressOrNull,
        Some("null"),
        "A TCP address where everyone may ask the tracker; null leaves it to clients of this machine, at the page's address.",
    ),
    doc("timing.heartbeat", ValueKind::Duration, Some("\"60s\""), "Between two signs of life, 100 ms to 1 h."),
    doc("timing.poll", ValueKind::Duration, Some("\"5s\""), "Between two questions to the client, 100 ms to 1 h."),
    doc("timing.plan", ValueKind::Duration, Some("\"15s\""), "Between two plans, 100 ms to 1 h."),
    doc(
        "timing.repair_delay",
        ValueKind::Duration,
        Some("\"21d\""),
        "How long a beacon may be away before its copies are replaced, where all others are there; up to a year.",
    ),
    doc(
        "timing.reclaim_delay",
        ValueKind::Duration,
        Some("\"1d\""),
        "How long a surplus must have stood before it is deleted; up to a year.",
    ),
    doc(
        "reclaim.quarantine",
        ValueKind::Duration,
        Some("\"1d\""),
        "For how long a torrent is only stopped in the client before its files go; up to a year.",
    ),
    doc(
        "reclaim.torrents_per_day",
        ValueKind::Count(u32::MAX as u64),
        Some("100"),
        "The most torrents that are deleted in 24 hours; with 0 no surplus is.",
    ),
    doc("reclaim.bytes_per_day", ValueKind::Size, Some("\"500 GB\""), "The most bytes that are deleted in 24 hours."),
    doc(
        "reclaim.margin",
        ValueKind::Count(u16::MAX as u64),
        Some("0"),
        "How many more holders than the target must grant a deletion: as many may lie as this.",
    ),
];
