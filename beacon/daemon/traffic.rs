//! What has gone over the links to other beacons: by link, and by kind of message.

use std::collections::BTreeMap;

use crate::{model::LinkId, node::view::TrafficView};

/// What has gone over the links since the start. Packets take more than their messages; that is not counted.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    all: TrafficView,
    by_kind: BTreeMap<&'static str, TrafficView>,
    by_link: BTreeMap<LinkId, TrafficView>,
}

impl Traffic {
    /// Counts a message of so many bytes that was sent.
    pub(super) fn sent(&mut self, link: LinkId, kind: &'static str, bytes: usize) {
        for count in self.counts(link, kind) {
            count.sent = count.sent.saturating_add(bytes as u64);
            count.messages_sent += 1;
        }
    }

    /// Counts a message of so many bytes that came.
    pub(super) fn received(&mut self, link: LinkId, kind: &'static str, bytes: usize) {
        for count in self.counts(link, kind) {
            count.received = count.received.saturating_add(bytes as u64);
            count.messages_received += 1;
        }
    }

    /// A link is down: what went over it stays in the sums only.
    pub(super) fn forget(&mut self, link: LinkId) {
        self.by_link.remove(&link);
    }

    /// Everything.
    pub(super) const fn all(&self) -> TrafficView {
        self.all
    }

    /// What of it went over one link.
    pub(super) fn of_link(&self, link: LinkId) -> TrafficView {
        self.by_link.get(&link).copied().unwrap_or_default()
    }

    /// What of it each kind of message made up.
    pub(super) fn by_kind(&self) -> Vec<(&'static str, TrafficView)> {
        self.by_kind.iter().map(|(kind, count)| (*kind, *count)).collect()
    }

    fn counts(&mut self, link: LinkId, kind: &'static str) -> [&mut TrafficView; 3] {
        [&mut self.all, self.by_kind.entry(kind).or_default(), self.by_link.entry(link).or_default()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_counted_by_link_and_by_kind() {
        let mut traffic = Traffic::default();
        traffic.sent(LinkId(1), "hellos", 10);
        traffic.received(LinkId(1), "summary", 5);
        traffic.received(LinkId(2), "hellos", 7);
        let count = |sent, received, messages_sent, messages_received| TrafficView {
            sent,
            received,
            messages_sent,
            messages_received,
        };
        assert_eq!(traffic.all(), count(10, 12, 1, 2));
        assert_eq!(traffic.by_kind(), [("hellos", count(10, 7, 1, 1)), ("summary", count(0, 5, 0, 1))]);
        assert_eq!(traffic.of_link(LinkId(1)), count(10, 5, 1, 1));
        traffic.forget(LinkId(1));
        assert_eq!((traffic.of_link(LinkId(1)), traffic.all()), (TrafficView::default(), count(10, 12, 1, 2)));
    }
}
