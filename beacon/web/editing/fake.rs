//! A stand-in for whoever writes collection files, for tests of the API.

use std::path::PathBuf;

use super::{
    CheckedText, CreatedCollection, Edit, EditRefusal, EditsCollections, Expected, Fault, FileText, NewCollection,
    NewTorrent,
};
use crate::{
    model::{ByteSize, CollectionId, InfoHash},
    web::testing::COLLECTION,
};

/// One collection with a text that does not change.
#[derive(Debug)]
pub(in crate::web) struct OneFile;

/// What it says.
pub(super) const TEXT: &str = "{ \"name\": \"Town\" }";

impl EditsCollections for OneFile {
    fn file(&self, id: CollectionId) -> Result<FileText, EditRefusal> {
        known(id)?;
        Ok(FileText { path: path(), text: TEXT.to_owned() })
    }

    fn write(&self, id: CollectionId, text: &str, expected: &Expected) -> Result<String, EditRefusal> {
        seen(id, expected)?;
        let faults = self.check(text).faults;
        if faults.is_empty() { Ok("Town has 1 torrent now".to_owned()) } else { Err(EditRefusal::Faults(faults)) }
    }

    fn check(&self, text: &str) -> CheckedText {
        let fault = |line: u32| Fault { line, column: 7, text: "this is wrong".to_owned() };
        let faults = if text == TEXT { Vec::new() } else { vec![fault(2), fault(3)] };
        let bytes = ByteSize::from_bytes(70);
        CheckedText { name: Some("Town".to_owned()), torrents: 1, bytes, faults, more: false }
    }

    fn create(&self, new: &NewCollection, file: Option<&str>) -> Result<CreatedCollection, EditRefusal> {
        let path = match file {
            Some("town.json") => return Err(EditRefusal::Exists(path())),
            file => PathBuf::from("/collections").join(file.unwrap_or("new.json")),
        };
        Ok(CreatedCollection { id: COLLECTION, path, message: format!("{new:?}") })
    }

    fn edit(&self, id: CollectionId, edit: &Edit, expected: &Expected) -> Result<String, EditRefusal> {
        seen(id, expected)?;
        match edit {
            Edit::Entry(hash @ InfoHash::V1([2, ..]), _) | Edit::Drop(hash @ InfoHash::V1([2, ..])) => {
                Err(EditRefusal::NotListed(*hash))
            }
            Edit::Add(NewTorrent::File(bytes), _) if bytes != b"d4:info" => {
                Err(EditRefusal::Torrent("it is none".to_owned()))
            }
            edit => Ok(format!("{edit:?}")),
        }
    }

    fn remove(&self, id: CollectionId, expected: &Expected) -> Result<String, EditRefusal> {
        seen(id, expected)?;
        Ok("it is laid aside".to_owned())
    }
}

fn path() -> PathBuf {
    PathBuf::from("/collections/town.json")
}

fn known(id: CollectionId) -> Result<(), EditRefusal> {
    if id == COLLECTION { Ok(()) } else { Err(EditRefusal::NoSuchCollection(id)) }
}

fn seen(id: CollectionId, expected: &Expected) -> Result<(), EditRefusal> {
    known(id)?;
    if expected.allows(TEXT.as_bytes()) { Ok(()) } else { Err(EditRefusal::Changed(path())) }
}
