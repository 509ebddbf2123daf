//! All collections together.

use std::collections::{BTreeMap, btree_map::Entry};

use thiserror::Error;

use crate::model::{Catalog, CatalogCollection, CollectionId};

/// Two files say that they are the same collection.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{refused} has the same id as {kept} ({id}); give it an id of its own, or remove one of the files")]
pub struct SameId {
    /// The id that both have.
    pub id: CollectionId,
    /// The file that counts.
    pub kept: String,
    /// The file that does not.
    pub refused: String,
}

/// Joins the collections of several files, of which each comes with the name that people know it by. Where two have the
/// same id, the earlier one counts.
pub fn merge(files: impl IntoIterator<Item = (String, CatalogCollection)>) -> (Catalog, Vec<SameId>) {
    let mut kept: BTreeMap<CollectionId, (String, CatalogCollection)> = BTreeMap::new();
    let mut refused = Vec::new();
    for (file, collection) in files {
        match kept.entry(collection.id) {
            Entry::Vacant(place) => {
                place.insert((file, collection));
            }
            Entry::Occupied(other) => {
                refused.push(SameId { id: collection.id, kept: other.get().0.clone(), refused: file });
            }
        }
    }
    (Catalog { collections: kept.into_values().map(|(_, collection)| collection).collect() }, refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Redundancy;

    fn collection(id: u8, name: &str) -> CatalogCollection {
        CatalogCollection {
            id: CollectionId::from_bytes([id; 16]),
            name: name.to_owned(),
            redundancy: Redundancy::default(),
            torrents: Vec::new(),
        }
    }

    #[test]
    fn of_two_files_with_one_id_the_earlier_counts() {
        let files = [("b.json", collection(2, "B")), ("a.json", collection(1, "A")), ("c.json", collection(2, "C"))];
        let (catalog, refused) = merge(files.map(|(file, collection)| (file.to_owned(), collection)));
        let names: Vec<&str> = catalog.collections.iter().map(|collection| collection.name.as_str()).collect();
        assert_eq!(names, ["A", "B"]);
        assert_eq!(
            refused[0].to_string(),
            "c.json has the same id as b.json (02020202-0202-0202-0202-020202020202); give it an id of its own, or remove one of the files"
        );
    }
}
