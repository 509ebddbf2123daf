//! How the torrents stood in the course of time: by the minute lately, by the hour before, by the day long ago.

use std::time::Duration;

use rusqlite::params;

use super::{Store, StoreError, row::database_error};
use crate::{
    model::{ByteSize, CollectionId, Instant},
    node::view::TrendPoint,
};

/// For how long every sample is kept.
const MINUTES_KEPT: Duration = Duration::from_hours(48);
/// For how long after that the last sample of each hour is.
const HOURS_KEPT: Duration = Duration::from_hours(90 * 24);
/// For how long the last sample of each day is kept: ten years are a few thousand of a collection.
const DAYS_KEPT: Duration = Duration::from_hours(3_653 * 24);

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

impl Store {
    /// Writes down how the torrents of each of these collections stand; `None` are all torrents.
    pub fn record_trend(&mut self, points: &[(Option<CollectionId>, TrendPoint)]) -> Result<(), StoreError> {
        let file = &self.file;
        let recorded = self.connection.transaction().and_then(|transaction| {
            for (collection, point) in points {
                let TrendPoint { at, missing, under, met, over, .. } = point;
                let bytes = [point.bytes_total, point.bytes_wanted, point.bytes_stored, point.bytes_mirrored];
                let [total, wanted, stored, mirrored] = bytes.map(|size| size.bytes().cast_signed());
                transaction.execute(
                    "INSERT OR REPLACE INTO trend (collection, at, missing, under, met, over, total, wanted, stored, mirrored)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                    params![
                        key(collection.as_ref()), at.as_millis().cast_signed(), missing, under, met, over, total, wanted, stored,
                        mirrored
                    ],
                )?;
            }
            transaction.commit()
        });
        recorded.map_err(|source| database_error(file, source))
    }

    /// Drops what is older than samples so close together are kept.
    pub fn thin_trend(&mut self, now: Instant) -> Result<(), StoreError> {
        let before = |age: Duration| {
            let at = Instant::ZERO + now.since(Instant::ZERO + age);
            at.as_millis().cast_signed()
        };
        let file = &self.file;
        let thinned = self.connection.transaction().and_then(|transaction| {
            transaction.execute("DELETE FROM trend WHERE at < ?1", [before(DAYS_KEPT)])?;
            for (width, from, to) in
                [(HOUR_MS, before(HOURS_KEPT), before(MINUTES_KEPT)), (DAY_MS, before(DAYS_KEPT), before(HOURS_KEPT))]
            {
                transaction.execute(
                    "DELETE FROM trend WHERE at >= ?2 AND at < ?3 AND EXISTS (SELECT 1 FROM trend AS later
                     WHERE later.collection = trend.collection AND later.at > trend.at
                       AND later.at < (trend.at / ?1 + 1) * ?1)",
                    [width, from, to],
                )?;
            }
            transaction.commit()
        });
        thinned.map_err(|source| database_error(file, source))
    }

    /// How the torrents of a collection, or all, stood from `from` to `to`: at most `points` samples, the last of each of so
    /// many equal parts, and before them the last one that is older, which is how they stood at first.
    pub fn trend(
        &self,
        collection: Option<CollectionId>,
        from: Instant,
        to: Instant,
        points: u32,
    ) -> Result<Vec<TrendPoint>, StoreError> {
        let key = key(collection.as_ref());
        let (from, to) = (from.as_millis().cast_signed(), to.as_millis().cast_signed());
        let columns = "missing, under, met, over, total, wanted, stored, mirrored";
        let before =
            format!("SELECT at, {columns} FROM trend WHERE collection = ?1 AND at < ?2 ORDER BY at DESC LIMIT 1");
        let mut found = self.points(&before, params![key, from])?;
        let first = "SELECT coalesce(min(at), ?3) FROM trend WHERE collection = ?1 AND at >= ?2 AND at <= ?3";
        let first: i64 = self
            .connection
            .query_row(first, params![key, from, to], |row| row.get(0))
            .map_err(|source| self.failed(source))?;
        let width = ((to - first) / i64::from(points.max(1)) + 1).max(1);
        // Of each group SQLite takes the other columns from the row with the largest `at`.
        let parts = format!(
            "SELECT max(at), {columns} FROM trend WHERE collection = ?1 AND at >= ?2 AND at <= ?3
             GROUP BY (at - ?4) / ?5 ORDER BY at"
        );
        found.extend(self.points(&parts, params![key, from, to, first, width])?);
        Ok(found)
    }

    fn points(&self, query: &str, given: impl rusqlite::Params) -> Result<Vec<TrendPoint>, StoreError> {
        let found: rusqlite::Result<Vec<_>> = self.connection.prepare(query).and_then(|mut query| {
            query
                .query_map(given, |row| {
                    let bytes =
                        |column| row.get::<_, i64>(column).map(|bytes| ByteSize::from_bytes(bytes.cast_unsigned()));
                    Ok(TrendPoint {
                        at: Instant::from_millis(row.get::<_, i64>(0)?.cast_unsigned()),
                        missing: row.get(1)?,
                        under: row.get(2)?,
                        met: row.get(3)?,
                        over: row.get(4)?,
                        bytes_total: bytes(5)?,
                        bytes_wanted: bytes(6)?,
                        bytes_stored: bytes(7)?,
                        bytes_mirrored: bytes(8)?,
                    })
                })?
                .collect()
        });
        found.map_err(|source| self.failed(source))
    }
}

