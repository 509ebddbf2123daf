//! What the web server asks of the daemon's loop: every answer is a view made for it, so nothing is built unasked.

use tokio::sync::oneshot;

use crate::{
    catalog::Sought,
    model::{CollectionId, InfoHash},
    node::{
        Order, OrderError,
        view::{FoundView, PlanView, StatusView, TorrentDetail, TorrentFilter, TorrentsView},
    },
    tracker::{Known, ShortHash},
};

/// A question with the way back for its answer.
#[derive(Debug)]
pub enum Question {
    /// The overview.
    Status(oneshot::Sender<StatusView>),
    /// The plan as it stands.
    Plan(oneshot::Sender<PlanView>),
    /// A page of a collection's torrents; `None` where there is no such collection.
    Torrents {
        /// Which collection.
        collection: CollectionId,
        /// Which of its torrents.
        filter: TorrentFilter,
        /// The way back.
        reply: oneshot::Sender<Option<TorrentsView>>,
    },
    /// One torrent; `None` where no collection lists it.
    Torrent {
        /// Which one.
        info_hash: InfoHash,
        /// The way back.
        reply: oneshot::Sender<Option<TorrentDetail>>,
    },
    /// The torrents that somebody looks for, the best first.
    Find {
        /// What is looked for.
        sought: Sought,
        /// How many of those that are found to skip.
        offset: usize,
        /// The most to show.
        limit: usize,
        /// The way back.
        reply: oneshot::Sender<FoundView>,
    },
    /// What is known of the clients of a torrent, by what trackers call it; `None` where no collection lists it.
    Peers {
        /// The v1 info-hash, or the beginning of the v2 info-hash.
        info_hash: ShortHash,
        /// The way back.
        reply: oneshot::Sender<Option<Known>>,
    },
    /// Something that the user wants; the answer says what comes of it, or why it cannot be.
    Order {
        /// What.
        order: Order,
        /// The way back.
        reply: oneshot::Sender<Result<String, OrderError>>,
    },
}
