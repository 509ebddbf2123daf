//! The figures of the archive and of the network that keeps it.

use super::{
    family::{Family, Kind, Sample, Unit, labelled, one},
    scrape::{CollectionFigures, Scrape},
};
use crate::node::view::{Liveness, Standing};

/// Of the archive and the network, in the order in which they are written.
pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "beacon_torrents",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &["collection", "standing"],
        help: "Torrents of a collection by how their copies stand to what is wanted: missing (none), under, met or over",
        read: |scrape| {
            let series = |(name, figures): &(String, CollectionFigures)| {
                let torrents = Standing::ALL.into_iter().zip(figures.torrents);
                torrents.map(|(standing, count)| labelled([name, standing.word()], count)).collect::<Vec<_>>()
            };
            scrape.collections.iter().flat_map(series).collect()
        },
    },
    Family {
        name: "beacon_copies_min",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &["collection"],
        help: "Copies of the torrent of a collection that has fewest",
        read: |scrape| {
            let copies = |(name, figures): &(String, CollectionFigures)| {
                figures.copies_min.map(|copies| labelled([name], copies))
            };
            scrape.collections.iter().filter_map(copies).collect()
        },
    },
    Family {
        name: "beacon_collection_bytes",
        kind: Kind::Gauge,
        unit: Unit::Bytes,
        labels: &["collection"],
        help: "Size of all torrents of a collection, once each, as far as their sizes are known",
        read: |scrape| by_collection(scrape, |figures| figures.bytes_total),
    },
    Family {
        name: "beacon_collection_here_bytes",
        kind: Kind::Gauge,
        unit: Unit::Bytes,
        labels: &["collection"],
        help: "Size of those torrents of a collection that are complete in the client of this beacon",
        read: |scrape| by_collection(scrape, |figures| figures.bytes_here),
    },
    Family {
        name: "beacon_members",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &["state"],
        help: "Beacons known, this one among them, by how sure it is that they are there: alive, suspect, away or gone",
        read: |scrape| {
            let members = &scrape.figures.members.by_state;
            let series = |state: Liveness| labelled([state.word()], members.get(&state).copied().unwrap_or(0));
            Liveness::ALL.into_iter().map(series).collect()
        },
    },
    Family {
        name: "beacon_neighbors",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &[],
        help: "Beacons to which there is a live connection",
        read: |scrape| one(scrape.figures.members.neighbors),
    },
    Family {
        name: "beacon_members_draining",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &[],
        help: "Beacons alive or suspect, this one among them, that are leaving",
        read: |scrape| one(scrape.figures.members.draining),
    },
    Family {
        name: "beacon_members_observing",
        kind: Kind::Gauge,
        unit: Unit::None,
        labels: &[],
        help: "Beacons alive or suspect, this one among them, that only observe (dry-run)",
        read: |scrape| one(scrape.figures.members.observers),
    },
    Family {
        name: "beacon_network_budget_bytes",
        kind: Kind::Gauge,
        unit: Unit::Bytes,
        labels: &[],
        help: "What the beacons that are alive or suspect, this one among them, may hold together, as they say",
        read: |scrape| one(scrape.figures.members.budget),
    },
    Family {
        name: "beacon_network_used_bytes",
        kind: Kind::Gauge,
        unit: Unit::Bytes,
        labels: &[],
        help: "What the beacons that are alive or suspect, this one among them, hold together for the network, as they say",
        read: |scrape| one(scrape.figures.members.used),
    },
];

fn by_collection(scrape: &Scrape, figure: fn(&CollectionFigures) -> u64) -> Vec<Sample> {
    scrape.collections.iter().map(|(name, figures)| labelled([name], figure(figures))).collect()
}
