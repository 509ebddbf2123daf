//! The store behind a lock, and what of it a node remembers.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    model::{BeaconId, ByteSize, InfoHash, Instant},
    node::{Leaving, Memory, Note, view::Mode},
    store::{DeletionRow, LedgerRow, LedgerStage, MemberRow, Store, StoreError},
    wire::SignedHello,
};

/// The store, shared by the loop and the client's driver, which writes down what it is about to do.
#[derive(Debug, Clone)]
pub(super) struct Keeper(Arc<Mutex<Store>>);

impl Keeper {
    pub(super) fn new(store: Store) -> Self {
        Self(Arc::new(Mutex::new(store)))
    }

    /// The store. Who panicked while holding it left it as a crash would, and it is made to withstand that.
    pub(super) fn lock(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a node that starts `now` remembers from before, under an incarnation that is higher than all before.
    pub(super) fn recall(&self, now: Instant, configured: Mode) -> Result<Memory, StoreError> {
        let mut store = self.lock();
        let incarnation = store.next_incarnation()?;
        let members = store.members()?;
        let hellos =
            members.iter().filter_map(|row| Some((Arc::new(SignedHello::decode(&row.hello).ok()?), row.last_heard)));
        let known: Vec<BeaconId> = members.iter().map(|row| row.id).collect();
        let marks = store.high_water_marks()?;
        let ledger = store.ledger()?;
        Ok(Memory {
            incarnation,
            members: hellos.collect(),
            // A member that is remembered whole needs no mark; a mark would refuse its latest hello.
            marks: marks
                .into_iter()
                .filter(|mark| !known.contains(&mark.id))
                .map(|mark| (mark.id, (mark.incarnation, mark.seq)))
                .collect(),
            leaving: leaving(&ledger),
            deleted: deleted(now, &store.deletions_since(day_before(now))?, &ledger),
            ledger: ledger.into_iter().map(|row| row.info_hash).collect(),
            pins: store.pins()?,
            requests: store.requests()?,
            mode: ordered_mode(&mut store, configured)?,
            neighbors: store.neighbors()?,
            drain: store.drain()?,
        })
    }
}

/// The mode that the user ordered in place of what the configuration says. Where that has been changed since, it holds, and
/// the order is forgotten for good.
fn ordered_mode(store: &mut Store, configured: Mode) -> Result<Option<Mode>, StoreError> {
    match store.mode_order()? {
        Some(order) if order.configured != configured => {
            store.set_mode_order(None)?;
            Ok(None)
        }
        order => Ok(order.map(|order| order.ordered)),
    }
}

/// The torrents that were on their way out.
fn leaving(ledger: &[LedgerRow]) -> Vec<(InfoHash, Leaving)> {
    let leaving = ledger.iter().filter_map(|row| match row.stage {
        // Not since it was last told to stop, as after each restart: the quarantine would never be over.
        LedgerStage::Quarantined => Some((row.info_hash, Leaving::Quarantined(row.leaving_since.unwrap_or(row.at)))),
        LedgerStage::Removing => Some((row.info_hash, Leaving::Deleting)),
        LedgerStage::Adding | LedgerStage::Added => None,
    });
    leaving.collect()
}

/// What was decided to be deleted in the last 24 hours, whether it is gone yet or not, in that order.
fn deleted(now: Instant, deletions: &[DeletionRow], ledger: &[LedgerRow]) -> Vec<(Instant, ByteSize)> {
    let gone = deletions.iter().map(|row| (row.decided, row.size));
    let going = ledger.iter().filter_map(|row| Some((row.leaving_since?, row.size)));
    let lately = gone.chain(going).filter(|(decided, _)| *decided >= day_before(now));
    // Under a clock that was ahead then, it must not count for longer than a day from now.
    let size = |size: Option<u64>| ByteSize::from_bytes(size.unwrap_or(0));
    let mut deleted: Vec<_> = lately.map(|(decided, bytes)| (decided.min(now), size(bytes))).collect();
    deleted.sort_unstable();
    deleted
}

fn day_before(now: Instant) -> Instant {
    Instant::ZERO + now.since(Instant::ZERO + Duration::from_hours(24))
}

/// Members to write down, gathered so that a hello does not cost a write to the disk each.
#[derive(Debug, Default)]
pub(super) struct Unsaved(BTreeMap<BeaconId, MemberRow>);

impl Unsaved {
    pub(super) fn add(&mut self, now: Instant, hello: &SignedHello) {
        let (incarnation, seq) = hello.version();
        let id = hello.hello().id;
        let row = MemberRow { id, incarnation, seq, last_heard: now, hello: hello.bytes().to_vec(), anchor: false };
        self.0.insert(id, row);
    }