/// What stands in the table for a collection; nothing for all torrents.
fn key(collection: Option<&CollectionId>) -> &[u8] {
    collection.map_or(&[], |id| id.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);
    const ONE: CollectionId = CollectionId::from_bytes([1; 16]);

    fn point(at: Instant, missing: u32) -> TrendPoint {
        let bytes_total = ByteSize::from_bytes(u64::MAX);
        TrendPoint { at, missing, bytes_total, ..TrendPoint::default() }
    }

    fn store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::open(dir.path()).expect("opens");
        (dir, store)
    }

    #[test]
    fn samples_come_back_in_order_and_no_more_than_are_asked_for() {
        let (_dir, mut store) = store();
        let begin = Instant::from_millis(1_000_000_000_000);
        let samples: Vec<_> = (0..100).map(|n| (None, point(begin + MINUTE * n, n))).collect();
        store.record_trend(&samples).expect("recorded");
        store.record_trend(&[(Some(ONE), point(begin, 7))]).expect("recorded");
        let end = begin + MINUTE * 200;
        let all = store.trend(None, Instant::ZERO, end, 1_000).expect("read");
        assert_eq!(all, samples.iter().map(|(_, point)| *point).collect::<Vec<_>>());
        assert_eq!(store.trend(Some(ONE), Instant::ZERO, end, 1_000).expect("read"), [point(begin, 7)]);
        let few = store.trend(None, Instant::ZERO, end, 10).expect("read");
        assert!((4..=10).contains(&few.len()), "{}", few.len());
        assert_eq!(few.last(), all.last(), "the latest is always there");
        assert!(few.is_sorted_by_key(|point| point.at));
        let late = store.trend(None, begin + MINUTE * 50, end, 1_000).expect("read");
        assert_eq!((late.len(), late[0].missing, late[1].missing), (51, 49, 50), "one from before");
        assert_eq!(store.trend(None, end, end, 5).expect("read"), [samples[99].1]);
    }

    #[test]
    fn what_is_old_is_thinned_and_its_last_of_each_hour_and_day_stays() {
        let (_dir, mut store) = store();
        let now = Instant::from_millis(2_000_000_000_000);
        let ago = |age: Duration| Instant::from_millis(now.as_millis() - u64::try_from(age.as_millis()).expect("few"));
        let at_hour = |age: Duration| Instant::from_millis(ago(age).as_millis() / 3_600_000 * 3_600_000);
        let day = Duration::from_hours(24);
        let minutes = |from: Instant| (0..120).map(move |n| (None, point(from + MINUTE * n, n)));
        let mut samples: Vec<_> = minutes(at_hour(day)).chain(minutes(at_hour(day * 10))).collect();
        let midnight = Instant::from_millis(ago(day * 200).as_millis() / 86_400_000 * 86_400_000);
        samples.extend((0..48_u32).map(|n| (None, point(midnight + Duration::from_hours(1) * n, 500 + n))));
        samples.extend((0..3_u32).map(|n| (Some(ONE), point(midnight + Duration::from_hours(1) * n, n))));
        samples.push((None, point(ago(day * 5_000), 9)));
        store.record_trend(&samples).expect("recorded");
        for _ in 0..2 {
            store.thin_trend(now).expect("thinned");
            let left = store.trend(None, Instant::ZERO, now, u32::MAX).expect("read");
            let missing: Vec<u32> = left.iter().map(|point| point.missing).collect();
            assert_eq!((left.len(), &missing[..4]), (2 + 2 + 120, &[523, 547, 59, 119][..]));
            assert_eq!(store.trend(Some(ONE), Instant::ZERO, now, 10).expect("read").len(), 1);
        }
    }
}
