//! Something of each of many holdings, put together by torrent: what all torrents are asked for is cheaper to find by going
//! through everyone's holdings once than by asking everyone for each torrent.

use crate::census::TorrentIndex;

/// Values by torrent, in two blocks of memory.
#[derive(Debug)]
pub(super) struct ByTorrent<T> {
    /// Where the values of each torrent begin, and after the last where they end.
    starts: Vec<usize>,
    values: Vec<T>,
}

impl<T: Copy> ByTorrent<T> {
    /// Sorts values by torrent, all of which are below `torrents`; those of one torrent stay in their order.
    pub(super) fn new(torrents: usize, values: impl Iterator<Item = (TorrentIndex, T)> + Clone) -> Self {
        let mut starts = vec![0; torrents + 1];
        for (torrent, _) in values.clone() {
            starts[torrent as usize + 1] += 1;
        }
        for torrent in 0..torrents {
            starts[torrent + 1] += starts[torrent];
        }
        let mut next = starts.clone();
        let mut sorted: Vec<T> = values.clone().map(|(_, value)| value).collect();
        for (torrent, value) in values {
            let at = &mut next[torrent as usize];
            sorted[*at] = value;
            *at += 1;
        }
        Self { starts, values: sorted }
    }

    /// The values of a torrent.
    pub(super) fn of(&self, torrent: TorrentIndex) -> &[T] {
        let torrent = torrent as usize;
        &self.values[self.starts[torrent]..self.starts[torrent + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_torrent_and_keep_their_order() {
        let values = [(2, 'c'), (0, 'a'), (2, 'b'), (3, 'd')];
        let sorted = ByTorrent::new(5, values.into_iter());
        let of: Vec<&[char]> = (0..5).map(|torrent| sorted.of(torrent)).collect();
        assert_eq!(of, [&['a'][..], &[], &['c', 'b'], &['d'], &[]]);
    }
}
