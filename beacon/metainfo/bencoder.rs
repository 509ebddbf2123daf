//! A small bencoder, independent of the reader, for the tests to build torrents with.

use std::collections::BTreeMap;

/// A value to write.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Integer(i128),
    Bytes(Vec<u8>),
    List(Vec<Self>),
    Dictionary(BTreeMap<Vec<u8>, Self>),
}

impl Node {
    pub(super) fn write(&self) -> Vec<u8> {
        match self {
            Self::Integer(number) => format!("i{number}e").into_bytes(),
            Self::Bytes(bytes) => [format!("{}:", bytes.len()).as_bytes(), bytes].concat(),
            Self::List(items) => {
                let items: Vec<u8> = items.iter().flat_map(Self::write).collect();
                [b"l", &items[..], b"e"].concat()
            }
            Self::Dictionary(entries) => {
                let one = |(key, value): (&Vec<u8>, &Self)| [text(key).write(), value.write()].concat();
                let entries: Vec<u8> = entries.iter().flat_map(one).collect();
                [b"d", &entries[..], b"e"].concat()
            }
        }
    }

    /// This dictionary with one key set.
    pub(super) fn with(self, key: &str, value: Self) -> Self {
        let Self::Dictionary(mut entries) = self else { panic!("not a dictionary") };
        entries.insert(key.as_bytes().to_vec(), value);
        Self::Dictionary(entries)
    }

    /// This dictionary with one key taken away.
    pub(super) fn without(self, key: &str) -> Self {
        let Self::Dictionary(mut entries) = self else { panic!("not a dictionary") };
        assert!(entries.remove(key.as_bytes()).is_some(), "`{key}` was not there");
        Self::Dictionary(entries)
    }
}

pub(super) fn number(number: impl Into<i128>) -> Node {
    Node::Integer(number.into())
}

pub(super) fn text(bytes: impl AsRef<[u8]>) -> Node {
    Node::Bytes(bytes.as_ref().to_vec())
}

pub(super) fn list(items: impl IntoIterator<Item = Node>) -> Node {
    Node::List(items.into_iter().collect())
}

pub(super) fn dictionary<'a>(entries: impl IntoIterator<Item = (&'a str, Node)>) -> Node {
    Node::Dictionary(entries.into_iter().map(|(key, value)| (key.as_bytes().to_vec(), value)).collect())
}
