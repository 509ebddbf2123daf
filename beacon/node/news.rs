//! What of a node has changed since somebody last looked, so that nobody has to look all the time.

/// What has changed of what a node shows. What only grows older (uptimes, when somebody was last heard) is no news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is of something else")]
pub struct News {
    /// This beacon, its client, its storage, or what its user should know.
    pub status: bool,
    /// Which torrents there are, who has them, or how far they are.
    pub torrents: bool,
    /// Which beacons there are, what they give, or who is a neighbor.
    pub members: bool,
    /// What is planned, under way, or has ended.
    pub actions: bool,
    /// Which collections there are, or what is wrong with their files.
    pub collections: bool,
}

impl News {
    /// Takes what there is; nothing is news afterwards.
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }
}
