//! What a walk came by and did not take.

use std::path::PathBuf;

use thiserror::Error;

/// Something that is not in the torrent, though it is in the directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// Where it is.
    pub path: PathBuf,
    /// Why it is not taken.
    pub why: WhyLeftOut,
}

/// Why something is not in the torrent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum WhyLeftOut {
    /// A directory without anything in it, which no torrent can hold.
    #[error("an empty directory")]
    EmptyDirectory,
    /// A symbolic link to nothing.
    #[error("a link that leads nowhere")]
    BrokenLink,
    /// A symbolic link to something that is not within the tree.
    #[error("a link that leads out of the directory")]
    LinkOutside,
    /// A symbolic link to a directory that it lies in.
    #[error("a link to a directory that it lies in")]
    LinkLoop,
    /// A socket, a pipe or a device.
    #[error("neither a file nor a directory")]
    Special,
    /// The file that is about to be written.
    #[error("the .torrent that is being made")]
    Output,
}
