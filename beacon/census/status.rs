//! A beacon's status: what it says of every torrent of every collection it takes part in.

use std::sync::Arc;

use thiserror::Error;

use super::{PageError, StatusPage};
use crate::model::{CollectionId, ObjectHash, TorrentState};

/// A whole status. Its address is that of the list of its parts, so a change costs the list and the pages it touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    root: ObjectHash,
    list: Arc<[u8]>,
    collections: Box<[CollectionStatus]>,
}

/// What a beacon says of the torrents of one collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionStatus {
    /// Which collection.
    pub collection: CollectionId,
    /// The list by which its torrents are numbered.
    pub manifest: ObjectHash,
    /// Their states, page after page.
    pub pages: Box<[Arc<StatusPage>]>,
}

/// A status of which some parts are still to come.
#[derive(Debug, Clone)]
pub struct PartialStatus {
    root: ObjectHash,
    list: Arc<[u8]>,
    collections: Vec<(CollectionId, ObjectHash, Vec<Slot>)>,
}

#[derive(Debug, Clone)]
enum Slot {
    Missing(ObjectHash),
    Here(Arc<StatusPage>),
}

/// Why bytes are not part of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StatusError {
    /// Not in the form of a status, or a list that is not the one at its address.
    #[error("a status that cannot be read")]
    Malformed,
    /// More collections or pages than allowed.
    #[error("a status with too many {0}")]
    Limit(&'static str),
    /// A page that cannot be read.
    #[error(transparent)]
    Page(#[from] PageError),
    /// A page that was not asked for.
    #[error("a page that belongs to another status")]
    Unasked,
}

impl Status {
    /// The most collections of one beacon.
    pub const COLLECTIONS_MAX: usize = 1_024;
    /// The most pages of one beacon: two million torrents.
    pub const PAGES_MAX: usize = 2_048;

    const KIND: &'static str = "status";
    const VERSION: u8 = 1;

    /// The status of these states, given for each collection in the order of its manifest.
    pub fn new(collections: impl IntoIterator<Item = (CollectionId, ObjectHash, Vec<TorrentState>)>) -> Self {
        let page = |states: &[TorrentState]| Arc::new(StatusPage::new(states));
        let collections: Box<[_]> = collections
            .into_iter()
            .map(|(collection, manifest, states)| CollectionStatus {
                collection,
                manifest,
                pages: states.chunks(StatusPage::TORRENTS_MAX).map(page).collect(),
            })
            .collect();
        let list = encode_list(&collections);
        Self { root: ObjectHash::of(Self::KIND, &list), list: list.into(), collections }
    }

    /// Its address.
    pub const fn root(&self) -> ObjectHash {
        self.root
    }

    /// The collections with their pages.
    pub const fn collections(&self) -> &[CollectionStatus] {
        &self.collections
    }

    /// The bytes of the parts with these addresses, or of all parts where `wanted` is empty; the list comes first.
    pub fn parts(&self, wanted: &[ObjectHash]) -> Vec<Arc<[u8]>> {
        let pages = self.collections.iter().flat_map(|collection| &collection.pages);
        if wanted.is_empty() {
            return std::iter::once(&self.list).chain(pages.map(|page| page.bytes())).map(Arc::clone).collect();
        }
        pages.filter(|page| wanted.contains(&page.hash())).map(|page| Arc::clone(page.bytes())).collect()
    }

    /// How many bytes all its parts have.
    pub fn bytes_len(&self) -> usize {
        let pages = self.collections.iter().flat_map(|collection| &collection.pages);
        self.list.len() + pages.map(|page| page.bytes().len()).sum::<usize>()
    }

    /// The list of its parts.
    pub const fn list(&self) -> &Arc<[u8]> {
        &self.list
    }

    fn page(&self, hash: &ObjectHash) -> Option<&Arc<StatusPage>> {
        self.collections.iter().flat_map(|collection| &collection.pages).find(|page| page.hash() == *hash)
    }
}

impl PartialStatus {
    /// Begins with the list of parts at `root`; pages that `before` has too need not be sent again.
    pub fn begin(root: ObjectHash, list: &Arc<[u8]>, before: Option<&Status>) -> Result<Self, StatusError> {
        if ObjectHash::of(Status::KIND, list) != root {
            return Err(StatusError::Malformed);
        }
        let slot = |hash: ObjectHash| match before.and_then(|status| status.page(&hash)) {
            Some(page) => Slot::Here(Arc::clone(page)),
            None => Slot::Missing(hash),
        };
        let collections = decode_list(list)?
            .into_iter()
            .map(|(collection, manifest, pages)| (collection, manifest, pages.into_iter().map(slot).collect()))
            .collect();
        Ok(Self { root, list: Arc::clone(list), collections })
    }

    /// Adds a page.
    pub fn add(&mut self, bytes: &Arc<[u8]>) -> Result<(), StatusError> {
        let address = StatusPage::address(bytes);
        let waiting = |slot: &&mut Slot| matches!(slot, Slot::Missing(hash) if *hash == address);
        let mut slots = self.collections.iter_mut().flat_map(|(_, _, slots)| slots).filter(waiting).peekable();
        if slots.peek().is_none() {
            return Err(StatusError::Unasked);
        }
        let page = Arc::new(StatusPage::decode(bytes)?);
        slots.for_each(|slot| *slot = Slot::Here(Arc::clone(&page)));
        Ok(())
    }

    /// The addresses of the pages still to come, each once, at most `limit`.
    pub fn missing(&self, limit: usize) -> Vec<ObjectHash> {
        let slots = self.collections.iter().flat_map(|(_, _, slots)| slots);
        let mut missing: Vec<_> = slots
            .filter_map(|slot| match slot {
                Slot::Missing(hash) => Some(*hash),
                Slot::Here(_) => None,
            })
            .collect();
        missing.sort_unstable();
        missing.dedup();
        missing.truncate(limit);
        missing
    }

    /// The whole status, once no page is missing.
    pub fn finish(self) -> Result<Status, Self> {
        let is_here = |slot: &Slot| matches!(slot, Slot::Here(_));
        if !self.collections.iter().all(|(_, _, slots)| slots.iter().all(is_here)) {
            return Err(self);
        }
        let page = |slot| match slot {
            Slot::Here(page) => Some(page),
            Slot::Missing(_) => None,
        };
        let collections = self.collections.into_iter().map(|(collection, manifest, slots)| CollectionStatus {
            collection,
            manifest,
            pages: slots.into_iter().filter_map(page).collect(),
        });
        Ok(Status { root: self.root, list: self.list, collections: collections.collect() })
    }
}

/// A version byte, then for each collection its id, its manifest, the number of its pages and their addresses.
fn encode_list(collections: &[CollectionStatus]) -> Vec<u8> {
    let mut bytes = vec![Status::VERSION];
    for status in collections {
        bytes.extend_from_slice(status.collection.as_bytes());
        bytes.extend_from_slice(status.manifest.as_bytes());
        bytes.extend_from_slice(&u16::try_from(status.pages.len()).expect("pages are few").to_le_bytes());
        for page in &status.pages {
            bytes.extend_from_slice(page.hash().as_bytes());
        }
    }
    bytes
}

type ListedCollection = (CollectionId, ObjectHash, Vec<ObjectHash>);

fn decode_list(bytes: &[u8]) -> Result<Vec<ListedCollection>, StatusError> {
    let malformed = StatusError::Malformed;
    let (&version, mut rest) = bytes.split_first().ok_or(malformed)?;
    if version != Status::VERSION {
        return Err(malformed);
    }
    let mut collections: Vec<ListedCollection> = Vec::new();
    let mut pages_left = Status::PAGES_MAX;
    while !rest.is_empty() {
        if collections.len() == Status::COLLECTIONS_MAX {
            return Err(StatusError::Limit("collections"));
        }
        let (collection, after) = rest.split_first_chunk().ok_or(malformed)?;
        let (manifest, after) = after.split_first_chunk().ok_or(malformed)?;
        let (count, after) = after.split_first_chunk::<2>().ok_or(malformed)?;
        let count = usize::from(u16::from_le_bytes(*count));
        pages_left = pages_left.checked_sub(count).ok_or(StatusError::Limit("pages"))?;
        let (pages, after) = after.split_at_checked(count * 32).ok_or(malformed)?;
        let (pages, _) = pages.as_chunks::<32>();
        let collection = CollectionId::from_bytes(*collection);
        if collections.iter().any(|(listed, _, _)| *listed == collection) {
            return Err(malformed);
        }
        let pages = pages.iter().map(|hash| ObjectHash::new(*hash)).collect();
        collections.push((collection, ObjectHash::new(*manifest), pages));
        rest = after;
    }
    Ok(collections)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(states: Vec<TorrentState>) -> Status {
        let collection = CollectionId::from_bytes([1; 16]);
        Status::new([(collection, ObjectHash::new([2; 32]), states)])
    }

    #[test]
    fn a_status_is_put_together_from_its_parts() {
        let states: Vec<_> = (0..20_000).map(|i| TorrentState::ALL[i / 3_000]).collect();
        let whole = status(states);
        let parts = whole.parts(&[]);
        assert_eq!(parts.len(), 4);
        let mut partial = PartialStatus::begin(whole.root(), &parts[0], None).expect("a list");
        assert_eq!(partial.missing(9).len(), 3);
        for part in parts[1..].iter().rev() {
            partial.add(part).expect("a page");
        }
        assert_eq!(partial.finish().expect("complete"), whole);
    }

    #[test]
    fn after_a_change_only_the_pages_it_touched_are_missing() {
        let mut states = vec![TorrentState::Absent; 20_000];
        states[0] = TorrentState::Held;
        let before = status(states.clone());
        states[9_000] = TorrentState::Pinned;
        let after = status(states);
        let partial = PartialStatus::begin(after.root(), after.list(), Some(&before)).expect("a list");
        assert_eq!(partial.missing(9).len(), 1);
        assert_eq!(after.parts(&partial.missing(9)).len(), 1);
        assert!(partial.finish().is_err());
    }

    #[test]
    fn parts_that_do_not_belong_are_refused() {
        let one = status(vec![TorrentState::Held; 10]);
        let other = status(vec![TorrentState::Pinned; 10]);
        assert_eq!(PartialStatus::begin(one.root(), other.list(), None).err(), Some(StatusError::Malformed));
        let mut partial = PartialStatus::begin(one.root(), one.list(), None).expect("a list");
        assert_eq!(partial.add(&other.parts(&[])[1]), Err(StatusError::Unasked));
        assert_eq!(partial.missing(9).len(), 1);
    }
}
