//! Writing down how the torrents stand, as that changes.

use std::{collections::BTreeMap, time::Duration};

use super::event_loop::EventLoop;
use crate::{
    model::{CollectionId, Instant},
    node::view::TrendPoint,
};

/// Samples are no closer together.
const PACE: Duration = Duration::from_mins(1);
/// A sample is taken after this time though nothing has changed, so that it shows that the beacon ran.
const AT_LEAST: Duration = Duration::from_hours(1);
/// How often old samples are thinned.
const THINNING: Duration = Duration::from_hours(1);
/// The most collections that are followed by themselves, the first by name: each can have some thousand samples.
const COLLECTIONS_MAX: usize = 32;

/// What was last written down of how the torrents stood.
#[derive(Debug, Default)]
pub(super) struct Trend {
    looked: Option<Instant>,
    last: BTreeMap<Option<CollectionId>, TrendPoint>,
    thinned: Option<Instant>,
}

impl Trend {
    /// Whether it is time to look how the torrents stand.
    fn is_due(&mut self, now: Instant) -> bool {
        let is_due = self.looked.is_none_or(|at| now.since(at) >= PACE);
        if is_due {
            self.looked = Some(now);
        }
        is_due
    }

    /// What of this is to be written down: what differs from the last, or is there again after a long time.
    fn news(&mut self, points: Vec<(Option<CollectionId>, TrendPoint)>) -> Vec<(Option<CollectionId>, TrendPoint)> {
        let mut news = Vec::new();
        for (collection, point) in points.into_iter().take(1 + COLLECTIONS_MAX) {
            let same =
                |last: &TrendPoint| TrendPoint { at: point.at, ..*last } == point && point.at.since(last.at) < AT_LEAST;
            if !self.last.get(&collection).is_some_and(same) {
                self.last.insert(collection, point);
                news.push((collection, point));
            }
        }
        news
    }

    fn is_to_be_thinned(&mut self, now: Instant) -> bool {
        let is_due = self.thinned.is_none_or(|at| now.since(at) >= THINNING);
        if is_due {
            self.thinned = Some(now);
        }
        is_due
    }
}

impl EventLoop {
    /// Writes down how the torrents stand, where that has changed.
    pub(super) fn follow_trend(&mut self) {
        let now = self.clock.now();
        if !self.trend.is_due(now) {
            return;
        }
        let news = self.trend.news(self.node.trend_points(now));
        let is_to_be_thinned = self.trend.is_to_be_thinned(now);
        if news.is_empty() && !is_to_be_thinned {
            return;
        }
        let keeper = self.keeper.clone();
        // It is no loss if the last sample is missing after a crash, and nobody waits for it.
        tokio::task::spawn_blocking(move || {
            let mut store = keeper.lock();
            let written = store.record_trend(&news);
            let thinned = if is_to_be_thinned { store.thin_trend(now) } else { Ok(()) };
            if let Err(error) = written.and(thinned) {
                tracing::warn!("how the torrents stand cannot be written down: {error}");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn what_changes_is_written_at_most_once_a_minute_and_what_does_not_once_an_hour() {
        let mut trend = Trend::default();
        let begin = Instant::from_millis(1_000_000);
        let point = |at, missing| (None, TrendPoint { at, missing, ..TrendPoint::default() });
        let mut written = Vec::new();
        for half_minute in 0..400 {
            let now = begin + MINUTE / 2 * half_minute;
            if trend.is_due(now) {
                // It changes once, at the tenth minute.
                let news = trend.news(vec![point(now, u32::from(half_minute >= 20))]);
                written.extend(news.iter().map(|(_, point)| point.at.since(begin).as_secs() / 60));
            }
        }
        assert_eq!(written, [0, 10, 70, 130, 190]);
    }

    #[test]
    fn no_more_collections_are_followed_than_a_few() {
        let mut trend = Trend::default();
        let point = |byte| (Some(CollectionId::from_bytes([byte; 16])), TrendPoint::default());
        let points: Vec<_> = std::iter::once((None, TrendPoint::default())).chain((0..100).map(point)).collect();
        assert_eq!(trend.news(points).len(), 1 + COLLECTIONS_MAX);
    }
}
