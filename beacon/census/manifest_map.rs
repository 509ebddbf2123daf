//! From positions in a manifest to the torrents that are counted here.

use super::TorrentIndex;

/// Where the torrents of a manifest, ours or another beacon's, stand among ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ManifestMap {
    /// By position; [`ManifestMap::NOT_OURS`] where no collection of ours lists it.
    torrents: Box<[TorrentIndex]>,
    /// The same torrents in order, to look them up.
    sorted: Option<Box<[TorrentIndex]>>,
}

impl ManifestMap {
    const NOT_OURS: TorrentIndex = TorrentIndex::MAX;

    pub(super) fn new(torrents: impl Iterator<Item = Option<TorrentIndex>>) -> Self {
        let torrents: Box<[_]> = torrents.map(|torrent| torrent.unwrap_or(Self::NOT_OURS)).collect();
        // Manifests are in the order of info-hashes, as our torrents are, so this is nearly always sorted already.
        let sorted = (!torrents.is_sorted()).then(|| {
            let mut sorted = torrents.clone();
            sorted.sort_unstable();
            sorted
        });
        Self { torrents, sorted }
    }

    pub(super) fn torrent(&self, position: usize) -> Option<TorrentIndex> {
        self.torrents.get(position).copied().filter(|torrent| *torrent != Self::NOT_OURS)
    }

    pub(super) fn lists(&self, torrent: TorrentIndex) -> bool {
        self.sorted.as_deref().unwrap_or(&self.torrents).binary_search(&torrent).is_ok()
    }
}
