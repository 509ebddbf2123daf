//! The driver's part in taking a torrent out of the client: what is written down before each command, and what is kept.
//!
//! A crash at any moment leaves a row in the ledger that says at least as much as the client was told. So after the restart
//! nobody is granted anything for a torrent that may be gone already.

use super::driver::{ClientReport, Driver, outcome};
use crate::{
    client::{CommandError, Removed, TorrentClient},
    metainfo::Metainfo,
    model::InfoHash,
    node::{Note, Outcome},
    store::LedgerStage,
};

impl<C: TorrentClient> Driver<C> {
    /// Writes down that the torrent is on its way out, then stops it.
    pub(super) async fn quarantine(&mut self, info_hash: &InfoHash) -> Outcome {
        match self.write_stage(info_hash, LedgerStage::Quarantined).await {
            Ok(()) => outcome(self.client.stop(info_hash).await),
            Err(reason) => Outcome::Failed(reason),
        }
    }

    /// Writes down that the torrent stays, then starts it.
    pub(super) async fn restore(&mut self, info_hash: &InfoHash) -> Outcome {
        if let Err(reason) = self.write_stage(info_hash, LedgerStage::Added).await {
            return Outcome::Failed(reason);
        }
        match self.client.start(info_hash).await {
            Ok(()) => Outcome::Done,
            // Here it matters that it is not there: nothing was restored.
            Err(error) => Outcome::Failed(error.to_string()),
        }
    }

    /// Keeps the .torrent, writes down that the torrent is being deleted, deletes it, and writes down that it is gone.
    /// `metainfo` is the .torrent where a collection or the store has it.
    pub(super) async fn delete(&mut self, info_hash: &InfoHash, metainfo: Option<&[u8]>) -> Outcome {
        if let Err(reason) = self.keep_metainfo(info_hash, metainfo).await {
            return Outcome::Failed(reason);
        }
        if let Err(reason) = self.write_stage(info_hash, LedgerStage::Removing).await {
            return Outcome::Failed(reason);
        }
        match self.client.remove(info_hash).await {
            Ok(Removed::WithFiles) | Err(CommandError::NoSuchTorrent(_)) => {}
            Ok(Removed::FilesKept) => self.tell_files_kept(info_hash).await,
            Err(error) => return Outcome::Failed(error.to_string()),
        }
        let finished = self.keeper.lock().finish_deletion(info_hash, self.clock.now());
        match finished {
            Ok(_) => Outcome::Done,
            Err(error) => Outcome::Failed(self.broken(&error).await),
        }
    }

    /// Makes sure that the store has the .torrent, so that the deletion can be undone.
    async fn keep_metainfo(&mut self, info_hash: &InfoHash, known: Option<&[u8]>) -> Result<(), String> {
        let is_right = |bytes: &[u8]| Metainfo::read(bytes).is_ok_and(|metainfo| metainfo.hashes.contains(info_hash));
        let kept = self.keeper.lock().metainfo(info_hash);
        if kept.is_ok_and(|kept| kept.as_deref().is_some_and(is_right)) {
            return Ok(());
        }
        let bytes = match known.filter(|bytes| is_right(bytes)) {
            Some(bytes) => bytes.to_vec(),
            None => match self.client.metainfo(info_hash).await {
                // It is gone already; what is left to do is to say so in the ledger.
                Err(CommandError::NoSuchTorrent(_)) => return Ok(()),
                Ok(Some(bytes)) if is_right(&bytes) => bytes,
                Ok(Some(_)) => return Err(not_kept("what the client hands out is another one")),
                Ok(None) => return Err(not_kept("the client has none")),
                Err(error) => return Err(not_kept(&error.to_string())),
            },
        };
        self.keeper.lock().put_metainfo(info_hash, &bytes).map_err(|error| not_kept(&error.to_string()))
    }

    async fn tell_files_kept(&self, info_hash: &InfoHash) {
        let text = format!(
            "torrent {info_hash} is deleted from the client, but its files are still there: another torrent of the client \
             has some of them, or it could not be told whether one has"
        );
        self.report(ClientReport::Note(Note { is_warning: true, info_hash: Some(*info_hash), text })).await;
    }

    /// Writes a stage that must be on the disk before the client is told.
    async fn write_stage(&self, info_hash: &InfoHash, stage: LedgerStage) -> Result<(), String> {
        let at = self.clock.now();
        let written = self.keeper.lock().ledger_advance(info_hash, stage, at);
        match written {
            Ok(true) => Ok(()),
            Ok(false) => Err("the ledger does not say that the beacon added it; it is left alone".to_owned()),
            Err(error) => Err(self.broken(&error).await),
        }
    }
}

fn not_kept(reason: &str) -> String {
    format!("its .torrent cannot be kept, and nothing is deleted that could not be fetched again: {reason}")
}

#[cfg(test)]
#[path = "leaving_tests.rs"]
mod tests;
