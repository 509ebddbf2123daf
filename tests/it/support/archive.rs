//! An archive of any size: what its torrents are called, how large they are, and who holds which.

use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use sha1::{Digest as _, Sha1};

use super::world::COLLECTION;

/// Copies wanted of each torrent.
pub(crate) const TARGET: usize = 2;

const SERIES: [&str; 8] =
    ["Letters", "Maps", "Minutes of the council", "Registers", "Films", "Radio", "Newspapers", "Photographs"];
const PLACES: [&str; 7] = ["Harbour", "Mill", "Chapel", "Station", "Market", "Bridge", "Orchard"];

/// The number of a torrent, from which all else follows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item(pub(crate) usize);

impl Item {
    pub(crate) fn info_hash(self) -> String {
        HEXLOWER.encode(&Sha1::digest(self.0.to_be_bytes()))
    }

    pub(crate) fn name(self) -> String {
        let Self(number) = self;
        let (series, place) = (SERIES[number % SERIES.len()], PLACES[number / SERIES.len() % PLACES.len()]);
        format!("{place} {series} {}, box {number}", 1_800 + number % 200)
    }

    pub(crate) fn bytes(self) -> u64 {
        // From a megabyte to some gigabytes, most of them small.
        1_000_000 + (self.0 as u64 * 2_654_435_761 % 3_000) * (self.0 as u64 * 40_503 % 1_000) * 1_000
    }

    /// Whether a beacon, of so many, holds it. Of a hundred torrents 94 have the copies that are wanted, one has none, three
    /// have too few and two have one too many.
    pub(crate) fn is_held_by(self, beacon: usize, beacons: usize) -> bool {
        let copies = match self.0 % 100 {
            0 => 0,
            1..=3 => TARGET - 1,
            4..=5 => TARGET + 1,
            _ => TARGET,
        };
        (beacon + self.0) % beacons < copies
    }
}

/// A collection file of so many torrents.
pub(crate) fn collection(torrents: usize) -> String {
    let mut text = format!(
        "{{ \"id\": \"{COLLECTION}\", \"name\": \"Archive of the region\", \"redundancy\": {{ \"target\": {TARGET} }}, \
         \"torrents\": [\n"
    );
    for item in (0..torrents).map(Item) {
        let comma = if item.0 + 1 < torrents { "," } else { "" };
        let (hash, name, bytes) = (item.info_hash(), item.name().replace(' ', "%20"), item.bytes());
        let written =
            writeln!(text, "{{ \"magnet\": \"magnet:?xt=urn:btih:{hash}&dn={name}\", \"size\": {bytes} }}{comma}");
        written.expect("writing to a string");
    }
    text.push_str("] }\n");
    text
}
