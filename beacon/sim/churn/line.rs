//! The line into a beacon: its fetches, one after the other.

use std::time::Duration;

use crate::{
    census::TorrentIndex,
    model::{ByteSize, Instant},
};

/// What a beacon is fetching, and how far it is.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// In the order in which they were begun.
    fetches: Vec<Fetch>,
    /// What moves, and since when it has not been accounted for.
    active: Option<(TorrentIndex, Instant)>,
    turn: u64,
}

#[derive(Debug)]
struct Fetch {
    torrent: TorrentIndex,
    bytes_left: u64,
}

impl Line {
    /// Adds a fetch at the end.
    pub(super) fn add(&mut self, torrent: TorrentIndex, size: u64) {
        self.fetches.push(Fetch { torrent, bytes_left: size });
    }

    /// Ends a fetch, complete or not.
    pub(super) fn remove(&mut self, torrent: TorrentIndex) {
        self.fetches.retain(|fetch| fetch.torrent != torrent);
        self.active = self.active.filter(|(active, _)| *active != torrent);
    }

    /// What is being fetched.
    pub(super) fn torrents(&self) -> impl Iterator<Item = TorrentIndex> {
        self.fetches.iter().map(|fetch| fetch.torrent)
    }

    /// Stops, and accounts for what was received since it was last asked: so many bytes.
    pub(super) fn settle(&mut self, now: Instant, bandwidth: ByteSize) -> u64 {
        let Some((torrent, since)) = self.active.take() else { return 0 };
        let Some(fetch) = self.fetches.iter_mut().find(|fetch| fetch.torrent == torrent) else { return 0 };
        let millis = u64::try_from(now.since(since).as_millis()).unwrap_or(u64::MAX);
        let received = (millis.saturating_mul(bandwidth.bytes()) / 1_000).min(fetch.bytes_left);
        fetch.bytes_left -= received;
        received
    }

    /// Goes on with the first fetch of which there is a source: how long it takes, and the turn that this is.
    pub(super) fn go_on(
        &mut self,
        now: Instant,
        bandwidth: ByteSize,
        has_source: impl Fn(TorrentIndex) -> bool,
    ) -> Option<(Duration, u64)> {
        let next = self.fetches.iter().find(|fetch| has_source(fetch.torrent))?;
        self.active = Some((next.torrent, now));
        self.turn += 1;
        let millis = next.bytes_left.saturating_mul(1_000).div_ceil(bandwidth.bytes().max(1));
        Some((Duration::from_millis(millis), self.turn))
    }

    /// What moves, if it still is the turn with this number.
    pub(super) fn active_at(&self, turn: u64) -> Option<TorrentIndex> {
        self.active.filter(|_| self.turn == turn).map(|(torrent, _)| torrent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_fetch_goes_on_where_it_was() {
        let rate = ByteSize::from_bytes(100);
        let at = |seconds: u64| Instant::ZERO + Duration::from_secs(seconds);
        let mut line = Line::default();
        line.add(7, 1_000);
        line.add(8, 500);
        assert_eq!(line.go_on(at(0), rate, |_| true), Some((Duration::from_secs(10), 1)));
        assert_eq!(line.settle(at(4), rate), 400);
        assert_eq!(line.go_on(at(4), rate, |torrent| torrent == 8), Some((Duration::from_secs(5), 2)));
        assert_eq!((line.active_at(1), line.active_at(2)), (None, Some(8)));
        assert_eq!(line.settle(at(9), rate), 500);
        line.remove(8);
        assert_eq!(line.go_on(at(20), rate, |_| true), Some((Duration::from_secs(6), 3)));
        line.remove(7);
        assert_eq!(line.active_at(3), None);
        assert_eq!(line.settle(at(30), rate), 0);
    }
}
