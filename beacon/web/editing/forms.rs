//! What comes in to change collections, and what is told of it.

use axum::http::{HeaderMap, header};
use data_encoding::BASE64;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{EditRefusal, Expected, Fault, NewCollection, NewTorrent, TEXT_BYTES_MAX, edits::TORRENT_BYTES_MAX};
use crate::{
    collection::{Change, EntryChange, HeadChange},
    model::{ByteSize, Redundancy},
    web::body::RequestForm,
};

/// The text of a collection file.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct CollectionTextForm {
    /// Where the file is on the beacon's machine.
    pub(super) path: String,
    /// What it says.
    pub(super) text: String,
    /// The tag of this version, to be sent as `If-Match`.
    pub(super) etag: String,
}

/// A text that somebody wants to be a collection.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct NewTextForm {
    /// The whole text.
    pub(super) text: String,
}

/// What a text would be as a collection.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct CheckedForm {
    /// Whether it can be used.
    pub(super) ok: bool,
    /// Its name, where it has a good one.
    pub(super) name: Option<String>,
    /// The torrents that can be used.
    pub(super) torrents: usize,
    /// Their bytes, as far as these are known.
    pub(super) bytes: u64,
    /// What is wrong with it, in the order of the text.
    pub(super) problems: Vec<Fault>,
    /// Whether more may be wrong than is told.
    pub(super) more: bool,
}

/// A collection to be made: a name and the copies wanted, or a text that somebody wrote.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct NewCollectionForm {
    /// What people call it.
    name: Option<String>,
    /// The copies wanted of each torrent; 3 where it is not said.
    target: Option<u16>,
    /// The copies above which surplus is reclaimed; the target where it is not said.
    max: Option<u16>,
    /// The whole text, instead of all that.
    text: Option<String>,
    /// What to call the file, in the directory of collections; by the collection's name where it is not said.
    pub(super) file: Option<String>,
}

/// A collection that has been made.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct CreatedForm {
    /// Its id.
    pub(super) id: String,
    /// Its file.
    pub(super) path: String,
    /// What comes of it, in a sentence.
    pub(super) message: String,
}

/// What is to change of a collection. What is not named stays; null takes a number away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct HeadForm {
    /// What people call it.
    name: Option<String>,
    /// The copies wanted of each torrent; 3 where it is taken away.
    #[serde(default)]
    #[schema(value_type = Option<u16>)]
    target: Patch<u16>,
    /// The copies above which surplus is reclaimed; the target where it is taken away.
    #[serde(default)]
    #[schema(value_type = Option<u16>)]
    max: Patch<u16>,
}

/// What is to change of a torrent. What is not named stays; where null takes it away, the collection's holds again.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct EntryForm {
    /// The copies wanted of it.
    #[serde(default)]
    #[schema(value_type = Option<u16>)]
    target: Patch<u16>,
    /// The copies above which surplus is reclaimed.
    #[serde(default)]
    #[schema(value_type = Option<u16>)]
    max: Patch<u16>,
    /// Larger is fetched earlier among torrents with equally few copies.
    #[serde(default)]
    #[schema(value_type = Option<i32>)]
    priority: Patch<i32>,
}

/// A torrent to be listed, by a magnet link or its .torrent file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct NewEntryForm {
    /// A magnet link.
    magnet: Option<String>,
    /// The bytes of a .torrent file, in base64. It is put beside the collection file.
    torrent: Option<String>,
    /// Its bytes, where a magnet link does not tell them.
    size: Option<u64>,
    /// The copies wanted of it, where they are not the collection's.
    target: Option<u16>,
    /// The copies above which surplus is reclaimed, where they are not the collection's.
    max: Option<u16>,
    /// Larger is fetched earlier among torrents with equally few copies.
    #[serde(default)]
    priority: i32,
}

/// A value that may be named, and then may be null.
#[derive(Debug, Default)]
struct Patch<T>(Change<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Option::deserialize(deserializer)?.map_or(Change::Unset, Change::Set)))
    }
}

/// A text as it stands in JSON, where quotes and line breaks take two bytes, with room for what is around it.
const ESCAPED_BYTES_MAX: usize = 2 * TEXT_BYTES_MAX + 4096;

impl RequestForm for NewTextForm {
    const EXAMPLE: &'static str = "JSON like {\"text\": \"{ \\\"id\\\": … }\"}";
    const BYTES_MAX: usize = ESCAPED_BYTES_MAX;
}

impl RequestForm for NewCollectionForm {
    const EXAMPLE: &'static str = "JSON like {\"name\": \"Town archive\", \"target\": 3}, or {\"text\": \"…\"}";
    const BYTES_MAX: usize = ESCAPED_BYTES_MAX;
}

