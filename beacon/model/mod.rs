//! Floor 0: the nouns of the project. No I/O, no clock, no randomness.

mod catalog;
mod client;
mod dial;
mod domain;
mod hex;
mod id;
mod id_table;
mod info_hash;
mod instant;
mod link;
mod liveness;
mod percent;
mod readable;
mod redundancy;
mod refusal;
mod rng;
mod size;
mod state;

pub use catalog::{Catalog, CatalogCollection, CatalogTorrent, Source};
pub use client::{ClientChange, ClientInfo, ClientProblem, ClientTraffic, ContentState, Holding};
pub use dial::{DialAddress, DialAddressError};
pub use domain::{Domain, share_subnet};
pub use id::{BeaconId, CollectionId, NetworkId, Nonce, ObjectHash, ParseIdError};
pub use id_table::{IdKey, IdTable, Keyed};
pub use info_hash::{InfoHash, InfoHashes, ParseInfoHashError};
pub use instant::Instant;
pub use link::{Channel, LinkId};
pub use liveness::Liveness;
pub use percent::percent_decoded;
pub use readable::readable;
pub use redundancy::{Redundancy, RedundancyError};
pub use refusal::Refusal;
pub use rng::{Rng, mix, stir};
pub use size::{ByteSize, ParseByteSizeError};
pub use state::TorrentState;
