//! A JSON text that can tell the line and column of its parts.

use std::cell::Cell;

use serde_json::value::RawValue;

use super::{JsonError, Located, Node, Position};

/// A JSON text. Hand out its root with [`Document::root`].
#[derive(Debug)]
pub struct Document<'a> {
    whole: &'a str,
    text: &'a str,
    // The last place that was asked for: the next one is mostly behind it, so that a walk through a text takes time
    // proportional to its length even where a million places are asked for in one line.
    mark: Cell<(usize, Position)>,
}

impl<'a> Document<'a> {
    /// Wraps a text; a byte order mark at its beginning is passed over.
    pub fn new(text: &'a str) -> Self {
        let whole = text;
        let text = whole.strip_prefix('\u{feff}').unwrap_or(whole);
        Self { whole, text, mark: Cell::new((0, Position::START)) }
    }

    /// Reads bytes as text.
    ///
    /// # Errors
    /// [`JsonError::NotUtf8`] with the place of the first byte that is not.
    pub fn decode(bytes: &'a [u8]) -> Result<&'a str, Located<JsonError>> {
        str::from_utf8(bytes).map_err(|error| {
            let valid = str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
            Located { at: Position::START.behind(valid.trim_start_matches('\u{feff}')), error: JsonError::NotUtf8 }
        })
    }

    /// The value that the whole text is.
    ///
    /// # Errors
    /// [`JsonError::Empty`] and [`JsonError::Syntax`].
    pub fn root(&'a self) -> Result<Node<'a>, Located<JsonError>> {
        if self.text.trim().is_empty() {
            return Err(Located { at: Position::START, error: JsonError::Empty });
        }
        match serde_json::from_str::<&'a RawValue>(self.text) {
            Ok(raw) => Ok(Node::new(self, raw.get())),
            Err(error) => Err(self.syntax(self.text, &error)),
        }
    }

    /// The text without its byte order mark.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The byte order mark before the text; mostly nothing.
    pub(super) fn byte_order_mark(&self) -> &'a str {
        &self.whole[..self.whole.len() - self.text.len()]
    }

    /// Whether `part` is a slice of this text, and not a copy from elsewhere.
    pub(super) fn holds(&self, part: &str) -> bool {
        let (own, other) = (self.text.as_bytes().as_ptr_range(), part.as_bytes().as_ptr_range());
        own.start <= other.start && other.end <= own.end
    }

    /// The byte at which `part`, a slice of this text, begins.
    pub(super) fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len())
    }

    /// Where `part`, a slice of this text, begins.
    pub(super) fn position(&self, part: &str) -> Position {
        self.position_at(self.offset(part))
    }

    fn position_at(&self, offset: usize) -> Position {
        let (known, position) = match self.mark.get() {
            mark if mark.0 <= offset => mark,
            _ => (0, Position::START),
        };
        let position = position.behind(self.text.get(known..offset).unwrap_or_default());
        self.mark.set((offset, position));
        position
    }

    /// What `serde_json` says of `part`, told in lines and columns of the whole.
    pub(super) fn syntax(&self, part: &str, error: &serde_json::Error) -> Located<JsonError> {
        let line_start: usize = part.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        // It counts the bytes that it has read, so the last of them is the offending one.
        let mut offset = (line_start + error.column().saturating_sub(1)).min(part.len());
        while !part.is_char_boundary(offset) {
            offset -= 1;
        }
        let message = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let message = plain(message.strip_suffix(&place).unwrap_or(&message)).to_owned();
        Located { at: self.position_at(self.offset(part) + offset), error: JsonError::Syntax(message) }
    }
}

/// The slips that are made most, in words that say what to do.
fn plain(message: &str) -> &str {
    match message {
        "key must be a string" => "here belongs a key in double quotes, or no comma before the closing bracket",
        "trailing comma" => "no comma may stand before a closing bracket",
        "trailing characters" => "something stands behind the end of the JSON value",
        "EOF while parsing an object" => "the text ends before the object does; a `}` is missing",
        "EOF while parsing a list" => "the text ends before the list does; a `]` is missing",
        "EOF while parsing a string" => "the text ends before the string does; a `\"` is missing",
        "EOF while parsing a value" => "the text ends where a value should stand",
        "expected value" => {
            "here belongs a value: an object, a list, a text in double quotes, a number, true, false or null"
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        Document::new(text).root().expect_err("broken").to_string()
    }

    #[test]
    fn broken_texts_are_reported_where_they_break() {
        assert_eq!(problem(" \n"), "1:1: the file is empty; it must hold a JSON object, `{ ... }`");
        assert_eq!(problem("{\n  \"a\": 1,\n  \"å\" 2\n}"), "3:7: not valid JSON: expected `:`");
        assert_eq!(
            problem("{ \"a\": 1, }"),
            "1:11: not valid JSON: here belongs a key in double quotes, or no comma before the closing bracket"
        );
        assert_eq!(
            problem("{ \"a\": [1, 2"),
            "1:12: not valid JSON: the text ends before the list does; a `]` is missing"
        );
        assert_eq!(problem("{} x"), "1:4: not valid JSON: something stands behind the end of the JSON value");
    }

    #[test]
    fn bytes_that_are_no_text_are_reported_where_they_stand() {
        let error = Document::decode(b"\xef\xbb\xbf{\n \"\xff\" }").expect_err("not UTF-8");
        assert_eq!(error.to_string(), "2:3: not UTF-8 text; save the file as UTF-8");
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        let document = Document::new("\u{feff}{}");
        assert_eq!(document.root().expect("an object").position(), Position::START);
    }
}
