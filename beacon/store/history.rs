//! What happened lately, for people.

use rusqlite::params;

use super::{Store, StoreError, row::database_error};
use crate::model::{InfoHash, Instant};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// When, on this beacon's clock.
    pub at: Instant,
    /// What kind of thing, in one word.
    pub kind: String,
    /// The torrent it was about, if any.
    pub info_hash: Option<InfoHash>,
    /// What, in a sentence.
    pub text: String,
}

/// Which events are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventFilter {
    /// Only those about this torrent.
    pub info_hash: Option<InfoHash>,
    /// Only those of this kind.
    pub kind: Option<String>,
}

/// The events that are kept, the latest: months of a quiet beacon, a day of a busy one.
pub const EVENTS_MAX: u32 = 10_000;

/// Bytes of one event's kind and of its text, beyond which they are cut.
pub const EVENT_BYTES_MAX: usize = 1_000;

impl Store {
    /// Writes down that something happened, and drops what is older than the [`EVENTS_MAX`] latest events.
    pub fn record_event(
        &mut self,
        at: Instant,
        kind: &str,
        info_hash: Option<InfoHash>,
        text: &str,
    ) -> Result<(), StoreError> {
        let file = &self.file;
        let at = at.as_millis().cast_signed();
        let hash = info_hash.as_ref().map(InfoHash::as_bytes);
        let recorded = self.connection.transaction().and_then(|transaction| {
            transaction.execute(
                "INSERT INTO events (at, kind, info_hash, text) VALUES (?1, ?2, ?3, ?4)",
                params![at, cut(kind), hash, cut(text)],
            )?;
            // Ids rise by one, so that the latest tells which are too many.
            let newest = transaction.last_insert_rowid();
            transaction.execute("DELETE FROM events WHERE id <= ?1", [newest.saturating_sub(EVENTS_MAX.into())])?;
            transaction.commit()
        });
        recorded.map_err(|source| database_error(file, source))
    }

    /// The latest events that match, the latest first, at most `limit` after the first `offset`; and how many match in all.
    pub fn events(&self, filter: &EventFilter, offset: u32, limit: u32) -> Result<(usize, Vec<EventRow>), StoreError> {
        // What is not asked for is not compared, so that the index of info-hashes is used where it can be.
        let hash = if filter.info_hash.is_some() { "info_hash = ?1" } else { "?1 IS NULL" };
        let kind = if filter.kind.is_some() { "kind = ?2" } else { "?2 IS NULL" };
        let matching = format!("FROM events WHERE {hash} AND {kind}");
        let (info_hash, kind) = (filter.info_hash.as_ref().map(InfoHash::as_bytes), filter.kind.as_deref());
        let total = self
            .connection
            .query_row(&format!("SELECT count(*) {matching}"), params![info_hash, kind], |row| row.get::<_, i64>(0))
            .map_err(|source| self.failed(source))?;
        let page = format!("SELECT at, kind, info_hash, text {matching} ORDER BY id DESC LIMIT ?3 OFFSET ?4");
        let rows: rusqlite::Result<Vec<_>> = self.connection.prepare(&page).and_then(|mut query| {
            let row = |row: &rusqlite::Row<'_>| {
                Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get::<_, Option<Vec<u8>>>(2)?, row.get(3)?))
            };
            query.query_map(params![info_hash, kind, limit.min(EVENTS_MAX), offset], row)?.collect()
        });
        let rows = rows.map_err(|source| self.failed(source))?;
        let event = |(at, kind, info_hash, text): (i64, _, Option<Vec<u8>>, _)| {
            let info_hash = info_hash.map(|hash| self.info_hash(&hash)).transpose()?;
            Ok(EventRow { at: Instant::from_millis(at.cast_unsigned()), kind, info_hash, text })
        };
        let events: Result<Vec<_>, _> = rows.into_iter().map(event).collect();
        Ok((usize::try_from(total).unwrap_or_default(), events?))
    }

    /// The latest events, at most `limit`, the latest first.
    pub fn recent_events(&self, limit: u32) -> Result<Vec<EventRow>, StoreError> {
        self.events(&EventFilter::default(), 0, limit).map(|(_, events)| events)
    }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(EVENT_BYTES_MAX)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_events_come_first() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(dir.path()).expect("opens");
        let hash = Some(InfoHash::V1([3; 20]));
        store.record_event(Instant::from_millis(9), "added", hash, "two copies were missing").expect("recorded");
        store.record_event(Instant::from_millis(4), "clock", None, &"é".repeat(EVENT_BYTES_MAX)).expect("recorded");
        drop(store);
        let events = Store::open(dir.path()).expect("opens again").recent_events(10).expect("read");
        assert_eq!(events.len(), 2);
        assert_eq!((&events[0].kind[..], events[0].text.len()), ("clock", EVENT_BYTES_MAX));
        let text = "two copies were missing".to_owned();
        assert_eq!(
            events[1],
            EventRow { at: Instant::from_millis(9), kind: "added".to_owned(), info_hash: hash, text }
        );
    }

    #[test]
    fn events_are_found_by_torrent_and_kind_a_page_at_a_time() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(dir.path()).expect("opens");
        let hash = |byte| Some(InfoHash::V1([byte; 20]));
        for (at, kind, info_hash) in
            [(1, "info", hash(1)), (2, "info", None), (3, "warning", hash(1)), (4, "info", hash(1))]
        {
            store.record_event(Instant::from_millis(at), kind, info_hash, "x").expect("recorded");
        }
        let found = |info_hash, kind: Option<&str>, offset, limit| {
            let filter = EventFilter { info_hash, kind: kind.map(str::to_owned) };
            let (total, events) = store.events(&filter, offset, limit).expect("read");
            (total, events.iter().map(|event| event.at.as_millis()).collect::<Vec<_>>())
        };
        assert_eq!(found(None, None, 0, 10), (4, vec![4, 3, 2, 1]));
        assert_eq!(found(None, None, 1, 2), (4, vec![3, 2]));
        assert_eq!(found(hash(1), None, 0, 10), (3, vec![4, 3, 1]));
        assert_eq!(found(hash(1), Some("info"), 1, 10), (2, vec![1]));
        assert_eq!(found(None, Some("warning"), 0, 10), (1, vec![3]));
        assert_eq!(found(hash(2), None, 0, 10), (0, vec![]));
    }

    #[test]
    fn history_does_not_grow_for_ever() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(dir.path()).expect("opens");
        let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
                    INSERT INTO events (at, kind, text) SELECT i, 'k', 't' FROM n";
        store.connection.execute(many, []).expect("inserted");
        store.record_event(Instant::ZERO, "last", None, "").expect("recorded");
        let events = store.recent_events(u32::MAX).expect("read");
        assert_eq!(events.len(), EVENTS_MAX as usize);
        assert_eq!(events[0].kind, "last");
        assert_eq!(store.recent_events(3).expect("read").len(), 3);
    }
}
