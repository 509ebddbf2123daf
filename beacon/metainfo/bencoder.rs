//! Writing bencoded values (BEP 3).

use std::collections::BTreeMap;

/// A value to write. A dictionary's keys are in order, as they have to be.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Integer(i128),
    Bytes(Vec<u8>),
    List(Vec<Self>),
    Dictionary(BTreeMap<Vec<u8>, Self>),
}

impl Node {
    /// The value as bytes.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.push_to(&mut out);
        out
    }

    /// This dictionary with one key set. Anything else stays as it is.
    pub(super) fn with(mut self, key: &str, value: Self) -> Self {
        if let Self::Dictionary(entries) = &mut self {
            entries.insert(key.as_bytes().to_vec(), value);
        }
        self
    }

    /// This dictionary with one key set, where there is a value for it.
    pub(super) fn with_some(self, key: &str, value: Option<Self>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// This dictionary with one key taken away.
    #[cfg(test)]
    pub(super) fn without(self, key: &str) -> Self {
        let Self::Dictionary(mut entries) = self else { panic!("not a dictionary") };
        assert!(entries.remove(key.as_bytes()).is_some(), "`{key}` was not there");
        Self::Dictionary(entries)
    }

    fn push_to(&self, out: &mut Vec<u8>) {
        match self {
            Self::Integer(number) => out.extend_from_slice(format!("i{number}e").as_bytes()),
            Self::Bytes(bytes) => push_string(out, bytes),
            Self::List(items) => {
                out.push(b'l');
                for item in items {
                    item.push_to(out);
                }
                out.push(b'e');
            }
            Self::Dictionary(entries) => {
                out.push(b'd');
                for (key, value) in entries {
                    push_string(out, key);
                    value.push_to(out);
                }
                out.push(b'e');
            }
        }
    }
}

/// Appends a string.
pub(super) fn push_string(out: &mut Vec<u8>, content: &[u8]) {
    out.extend_from_slice(content.len().to_string().as_bytes());
    out.push(b':');
    out.extend_from_slice(content);
}

/// A number.
pub(super) fn number(number: impl Into<i128>) -> Node {
    Node::Integer(number.into())
}

/// A string, which need not be text.
pub(super) fn text(bytes: impl AsRef<[u8]>) -> Node {
    Node::Bytes(bytes.as_ref().to_vec())
}

/// A list.
pub(super) fn list(items: impl IntoIterator<Item = Node>) -> Node {
    Node::List(items.into_iter().collect())
}

/// A dictionary; of a key that comes twice, the last counts.
pub(super) fn dictionary<'a>(entries: impl IntoIterator<Item = (&'a str, Node)>) -> Node {
    Node::Dictionary(entries.into_iter().map(|(key, value)| (key.as_bytes().to_vec(), value)).collect())
}

/// Appends the keys `announce` and `announce-list`, each tracker in a tier of its own (BEP 12); nothing without trackers.
pub(super) fn push_trackers(out: &mut Vec<u8>, trackers: &[String]) {
    let Some(first) = trackers.first() else { return };
    push_string(out, b"announce");
    push_string(out, first.as_bytes());
    push_string(out, b"announce-list");
    list(trackers.iter().map(|tracker| list([text(tracker)]))).push_to(out);
}
