//! Why a beacon cannot run.

use std::{io, net::SocketAddr, path::PathBuf};

use thiserror::Error;

use super::NotifyError;
use crate::{
    client::{embedded::EmbeddedError, qbittorrent::SettingsError},
    model::ClientProblem,
    net::{IdentityError, NetError, NetworkKeyError},
    store::StoreError,
    web::TokenError,
};

/// Why a beacon cannot run.
#[derive(Debug, Error)]
pub enum DaemonError {
    /// The embedded client cannot start.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// The settings of the client make no sense.
    #[error("the client cannot be used: {0}")]
    Client(#[from] SettingsError),
    /// The identity cannot be read or made.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The network key cannot be read.
    #[error(transparent)]
    NetworkKey(#[from] NetworkKeyError),
    /// The network cannot start.
    #[error(transparent)]
    Net(#[from] NetError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The token that orders need cannot be read or made.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The page cannot be served.
    #[error(
        "cannot serve the page on {address}: {reason}; choose another `dashboard` address if another program has it"
    )]
    Dashboard {
        /// The address from the settings.
        address: SocketAddr,
        /// What the system said.
        reason: io::Error,
    },
    /// The directory of the page's files is none.
    #[error("there is no index.html in {}; `dashboard_dir` must name the directory of the page's files, or nothing", .0.display())]
    DashboardDir(PathBuf),
    /// The tracker cannot be served.
    #[error(
        "cannot serve the tracker on {address}: {reason}; choose another `tracker.listen` address if another program has it"
    )]
    Tracker {
        /// The address from the settings.
        address: SocketAddr,
        /// What the system said.
        reason: io::Error,
    },
    /// The client cannot be asked.
    #[error(transparent)]
    Trouble(ClientProblem),
    /// Messages to hooks cannot be sent.
    #[error(transparent)]
    Notify(#[from] NotifyError),
    /// A torrent that a beacon was to have from before its first run cannot be given to it.
    #[error("torrent {name} cannot be given to the beacon: {reason}")]
    NotAdopted {
        /// What it is called.
        name: String,
        /// Why.
        reason: String,
    },
    /// A directory cannot be made.
    #[error("cannot make the directory {}: {reason}", .path.display())]
    Directory {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// The system gives no threads, timers or signals.
    #[error("cannot start: {0}")]
    System(#[source] io::Error),
    /// The system has no randomness.
    #[error("the system gives no random bytes")]
    NoRandomness,
    /// The state directory could not be written while running.
    #[error("the beacon stops, since it could not write down what it was about to do: {0}")]
    WriteAhead(String),
}
