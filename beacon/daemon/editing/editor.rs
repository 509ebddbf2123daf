//! Whoever writes collection files while the beacon runs.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;
use uuid::Uuid;

use super::{
    draft::{Draft, Known, fault, known, read, replace, spoiled},
    listing::{look, written},
    naming::{collection_file, create, create_collection, lay_aside, put_torrent},
};
use crate::{
    catalog::TorrentFacts,
    collection::{
        Change, Checked, CollectionFile, EntryChange, EntrySource, NewEntry, append, change_entry, change_head,
        remove_entry, template,
    },
    daemon::collections::{CatalogState, collection_paths},
    json::Document,
    model::{CollectionId, InfoHashes, Redundancy},
    web::{
        CheckedText, CreatedCollection, Edit, EditRefusal, EditsCollections, Expected, FileText, NewCollection,
        NewTorrent, TEXT_BYTES_MAX,
    },
};

/// Writes the collection files of one directory, one at a time. What it writes is noticed as any other edit is.
#[derive(Debug)]
pub struct Editor {
    dir: PathBuf,
    catalog: watch::Receiver<CatalogState>,
    /// Held while files are written.
    writing: Mutex<()>,
}

impl Editor {
    /// For the files of `dir`; `catalog` tells what has been read of them.
    pub const fn new(dir: PathBuf, catalog: watch::Receiver<CatalogState>) -> Self {
        Self { dir, catalog, writing: Mutex::new(()) }
    }

    /// Lists a torrent whose .torrent file lies beside the collection's, unless one of its hashes is there already.
    pub(in crate::daemon) fn list(
        &self,
        collection: &Path,
        torrent: &str,
        hashes: &InfoHashes,
        target: Option<u16>,
    ) -> Result<(), EditRefusal> {
        let _turn = self.turn();
        let draft = Draft::open(collection)?;
        let state = self.state();
        if draft.lists(hashes, &known_of(&state)) {
            return Ok(());
        }
        let entry = NewEntry { target, ..NewEntry::new(EntrySource::File(torrent.to_owned())) };
        draft.replace(&append(draft.text(), &[entry]).map_err(|error| spoiled(&error))?)
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> CatalogState {
        self.catalog.borrow().clone()
    }

    /// The file of a collection: as it was last read, or else, where it is new, as it says itself.
    fn path_of(&self, id: CollectionId) -> Result<PathBuf, EditRefusal> {
        let state = self.state();
        if let Some(path) = state.files.get(&id).filter(|path| path.exists()) {
            return Ok(path.clone());
        }
        let read: BTreeSet<&PathBuf> = state.files.values().collect();
        let paths = collection_paths(&self.dir).unwrap_or_default();
        let is_it = |path: &PathBuf| Draft::open(path).is_ok_and(|draft| draft.file().id == id);
        let found = paths.into_iter().filter(|path| !read.contains(path)).find(is_it);
        found.ok_or(EditRefusal::NoSuchCollection(id))
    }

    fn add(
        &self,
        draft: &Draft,
        known: &Known<'_>,
        torrent: &NewTorrent,
        change: &EntryChange,
    ) -> Result<String, EditRefusal> {
        let cannot = |reason: &dyn ToString| EditRefusal::Torrent(reason.to_string());
        let facts = match torrent {
            NewTorrent::Magnet(link, _) => TorrentFacts::of_magnet(link.trim()).map_err(|error| cannot(&error))?,
            NewTorrent::File(bytes) => TorrentFacts::of_file(bytes).map_err(|error| cannot(&error))?,
        };
        if draft.lists(&facts.hashes, known) {
            return Err(EditRefusal::AlreadyListed(facts.info_hash));
        }
        let title = facts.name.clone().unwrap_or_else(|| facts.info_hash.to_string());
        let (entry, made) = match torrent {
            NewTorrent::Magnet(link, size) => {
                let source = EntrySource::Magnet(link.trim().to_owned());
                (NewEntry { size: *size, ..NewEntry::new(source) }, None)
            }
            NewTorrent::File(bytes) => {
                let (path, is_new) = put_torrent(&self.dir, facts.name.as_deref(), &facts.info_hash, bytes)?;
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
                (NewEntry::new(EntrySource::File(name)), is_new.then_some(path))
            }
        };
        let entry = NewEntry {
            target: set(change.target),
            max: set(change.max),
            priority: set(change.priority).unwrap_or_default(),
            ..entry
        };
        let text = append(draft.text(), &[entry]).map_err(|error| spoiled(&error));
        if let Err(refusal) = text.and_then(|text| draft.replace(&text)) {
            // Nobody names it, and it was not there before.
            if let Some(path) = made {
                let _ = std::fs::remove_file(path);
            }
            return Err(refusal);
        }
        Ok(format!("{title} is listed in {}", draft.file().name))
    }
}

impl EditsCollections for Editor {
    fn file(&self, id: CollectionId) -> Result<FileText, EditRefusal> {
        let path = self.path_of(id)?;
        let bytes = read(&path, TEXT_BYTES_MAX)?;
        match Document::decode(&bytes) {
            Ok(text) => Ok(FileText { text: text.to_owned(), path }),
            Err(error) => Err(EditRefusal::Broken { path, faults: vec![fault(&error)] }),
        }
    }

