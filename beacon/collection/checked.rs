//! All that is wrong with the text of a collection file, and what of it can be read nevertheless.

use super::{
    CollectionError, CollectionFault, CollectionFile, EntrySource, TorrentEntry, error::of_json, file::check_length,
};
use crate::{
    json::{Document, JsonError, Kind, Located, Node, Object},
    model::{ByteSize, CollectionId, ParseIdError, Redundancy, RedundancyError},
};

/// What the text of a collection file says as far as it can be read, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What could be read. It is the whole where there are no faults; else what is wrong has a value that means nothing, and
    /// torrents that are wrong are left out.
    pub file: CollectionFile,
    /// What is wrong, at most as many as were asked for: each key, value or torrent by itself, in the order of the text. A
    /// text that is no JSON has one fault, since nothing is known of what stands behind it.
    pub faults: Vec<CollectionError>,
}

pub(super) const FILE_KEYS: [&str; 4] = ["id", "name", "redundancy", "torrents"];
pub(super) const ENTRY_KEYS: [&str; 5] = ["file", "magnet", "size", "redundancy", "priority"];
pub(super) const REDUNDANCY_KEYS: [&str; 3] = ["target", "max", "max_copies_per_zone"];

impl Checked {
    /// Reads a text. Looks no further once it has found `most` faults.
    pub fn of(text: &str, most: usize) -> Self {
        let nothing = CollectionFile {
            id: CollectionId::from_bytes([0; 16]),
            name: String::new(),
            redundancy: Redundancy::default(),
            torrents: Vec::new(),
        };
        let mut checked = Self { file: nothing, faults: Vec::new() };
        if let Err(fault) = check_length(text.len()).and_then(|()| checked.read(&Document::new(text), most)) {
            checked.faults.push(fault);
        }
        checked.faults.truncate(most);
        checked.faults.sort_by_key(|fault| fault.at);
        checked
    }

    /// The error is one that leaves nothing more to be looked at.
    fn read(&mut self, document: &Document<'_>, most: usize) -> Result<(), CollectionError> {
        let root = document.root().map_err(of_json)?;
        let root = self.object(root, &FILE_KEYS, most)?;
        // A key that is not known is told, and is most likely the one that is missing.
        let misspelt = !self.faults.is_empty();
        let required = |key| root.required(key).map_err(of_json);
        if let Some(id) = self.keep(required("id").and_then(id), misspelt) {
            self.file.id = id;
        }
        if let Some(name) = self.keep(required("name").and_then(name), misspelt) {
            self.file.name = name;
        }
        let default = Redundancy::default();
        let redundancy = redundancy(&root, |target, max| match target {
            Some(target) => Redundancy::new(target, max),
            None => Redundancy::new(default.target().into(), max),
        });
        self.file.redundancy = self.keep(redundancy, false).flatten().unwrap_or(default);
        let Some(list) = self.keep(required("torrents"), misspelt) else { return Ok(()) };
        let items = list.list().map_err(of_json)?;
        if items.len() > CollectionFile::TORRENTS_MAX {
            return Err(list.error(CollectionFault::TooManyTorrents { torrents: items.len() }));
        }
        for item in items {
            if self.faults.len() >= most {
                break;
            }
            let faults = self.faults.len();
            let object = self.object(item, &ENTRY_KEYS, most);
            let misspelt = self.faults.len() > faults;
            let entry = object.and_then(|object| entry(&object, self.file.redundancy));
            if let Some(entry) = self.keep(entry, misspelt) {
                self.file.torrents.push(entry);
            }
        }
        Ok(())
    }

    /// Looks into an object. Keys that do not belong there are noted, and passed over.
    fn object<'a>(&mut self, node: Node<'a>, known: &[&str], most: usize) -> Result<Object<'a>, CollectionError> {
        let (object, faults): (_, Vec<Located<JsonError>>) = node.object_with_faults(known, most).map_err(of_json)?;
        self.faults.extend(faults.into_iter().map(of_json));
        Ok(object)
    }

    /// What was read, or nothing and one more fault: none that only says that something is missing in an object of which
    /// a key was misspelt.
    fn keep<T>(&mut self, read: Result<T, CollectionError>, misspelt: bool) -> Option<T> {
        let is_missing = |fault: &CollectionFault| {
            matches!(fault, CollectionFault::NoSource | CollectionFault::Json(JsonError::MissingKey(_)))
        };
        match read {
            Ok(value) => Some(value),
            Err(fault) => {
                if !misspelt || !is_missing(&fault.error) {
                    self.faults.push(fault);
                }
                None
            }
        }
    }
}

fn at(node: Node<'_>, fault: impl Into<CollectionFault>) -> CollectionError {
    node.error(fault.into())
}

fn id(node: Node<'_>) -> Result<CollectionId, CollectionError> {
    node.string().map_err(of_json)?.parse().map_err(|fault: ParseIdError| at(node, fault))
}

fn name(node: Node<'_>) -> Result<String, CollectionError> {
    let name = node.string().map_err(of_json)?;
    if !CollectionFile::is_name(&name) {
        return Err(at(node, CollectionFault::Name));
    }
    Ok(name)
}

