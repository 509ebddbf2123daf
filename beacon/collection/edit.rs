//! Writing collection files without disturbing what people wrote in them.

use super::{
    CollectionError, CollectionFile, EntrySource,
    checked::{ENTRY_KEYS, FILE_KEYS, REDUNDANCY_KEYS},
    error::of_json,
};
use crate::{
    json::{
        Document, JsonError, Kind, Located, Node, Object, appended, inserted, item_removed, member_removed, quoted,
        replaced,
    },
    model::{ByteSize, CollectionId, Redundancy},
};

/// A torrent to be put into a collection file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// What names it.
    pub source: EntrySource,
    /// The size, where a magnet link does not tell it.
    pub size: Option<ByteSize>,
    /// The copies wanted, where they are not the collection's.
    pub target: Option<u16>,
    /// The copies above which surplus is reclaimed, where they are not the collection's.
    pub max: Option<u16>,
    /// Its priority; 0 is not written.
    pub priority: i32,
}

impl NewEntry {
    /// A torrent of which nothing more is said.
    pub const fn new(source: EntrySource) -> Self {
        Self { source, size: None, target: None, max: None, priority: 0 }
    }
}

/// What becomes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It becomes this.
    Set(T),
    /// It goes, and what holds without it holds again.
    Unset,
}

/// What is to change of a collection as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeadChange {
    /// What people call it; the same where `None`.
    pub name: Option<String>,
    /// The copies wanted of each torrent.
    pub target: Change<u16>,
    /// The copies above which surplus is reclaimed.
    pub max: Change<u16>,
}

/// What is to change of one torrent of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EntryChange {
    /// The copies wanted of it.
    pub target: Change<u16>,
    /// The copies above which surplus is reclaimed.
    pub max: Change<u16>,
    /// Its priority.
    pub priority: Change<i32>,
}

/// The text of a new collection without torrents.
pub fn template(id: CollectionId, name: &str, redundancy: Redundancy) -> String {
    let name = quoted(name);
    let copies = match (redundancy.target(), redundancy.max()) {
        (target, max) if target == max => format!("{{ \"target\": {target} }}"),
        (target, max) => format!("{{ \"target\": {target}, \"max\": {max} }}"),
    };
    format!("{{\n  \"id\": \"{id}\",\n  \"name\": {name},\n  \"redundancy\": {copies},\n  \"torrents\": []\n}}\n")
}

/// Puts `entries` behind the last torrent of a collection file; all else stays as it is written, byte for byte.
///
/// # Errors
/// Where the text is no good collection file, as it stands or with them.
pub fn append(text: &str, entries: &[NewEntry]) -> Result<String, CollectionError> {
    CollectionFile::parse(text)?;
    let entries: Vec<String> = entries.iter().map(render).collect();
    good(with_root(text, |root| appended(root.required("torrents")?, &entries))?)
}

/// Changes the name and the copies wanted of a collection; all else stays as it is written, byte for byte.
///
/// # Errors
/// Where the text is no good collection file, as it stands or with the change.
pub fn change_head(text: &str, change: &HeadChange) -> Result<String, CollectionError> {
    CollectionFile::parse(text)?;
    let mut text = text.to_owned();
    if let Some(name) = &change.name {
        text = with_root(&text, |root| Ok(replaced(root.required("name")?, &quoted(name))))?;
    }
    let numbers = [("target", change.target), ("max", change.max)];
    good(with_root(&text, |root| change_redundancy(root, &text, "name", numbers))?)
}

/// Changes the copies wanted and the priority of the torrent at `place` in the file, counted from 0; all else stays as it is
/// written, byte for byte. Where there is none, nothing changes.
///
/// # Errors
/// Where the text is no good collection file, as it stands or with the change.
pub fn change_entry(text: &str, place: usize, change: &EntryChange) -> Result<String, CollectionError> {
    CollectionFile::parse(text)?;
    let numbers = [("target", change.target), ("max", change.max)];
    let text = with_entry(text, place, |entry| change_redundancy(entry, text, "", numbers))?;
    good(with_entry(&text, place, |entry| {
        Ok(match (change.priority, member(entry, "priority")) {
            (Change::Set(priority), Some(value)) => replaced(value, &priority.to_string()),
            (Change::Set(priority), None) if priority != 0 => inserted(entry, "", "priority", &priority.to_string()),
            (Change::Unset, Some(_)) => member_removed(entry, "priority"),
            _ => text.clone(),
        })
    })?)
}

/// Takes the torrent at `place` in the file, counted from 0, off the list; all else stays as it is written, byte for byte.
/// Where there is none, nothing changes.
///
/// # Errors
/// Where the text is no good collection file.
pub fn remove_entry(text: &str, place: usize) -> Result<String, CollectionError> {
    CollectionFile::parse(text)?;
    with_root(text, |root| item_removed(root.required("torrents")?, place))
}

