//! What people and programs are shown of beacons and links.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use super::NeighborView;
use crate::model::{BeaconId, ByteSize, LinkId, Liveness, TorrentState};

/// One beacon of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each shown by itself")]
pub struct MemberView {
    /// Its public key.
    pub id: BeaconId,
    /// The name its user gave it.
    pub name: String,
    /// How sure we are that it is there.
    pub state: Liveness,
    /// Where it says that it can be reached.
    pub addresses: Vec<SocketAddr>,
    /// Time since its last sign of life; zero for this beacon.
    pub last_heard: Duration,
    /// The most that it may hold.
    pub budget: ByteSize,
    /// What it holds of its own.
    pub used: ByteSize,
    /// Whether it is leaving.
    pub draining: bool,
    /// Whether it only observes.
    pub observer: bool,
    /// Whether there is a live connection to it.
    pub neighbor: bool,
    /// Whether it is this beacon.
    pub this: bool,
    /// The failure domain its user declared; empty where none.
    pub zone: String,
    /// Where its client can be reached.
    pub client_addresses: Vec<SocketAddr>,
    /// The round-trip time of the link to it; `None` where it is no neighbor.
    pub latency: Option<Duration>,
    /// The neighbor from which its latest hello came; itself where it is one. `None` for this beacon, and where that link is
    /// down.
    pub via: Option<BeaconId>,
    /// Under which incarnation it runs: it rises with each start.
    pub incarnation: u64,
    /// How many collections it takes part in, once that is known.
    pub collections: Option<usize>,
}

/// One beacon with what it says of the torrents that are counted here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberDetail {
    /// The beacon.
    pub member: MemberView,
    /// How many torrents it has in each state.
    pub counts: BTreeMap<TorrentState, usize>,
}

/// Which beacons to show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberFilter {
    /// Only those in this state.
    pub state: Option<Liveness>,
    /// Only those that have this in their name, zone or address, or whose id begins with it.
    pub text: String,
    /// By what they are ordered.
    pub order: MemberOrder,
    /// Whether the order is turned around.
    pub descending: bool,
    /// How many of those that match to skip.
    pub offset: usize,
    /// The most to show.
    pub limit: usize,
}

/// By what beacons are ordered. Those that are equal in it are ordered by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum MemberOrder {
    /// By name, in whatever case.
    #[default]
    Name,
    /// Those that are there first.
    State,
    /// Those heard last first.
    Heard,
    /// Those that hold least first.
    Used,
    /// Those with the smallest budget first.
    Budget,
    /// The nearest neighbors first, then all who are none.
    Latency,
    /// By zone.
    Zone,
}

/// A page of beacons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembersView {
    /// How many match in all.
    pub total: usize,
    /// The page.
    pub members: Vec<MemberView>,
}

/// One live link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkView {
    /// Names it in this beacon.
    pub link: LinkId,
    /// Who is at the other end.
    pub beacon: BeaconId,
    /// What people call them.
    pub name: String,
    /// From where their packets come.
    pub address: SocketAddr,
    /// Whether this beacon dialed.
    pub dialed: bool,
    /// How long it has been up.
    pub up: Duration,
    /// The round-trip time, once it was measured.
    pub latency: Option<Duration>,
}

/// The links, and what has gone over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkView {
    /// Each live link with what has gone over it.
    pub links: Vec<(LinkView, TrafficView)>,
    /// What has gone over all links since the start, those that are down included.
    pub traffic: TrafficView,
    /// What of that each kind of message made up.
    pub by_kind: Vec<(&'static str, TrafficView)>,
    /// The neighbors that the user named.
    pub neighbors: Vec<NeighborView>,
}

/// Messages, and their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrafficView {
    /// Bytes that were sent.
    pub sent: u64,
    /// Bytes that came.
    pub received: u64,
    /// Messages that were sent.
    pub messages_sent: u64,
    /// Messages that came.
    pub messages_received: u64,
}

impl MemberOrder {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Name, Self::State, Self::Heard, Self::Used, Self::Budget, Self::Latency, Self::Zone];

    /// The word for it in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::State => "state",
            Self::Heard => "heard",
            Self::Used => "used",
            Self::Budget => "budget",
            Self::Latency => "latency",
            Self::Zone => "zone",
        }
    }
}
