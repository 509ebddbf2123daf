//! What the user tells the beacon to do: pin, fetch once, act or only look, drain, come back.

use thiserror::Error;

use super::{
    Output,
    local::LocalTorrent,
    node::Node,
    reclaims::Stage,
    view::{Drain, DrainView, Mode, ModeOrder},
};
use crate::{
    census::TorrentIndex,
    model::{ByteSize, InfoHash, Instant},
    plan::{FetchReason, copies_elsewhere},
};

/// Something that the user wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// This torrent is to be here whatever the counts: it is fetched where it is not, and never deleted.
    Pin(InfoHash),
    /// This torrent is to be treated like all others again.
    Unpin(InfoHash),
    /// This torrent is to be fetched here once; afterwards the counts decide.
    Request(InfoHash),
    /// This torrent need not be fetched any more.
    Unrequest(InfoHash),
    /// The beacon is to act, or only to say what it would do, whatever the configuration says.
    Mode(Mode),
    /// The beacon is to leave: others take over what it holds, and what they have enough of is deleted here.
    Drain(Drain),
    /// The beacon is to stay after all, or to come back.
    Stay,
}

/// Why an order cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OrderError {
    /// No collection of this beacon lists the torrent.
    #[error("no collection of this beacon lists {0}; `beacon collection add` puts it into one")]
    NotListed(InfoHash),
    /// Unpinning what was not pinned by order.
    #[error("{0} is not pinned")]
    NotPinned(InfoHash),
    /// Unpinning the user's own torrent.
    #[error("{0} is your own: the beacon did not add it, so it never deletes it, pinned or not")]
    YourOwn(InfoHash),
    /// Taking back a request that was not made, or that has been fulfilled.
    #[error("nobody asked for {0} here, or it has been fetched already")]
    NotRequested(InfoHash),
    /// A drain that would be over at once.
    #[error("the time until which to drain is past already")]
    Past,
    /// Ending a drain where there is none.
    #[error("this beacon is not being drained")]
    NotDraining,
}

impl Node {
    /// Takes an order of the user, and says in a sentence what comes of it. Drain [`Node::poll_output`] afterwards.
    ///
    /// # Errors
    /// Why it cannot be carried out; then nothing has changed.
    pub fn order(&mut self, now: Instant, order: Order) -> Result<String, OrderError> {
        let said = match order {
            Order::Pin(info_hash) => self.pin(&info_hash)?,
            Order::Unpin(info_hash) => self.unpin(&info_hash)?,
            Order::Request(info_hash) => self.request(&info_hash)?,
            Order::Unrequest(info_hash) => self.unrequest(&info_hash)?,
            Order::Mode(mode) => self.set_mode(mode),
            Order::Drain(drain) => self.begin_drain(now, drain)?,
            Order::Stay => self.end_drain()?,
        };
        (self.news.status, self.news.torrents, self.news.actions) = (true, true, true);
        self.mark_status_dirty();
        self.settle(now);
        Ok(said)
    }

    fn pin(&mut self, info_hash: &InfoHash) -> Result<String, OrderError> {
        let listed = self.canonical(info_hash)?;
        if self.pins.insert(listed) {
            self.outputs.push_back(Output::SavePin { info_hash: listed, pinned: true });
        }
        Ok(format!("{} is pinned", self.title(&listed)))
    }

    fn unpin(&mut self, info_hash: &InfoHash) -> Result<String, OrderError> {
        let listed = self.canonical(info_hash)?;
        if !self.pins.remove(&listed) {
            let is_users = self.census.torrents().find(&listed).and_then(|index| {
                let torrent = self.local.find(self.census.torrents(), index)?;
                Some(!self.local.is_ours(&listed, torrent))
            });
            let error = if is_users == Some(true) { OrderError::YourOwn } else { OrderError::NotPinned };
            return Err(error(listed));
        }
        self.outputs.push_back(Output::SavePin { info_hash: listed, pinned: false });
        Ok(format!("{} is not pinned any more", self.title(&listed)))
    }

    fn request(&mut self, info_hash: &InfoHash) -> Result<String, OrderError> {
        let listed = self.canonical(info_hash)?;
        let title = self.title(&listed);
        if self.is_complete_here(&listed) {
            return Ok(format!("{title} is here already"));
        }
        if self.requests.insert(listed) {
            self.outputs.push_back(Output::SaveRequest { info_hash: listed, requested: true });
        }
        let will =
            if self.settings.mode == Mode::Apply { "is fetched as soon as there is room" } else { "would be fetched" };
        Ok(format!("{title} {will}; once it is here, the counts decide"))
    }

    fn unrequest(&mut self, info_hash: &InfoHash) -> Result<String, OrderError> {
        // Whatever the collections list by now.
        let listed = self.canonical(info_hash).unwrap_or(*info_hash);
        if !self.requests.remove(&listed) {
            return Err(OrderError::NotRequested(listed));
        }
        self.outputs.push_back(Output::SaveRequest { info_hash: listed, requested: false });
        Ok(format!("{} is not asked for any more", self.title(&listed)))
    }

