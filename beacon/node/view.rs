//! What people and programs are shown of a node: plain answers, made when asked, that nothing in the node depends on.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

pub use super::figures::{ActionFigures, FiguresView, MemberFigures, PlanFigures};
pub use super::member_view::{
    LinkView, MemberDetail, MemberFilter, MemberOrder, MemberView, MembersView, NetworkView, TrafficView,
};
pub use super::past_view::{EventView, HistoryView, TrendPoint, TrendView};
pub use super::torrent_view::{
    Cell, HolderDetail, HolderView, MapView, Page, PlacesView, TorrentDetail, TorrentFilter, TorrentOrder, TorrentView,
    TorrentsView,
};
pub use crate::model::Liveness;
use crate::model::{BeaconId, ByteSize, ClientInfo, ClientTraffic, CollectionId, InfoHash, Instant};

/// Whether the beacon acts or only says what it would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Show the plan, do nothing. Such a beacon is an observer: its copies count, nobody expects it to fetch.
    DryRun,
    /// Carry the plan out.
    Apply,
}

impl Mode {
    /// The word for it in the configuration and the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::DryRun => "dry-run",
            Self::Apply => "apply",
        }
    }

    /// The mode of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::DryRun, Self::Apply].into_iter().find(|mode| mode.word() == word)
    }
}

/// What the user ordered in place of the configuration's mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModeOrder {
    /// What was ordered.
    pub ordered: Mode,
    /// What the configuration said then. Where it says something else, it has been changed since and holds again.
    pub configured: Mode,
}

/// Everything on the overview.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusView {
    /// This beacon.
    pub beacon: BeaconView,
    /// Its BitTorrent client.
    pub client: ClientView,
    /// The space it gives.
    pub storage: StorageView,
    /// How far it is with leaving; `None` where it does not.
    pub drain: Option<DrainView>,
    /// Every beacon known, this one first, then by name and id.
    pub members: Vec<MemberView>,
    /// The collections it takes part in, by name.
    pub collections: Vec<CollectionView>,
    /// What their torrents add up to.
    pub summary: SummaryView,
    /// What it is doing.
    pub actions: ActionsView,
    /// What the user should know or mend, most urgent first.
    pub notices: Vec<Notice>,
}

/// This beacon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeaconView {
    /// Its public key.
    pub id: BeaconId,
    /// The name its user gave it.
    pub name: String,
    /// Whether it acts.
    pub mode: Mode,
    /// Whether the user ordered that in place of what the configuration says.
    pub mode_is_ordered: bool,
    /// How long it has run.
    pub uptime: Duration,
    /// Where others can reach it, as far as it knows.
    pub addresses: Vec<SocketAddr>,
}

/// The BitTorrent client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientView {
    /// What it said of itself, once it has answered.
    pub info: Option<ClientInfo>,
    /// What it has moved since it was started; `None` where it does not tell.
    pub traffic: Option<ClientTraffic>,
    /// How it is doing.
    pub state: ClientState,
    /// Where other clients are told to connect to.
    pub peer_addresses: Vec<SocketAddr>,
}

/// How the BitTorrent client is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientState {
    /// Not asked yet, or not answered yet.
    Starting,
    /// It answers.
    Ready,
    /// It does not; the text says why and what to do.
    Trouble(String),
}

/// The space this beacon gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageView {
    /// The most that the beacon may hold.
    pub budget: ByteSize,
    /// What complete torrents of its own take.
    pub used: ByteSize,
    /// What torrents on their way will take.
    pub reserved: ByteSize,
    /// Free on the volume, where known.
    pub free: Option<ByteSize>,
}

/// That a beacon leaves because its user wants it to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drain {
    /// When it comes back by itself; `None` where the user says so.
    pub until: Option<Instant>,
}

/// How far a beacon is with leaving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrainView {
    /// What the user ordered.
    pub drain: Drain,
    /// Torrents of this beacon that others have enough copies of.
    pub safe: usize,
    /// Torrents of this beacon that others do not have enough copies of yet.
    pub waiting: usize,
    /// What those take.
    pub waiting_bytes: ByteSize,
}

/// One collection, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionView {
    /// Its id.
    pub id: CollectionId,
    /// Its name.
    pub name: String,
    /// How many torrents it lists.
    pub torrents: usize,
    /// Torrents without any copy.
    pub missing: usize,
    /// Torrents with a copy, but fewer than their target.
    pub under: usize,
    /// Torrents between target and max.
    pub met: usize,
    /// Torrents with more than max.
    pub over: usize,
    /// How many torrents have 0, 1, 2, ... copies; the last entry is the largest count there is.
    pub copies_histogram: Vec<usize>,
    /// Bytes of all its torrents, as far as their sizes are known.
    pub bytes_total: ByteSize,
    /// Bytes of those that are complete here.
    pub bytes_here: ByteSize,
    /// The copies wanted of torrents for which the file says nothing else.
    pub target: u16,
    /// The copies above which surplus of these is reclaimed.
    pub max: u16,
    /// How many beacons follow it, this one among them; those that are gone do not count.
    pub members: usize,
    /// What it would take to have just the copies that are wanted.
    pub bytes_wanted: ByteSize,
    /// What the copies that there are take.
    pub bytes_stored: ByteSize,
    /// What it would take if every member stored everything.
    pub bytes_mirrored: ByteSize,
    /// Its file; `None` where that is not known.
    pub file: Option<PathBuf>,
    /// What is the matter with its file, so that the last good version of it is in use.
    pub problem: Option<String>,
}

