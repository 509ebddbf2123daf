//! Removing what the beacon added: the mark is looked at right before, and shared files stay.

use std::collections::BTreeSet;

use tracing::warn;

use super::{
    client::Qbittorrent,
    http::{Call, LIST_MAX},
    paths::{Place, places},
    record::Record,
};
use crate::{
    client::{CommandError, Removed},
    model::{ClientProblem, InfoHash},
};

/// Torrents whose files are compared one by one; where more come into question, the files stay.
const COMPARED_MAX: usize = 64;

impl Qbittorrent {
    /// Removes a torrent of the beacon's, with its files unless any of them may be another torrent's.
    pub(super) async fn remove_torrent(&mut self, hash: &InfoHash) -> Result<Removed, CommandError> {
        let record = self.removable(hash).await?;
        let with_files = self.owns_files_alone(&record).await?;
        if !with_files {
            warn!("the files of torrent {hash} stay: they may be those of another torrent too");
        }
        // That took its time; the user may have taken the torrent over meanwhile.
        let id = self.removable(hash).await?.id;
        let call = Call::post("torrents/delete")
            .with("hashes", id.to_string())
            .with("deleteFiles", if with_files { "true" } else { "false" });
        self.command(&call).await?;
        match self.vanished(hash).await? {
            true if with_files => Ok(Removed::WithFiles),
            true => Ok(Removed::FilesKept),
            false => Err(CommandError::NoEffect(*hash)),
        }
    }

    /// The torrent, if it bears the beacon's mark right now and is in no trouble.
    async fn removable(&mut self, hash: &InfoHash) -> Result<Record, CommandError> {
        let record = self.own(hash).await?;
        match record.trouble() {
            Some(state) => Err(CommandError::NotNow { info_hash: *hash, state }),
            None => Ok(record),
        }
    }

    /// Whether no other torrent has any of its files. What cannot be read is taken for a no.
    async fn owns_files_alone(&mut self, record: &Record) -> Result<bool, ClientProblem> {
        let Some(content) = record.content() else { return Ok(false) };
        let Some(own_files) = self.files(record).await? else { return Ok(false) };
        let all: Vec<Record> = self.session.json(&Call::get("torrents/info").answer_max(LIST_MAX)).await?;
        if !all.iter().any(|other| other.id == record.id) {
            return Ok(false);
        }

        let mut near = Vec::new();
        for other in all.iter().filter(|other| other.id != record.id && other.has_metadata()) {
            match other.content() {
                Some(place) if !place.overlaps(&content) => {}
                Some(_) => near.push(other),
                None => return Ok(false),
            }
        }
        if near.len() > COMPARED_MAX {
            return Ok(false);
        }
        for other in near {
            match self.files(other).await? {
                Some(theirs) if theirs.is_disjoint(&own_files) => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Where the files of a torrent are; `None` where that cannot be told.
    async fn files(&mut self, record: &Record) -> Result<Option<BTreeSet<Place>>, ClientProblem> {
        let Some(files) = self.file_records(record.id).await? else { return Ok(None) };
        let names: Vec<String> = files.into_iter().map(|file| file.name).collect();
        Ok(record.file_roots().and_then(|roots| places(&roots, &names)).filter(|files| !files.is_empty()))
    }
}
