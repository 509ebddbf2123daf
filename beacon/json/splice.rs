//! Changing one value of a JSON text, and leaving the rest as it is written, byte for byte.

use std::ops::Range;

use super::{Document, JsonError, Located, Node, Object};

/// The text with another value in the place of `node`.
pub fn replaced(node: Node<'_>, value: &str) -> String {
    splice(node.document, span(node), &[value])
}

/// The text with a further member in an object that has some, behind the member `behind` or, where that is not there, behind
/// the last. It stands in a line of its own where the one before it does.
pub fn inserted(object: &Object<'_>, behind: &str, key: &str, value: &str) -> String {
    let members = spans(object);
    let place = object.members().position(|(other, _)| other == behind).unwrap_or(members.len().saturating_sub(1));
    let document = object.node().document;
    let Some(before) = members.get(place) else {
        return replaced(object.node(), &format!("{{ \"{key}\": {value} }}"));
    };
    let joint = joint(document.text(), before.start);
    splice(document, before.end..before.end, &[&joint, "\"", key, "\": ", value])
}

/// The text without a member of an object; as it was where the object has none of that name.
pub fn member_removed(object: &Object<'_>, key: &str) -> String {
    let document = object.node().document;
    match object.members().position(|(other, _)| other == key) {
        Some(place) => splice(document, removal(&spans(object), place, span(object.node())), &[]),
        None => splice(document, 0..0, &[]),
    }
}

/// The text without an item of a list; as it was where the list has none there.
///
/// # Errors
/// Where it is no list.
pub fn item_removed(list: Node<'_>, place: usize) -> Result<String, Located<JsonError>> {
    let items: Vec<_> = list.list()?.into_iter().map(span).collect();
    if place >= items.len() {
        return Ok(splice(list.document, 0..0, &[]));
    }
    Ok(splice(list.document, removal(&items, place, span(list)), &[]))
}

/// The text with further items at the end of a list, in lines of their own where its last item has one or there is none.
///
/// # Errors
/// Where it is no list.
pub fn appended(list: Node<'_>, items: &[String]) -> Result<String, Located<JsonError>> {
    let (document, text) = (list.document, list.document.text());
    if items.is_empty() {
        return Ok(splice(document, 0..0, &[]));
    }
    if let Some(last) = list.list()?.last() {
        let joint = joint(text, last.offset());
        let end = span(*last).end;
        return Ok(splice(document, end..end, &[&joint, &items.join(&joint)]));
    }
    let outer = line_indentation(text, list.offset());
    let newline = newline(text);
    let inside = list.offset() + 1..span(list).end - 1;
    let joint = format!(",{newline}{outer}  ");
    let rest = [newline, outer, "  ", &items.join(&joint), newline, outer];
    Ok(splice(document, inside, &rest))
}

/// A JSON text of a text.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn splice(document: &Document<'_>, cut: Range<usize>, parts: &[&str]) -> String {
    let text = document.text();
    [document.byte_order_mark(), &text[..cut.start], &parts.concat(), &text[cut.end..]].concat()
}

/// What goes with the part at `place`: the comma that joins it to the one before, or else to the one behind.
fn removal(parts: &[Range<usize>], place: usize, whole: Range<usize>) -> Range<usize> {
    match (place.checked_sub(1).and_then(|before| parts.get(before)), parts.get(place + 1)) {
        (Some(before), _) => before.end..parts[place].end,
        (None, Some(behind)) => parts[place].start..behind.start,
        (None, None) => whole.start + 1..whole.end - 1,
    }
}

fn span(node: Node<'_>) -> Range<usize> {
    node.offset()..node.offset() + node.text().len()
}

/// Where each member stands, from the quote before its key to the end of its value.
fn spans(object: &Object<'_>) -> Vec<Range<usize>> {
    let text = object.node().document.text();
    let mut end = object.node().offset();
    let member = |(_, value): (&str, Node<'_>)| {
        // Between two members there is but a comma and white space, so that the next quote begins a key.
        let key = text[end..].find('"').map_or(end, |quote| end + quote);
        end = span(value).end;
        key..end
    };
    object.members().map(member).collect()
}

/// What stands between two parts of which one begins at `offset`: as they are written there, in lines or in one.
fn joint(text: &str, offset: usize) -> String {
    match indentation(text, offset) {
        Some(indent) => format!(",{}{indent}", newline(text)),
        None => ", ".to_owned(),
    }
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
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

    const KEYS: [&str; 4] = ["a", "b", "c", "d"];

    fn with_object(text: &str, change: impl FnOnce(&Object<'_>) -> String) -> String {
        let document = Document::new(text);
        change(&document.root().and_then(|root| root.object(&KEYS)).expect(text))
    }

    fn with_list(text: &str, change: impl FnOnce(Node<'_>) -> Result<String, Located<JsonError>>) -> String {
        let document = Document::new(text);
        change(document.root().expect("JSON")).expect(text)
    }

    #[test]
    fn members_come_and_go_with_their_commas() {
        let without = |text, key| with_object(text, |object| member_removed(object, key));
        let text = "\u{feff}{ \"a\" : 1 ,\n  \"\\u0062\": \",\\\"\",\r\n \"c\": [\"b\"] }";
        assert_eq!(without(text, "a"), "\u{feff}{ \"\\u0062\": \",\\\"\",\r\n \"c\": [\"b\"] }");
        assert_eq!(without(text, "b"), "\u{feff}{ \"a\" : 1,\r\n \"c\": [\"b\"] }");
        assert_eq!(without(text, "c"), "\u{feff}{ \"a\" : 1 ,\n  \"\\u0062\": \",\\\"\" }");
        assert_eq!(without(text, "d"), text);
        assert_eq!(without("{ \"a\": null }", "a"), "{}");

        let with = |text, behind| with_object(text, |object| inserted(object, behind, "d", "7"));
        assert_eq!(with("{ \"a\": 1, \"b\": 2 }", "a"), "{ \"a\": 1, \"d\": 7, \"b\": 2 }");
        assert_eq!(with("{ \"a\": 1, \"b\": 2 }", "c"), "{ \"a\": 1, \"b\": 2, \"d\": 7 }");
        assert_eq!(with("{\r\n\t\"a\": 1\r\n}", "a"), "{\r\n\t\"a\": 1,\r\n\t\"d\": 7\r\n}");
        assert_eq!(with("{ }", "a"), "{ \"d\": 7 }");
    }

    #[test]
    fn items_come_and_go_with_their_commas() {
        let without = |text, place| with_list(text, |list| item_removed(list, place));
        let text = "[\n  1,\n  2,\n  3\n]";
        assert_eq!(without(text, 0), "[\n  2,\n  3\n]");
        assert_eq!(without(text, 1), "[\n  1,\n  3\n]");
        assert_eq!(without(text, 2), "[\n  1,\n  2\n]");
        assert_eq!(without(text, 3), text);
        assert_eq!(without("[ 1 ]", 0), "[]");

        let with = |text| with_list(text, |list| appended(list, &["8".to_owned(), "9".to_owned()]));
        assert_eq!(with(text), "[\n  1,\n  2,\n  3,\n  8,\n  9\n]");
        assert_eq!(with("[ 1]"), "[ 1, 8, 9]");
        assert_eq!(with("[]"), "[\n  8,\n  9\n]");
    }
}
