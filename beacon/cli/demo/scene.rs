//! What all beacons say at one moment.

use super::{actor::Actor, cast::COLLECTIONS, files::DemoFile, world::World};
use crate::{
    model::{ByteSize, InfoHash, Instant, TorrentState},
    node::view::{ActionKind, ActionsView, Page, TorrentFilter, TorrentView},
    web::Question,
};

/// What all beacons say at one moment, in the order of the cast.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Scene {
    pub(super) beacons: Vec<Seen>,
}

/// What one beacon says; of one that does not run, what it said last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Seen {
    pub(super) runs: bool,
    /// What it has of each file, in the order of the cast.
    pub(super) cells: Vec<Cell>,
    /// How many copies of each it counts in the whole network.
    pub(super) counts: Vec<usize>,
    /// Whether it has anything planned or under way.
    pub(super) is_busy: bool,
    /// What it has received since it was started.
    pub(super) received: ByteSize,
    /// What it has brought to an end since it was started.
    pub(super) ended: Vec<(ActionKind, InfoHash, Instant)>,
}

/// What a beacon has of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Cell {
    /// Nothing.
    #[default]
    Absent,
    /// It means to fetch it, and waits whether somebody else does too.
    Coming,
    /// So many percent.
    Fetching(u8),
    /// Everything.
    Held,
    /// Everything, and it is on its way out.
    Leaving,
}

impl Scene {
    /// Asks every beacon. `None` is one that does not run; what it said last stays.
    pub(super) fn look(world: &World, actors: &[Option<Actor>], before: &Self) -> Self {
        let look = |(place, actor): (usize, &Option<Actor>)| {
            let seen = actor.as_ref().and_then(|actor| Seen::look(world, actor));
            seen.unwrap_or_else(|| Seen { runs: false, ..before.beacons.get(place).cloned().unwrap_or_default() })
        };
        Self { beacons: actors.iter().enumerate().map(look).collect() }
    }

    /// The beacons that run and have all of a file, by their numbers.
    pub(super) fn holders(&self, file: usize) -> Vec<usize> {
        let holds = |seen: &Seen| seen.runs && seen.cells.get(file) == Some(&Cell::Held);
        (0..self.beacons.len()).filter(|place| holds(&self.beacons[*place])).collect()
    }
}

impl Seen {
    fn look(world: &World, actor: &Actor) -> Option<Self> {
        let status = actor.ask(Question::Status)?;
        let mut torrents = Vec::new();
        for number in 0..COLLECTIONS.len() {
            let filter = TorrentFilter { collection: Some(World::collection_id(number)), ..TorrentFilter::default() };
            let page = Page { limit: world.files.len(), ..Page::default() };
            let page = actor.ask(|reply| Question::Torrents { filter, page, reply })?;
            torrents.extend(page.map(|page| page.torrents).unwrap_or_default());
        }
        let of = |info_hash: InfoHash| torrents.iter().find(|torrent| torrent.info_hash == info_hash);
        let hashes = world.files.iter().map(DemoFile::info_hash);
        let actions = &status.actions;
        Some(Self {
            runs: true,
            cells: hashes.clone().map(|hash| of(hash).map_or(Cell::Absent, |torrent| cell(torrent, actions))).collect(),
            counts: hashes.map(|hash| of(hash).map_or(0, |torrent| torrent.copies as usize)).collect(),
            is_busy: !actions.pending.is_empty() || !actions.running.is_empty(),
            received: status.client.traffic.map(|traffic| traffic.received).unwrap_or_default(),
            ended: actions.recent.iter().map(|ended| (ended.kind, ended.info_hash, ended.at)).collect(),
        })
    }
}

fn cell(torrent: &TorrentView, actions: &ActionsView) -> Cell {
    let leaves = |kind| matches!(kind, ActionKind::Quarantine | ActionKind::Delete);
    let is_leaving = actions.running.iter().any(|action| action.info_hash == torrent.info_hash && leaves(action.kind));
    let is_coming =
        actions.pending.iter().any(|action| action.info_hash == torrent.info_hash && action.kind == ActionKind::Fetch);
    match torrent.here {
        TorrentState::Absent => Cell::Absent,
        TorrentState::Fetching if is_coming => Cell::Coming,
        TorrentState::Fetching | TorrentState::Stalled => Cell::Fetching(percent(torrent.progress)),
        TorrentState::Draining | TorrentState::Resting => Cell::Leaving,
        TorrentState::Held | TorrentState::Pinned if is_leaving => Cell::Leaving,
        TorrentState::Held | TorrentState::Pinned => Cell::Held,
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
fn percent(progress: f64) -> u8 {
    (progress.clamp(0.0, 1.0) * 100.0) as u8
}
