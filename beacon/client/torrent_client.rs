//! What a beacon asks of a BitTorrent client, whichever it is.

use std::{future::Future, net::SocketAddr, path::PathBuf, sync::Arc};

use thiserror::Error;

use crate::model::{ClientChange, ClientInfo, ClientProblem, ClientTraffic, InfoHash};

/// A BitTorrent client that a beacon can drive.
///
/// Torrents are named by any of their info-hashes. Everything here may be called in any order; a client that cannot be
/// reached answers with a [`ClientProblem`] and is asked again later, so implementations keep their own back-off.
pub trait TorrentClient: Send {
    /// What changed since the last call that succeeded; everything on the first.
    fn poll(&mut self) -> impl Future<Output = Result<ClientChange, ClientProblem>> + Send;

    /// What the client is, and which of its settings work against the beacon.
    fn info(&mut self) -> impl Future<Output = Result<ClientInfo, ClientProblem>> + Send;

    /// What it has moved since it was started; `None` where it does not tell. This asks nobody and takes no time.
    fn traffic(&self) -> Option<ClientTraffic> {
        None
    }

    /// Adds a torrent, started. It bears the beacon's mark unless it is the user's.
    fn add(&mut self, request: &AddRequest) -> impl Future<Output = Result<AddOutcome, CommandError>> + Send;

    /// Tells the client where holders of a torrent can be reached. Peers it knows already are harmless.
    fn add_peers(
        &mut self,
        torrent: &InfoHash,
        peers: &[SocketAddr],
    ) -> impl Future<Output = Result<(), CommandError>> + Send;

    /// Starts a stopped torrent.
    fn start(&mut self, torrent: &InfoHash) -> impl Future<Output = Result<(), CommandError>> + Send;

    /// Stops a torrent: its files stay, nothing is transferred.
    fn stop(&mut self, torrent: &InfoHash) -> impl Future<Output = Result<(), CommandError>> + Send;

    /// Removes a torrent that bears the beacon's mark, with its files unless another torrent may share any of them. It is
    /// gone when this returns. A torrent in trouble, whose files may be on a disk that is not mounted, is not removed.
    fn remove(&mut self, torrent: &InfoHash) -> impl Future<Output = Result<Removed, CommandError>> + Send;

    /// The .torrent file of a torrent, `None` while the client has no metadata.
    fn metainfo(&mut self, torrent: &InfoHash) -> impl Future<Output = Result<Option<Vec<u8>>, CommandError>> + Send;
}

/// A torrent to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddRequest {
    /// The canonical info-hash.
    pub info_hash: InfoHash,
    /// What to add it from.
    pub source: AddSource,
    /// Whose it will be.
    pub owner: Owner,
    /// The directory its data goes to: absolute. Of the beacon's own each has one to itself, so that no two collide; a
    /// user's may be there already, and is only looked at and served then.
    pub save_dir: PathBuf,
    /// The names of the collections it belongs to, for tags.
    pub collections: Vec<String>,
    /// Where holders can be reached.
    pub peers: Vec<SocketAddr>,
}

/// Whose a torrent in the client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The beacon's, with its mark: it may be stopped and removed again.
    Beacon,
    /// The user's: it is never touched again.
    User,
}

/// What a torrent is added from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddSource {
    /// A whole .torrent file.
    Metainfo(Arc<[u8]>),
    /// A magnet link, where nothing better is known.
    Magnet(String),
}

/// How adding went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddOutcome {
    /// The client has it now, with the beacon's mark where it is the beacon's.
    Added,
    /// The client had it already: it is the user's, and was left exactly as it was.
    AlreadyThere,
}

/// What became of the files of a torrent that was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// They are deleted.
    WithFiles,
    /// They are still there: another torrent of the client has some of them, or it could not be told whether one has.
    FilesKept,
}

/// Why a command to the client failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CommandError {
    /// The client itself is in trouble; the same command may work later.
    #[error(transparent)]
    Client(#[from] ClientProblem),
    /// The client does not have the torrent.
    #[error("the client has no torrent {0}")]
    NoSuchTorrent(InfoHash),
    /// The torrent does not bear the beacon's mark: it is the user's and is not touched.
    #[error("torrent {0} is not the beacon's (its mark is missing); it is left alone")]
    NotOurs(InfoHash),
    /// The torrent is in a state in which nothing of it may be deleted: its files are missing, or it is being moved or
    /// checked. The same command may work later.
    #[error("the client reports {state} for torrent {info_hash}; nothing of it is deleted while that is so")]
    NotNow {
        /// Which torrent.
        info_hash: InfoHash,
        /// The state, in words.
        state: &'static str,
    },
    /// The client will not take it; trying again without a change is useless.
    #[error("the client refused torrent {info_hash}: {reason}")]
    Rejected {
        /// Which torrent.
        info_hash: InfoHash,
        /// What the client said.
        reason: String,
    },
    /// The client accepted the command but its effect did not show in time.
    #[error("the client took the command for torrent {0}, but nothing came of it within 30 seconds")]
    NoEffect(InfoHash),
}