    fn write(&self, id: CollectionId, text: &str, expected: &Expected) -> Result<String, EditRefusal> {
        let _turn = self.turn();
        let path = self.path_of(id)?;
        let before = read(&path, CollectionFile::BYTES_MAX)?;
        if !expected.allows(&before) {
            return Err(EditRefusal::Changed(path));
        }
        let state = self.state();
        let now = Checked::of(str::from_utf8(&before).unwrap_or_default(), 1);
        is_still(id, &now)?;
        let (file, checked) = look(text, &self.dir, &known_of(&state), &written(&now.file));
        if !checked.faults.is_empty() {
            return Err(EditRefusal::Faults(checked.faults));
        }
        if file.id != id {
            return Err(EditRefusal::OtherId { id, found: file.id });
        }
        replace(&path, &before, text)?;
        Ok(format!("{} has {} now", file.name, torrents(checked.torrents)))
    }

    fn check(&self, text: &str) -> CheckedText {
        let state = self.state();
        look(text, &self.dir, &known_of(&state), &BTreeSet::new()).1
    }

    fn create(&self, new: &NewCollection, file: Option<&str>) -> Result<CreatedCollection, EditRefusal> {
        let (id, name, text) = match new {
            NewCollection::Empty { name, target, max } => {
                let redundancy = Redundancy::new((*target).into(), max.map(u64::from))?;
                if !CollectionFile::is_name(name) {
                    return Err(EditRefusal::Name);
                }
                let id = new_id();
                (id, name.clone(), template(id, name, redundancy))
            }
            NewCollection::Text(text) => {
                let state = self.state();
                let (file, checked) = look(text, &self.dir, &known_of(&state), &BTreeSet::new());
                if !checked.faults.is_empty() {
                    return Err(EditRefusal::Faults(checked.faults));
                }
                (file.id, file.name, text.clone())
            }
        };
        let _turn = self.turn();
        if let Ok(path) = self.path_of(id) {
            return Err(EditRefusal::IdTaken { id, path });
        }
        let path = match file {
            Some(wanted) => {
                let path = collection_file(&self.dir, wanted)?;
                create(&path, text.as_bytes())?;
                path
            }
            None => create_collection(&self.dir, &name, &text)?,
        };
        tracing::info!("made {} for the collection {name}", path.display());
        Ok(CreatedCollection { id, message: format!("{name} is a collection now"), path })
    }

    fn edit(&self, id: CollectionId, edit: &Edit, expected: &Expected) -> Result<String, EditRefusal> {
        let _turn = self.turn();
        let draft = Draft::open(&self.path_of(id)?)?;
        if draft.file().id != id {
            return Err(EditRefusal::NoSuchCollection(id));
        }
        draft.expect(expected)?;
        let state = self.state();
        let known = known_of(&state);
        let name = &draft.file().name;
        let (text, said) = match edit {
            Edit::Add(torrent, change) => return self.add(&draft, &known, torrent, change),
            Edit::Head(change) => {
                if change.name.as_ref().is_some_and(|name| !CollectionFile::is_name(name)) {
                    return Err(EditRefusal::Name);
                }
                let name = change.name.as_ref().unwrap_or(name);
                (change_head(draft.text(), change), format!("{name} is changed"))
            }
            Edit::Entry(info_hash, change) => {
                let place = draft.place_with(info_hash, &known)?;
                (change_entry(draft.text(), place, change), format!("{info_hash} is changed in {name}"))
            }
            Edit::Drop(info_hash) => {
                let place = draft.place_with(info_hash, &known)?;
                let said = format!("{info_hash} is not listed in {name} any more; its data stays where it is");
                (remove_entry(draft.text(), place), said)
            }
        };
        draft.replace(&text.map_err(|error| spoiled(&error))?)?;
        Ok(said)
    }

    fn remove(&self, id: CollectionId, expected: &Expected) -> Result<String, EditRefusal> {
        let _turn = self.turn();
        let path = self.path_of(id)?;
        let now = read(&path, CollectionFile::BYTES_MAX)?;
        is_still(id, &Checked::of(str::from_utf8(&now).unwrap_or_default(), 1))?;
        if !expected.allows(&now) {
            return Err(EditRefusal::Changed(path));
        }
        let aside = lay_aside(&path)?;
        tracing::info!("{} is laid aside as {}", path.display(), aside.display());
        Ok(format!(
            "it is no collection of this beacon any more, and no data is deleted; its file is {} now, and is one again when it is renamed to {}",
            aside.display(),
            shown(&path),
        ))
    }
}

/// Refuses where a good file has become that of another collection, which has not been noticed yet.
fn is_still(id: CollectionId, now: &Checked) -> Result<(), EditRefusal> {
    if now.faults.is_empty() && now.file.id != id { Err(EditRefusal::NoSuchCollection(id)) } else { Ok(()) }
}

fn known_of(state: &CatalogState) -> Known<'_> {
    known(state.catalog.collections.iter().flat_map(|collection| &collection.torrents))
}

fn set<T>(change: Change<T>) -> Option<T> {
    if let Change::Set(value) = change { Some(value) } else { None }
}

fn shown(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn torrents(count: usize) -> String {
    if count == 1 { "1 torrent".to_owned() } else { format!("{count} torrents") }
}

#[expect(clippy::disallowed_methods, reason = "a collection's id is drawn once, here at the edge")]
fn new_id() -> CollectionId {
    CollectionId::new(Uuid::new_v4())
}