/// Puts up with no edit that makes a file bad.
fn good(text: String) -> Result<String, CollectionError> {
    CollectionFile::parse(&text).map(|_| text)
}

type Edited = Result<String, Located<JsonError>>;

fn with_root(text: &str, edit: impl FnOnce(&Object<'_>) -> Edited) -> Result<String, CollectionError> {
    let document = Document::new(text);
    document.root().and_then(|root| edit(&root.object(&FILE_KEYS)?)).map_err(of_json)
}

fn with_entry(text: &str, place: usize, edit: impl FnOnce(&Object<'_>) -> Edited) -> Result<String, CollectionError> {
    with_root(text, |root| match root.required("torrents")?.list()?.get(place) {
        Some(entry) => edit(&entry.object(&ENTRY_KEYS)?),
        None => Ok(text.to_owned()),
    })
}

/// A member of an object, be it null.
fn member<'a>(object: &Object<'a>, key: &str) -> Option<Node<'a>> {
    object.members().find(|(other, _)| *other == key).map(|(_, value)| value)
}

/// Changes numbers of the `redundancy` of `object`, which is a part of `text`. A new one comes behind the member `behind`.
fn change_redundancy(object: &Object<'_>, text: &str, behind: &str, changes: [(&str, Change<u16>); 2]) -> Edited {
    let present = member(object, "redundancy");
    let numbers = match present {
        Some(node) if node.kind() != Kind::Null => Some(node.object(&REDUNDANCY_KEYS)?),
        _ => None,
    };
    let before: Vec<(&str, String)> = numbers
        .iter()
        .flat_map(Object::members)
        .filter_map(|(key, value)| {
            let known = REDUNDANCY_KEYS.into_iter().find(|known| *known == key)?;
            Some((known, value.text().to_owned()))
        })
        .collect();
    let mut after = before.clone();
    for (key, change) in changes {
        match (change, after.iter().position(|(other, _)| *other == key)) {
            (Change::Keep, _) | (Change::Unset, None) => {}
            (Change::Set(number), Some(place)) => after[place].1 = number.to_string(),
            (Change::Set(number), None) => after.push((key, number.to_string())),
            (Change::Unset, Some(place)) => drop(after.remove(place)),
        }
    }
    let keys = |numbers: &[(&str, String)]| numbers.iter().map(|(key, _)| (*key).to_owned()).collect::<Vec<_>>();
    Ok(match (present, &numbers) {
        _ if after == before => text.to_owned(),
        (Some(node), Some(numbers)) if keys(&after) == keys(&before) => {
            replaced(node, &with_values(node, numbers, &after))
        }
        (Some(_), _) if after.is_empty() => member_removed(object, "redundancy"),
        (Some(node), _) => replaced(node, &rendered(after)),
        (None, _) => inserted(object, behind, "redundancy", &rendered(after)),
    })
}

/// An object as it is written, with other values.
fn with_values(node: Node<'_>, object: &Object<'_>, values: &[(&str, String)]) -> String {
    let (mut text, mut done) = (String::new(), 0);
    for ((_, old), (_, new)) in object.members().zip(values) {
        let start = old.offset() - node.offset();
        text += &node.text()[done..start];
        text += new;
        done = start + old.text().len();
    }
    text + &node.text()[done..]
}

fn rendered(mut numbers: Vec<(&str, String)>) -> String {
    numbers.sort_by_key(|(key, _)| REDUNDANCY_KEYS.iter().position(|known| known == key));
    let members: Vec<String> = numbers.iter().map(|(key, number)| format!("\"{key}\": {number}")).collect();
    format!("{{ {} }}", members.join(", "))
}

fn render(entry: &NewEntry) -> String {
    let source = match &entry.source {
        EntrySource::File(path) => format!("\"file\": {}", quoted(path)),
        EntrySource::Magnet(link) => format!("\"magnet\": {}", quoted(link)),
    };
    let size = entry.size.map(|size| format!(", \"size\": {}", size.bytes())).unwrap_or_default();
    let number = |key, number: Option<u16>| number.map(|number| (key, number.to_string()));
    let numbers: Vec<_> = number("target", entry.target).into_iter().chain(number("max", entry.max)).collect();
    let copies = if numbers.is_empty() { String::new() } else { format!(", \"redundancy\": {}", rendered(numbers)) };
    let priority = match entry.priority {
        0 => String::new(),
        priority => format!(", \"priority\": {priority}"),
    };
    format!("{{ {source}{size}{copies}{priority} }}")
}
