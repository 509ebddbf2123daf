//! What a text would be as a collection, all its .torrent files looked at.

use std::{collections::BTreeSet, path::Path};

use super::{
    draft::{FAULTS_MAX, Known, fault, read_facts},
    naming::is_inside,
};
use crate::{
    catalog::{CatalogFault, Survey, TorrentFacts, survey},
    collection::{Checked, CollectionFile, EntrySource, TorrentEntry},
    model::ByteSize,
    web::{CheckedText, Fault},
};

/// Reads a text as the collection file `dir` would have. Files outside of `dir` are looked at only where a collection names
/// them already: these are `known`, or written as in `allowed`.
pub(super) fn look(
    text: &str,
    dir: &Path,
    known: &Known<'_>,
    allowed: &BTreeSet<&str>,
) -> (CollectionFile, CheckedText) {
    let Checked { file, faults } = Checked::of(text, FAULTS_MAX);
    let mut faults: Vec<Fault> = faults.iter().map(fault).collect();
    let facts = |path: &Path| match known.get(path) {
        Some(torrent) => Ok(TorrentFacts::from(*torrent)),
        None if is_inside(dir, path) || is_allowed(dir, path, allowed) => read_facts(path),
        None => Err(CatalogFault::Outside(path.strip_prefix(dir).unwrap_or(path).to_owned())),
    };
    let Survey { torrents, faults: further } = survey(&file, dir, facts, FAULTS_MAX.saturating_sub(faults.len()));
    faults.extend(further.iter().map(fault));
    faults.sort_by_key(|fault| (fault.line, fault.column));
    let sizes = torrents.iter().filter_map(|torrent| torrent.size);
    let bytes = sizes.fold(ByteSize::ZERO, |sum, size| sum.saturating_add(ByteSize::from_bytes(size)));
    let checked = CheckedText {
        name: CollectionFile::is_name(&file.name).then(|| file.name.clone()),
        torrents: torrents.len(),
        bytes,
        more: faults.len() >= FAULTS_MAX,
        faults,
    };
    (file, checked)
}

/// The paths of .torrent files as a collection writes them.
pub(super) fn written<'a>(file: &'a CollectionFile) -> BTreeSet<&'a str> {
    let path = |entry: &'a TorrentEntry| match &entry.source {
        EntrySource::File(path) => Some(path.as_str()),
        EntrySource::Magnet(_) => None,
    };
    file.torrents.iter().filter_map(path).collect()
}

fn is_allowed(dir: &Path, path: &Path, allowed: &BTreeSet<&str>) -> bool {
    let written = path.strip_prefix(dir).unwrap_or(path);
    written.to_str().is_some_and(|written| allowed.contains(written))
}
