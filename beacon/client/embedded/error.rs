//! Why the embedded client cannot be set up.

use std::{io, net::SocketAddr, path::PathBuf};

use thiserror::Error;

/// Why the embedded client cannot be set up.
#[derive(Debug, Error)]
pub enum EmbeddedError {
    /// Somebody else has the port, or the address is not this machine's.
    #[error(
        "cannot listen for BitTorrent connections on {address}: {reason}; set `client.listen` to another address, or to port 0 to let the system choose"
    )]
    Listen {
        /// The address from the settings.
        address: SocketAddr,
        /// What the system said.
        reason: io::Error,
    },
    /// A file or directory in which it remembers its torrents cannot be used.
    #[error("the embedded client cannot use {}: {reason}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// The announce URL is none.
    #[error("`{0}` is not the URL of a tracker")]
    Tracker(String),
    /// The engine gave up for another reason.
    #[error("the embedded client cannot start: {0}")]
    Engine(String),
}
