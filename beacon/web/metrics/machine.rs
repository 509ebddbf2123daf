//! The figures of the process and of what it serves to pages and clients.

use super::family::{Family, Kind, Unit, known, one};

/// Of the process, in the order in which they are written. Those that begin with `process_` are called as Prometheus'
/// own libraries call them.
pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "beacon_event_streams",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &[],
        help: "Pages that follow this beacon live",
        read: |scrape| one(scrape.streams),
    },
    Family {
        name: "beacon_tracker_torrents",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &[],
        help: "Torrents of which clients announced themselves to this beacon's tracker",
        read: |scrape| one(scrape.tracker.torrents),
    },
    Family {
        name: "beacon_tracker_clients",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &[],
        help: "Clients that announced themselves to this beacon's tracker, once for each torrent",
        read: |scrape| one(scrape.tracker.clients),
    },
    Family {
        name: "process_cpu_seconds",
        kind: Kind::Counter,
        unit: Unit::Seconds,
        labels: &[],
        help: "Processor time that the process has taken",
        read: |scrape| known(scrape.process.cpu_time.map(|time| time.as_secs_f64())),
    },
    Family {
        name: "process_resident_memory_bytes",
        kind: Kind::Gauge,
        unit: Unit::Bytes,
        labels: &[],
        help: "Memory of the process that is resident",
        read: |scrape| known(scrape.process.resident),
    },
    Family {
        name: "process_virtual_memory_bytes",
        kind: Kind::Gauge,
        unit: Unit::Bytes,
        labels: &[],
        help: "Address space of the process",
        read: |scrape| known(scrape.process.address_space),
    },
    Family {
        name: "process_start_time_seconds",
        kind: Kind::Gauge,
        unit: Unit::Seconds,
        labels: &[],
        help: "When the process was started, in seconds since 1970",
        read: |scrape| known(scrape.process.started_s),
    },
    Family {
        name: "process_open_fds",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &[],
        help: "Files and sockets that the process has open",
        read: |scrape| known(scrape.process.open_files),
    },
    Family {
        name: "process_max_fds",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &[],
        help: "Files and sockets that it may have open",
        read: |scrape| known(scrape.process.open_files_max),
    },
    Family {
        name: "process_threads",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &[],
        help: "Threads of the process",
        read: |scrape| known(scrape.process.threads),
    },
];