    /// Ends the requests of what is here.
    pub(super) fn end_requests(&mut self) {
        let fulfilled: Vec<InfoHash> =
            self.requests.iter().filter(|info_hash| self.is_complete_here(info_hash)).copied().collect();
        for info_hash in fulfilled {
            self.requests.remove(&info_hash);
            self.outputs.push_back(Output::SaveRequest { info_hash, requested: false });
            self.note(false, Some(info_hash), format!("{} was asked for and is here now", self.title(&info_hash)));
        }
    }

    fn is_complete_here(&self, info_hash: &InfoHash) -> bool {
        let torrents = self.census.torrents();
        let local = torrents.find(info_hash).and_then(|index| self.local.find(torrents, index));
        local.is_some_and(LocalTorrent::is_complete)
    }

    /// Why a torrent is fetched, where the plan wants it.
    pub(super) fn fetch_reason(&self, index: TorrentIndex, reason: FetchReason) -> String {
        let info_hash = self.census.torrents().at(index).info_hash;
        if reason == FetchReason::Pinned && !self.pins.contains(&info_hash) && self.requests.contains(&info_hash) {
            return "you asked for it; once it is here, the counts decide".to_owned();
        }
        reason.to_string()
    }

    /// Whether this beacon acts now.
    pub const fn mode(&self) -> Mode {
        self.settings.mode
    }

    fn set_mode(&mut self, mode: Mode) -> String {
        let configured = self.configured;
        let order = (mode != configured).then_some(ModeOrder { ordered: mode, configured });
        self.outputs.push_back(Output::SaveMode(order));
        if mode != self.settings.mode {
            self.settings.mode = mode;
            self.update_profile();
            if mode == Mode::DryRun {
                self.give_up_what_has_not_begun();
            }
            self.note(false, None, format!("the mode is {} now, by order", mode.word()));
        }
        let holds = match order {
            Some(_) => format!("until `mode` in the configuration, {} now, is changed", configured.word()),
            None => "as the configuration says".to_owned(),
        };
        match mode {
            Mode::Apply => format!("this beacon acts from now on, {holds}"),
            Mode::DryRun => {
                let stopped = self.reclaims.iter().filter(|(_, reclaim)| reclaim.stage == Stage::Quarantined).count();
                let stopped = match stopped {
                    0 => String::new(),
                    1 => ", and the torrent in quarantine stays stopped".to_owned(),
                    several => format!(", and the {several} torrents in quarantine stay stopped"),
                };
                format!("this beacon only says what it would do, {holds}; what its client is fetching goes on{stopped}")
            }
        }
    }

    /// Whoever only looks must not be counted on.
    fn give_up_what_has_not_begun(&mut self) {
        let intents: Vec<InfoHash> = self.actions.intents().map(|(info_hash, _)| *info_hash).collect();
        for info_hash in intents {
            self.actions.withdraw(&info_hash);
        }
        let asking = self.reclaims.iter().filter(|(_, reclaim)| !reclaim.claim.is_committed());
        for info_hash in asking.map(|(info_hash, _)| *info_hash).collect::<Vec<_>>() {
            self.reclaims.end(&info_hash);
        }
    }

    fn begin_drain(&mut self, now: Instant, drain: Drain) -> Result<String, OrderError> {
        if drain.until.is_some_and(|until| until <= now) {
            return Err(OrderError::Past);
        }
        self.drain = Some(drain);
        self.outputs.push_back(Output::SaveDrain(self.drain));
        Ok("draining: others are to take over what this beacon holds, and it goes once they have it".to_owned())
    }

    fn end_drain(&mut self) -> Result<String, OrderError> {
        if self.drain.take().is_none() {
            return Err(OrderError::NotDraining);
        }
        self.outputs.push_back(Output::SaveDrain(None));
        Ok("this beacon stays, and takes its share again".to_owned())
    }

    /// How far the beacon is with leaving.
    pub(super) fn drain_view(&self) -> Option<DrainView> {
        let drain = self.drain?;
        let mut view = DrainView { drain, safe: 0, waiting: 0, waiting_bytes: ByteSize::ZERO };
        for (index, _) in self.census.holdings(&self.id()).filter(|(_, state)| state.is_served()) {
            let torrent = self.census.torrents().at(index);
            let others = copies_elsewhere(&self.census, &self.domains, &self.id(), index);
            if others >= torrent.redundancy.target() {
                view.safe += 1;
            } else {
                view.waiting += 1;
                let size = ByteSize::from_bytes(torrent.size.unwrap_or(0));
                view.waiting_bytes = view.waiting_bytes.saturating_add(size);
            }
        }
        Some(view)
    }

    fn canonical(&self, info_hash: &InfoHash) -> Result<InfoHash, OrderError> {
        let torrents = self.census.torrents();
        let listed = torrents.find(info_hash).map(|index| torrents.at(index).info_hash);
        listed.ok_or(OrderError::NotListed(*info_hash))
    }
}