    pub(super) fn forget(&mut self, id: &BeaconId) {
        self.0.remove(id);
    }

    /// Writes them down. What cannot be written is tried again with the next.
    pub(super) fn save(&mut self, keeper: &Keeper) {
        if self.0.is_empty() {
            return;
        }
        let rows: Vec<MemberRow> = self.0.values().cloned().collect();
        match keeper.lock().save_members(&rows) {
            Ok(()) => self.0.clear(),
            Err(error) => tracing::warn!("members cannot be written down: {error}"),
        }
    }
}

/// Writes a note into the log and the history.
pub(super) fn write_note(keeper: &Keeper, now: Instant, note: &Note) {
    if note.is_warning {
        tracing::warn!("{}", note.text);
    } else {
        tracing::info!("{}", note.text);
    }
    let kind = if note.is_warning { "warning" } else { "info" };
    if let Err(error) = keeper.lock().record_event(now, kind, note.info_hash, &note.text) {
        tracing::warn!("the history cannot be written: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::view::{Drain, ModeOrder};

    const DAY: Duration = Duration::from_hours(24);

    fn row(byte: u8, stage: LedgerStage, at: Instant, leaving_since: Option<Instant>) -> LedgerRow {
        let (name, size) = (None, Some(u64::from(byte)));
        LedgerRow {
            info_hash: InfoHash::V1([byte; 20]),
            stage,
            name,
            size,
            save_dir: "/data".into(),
            at,
            leaving_since,
        }
    }

    #[test]
    fn an_ordered_mode_holds_until_the_configuration_says_something_else() {
        let dir = tempfile::tempdir().expect("a directory");
        let keeper = Keeper::new(Store::open(dir.path()).expect("opens"));
        let mode = |configured| keeper.recall(Instant::ZERO, configured).expect("remembered").mode;
        assert_eq!(mode(Mode::DryRun), None);
        let order = ModeOrder { ordered: Mode::Apply, configured: Mode::DryRun };
        keeper.lock().set_mode_order(Some(order)).expect("ordered");
        assert_eq!([mode(Mode::DryRun), mode(Mode::DryRun)], [Some(Mode::Apply); 2]);
        assert_eq!(mode(Mode::Apply), None);
        assert_eq!(mode(Mode::DryRun), None, "what was overruled once does not come back");
    }

    #[test]
    fn a_restart_remembers_what_was_ordered_and_what_was_on_its_way_out() {
        let dir = tempfile::tempdir().expect("a directory");
        let keeper = Keeper::new(Store::open(dir.path()).expect("opens"));
        let hash = |byte| InfoHash::V1([byte; 20]);
        let long_ago = Instant::from_millis(5);
        let now = long_ago + DAY * 3;
        let lately = long_ago + DAY * 2;
        {
            let mut store = keeper.lock();
            store.set_pin(&hash(9), true).expect("pinned");
            store.set_drain(Some(Drain { until: None })).expect("draining");
            for (byte, decided) in [(1, long_ago), (2, now), (3, now + DAY)] {
                store.ledger_put(&row(byte, LedgerStage::Removing, now, Some(decided))).expect("put");
                store.finish_deletion(&hash(byte), now).expect("finished");
            }
            for row in [
                row(4, LedgerStage::Added, now, None),
                row(5, LedgerStage::Quarantined, now, Some(lately)),
                row(6, LedgerStage::Removing, now, Some(long_ago)),
                row(7, LedgerStage::Removing, now, Some(lately)),
            ] {
                store.ledger_put(&row).expect("put");
            }
        }
        let memory = keeper.recall(now, Mode::DryRun).expect("remembered");
        assert_eq!(memory.pins, [hash(9)]);
        assert_eq!(memory.drain, Some(Drain { until: None }));
        assert_eq!(memory.ledger, [4, 5, 6, 7].map(hash));
        let quarantined = Leaving::Quarantined(lately);
        assert_eq!(
            memory.leaving,
            [(hash(5), quarantined), (hash(6), Leaving::Deleting), (hash(7), Leaving::Deleting)]
        );
        let expected = [(lately, 5), (lately, 7), (now, 2), (now, 3)];
        assert_eq!(memory.deleted, expected.map(|(at, bytes)| (at, ByteSize::from_bytes(bytes))));
    }
}
