//! A table of what is known of beacons, by their ids, that wastes no memory where there are many tables of many beacons.

use super::BeaconId;

/// Something that is kept in an [`IdTable`].
pub trait Keyed {
    /// Whose it is.
    fn id(&self) -> &BeaconId;

    /// [`IdKey::of`] of that id, kept beside it: it saves most looks at ids that are kept elsewhere.
    fn key(&self) -> IdKey;
}

/// The part of a beacon's id by which an [`IdTable`] looks first: of ids in one range, the four bytes after the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdKey(u32);

/// Entries in the order of their ids, each id once.
///
/// Ids fall into 256 ranges by their first byte, each a short list in order. Ids are hashes or keys and so spread
/// evenly; whoever makes ids that are not only makes its neighbors' lists longer, up to one list of everything.
#[derive(Debug, Clone)]
pub struct IdTable<T> {
    ranges: Vec<Vec<T>>,
    len: usize,
}

/// How many ranges of ids there are: as many as their first byte has values.
const RANGES: usize = 256;
/// For how many entries a list grows at a time, beside an eighth of what it has: doubling would waste a third.
const GROWTH_MIN: usize = 2;

impl IdKey {
    /// The key of an id.
    pub const fn of(id: &BeaconId) -> Self {
        let [_, a, b, c, d, ..] = *id.as_bytes();
        Self(u32::from_be_bytes([a, b, c, d]))
    }
}

impl<T> Default for IdTable<T> {
    fn default() -> Self {
        Self { ranges: Vec::new(), len: 0 }
    }
}

impl<T: Keyed> IdTable<T> {
    /// How many entries there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The entry of a beacon.
    pub fn find(&self, id: &BeaconId) -> Option<&T> {
        let range = self.ranges.get(range_of(id))?;
        let place = place(range, id).ok()?;
        range.get(place)
    }

    /// The entry of a beacon, to change it. Its id must stay.
    pub fn find_mut(&mut self, id: &BeaconId) -> Option<&mut T> {
        let range = self.ranges.get_mut(range_of(id))?;
        let place = place(range, id).ok()?;
        range.get_mut(place)
    }

    /// Puts an entry in place of the one of the same beacon, which it returns.
    pub fn insert(&mut self, entry: T) -> Option<T> {
        if self.ranges.is_empty() {
            self.ranges.resize_with(RANGES, Vec::new);
        }
        let range = &mut self.ranges[range_of(entry.id())];
        match place(range, entry.id()) {
            Ok(place) => Some(std::mem::replace(&mut range[place], entry)),
            Err(place) => {
                if range.len() == range.capacity() {
                    range.reserve_exact((range.len() / 8).max(GROWTH_MIN));
                }
                range.insert(place, entry);
                self.len += 1;
                None
            }
        }
    }

    /// Takes the entry of a beacon out.
    pub fn remove(&mut self, id: &BeaconId) -> Option<T> {
        let range = self.ranges.get_mut(range_of(id))?;
        let place = place(range, id).ok()?;
        self.len -= 1;
        Some(range.remove(place))
    }

    /// Every entry, in the order of the ids.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.ranges.iter().flatten()
    }

    /// Every entry, in the order of the ids, to change it. Ids must stay.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.ranges.iter_mut().flatten()
    }

    /// The entries of one range of ids, in order.
    pub fn range(&self, first_byte: u8) -> &[T] {
        self.ranges.get(usize::from(first_byte)).map_or(&[], Vec::as_slice)
    }

    /// The first entry in the range of `id` that is not before it.
    pub fn at_or_after(&self, id: &BeaconId) -> Option<&T> {
        let range = self.range(id.as_bytes()[0]);
        range.get(place(range, id).unwrap_or_else(|place| place))
    }
}

fn range_of(id: &BeaconId) -> usize {
    usize::from(id.as_bytes()[0])
}

/// Where in its range an id is, or should be.
fn place<T: Keyed>(range: &[T], id: &BeaconId) -> Result<usize, usize> {
    let key = IdKey::of(id);
    range.binary_search_by(|entry| entry.key().cmp(&key).then_with(|| entry.id().cmp(id)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::{prelude::*, sample::select};

    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    struct Entry(BeaconId, u8);

    impl Keyed for Entry {
        fn id(&self) -> &BeaconId {
            &self.0
        }

        fn key(&self) -> IdKey {
            IdKey::of(&self.0)
        }
    }

    /// Ids that differ in the first byte, in those of the key, or only beyond.
    fn any_id() -> impl Strategy<Value = BeaconId> {
        (select(vec![0, 7, 255]), 0_u8..3, 0_u8..3).prop_map(|(first, second, last)| {
            let mut bytes = [9; 32];
            (bytes[0], bytes[2], bytes[31]) = (first, second, last);
            BeaconId::new(bytes)
        })
    }

    proptest! {
        #[test]
        fn it_holds_what_a_map_would(steps in proptest::collection::vec((any_id(), any::<Option<u8>>()), 0..80), asked in any_id()) {
            let (mut table, mut map) = (IdTable::default(), BTreeMap::new());
            for (id, value) in steps {
                let (ours, theirs) = match value {
                    Some(value) => (table.insert(Entry(id, value)), map.insert(id, value)),
                    None => (table.remove(&id), map.remove(&id)),
                };
                prop_assert_eq!(ours.map(|entry| entry.1), theirs);
            }
            let all: Vec<_> = map.iter().map(|(id, value)| Entry(*id, *value)).collect();
            prop_assert_eq!(table.iter().cloned().collect::<Vec<_>>(), all.clone());
            prop_assert_eq!((table.len(), table.is_empty()), (all.len(), all.is_empty()));
            prop_assert_eq!(table.find(&asked).map(|entry| entry.1), map.get(&asked).copied());
            let first = asked.as_bytes()[0];
            let in_range = |id: &BeaconId| id.as_bytes()[0] == first;
            let next = map.range(asked..).next().filter(|(id, _)| in_range(id)).map(|(id, _)| *id);
            prop_assert_eq!(table.at_or_after(&asked).map(|entry| entry.0), next);
            prop_assert_eq!(table.range(first).len(), map.keys().filter(|id| in_range(id)).count());
        }
    }
}
