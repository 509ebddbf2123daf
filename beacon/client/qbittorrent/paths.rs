//! Paths on the client's computer, which may be of another kind than ours: compared, never opened.

use std::collections::BTreeSet;

/// An absolute path, in a form in which two spellings of one path are equal.
///
/// Letter case is ignored, since some file systems ignore it: two paths may be taken for one, which keeps files, but one
/// is never taken for two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(Vec<String>);

/// What a client adds to the names of files that are not complete, if the user wants that.
const INCOMPLETE: &str = ".!qb";

impl Place {
    /// Reads an absolute path; `None` for a relative one, and for one with `..`, of which nobody can say where it leads.
    pub(super) fn read(path: &str) -> Option<Self> {
        let path = path.replace('\\', "/").to_lowercase();
        let drive = path.as_bytes().get(1) == Some(&b':');
        if !(path.starts_with('/') || drive) {
            return None;
        }
        Self(Vec::new()).below(&path)
    }

    /// The place of a relative path below this one.
    pub(super) fn below(&self, relative: &str) -> Option<Self> {
        let relative = relative.replace('\\', "/").to_lowercase();
        let mut parts = self.0.clone();
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => return None,
                part => parts.push(part.strip_suffix(INCOMPLETE).unwrap_or(part).to_owned()),
            }
        }
        Some(Self(parts))
    }

    /// Whether one is the other, or contains it.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(ours, theirs)| ours == theirs)
    }

    /// Whether this is `other` or below it.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

/// The places of files with relative names, below each of the roots.
pub(super) fn places(roots: &[Place], names: &[String]) -> Option<BTreeSet<Place>> {
    roots.iter().flat_map(|root| names.iter().map(|name| root.below(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Place {
        Place::read(path).unwrap()
    }

    #[test]
    fn spellings_of_one_path_are_equal() {
        assert_eq!(place("/data//Town/./letters/"), place("/data/town/letters"));
        assert_eq!(place("D:\\Data\\x.iso.!qB"), place("d:/data/x.iso"));
        assert_eq!(place("/data").below("a\\b"), Some(place("/data/a/b")));
    }

    #[test]
    fn paths_that_lead_who_knows_where_are_no_places() {
        for path in ["", "data", "./data", "/data/../etc"] {
            assert_eq!(Place::read(path), None, "{path}");
        }
        assert_eq!(place("/data").below("../etc"), None);
        assert_eq!(places(&[place("/a")], &["x".to_owned(), "..".to_owned()]), None);
    }

    #[test]
    fn places_overlap_only_along_one_branch() {
        assert!(place("/data").overlaps(&place("/data/town/a")));
        assert!(place("/data/town/a").overlaps(&place("/data/town/a")));
        assert!(!place("/data/town").overlaps(&place("/data/town2")));
        assert!(place("/data/town/a").is_within(&place("/data/town")));
        assert!(!place("/data").is_within(&place("/data/town")));
    }
}
