//! From a collection file to the torrents it means.

use std::{io, path::Path};

use super::{CatalogError, CatalogFault, TorrentFacts};
use crate::{
    collection::{CollectionFile, EntrySource, TorrentEntry},
    json::{Located, Position},
    model::{ByteSize, CatalogCollection, CatalogTorrent, InfoHash, Source},
};

/// Joins a collection file with the .torrent files it names; `base_dir` is the directory of the collection file, and
/// `read` is asked once for each of them, one at a time.
///
/// # Errors
/// The first entry that cannot be used, or that is the same torrent as one before.
pub fn resolve(
    file: &CollectionFile,
    base_dir: &Path,
    mut read: impl FnMut(&Path) -> io::Result<Vec<u8>>,
) -> Result<CatalogCollection, CatalogError> {
    resolve_with(file, base_dir, |path| {
        let bytes = read(path).map_err(|reason| CatalogFault::Unreadable { path: path.to_owned(), reason })?;
        TorrentFacts::of_file(&bytes).map_err(|reason| CatalogFault::Metainfo { path: path.to_owned(), reason })
    })
}

/// The same for who knows some of the .torrent files already: `facts` tells what is in one.
///
/// # Errors
/// As for [`resolve`].
pub fn resolve_with(
    file: &CollectionFile,
    base_dir: &Path,
    mut facts: impl FnMut(&Path) -> Result<TorrentFacts, CatalogFault>,
) -> Result<CatalogCollection, CatalogError> {
    let mut torrents = Vec::with_capacity(file.torrents.len());
    for entry in &file.torrents {
        let torrent = torrent(entry, base_dir, &mut facts);
        torrents.push(torrent.map_err(|error| Located { at: entry.at, error })?);
    }
    refuse_doubles(&file.torrents, &torrents)?;
    torrents.sort_unstable_by_key(|torrent| torrent.info_hash);
    Ok(CatalogCollection { id: file.id, name: file.name.clone(), redundancy: file.redundancy, torrents })
}

fn torrent(
    entry: &TorrentEntry,
    base_dir: &Path,
    facts: &mut impl FnMut(&Path) -> Result<TorrentFacts, CatalogFault>,
) -> Result<CatalogTorrent, CatalogFault> {
    let (found, source) = match &entry.source {
        EntrySource::File(written) => {
            let path = base_dir.join(written);
            (facts(&path)?, Source::File(path))
        }
        EntrySource::Magnet(link) => (TorrentFacts::of_magnet(link)?, Source::Magnet(link.clone())),
    };
    Ok(CatalogTorrent {
        info_hash: found.info_hash,
        hashes: found.hashes,
        name: found.name,
        size: entry.size.map(ByteSize::bytes).or(found.size),
        redundancy: entry.redundancy,
        priority: entry.priority,
        source,
    })
}

/// Two entries are one torrent where they share any hash: a hybrid may be named by either.
fn refuse_doubles(entries: &[TorrentEntry], torrents: &[CatalogTorrent]) -> Result<(), CatalogError> {
    let mut hashes: Vec<(InfoHash, usize)> = torrents
        .iter()
        .enumerate()
        .flat_map(|(index, torrent)| torrent.hashes.iter().map(move |hash| (hash, index)))
        .collect();
    hashes.sort_unstable();
    let double =
        hashes.windows(2).filter(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1).min_by_key(|pair| pair[1].1);
    let Some(&[(info_hash, first), (_, second)]) = double else { return Ok(()) };
    let place = |index: usize| entries.get(index).map_or(Position::START, |entry| entry.at);
    Err(Located { at: place(second), error: CatalogFault::Twice { first: place(first), info_hash } })
}
