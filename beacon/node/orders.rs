//! What the user tells the beacon to do: pin, unpin, drain, come back.

use thiserror::Error;

use super::{
    Output,
    node::Node,
    view::{Drain, DrainView},
};
use crate::{
    model::{ByteSize, InfoHash, Instant},
    plan::copies_elsewhere,
};

/// Something that the user wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// This torrent is to be here whatever the counts: it is fetched where it is not, and never deleted.
    Pin(InfoHash),
    /// This torrent is to be treated like all others again.
    Unpin(InfoHash),
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
