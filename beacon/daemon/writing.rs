//! What the node wants to be remembered, written down.

use super::event_loop::EventLoop;
use crate::{model::Instant, node::Output, store::StoreError};

impl EventLoop {
    /// Writes down what an output says; those that say nothing to remember are passed over.
    pub(super) fn write_down(&mut self, now: Instant, output: Output) {
        match output {
            Output::SavePin { info_hash, pinned } => {
                let saved = self.keeper.lock().set_pin(&info_hash, pinned);
                self.must_be_saved(saved);
            }
            Output::SaveRequest { info_hash, requested } => {
                let saved = self.keeper.lock().set_request(&info_hash, requested);
                self.must_be_saved(saved);
            }
            Output::SaveMode(order) => {
                let saved = self.keeper.lock().set_mode_order(order);
                self.must_be_saved(saved);
            }
            Output::SaveNeighbor { address, is_kept } => {
                let saved = self.keeper.lock().set_neighbor(&address, is_kept);
                self.must_be_saved(saved);
            }
            Output::SaveDrain(drain) => {
                let saved = self.keeper.lock().set_drain(drain);
                self.must_be_saved(saved);
            }
            Output::LedgerRemove(info_hash) => {
                if let Err(error) = self.keeper.lock().ledger_remove(&info_hash) {
                    tracing::warn!("the ledger cannot be written: {error}");
                }
            }
            Output::SaveMetainfo { info_hash, bytes, name, size } => {
                let mut store = self.keeper.lock();
                let put = store.put_metainfo(&info_hash, &bytes);
                if let Err(error) = put.and_then(|()| store.put_facts(&[(info_hash, name, size)])) {
                    tracing::warn!("the metainfo of {info_hash} cannot be kept: {error}");
                }
            }
            Output::SaveMember(hello) => self.unsaved.add(now, &hello),
            Output::ForgetMember(id) => {
                self.unsaved.forget(&id);
                if let Err(error) = self.keeper.lock().forget_member(&id) {
                    tracing::warn!("members cannot be written down: {error}");
                }
            }
            Output::SaveIncarnation(incarnation) => {
                if let Err(error) = self.keeper.lock().raise_incarnation_to(incarnation) {
                    tracing::warn!("the incarnation cannot be written down: {error}");
                }
            }
            _ => {}
        }
    }

    /// An order that is forgotten at the next start would be worse than none.
    fn must_be_saved(&mut self, saved: Result<(), StoreError>) {
        if let Err(error) = saved {
            self.unwritten = Some(error.to_string());
        }
    }
}
