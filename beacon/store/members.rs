//! The members of the network, so that a beacon finds back to them after a restart, and how far each had come.

use rusqlite::{Transaction, params};

use super::{
    Store, StoreError,
    row::{database_error, wide},
};
use crate::model::{BeaconId, Instant};

/// What is kept of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Who it is.
    pub id: BeaconId,
    /// The incarnation of its latest hello.
    pub incarnation: u64,
    /// The sequence number of its latest hello within that.
    pub seq: u64,
    /// When it was last heard, on this beacon's clock.
    pub last_heard: Instant,
    /// Its latest hello, as it was signed.
    pub hello: Vec<u8>,
    /// Whether it is one of those to which the beacon turns first.
    pub anchor: bool,
}

/// How far a beacon had come. It outlives the member, so that an old hello never brings back one that is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HighWaterMark {
    /// Who it is.
    pub id: BeaconId,
    /// The largest incarnation heard.
    pub incarnation: u64,
    /// The largest sequence number heard within that.
    pub seq: u64,
}

/// The marks of beacons that are no members which are kept, the latest: ten times the beacons of the largest network.
pub const MARKS_MAX: u32 = 100_000;

impl Store {
    /// Writes down one member; see [`Store::save_members`].
    pub fn save_member(&mut self, member: &MemberRow) -> Result<(), StoreError> {
        self.save_members(std::slice::from_ref(member))
    }

    /// Writes down members, all or none. One that is older than its high-water mark is passed over.
    pub fn save_members(&mut self, members: &[MemberRow]) -> Result<(), StoreError> {
        let file = &self.file;
        let saved = self.connection.transaction().and_then(|transaction| {
            write_members(&transaction, members)?;
            transaction.commit()
        });
        saved.map_err(|source| database_error(file, source))
    }

    /// All members, ordered by id.
    pub fn members(&self) -> Result<Vec<MemberRow>, StoreError> {
        let rows = self
            .rows("SELECT id, incarnation, seq, last_heard, hello, anchor FROM members ORDER BY id", |row| {
                Ok((blob(row, 0)?, blob(row, 1)?, blob(row, 2)?, row.get::<_, i64>(3)?, blob(row, 4)?, row.get(5)?))
            })?;
        let member = |(id, incarnation, seq, last_heard, hello, anchor): (Vec<u8>, Vec<u8>, Vec<u8>, i64, _, _)| {
            Ok(MemberRow {
                id: self.beacon_id(&id)?,
                incarnation: self.number(&incarnation)?,
                seq: self.number(&seq)?,
                last_heard: Instant::from_millis(last_heard.cast_unsigned()),
                hello,
                anchor,
            })
        };
        rows.into_iter().map(member).collect()
    }

    /// Removes a member; its high-water mark stays.
    pub fn forget_member(&mut self, id: &BeaconId) -> Result<(), StoreError> {
        let file = &self.file;
        let forgotten = self.connection.transaction().and_then(|transaction| {
            transaction.execute("DELETE FROM members WHERE id = ?1", [id.as_bytes()])?;
            prune_marks(&transaction, MARKS_MAX)?;
            transaction.commit()
        });
        forgotten.map_err(|source| database_error(file, source))
    }

    /// How far every beacon had come that is or was a member, ordered by id.
    pub fn high_water_marks(&self) -> Result<Vec<HighWaterMark>, StoreError> {
        let rows = self.rows("SELECT id, incarnation, seq FROM marks ORDER BY id", |row| {
            Ok((blob(row, 0)?, blob(row, 1)?, blob(row, 2)?))
        })?;
        let mark = |(id, incarnation, seq): (Vec<u8>, Vec<u8>, Vec<u8>)| {
            Ok(HighWaterMark {
                id: self.beacon_id(&id)?,
                incarnation: self.number(&incarnation)?,
                seq: self.number(&seq)?,
            })
        };
        rows.into_iter().map(mark).collect()
    }
}

