//! The keys and values of one JSON object.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{JsonError, Kind, Located, Node, Position, nearest};

/// An object with known keys, each of which it has at most once.
#[derive(Debug)]
pub struct Object<'a> {
    node: Node<'a>,
    members: Vec<(Cow<'a, str>, Node<'a>)>,
}

impl<'a> Object<'a> {
    /// Reads the members of an object. Keys that are not known or there a second time are no members, but faults; no more
    /// than `most` are told.
    pub(super) fn read(
        node: Node<'a>,
        known: &[&str],
        most: usize,
    ) -> Result<(Self, Vec<Located<JsonError>>), Located<JsonError>> {
        let Members(pairs) =
            serde_json::from_str(node.text()).map_err(|error| node.document.syntax(node.text(), &error))?;
        let mut object = Self { node, members: Vec::with_capacity(known.len().min(pairs.len())) };
        let mut faults = Vec::new();
        for (Key(key), raw) in pairs {
            if faults.len() >= most {
                break;
            }
            let value = Node::new(node.document, raw.get());
            if !known.contains(&&*key) {
                let suggestion = nearest(&key, known.iter().copied());
                let error = JsonError::UnknownKey { key: key.to_string(), suggestion };
                faults.push(Located { at: key_position(&key, value), error });
            } else if let Some((first_key, first_value)) = object.members.iter().find(|(other, _)| *other == key) {
                let error =
                    JsonError::DuplicateKey { key: key.to_string(), first: key_position(first_key, *first_value) };
                faults.push(Located { at: key_position(&key, value), error });
            } else {
                object.members.push((key, value));
            }
        }
        Ok((object, faults))
    }

    /// The object itself.
    pub const fn node(&self) -> Node<'a> {
        self.node
    }

    /// Every key with its value, null among them, in the order of the text.
    pub fn members(&self) -> impl Iterator<Item = (&str, Node<'a>)> {
        self.members.iter().map(|(key, value)| (&**key, *value))
    }

    /// The value of `key`; `None` where it is not there or null.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        let (_, value) = self.members.iter().find(|(other, _)| other == key)?;
        (value.kind() != Kind::Null).then_some(*value)
    }

    /// The value of `key`.
    ///
    /// # Errors
    /// [`JsonError::MissingKey`] at the place of the object.
    pub fn required(&self, key: &'static str) -> Result<Node<'a>, Located<JsonError>> {
        self.get(key).ok_or_else(|| self.node.error(JsonError::MissingKey(key)))
    }

    /// Where `key` stands, for errors about its being there at all.
    pub fn key_position(&self, key: &str) -> Option<Position> {
        self.members.iter().find(|(other, _)| other == key).map(|(key, value)| key_position(key, *value))
    }
}

/// Where a key begins. One that had to be unescaped does not lie in the text; then its value has to do.
fn key_position(key: &str, value: Node<'_>) -> Position {
    if !value.document.holds(key) {
        return value.position();
    }
    // The slice is what stands between the quotes, and the opening one is where people see the key begin.
    let inner = value.document.position(key);
    Position { column: inner.column.saturating_sub(1), ..inner }
}

/// The keys and values as they stand in the text.
struct Members<'a>(Vec<(Key<'a>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    members.push(pair);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

/// A key that is a slice of the text wherever that is possible.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }

        deserializer.deserialize_str(Reader)
    }
}

#[cfg(test)]
mod tests {
    use crate::json::Document;

    fn problem(text: &str) -> String {
        let document = Document::new(text);
        let root = document.root().expect("JSON");
        root.object(&["name", "size"]).expect_err("refused").to_string()
    }

    #[test]
    fn unknown_and_repeated_keys_are_named_with_their_places() {
        assert_eq!(problem("{\n  \"nmae\": 1 }"), "2:3: unknown key `nmae`; did you mean `name`?");
        assert_eq!(
            problem("{ \"size\": 1,\n  \"size\": 2 }"),
            "2:3: the key `size` is here a second time; the first is at 1:3: remove one of them"
        );
        assert_eq!(problem("{ \"si\\u007ae\": 1, \"sizf\": 2 }"), "1:19: unknown key `sizf`; did you mean `size`?");
        assert_eq!(problem("[]"), "1:1: this must be an object, `{ ... }`, and is a list");
    }

    #[test]
    fn null_is_the_same_as_nothing() {
        let document = Document::new("{ \"name\": null, \"size\": 7 }");
        let object = document.root().and_then(|root| root.object(&["name", "size"])).expect("an object");
        assert!(object.get("name").is_none());
        assert_eq!(object.required("size").and_then(super::Node::unsigned), Ok(7));
        assert_eq!(object.required("name").expect_err("missing").to_string(), "1:1: the key `name` is missing here");
    }
}