/// Reads the `redundancy` of `object`, where it has one; `join` makes a redundancy of the numbers that are given.
fn redundancy(
    object: &Object<'_>,
    join: impl FnOnce(Option<u64>, Option<u64>) -> Result<Redundancy, RedundancyError>,
) -> Result<Option<Redundancy>, CollectionError> {
    let Some(node) = object.get("redundancy") else { return Ok(None) };
    let numbers = node.object(&REDUNDANCY_KEYS).map_err(of_json)?;
    let number = |key| numbers.get(key).map(Node::unsigned).transpose().map_err(of_json);
    let (target, max) = (number("target")?, number("max")?);
    // A fault is shown at the number that was given, most often the last one written.
    let place = numbers.get("max").or(numbers.get("target")).unwrap_or(node);
    let joined = join(target, max).map_err(|fault| at(place, fault))?;
    match numbers.get("max_copies_per_zone") {
        Some(node) => {
            let most = node.unsigned().map_err(of_json)?;
            joined.with_per_zone(Some(most)).map(Some).map_err(|fault| at(node, fault))
        }
        None => Ok(Some(joined)),
    }
}

fn entry(object: &Object<'_>, collection: Redundancy) -> Result<TorrentEntry, CollectionError> {
    let node = object.node();
    let (source_node, source) = match (object.get("file"), object.get("magnet")) {
        (Some(file), None) => (file, EntrySource::File(path(file)?)),
        (None, Some(magnet)) => (magnet, EntrySource::Magnet(magnet_text(magnet)?)),
        (None, None) => return Err(at(node, CollectionFault::NoSource)),
        (Some(_), Some(_)) => return Err(at(node, CollectionFault::TwoSources)),
    };
    let size = match (object.get("size"), &source) {
        (Some(size), EntrySource::File(_)) => return Err(at(size, CollectionFault::SizeOfFile)),
        (Some(written), EntrySource::Magnet(_)) => Some(size(written)?),
        (None, _) => None,
    };
    let redundancy = redundancy(object, |target, max| {
        let target = target.unwrap_or(collection.target().into());
        // A target of its own lifts the collection's limit where it is above it.
        let own = Redundancy::new(target, Some(max.unwrap_or(u64::from(collection.max()).max(target))))?;
        own.with_per_zone(collection.per_zone().map(u64::from))
    })?
    .unwrap_or(collection);
    let priority = object.get("priority").map_or(Ok(0), Node::signed).map_err(of_json)?;
    Ok(TorrentEntry { source, size, redundancy, priority, at: source_node.position() })
}

fn path(node: Node<'_>) -> Result<String, CollectionError> {
    let path = node.string().map_err(of_json)?;
    if path.trim().is_empty() || path.contains('\0') || path.ends_with(['/', '\\']) {
        return Err(at(node, CollectionFault::Path(path)));
    }
    if path.starts_with("magnet:") {
        return Err(at(node, CollectionFault::MagnetAsFile));
    }
    Ok(path)
}

fn magnet_text(node: Node<'_>) -> Result<String, CollectionError> {
    let link = node.string().map_err(of_json)?;
    let is_magnet = link.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("magnet:?"));
    if is_magnet { Ok(link) } else { Err(at(node, CollectionFault::Magnet(link))) }
}

/// A size is a number of bytes or a text such as "1.5 GB".
fn size(node: Node<'_>) -> Result<ByteSize, CollectionError> {
    match node.kind() {
        Kind::Text => node.string().map_err(of_json)?.parse().map_err(|fault| at(node, CollectionFault::Size(fault))),
        _ => node.unsigned().map(ByteSize::from_bytes).map_err(of_json),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90";

    fn told(text: &str, most: usize) -> Vec<String> {
        Checked::of(text, most).faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once_and_the_rest_is_read() {
        let text = format!(
            "{{ \"id\": \"{ID}\", \"name\": \"\", \"redundancy\": {{ \"target\": 4, \"max\": 2 }}, \"nmae\": 1,\n\
             \"torrents\": [\n{{ \"file\": \"a\" }},\n{{ \"flie\": \"b\", \"sise\": 1 }},\n{{ \"magnet\": \"x\" }},\n\
             7,\n{{ \"file\": \"c\", \"redundancy\": {{ \"target\": 5 }} }} ] }}"
        );
        insta::assert_snapshot!(told(&text, 99).join("\n"), @r#"
        1:57: the name must have 1 to 200 characters, and no line breaks
        1:97: `max` (2) is below `target` (4)
        1:102: unknown key `nmae`; did you mean `name`?
        4:3: unknown key `flie`; did you mean `file`?
        4:16: unknown key `sise`; did you mean `size`?
        5:13: `x` is no magnet link; it must begin with "magnet:?"
        6:1: this must be an object, `{ ... }`, and is a number
        "#);
        let file = Checked::of(&text, 99).file;
        assert_eq!(file.torrents.len(), 2);
        assert_eq!((file.id.to_string().as_str(), file.redundancy), (ID, Redundancy::default()));
        assert_eq!(told(&text, 2).len(), 2, "no more are looked for than are wanted");
    }

    #[test]
    fn what_is_no_json_has_one_fault() {
        assert_eq!(told("{ \"id\": 1, \"nmae\" ", 99).len(), 1);
        assert_eq!(told("", 99).len(), 1);
        assert_eq!(told("[]", 99).len(), 1);
    }
}
