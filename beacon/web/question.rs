//! What the web server asks of the daemon's loop: every answer is a view made for it, so nothing is built unasked.

use std::path::PathBuf;

use thiserror::Error;
use tokio::sync::oneshot;

use super::{NeighborsQuestion, NetworkQuestion, PastQuestion};
use crate::{
    model::{CollectionId, InfoHash},
    node::{
        Order, OrderError,
        view::{
            FiguresView, MapView, Page, PlacesView, PlanView, StatusView, TorrentDetail, TorrentFilter, TorrentsView,
        },
    },
    tracker::{Known, ShortHash},
};

/// A question with the way back for its answer.
#[derive(Debug)]
pub enum Question {
    /// The overview.
    Status(oneshot::Sender<StatusView>),
    /// Everything that is counted.
    Figures(oneshot::Sender<FiguresView>),
    /// The plan as it stands.
    Plan {
        /// How many of its actions to skip.
        offset: usize,
        /// The most to show.
        limit: usize,
        /// The way back.
        reply: oneshot::Sender<PlanView>,
    },
    /// What was.
    Past(PastQuestion),
    /// The network.
    Network(NetworkQuestion),
    /// A page of torrents; `None` where there is no such collection.
    Torrents {
        /// Which match.
        filter: TorrentFilter,
        /// Which of those, in which order.
        page: Page,
        /// The way back.
        reply: oneshot::Sender<Option<TorrentsView>>,
    },
    /// The torrents of a collection in a few bytes each; `None` where there is no such collection.
    Map {
        /// Which collection.
        collection: CollectionId,
        /// How many of its torrents to skip.
        offset: usize,
        /// The most to show.
        limit: usize,
        /// The way back.
        reply: oneshot::Sender<Option<MapView>>,
    },
    /// Where torrents of a collection stand in it; `None` where there is no such collection.
    Places {
        /// Which collection.
        collection: CollectionId,
        /// Which of its torrents.
        filter: TorrentFilter,
        /// The most to show.
        limit: usize,
        /// The way back.
        reply: oneshot::Sender<Option<PlacesView>>,
    },
    /// One torrent; `None` where no collection lists it.
    Torrent {
        /// Which one.
        info_hash: InfoHash,
        /// The way back.
        reply: oneshot::Sender<Option<TorrentDetail>>,
    },
    /// What is known of the clients of a torrent, by what trackers call it; `None` where no collection lists it.
    Peers {
        /// The v1 info-hash, or the beginning of the v2 info-hash.
        info_hash: ShortHash,
        /// The way back.
        reply: oneshot::Sender<Option<Known>>,
    },
    /// A torrent of a collection that the user has already, to be served from where it is.
    Share {
        /// Which one.
        info_hash: InfoHash,
        /// The file or directory itself, or the directory that it is in.
        path: PathBuf,
        /// The way back: what comes of it, or why it cannot be.
        reply: oneshot::Sender<Result<String, NotShared>>,
    },
    /// Something about neighbors that the user names, or about invitations.
    Neighbors(NeighborsQuestion),
    /// Something that the user wants; the answer says what comes of it, or why it cannot be.
    Order {
        /// What.
        order: Order,
        /// The way back.
        reply: oneshot::Sender<Result<String, OrderError>>,
    },
}

/// Why what the user has is not served.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotShared {
    /// No collection lists it.
    #[error("no collection of this beacon lists torrent {0}")]
    NotListed(InfoHash),
    /// Nobody has its .torrent yet.
    #[error("the .torrent of {0} is not known here yet")]
    NoMetainfo(InfoHash),
    /// It is not there, or not all of it.
    #[error("{0}")]
    NotThere(String),
    /// The client does not take it.
    #[error("{0}")]
    Client(String),
}