impl RequestForm for HeadForm {
    const EXAMPLE: &'static str = "JSON like {\"name\": \"Town archive\", \"target\": 4, \"max\": null}";
}

impl RequestForm for EntryForm {
    const EXAMPLE: &'static str = "JSON like {\"target\": 5, \"max\": null, \"priority\": 1}";
}

impl RequestForm for NewEntryForm {
    const EXAMPLE: &'static str = "JSON like {\"magnet\": \"magnet:?xt=urn:btih:…\", \"target\": 5}";
    const BYTES_MAX: usize = TORRENT_BYTES_MAX;
}

impl NewCollectionForm {
    /// What is wanted, and what to call its file.
    pub(super) fn into_parts(self) -> Result<(NewCollection, Option<String>), &'static str> {
        let new = match (self.name, self.text) {
            (Some(name), None) => NewCollection::Empty {
                name,
                target: self.target.unwrap_or(Redundancy::default().target()),
                max: self.max,
            },
            (None, Some(text)) if self.target.is_none() && self.max.is_none() => NewCollection::Text(text),
            (None, Some(_)) => return Err("a text tells the copies wanted itself"),
            (Some(_), Some(_)) => return Err("a text tells its name itself"),
            (None, None) => return Err("it has neither a `name` nor a `text`"),
        };
        Ok((new, self.file))
    }
}

impl HeadForm {
    pub(super) fn into_change(self) -> HeadChange {
        HeadChange { name: self.name, target: self.target.0, max: self.max.0 }
    }
}

impl EntryForm {
    pub(super) fn into_change(self) -> EntryChange {
        EntryChange { target: self.target.0, max: self.max.0, priority: self.priority.0 }
    }
}

impl NewEntryForm {
    /// The torrent, and what is said of it.
    pub(super) fn into_parts(self) -> Result<(NewTorrent, EntryChange), &'static str> {
        let torrent = match (self.magnet, self.torrent) {
            (Some(magnet), None) => NewTorrent::Magnet(magnet, self.size.map(ByteSize::from_bytes)),
            (None, Some(_)) if self.size.is_some() => return Err("a .torrent file tells its size itself"),
            (None, Some(text)) => {
                let bytes = BASE64.decode(text.as_bytes());
                NewTorrent::File(bytes.map_err(|_no_base64| "`torrent` is not base64, padded with `=`")?)
            }
            (Some(_), Some(_)) => return Err("it has a `magnet` and a `torrent`; send one of them"),
            (None, None) => return Err("it has neither a `magnet` nor a `torrent`"),
        };
        let number = |number: Option<u16>| number.map_or(Change::Keep, Change::Set);
        let priority = if self.priority == 0 { Change::Keep } else { Change::Set(self.priority) };
        Ok((torrent, EntryChange { target: number(self.target), max: number(self.max), priority }))
    }
}

/// The versions that `If-Match` names (RFC 9110, 13.1.1); anything where it is not there or is `*`.
pub(super) fn expected(headers: &HeaderMap) -> Expected {
    let values = headers.get_all(header::IF_MATCH).iter().map(|value| value.to_str().unwrap_or_default());
    let tags: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    if tags.is_empty() || tags.contains(&"*") {
        return Expected::Anything;
    }
    let bare = |tag: &str| tag.trim_start_matches("W/").trim_matches('"').to_owned();
    Expected::Tags(tags.into_iter().map(bare).collect())
}

/// The same for who must say.
pub(super) fn required(headers: &HeaderMap) -> Result<Expected, EditRefusal> {
    if headers.contains_key(header::IF_MATCH) { Ok(expected(headers)) } else { Err(EditRefusal::NoTag) }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_versions_that_were_seen_are_read() {
        let read = |values: &[&'static str]| {
            let headers = values.iter().map(|value| (header::IF_MATCH, HeaderValue::from_static(value)));
            expected(&headers.collect())
        };
        assert_eq!(read(&[]), Expected::Anything);
        assert_eq!(read(&["*"]), Expected::Anything);
        let tags = Expected::Tags(["a", "b", "c"].map(str::to_owned).to_vec());
        assert_eq!(read(&["\"a\", W/\"b\"", "\"c\""]), tags);
        assert_eq!(required(&HeaderMap::new()), Err(EditRefusal::NoTag));
    }

    #[test]
    fn a_number_can_be_named_taken_away_or_left() {
        let form: EntryForm = serde_json::from_str(r#"{"target": 5, "max": null}"#).expect("good");
        let change = form.into_change();
        assert_eq!((change.target, change.max, change.priority), (Change::Set(5), Change::Unset, Change::Keep));
    }
}
