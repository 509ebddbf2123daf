//! The store behind a lock, and what of it a node remembers.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    model::{BeaconId, InfoHash, Instant},
    node::{Leaving, Memory, Note},
    store::{LedgerRow, LedgerStage, MemberRow, Store, StoreError},
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

    /// What a node remembers from before the start, under an incarnation that is higher than all before.
    pub(super) fn recall(&self) -> Result<Memory, StoreError> {
        let mut store = self.lock();
        let incarnation = store.next_incarnation()?;
        let members = store.members()?;
        let hellos = members.iter().filter_map(|row| Some((SignedHello::decode(&row.hello).ok()?, row.last_heard)));
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
            ledger: ledger.into_iter().map(|row| row.info_hash).collect(),
            ..Memory::default()
        })
    }
}

/// The torrents that were on their way out.
fn leaving(ledger: &[LedgerRow]) -> Vec<(InfoHash, Leaving)> {
    let leaving = ledger.iter().filter_map(|row| match row.stage {
        LedgerStage::Quarantined => Some((row.info_hash, Leaving::Quarantined(row.at))),
        LedgerStage::Removing => Some((row.info_hash, Leaving::Deleting)),
        LedgerStage::Adding | LedgerStage::Added => None,
    });
    leaving.collect()
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