/// What all torrents add up to, each counted once however many collections list it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SummaryView {
    /// How many there are.
    pub torrents: usize,
    /// Those without any copy.
    pub missing: usize,
    /// Those with a copy, but fewer than their target.
    pub under: usize,
    /// Those between target and max.
    pub met: usize,
    /// Those with more than max.
    pub over: usize,
    /// Those below their target that some beacon is fetching.
    pub repairing: usize,
    /// Bytes of all, as far as sizes are known.
    pub bytes_total: ByteSize,
    /// What it would take to have just the copies that are wanted.
    pub bytes_wanted: ByteSize,
    /// What the copies that there are take.
    pub bytes_stored: ByteSize,
    /// What it would take if every beacon stored everything of the collections that it follows.
    pub bytes_mirrored: ByteSize,
    /// Bytes of those that are complete here.
    pub bytes_here: ByteSize,
}

/// How a torrent's copies stand to its target. `missing / under / met / over`, as in HDFS fsck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// No copy.
    Missing,
    /// Below target.
    Under,
    /// Between target and max.
    Met,
    /// Above max.
    Over,
}

impl Standing {
    /// Every standing, the worst first.
    pub const ALL: [Self; 4] = [Self::Missing, Self::Under, Self::Met, Self::Over];

    /// How many copies stand to a redundancy.
    pub fn of(copies: u32, redundancy: crate::model::Redundancy) -> Self {
        match copies {
            0 => Self::Missing,
            n if n < u32::from(redundancy.target()) => Self::Under,
            n if n > u32::from(redundancy.max()) => Self::Over,
            _ => Self::Met,
        }
    }

    /// The word for it in the API and in what people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Under => "under",
            Self::Met => "met",
            Self::Over => "over",
        }
    }
}

/// What the beacon is doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActionsView {
    /// Decided, and waiting: for the next round, or for the user to leave dry-run.
    pub pending: Vec<ActionView>,
    /// Under way in the client.
    pub running: Vec<ActionView>,
    /// Finished or failed, the latest first.
    pub recent: Vec<ActionView>,
}

/// One action with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionView {
    /// What is done.
    pub kind: ActionKind,
    /// To which torrent.
    pub info_hash: InfoHash,
    /// Its name, where known.
    pub name: Option<String>,
    /// Its size, where known.
    pub size: Option<ByteSize>,
    /// Which rule asks for it, in a sentence.
    pub reason: String,
    /// How it ended, in a sentence; `None` while it has not.
    pub outcome: Option<String>,
    /// When it was decided, began or ended.
    pub at: Instant,
    /// How the user can turn it around.
    pub undo: Option<Undo>,
}

/// The order by which an action can be turned around.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Undo {
    /// To pin the torrent: then it stays.
    Pin,
    /// To unpin it: then it is not fetched for that.
    Unpin,
    /// To take the request back.
    Unrequest,
}

/// What can be done to a torrent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionKind {
    /// Fetch it.
    Fetch,
    /// Stop fetching it: others are better placed.
    Cancel,
    /// Start it again: it is complete and ours, but its client does not serve it.
    Serve,
    /// Ask its other holders whether it may be deleted here.
    Reclaim,
    /// Stop it in the client, and leave its files for a while.
    Quarantine,
    /// Delete it with its files.
    Delete,
    /// Start it again after all, and keep it.
    Restore,
}

impl ActionKind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Fetch, Self::Cancel, Self::Serve, Self::Reclaim, Self::Quarantine, Self::Delete, Self::Restore];

    /// The word for it in the API and in what people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::Cancel => "cancel",
            Self::Serve => "serve",
            Self::Reclaim => "reclaim",
            Self::Quarantine => "quarantine",
            Self::Delete => "delete",
            Self::Restore => "restore",
        }
    }
}

/// The plan as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanView {
    /// Whether it will be carried out.
    pub mode: Mode,
    /// Why nothing is planned at all, where that is so.
    pub waiting: Option<String>,
    /// How many actions there are.
    pub total: usize,
    /// A page of what this beacon would do or is about to do.
    pub actions: Vec<ActionView>,
    /// How many torrents below target nobody is expected to fetch.
    pub unplaced_total: usize,
    /// The first of them, with the reason.
    pub unplaced: Vec<UnplacedView>,
}

/// A torrent below its target that cannot be placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnplacedView {
    /// Its canonical info-hash.
    pub info_hash: InfoHash,
    /// Its name, where known.
    pub name: Option<String>,
    /// Copies that are lacking and that nobody can take.
    pub lacking: u32,
    /// Why, in a sentence.
    pub reason: String,
}

/// Something the user should know or mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Whether it keeps the beacon from doing its work.
    pub severity: Severity,
    /// What is the matter, and the way out.
    pub text: String,
}

/// How bad a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something does not work until it is mended.
    Error,
    /// Something works worse than it could.
    Warning,
    /// Worth knowing.
    Info,
}