fn blob(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Vec<u8>> {
    row.get(column)
}

fn write_members(transaction: &Transaction<'_>, members: &[MemberRow]) -> rusqlite::Result<()> {
    let mut raise = transaction.prepare(
        "INSERT INTO marks (id, incarnation, seq, noted) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE SET
             incarnation = excluded.incarnation, seq = excluded.seq, noted = excluded.noted
         WHERE (excluded.incarnation, excluded.seq) >= (marks.incarnation, marks.seq)",
    )?;
    let mut write = transaction.prepare(
        "INSERT OR REPLACE INTO members (id, incarnation, seq, last_heard, hello, anchor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for member in members {
        let MemberRow { id, incarnation, seq, last_heard, hello, anchor } = member;
        let (incarnation, seq) = (wide(*incarnation), wide(*seq));
        let heard = last_heard.as_millis().cast_signed();
        if raise.execute(params![id.as_bytes(), incarnation, seq, heard])? == 1 {
            write.execute(params![id.as_bytes(), incarnation, seq, heard, hello, anchor])?;
        }
    }
    Ok(())
}

/// Keeps the `keep` latest marks of beacons that are no members.
fn prune_marks(transaction: &Transaction<'_>, keep: u32) -> rusqlite::Result<usize> {
    transaction.execute(
        "DELETE FROM marks WHERE id IN (SELECT id FROM marks WHERE id NOT IN (SELECT id FROM members)
             ORDER BY noted DESC, id LIMIT -1 OFFSET ?1)",
        [keep],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: u8, incarnation: u64, seq: u64) -> MemberRow {
        let last_heard = Instant::from_millis(u64::from(id) * 1000 + seq % 1000);
        MemberRow {
            id: BeaconId::new([id; 32]),
            incarnation,
            seq,
            last_heard,
            hello: vec![id, 0, 255],
            anchor: id == 1,
        }
    }

    fn mark(member: &MemberRow) -> HighWaterMark {
        HighWaterMark { id: member.id, incarnation: member.incarnation, seq: member.seq }
    }

    #[test]
    fn members_are_there_after_a_restart() {
        let dir = tempfile::tempdir().expect("a directory");
        let rows = [member(1, 5, 7), member(2, u64::MAX, u64::MAX), member(3, 0, 0)];
        Store::open(dir.path()).expect("opens").save_members(&rows).expect("saved");
        let mut store = Store::open(dir.path()).expect("opens again");
        assert_eq!(store.members().expect("read"), rows);
        let newer = MemberRow { last_heard: Instant::FAR_FUTURE, hello: vec![9], ..member(1, 6, 0) };
        store.save_member(&newer).expect("saved");
        assert_eq!(store.members().expect("read")[0], newer);
    }

    #[test]
    fn an_old_hello_never_comes_back() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(dir.path()).expect("opens");
        // Above 2^63, where a signed column would turn the order round.
        let latest = member(1, 1 << 63, 3);
        store.save_member(&latest).expect("saved");
        for older in [member(1, 1 << 63, 2), member(1, (1 << 63) - 1, 900)] {
            store.save_member(&older).expect("passed over");
            assert_eq!(store.members().expect("read"), std::slice::from_ref(&latest));
        }
        store.forget_member(&latest.id).expect("forgotten");
        store.save_member(&member(1, 7, 7)).expect("passed over");
        assert_eq!(store.members().expect("read"), []);
        assert_eq!(store.high_water_marks().expect("read"), [mark(&latest)]);
        let newer = member(1, 1 << 63, 4);
        store.save_member(&newer).expect("saved");
        assert_eq!(store.members().expect("read"), std::slice::from_ref(&newer));
        assert_eq!(store.high_water_marks().expect("read"), [mark(&newer)]);
    }

    #[test]
    fn the_oldest_marks_of_those_who_left_go_first() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(dir.path()).expect("opens");
        let rows: Vec<_> = (1..=5).map(|id| member(id, 1, 1)).collect();
        store.save_members(&rows).expect("saved");
        for id in [2, 3, 4] {
            store.forget_member(&BeaconId::new([id; 32])).expect("forgotten");
        }
        let transaction = store.connection.transaction().expect("begun");
        assert_eq!(prune_marks(&transaction, 2).expect("pruned"), 1);
        transaction.commit().expect("committed");
        let left: Vec<_> = store.high_water_marks().expect("read").iter().map(|mark| mark.id.as_bytes()[0]).collect();
        assert_eq!(left, [1, 3, 4, 5]);
    }
}
