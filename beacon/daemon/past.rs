//! What was, read for those who ask.

use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::event_loop::EventLoop;
use crate::{
    model::{Catalog, InfoHash},
    node::view::{EventView, HistoryView, TrendPoint, TrendView},
    store::{EventFilter, EventRow, Store},
    web::PastQuestion,
};

impl EventLoop {
    /// The past is read beside the loop, which goes on meanwhile.
    pub(super) fn answer_past(&self, question: PastQuestion) {
        let (now, keeper) = (self.clock.now(), self.keeper.clone());
        match question {
            PastQuestion::History { info_hash, kind, offset, limit, reply } => {
                let torrents = self.node.census().torrents();
                let canonical =
                    |hash: InfoHash| torrents.find(&hash).map_or(hash, |index| torrents.at(index).info_hash);
                let filter = EventFilter { info_hash: info_hash.map(canonical), kind };
                let catalog = Arc::clone(&self.catalog);
                spawn_blocking(move || {
                    let few = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
                    let store = keeper.lock();
                    let read = store.events(&filter, few(offset), few(limit));
                    let view = |(total, rows): (usize, Vec<EventRow>)| HistoryView {
                        total,
                        events: rows.into_iter().map(|row| event_view(row, &catalog, &store)).collect(),
                    };
                    drop(reply.send(read.map(view).map_err(|error| error.to_string())));
                });
            }
            PastQuestion::Trend { collection, since, points, reply } => {
                if collection.is_some_and(|id| !self.catalog.collections.iter().any(|listed| listed.id == id)) {
                    drop(reply.send(Ok(None)));
                    return;
                }
                spawn_blocking(move || {
                    let read = keeper.lock().trend(collection, since, now, points);
                    let view = |points: Vec<TrendPoint>| {
                        let first = points.first().map_or(now, |point| point.at);
                        Some(TrendView { from: first.max(since).min(now), to: now, points })
                    };
                    drop(reply.send(read.map(view).map_err(|error| error.to_string())));
                });
            }
        }
    }
}

fn event_view(row: EventRow, catalog: &Catalog, store: &Store) -> EventView {
    let listed = |hash: &InfoHash| {
        let listed = catalog.collections.iter().find_map(|collection| {
            let place = collection.torrents.binary_search_by_key(hash, |torrent| torrent.info_hash).ok()?;
            collection.torrents[place].name.clone()
        });
        // Links without a name have one in the .torrent.
        listed.or_else(|| store.facts(hash).ok().flatten().map(|(name, _)| name))
    };
    let name = row.info_hash.as_ref().and_then(listed);
    EventView { at: row.at, kind: row.kind, info_hash: row.info_hash, name, text: row.text }
}
