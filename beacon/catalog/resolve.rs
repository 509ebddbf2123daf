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
    facts: impl FnMut(&Path) -> Result<TorrentFacts, CatalogFault>,
) -> Result<CatalogCollection, CatalogError> {
    let Survey { mut torrents, mut faults } = survey(file, base_dir, facts, 1);
    if let Some(fault) = faults.pop() {
        return Err(fault);
    }
    torrents.sort_unstable_by_key(|torrent| torrent.info_hash);
    Ok(CatalogCollection { id: file.id, name: file.name.clone(), redundancy: file.redundancy, torrents })
}

/// What the entries of a collection file mean, and what is wrong with them.
#[derive(Debug)]
pub struct Survey {
    /// The torrents that can be used, in the order of the file.
    pub torrents: Vec<CatalogTorrent>,
    /// What is wrong, in the order of the file, at most as many as were asked for.
    pub faults: Vec<CatalogError>,
}

/// Joins a collection file with the .torrent files it names as [`resolve_with`] does, for who wants to hear of everything that
/// is wrong: `most` faults, after which nothing more is looked at.
pub fn survey(
    file: &CollectionFile,
    base_dir: &Path,
    mut facts: impl FnMut(&Path) -> Result<TorrentFacts, CatalogFault>,
    most: usize,
) -> Survey {
    let (mut torrents, mut places, mut faults) = (Vec::with_capacity(file.torrents.len()), Vec::new(), Vec::new());
    for entry in &file.torrents {
        if faults.len() >= most {
            break;
        }
        match torrent(entry, base_dir, &mut facts) {
            Ok(torrent) => {
                torrents.push(torrent);
                places.push(entry.at);
            }
            Err(error) => faults.push(Located { at: entry.at, error }),
        }
    }
    faults.extend(doubles(&places, &torrents));
    faults.truncate(most);
    faults.sort_by_key(|fault| fault.at);
    Survey { torrents, faults }
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

/// Two entries are one torrent where they share any hash: a hybrid may be named by either. Each is told once, at its second
/// place.
fn doubles(places: &[Position], torrents: &[CatalogTorrent]) -> Vec<CatalogError> {
    let mut hashes: Vec<(InfoHash, usize)> = torrents
        .iter()
        .enumerate()
        .flat_map(|(index, torrent)| torrent.hashes.iter().map(move |hash| (hash, index)))
        .collect();
    hashes.sort_unstable();
    let pairs = hashes.windows(2).filter(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1);
    let mut found: Vec<_> = pairs.map(|pair| (pair[1].1, pair[0].1, pair[0].0)).collect();
    found.sort_unstable();
    found.dedup_by_key(|(second, ..)| *second);
    let told = |(second, first, info_hash): (usize, usize, InfoHash)| Located {
        at: places[second],
        error: CatalogFault::Twice { first: places[first], info_hash },
    };
    found.into_iter().map(told).collect()
}
