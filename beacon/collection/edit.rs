//! Writing collection files without disturbing what people wrote in them.

use super::{CollectionError, CollectionFile, EntrySource, error::of_json, file::FILE_KEYS};
use crate::{
    json::Document,
    model::{CollectionId, Redundancy},
};

/// A torrent to be put into a collection file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// What names it.
    pub source: EntrySource,
    /// The copies wanted, where they are not the collection's.
    pub target: Option<u16>,
    /// Its priority; 0 is not written.
    pub priority: i32,
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
/// Where the text is no good collection file as it stands.
pub fn append(text: &str, entries: &[NewEntry]) -> Result<String, CollectionError> {
    CollectionFile::parse(text)?;
    if entries.is_empty() {
        return Ok(text.to_owned());
    }
    let document = Document::new(text);
    let root = document.root().and_then(|root| root.object(&FILE_KEYS)).map_err(of_json)?;
    let list_node = root.required("torrents").map_err(of_json)?;
    let plain = document.text();
    let newline = if plain.contains("\r\n") { "\r\n" } else { "\n" };

    // `cut` is what the new text replaces: nothing behind a last entry, white space in an empty list.
    let (cut, opening, joint, closing) = if let Some(last_entry) = list_node.list().map_err(of_json)?.last() {
        let joint = match indentation(plain, last_entry.offset()) {
            Some(indent) => format!(",{newline}{indent}"),
            None => ", ".to_owned(),
        };
        let end = last_entry.offset() + last_entry.text().len();
        (end..end, joint.clone(), joint, String::new())
    } else {
        let outer = line_indentation(plain, list_node.offset());
        let inside = list_node.offset() + 1..list_node.offset() + list_node.text().len() - 1;
        (inside, format!("{newline}{outer}  "), format!(",{newline}{outer}  "), format!("{newline}{outer}"))
    };
    let inserted = entries.iter().map(render).collect::<Vec<_>>().join(&joint);
    let mark = &text[..text.len() - plain.len()];
    Ok([mark, &plain[..cut.start], &opening, &inserted, &closing, &plain[cut.end..]].concat())
}

fn render(entry: &NewEntry) -> String {
    let source = match &entry.source {
        EntrySource::File(path) => format!("\"file\": {}", quoted(path)),
        EntrySource::Magnet(link) => format!("\"magnet\": {}", quoted(link)),
    };
    let target = entry.target.map(|target| format!(", \"redundancy\": {{ \"target\": {target} }}")).unwrap_or_default();
    let priority = match entry.priority {
        0 => String::new(),
        priority => format!(", \"priority\": {priority}"),
    };
    format!("{{ {source}{target}{priority} }}")
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The white space before the byte at `offset`, where nothing else stands before it in its line.
fn indentation(text: &str, offset: usize) -> Option<&str> {
    let line_start = text[..offset].rfind('\n')? + 1;
    let before = &text[line_start..offset];
    before.chars().all(char::is_whitespace).then_some(before)
}

/// The white space at the beginning of the line in which the byte at `offset` stands.
fn line_indentation(text: &str, offset: usize) -> &str {
    let line_start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[line_start..offset];
    &line[..line.len() - line.trim_start().len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> NewEntry {
        NewEntry { source: EntrySource::File(path.to_owned()), target: None, priority: 0 }
    }

    fn new_text() -> String {
        template(CollectionId::from_bytes([7; 16]), "Town \"A\"", Redundancy::default())
    }

    #[test]
    fn a_new_collection_grows_line_by_line() {
        let one = append(&new_text(), &[file("a.torrent")]).expect("good");
        let more = NewEntry {
            source: EntrySource::Magnet("magnet:?xt=urn:btih:00".to_owned()),
            target: Some(5),
            priority: -1,
        };
        let text = append(&one, &[more, file("c.torrent")]).expect("good");
        insta::assert_snapshot!(text, @r#"
        {
          "id": "07070707-0707-0707-0707-070707070707",
          "name": "Town \"A\"",
          "redundancy": { "target": 3 },
          "torrents": [
            { "file": "a.torrent" },
            { "magnet": "magnet:?xt=urn:btih:00", "redundancy": { "target": 5 }, "priority": -1 },
            { "file": "c.torrent" }
          ]
        }
        "#);
        let file = CollectionFile::parse(&text).expect("good");
        assert_eq!(file.torrents.len(), 3);
        assert_eq!(file.torrents[1].redundancy.target(), 5);
    }

    #[test]
    fn what_people_wrote_stays_as_it_is() {
        let id = "07070707-0707-0707-0707-070707070707";
        let text = format!("\u{feff}{{\"torrents\" : [ {{\"file\":\"å\"}} ] ,\r\n\t\"name\":\"x\", \"id\":\"{id}\"}}");
        let expected = text.replace("} ]", "}, { \"file\": \"b\" } ]");
        assert_eq!(append(&text, &[file("b")]).as_deref(), Ok(expected.as_str()));
        assert_eq!(append(&text, &[]).as_deref(), Ok(text.as_str()));
    }

    #[test]
    fn an_empty_list_takes_the_line_endings_of_the_file() {
        let id = "07070707-0707-0707-0707-070707070707";
        let text = format!("{{\r\n\t\"id\": \"{id}\", \"name\": \"x\",\r\n\t\"torrents\": [\r\n ]\r\n}}");
        let edited = append(&text, &[file("b")]).expect("good");
        assert!(edited.ends_with("\"torrents\": [\r\n\t  { \"file\": \"b\" }\r\n\t]\r\n}"), "{edited:?}");
        assert_eq!(CollectionFile::parse(&edited).expect("good").torrents.len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn any_path_and_name_survive_being_written(name in "\\PC{1,40}", path in "[^\0]{1,40}", space in "[ \t\r\n]{0,5}") {
            proptest::prop_assume!(CollectionFile::is_name(&name));
            let empty = template(CollectionId::from_bytes([7; 16]), &name, Redundancy::default());
            let text = empty.replace("\"torrents\": []", &format!("\"torrents\": [{space}]"));
            let entries = [file(&format!("a{path}b")), file("second")];
            let found = CollectionFile::parse(&append(&text, &entries).expect("good")).expect("good");
            proptest::prop_assert_eq!(found.name, name);
            proptest::prop_assert_eq!(&found.torrents[0].source, &entries[0].source);
            proptest::prop_assert_eq!(found.torrents.len(), 2);
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>, cut in 0_usize..200, text in "[\\[\\]{}\",:a-e0-9. \n\\\\]{0,60}") {
            let _ = CollectionFile::read(&bytes);
            let _ = CollectionFile::read(text.as_bytes());
            let whole = append(&new_text(), &[file("å")]).expect("good");
            let _ = CollectionFile::read(&whole.as_bytes()[..cut.min(whole.len())]);
            let _ = CollectionFile::parse(&whole.replacen(&['"', ',', '{'][cut % 3..=cut % 3].iter().collect::<String>(), &text, 3));
        }
    }

    #[test]
    fn a_broken_file_is_not_touched() {
        assert!(append("{", &[file("b")]).is_err());
    }
}
