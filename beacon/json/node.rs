//! One value of a JSON text.

use serde_json::value::RawValue;

use super::{Document, JsonError, Kind, Located, Object, Position};

/// One value of a JSON text, not looked into yet.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    pub(super) document: &'a Document<'a>,
    text: &'a str,
}

impl<'a> Node<'a> {
    pub(super) const fn new(document: &'a Document<'a>, text: &'a str) -> Self {
        Self { document, text }
    }

    /// The value as it is written.
    pub const fn text(self) -> &'a str {
        self.text
    }

    /// Where it begins.
    pub fn position(self) -> Position {
        self.document.position(self.text)
    }

    /// The byte of the document at which it begins.
    pub fn offset(self) -> usize {
        self.document.offset(self.text)
    }

    /// The given error at the place of this value.
    pub fn error<E>(self, error: E) -> Located<E> {
        Located { at: self.position(), error }
    }

    /// What kind of value it is.
    pub fn kind(self) -> Kind {
        match self.text.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::List,
            Some(b'"') => Kind::Text,
            Some(b't' | b'f') => Kind::Flag,
            Some(b'n') => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// Looks into an object that may have the keys `known`, each once.
    ///
    /// # Errors
    /// Where it is no object, or a key is not known or there twice.
    pub fn object(self, known: &[&str]) -> Result<Object<'a>, Located<JsonError>> {
        let (object, mut faults) = self.object_with_faults(known, 1)?;
        faults.pop().map_or(Ok(object), Err)
    }

    /// The same for who wants to hear of every key that is not known or there twice, and passes over them: `most` of them.
    ///
    /// # Errors
    /// Where it is no object.
    pub fn object_with_faults(
        self,
        known: &[&str],
        most: usize,
    ) -> Result<(Object<'a>, Vec<Located<JsonError>>), Located<JsonError>> {
        self.expect(Kind::Object, "an object, `{ ... }`")?;
        Object::read(self, known, most)
    }

    /// The items of a list.
    ///
    /// # Errors
    /// Where it is no list.
    pub fn list(self) -> Result<Vec<Self>, Located<JsonError>> {
        self.expect(Kind::List, "a list, `[ ... ]`")?;
        match serde_json::from_str::<Vec<&'a RawValue>>(self.text) {
            Ok(items) => Ok(items.into_iter().map(|item| Self::new(self.document, item.get())).collect()),
            Err(error) => Err(self.document.syntax(self.text, &error)),
        }
    }

    /// A text.
    ///
    /// # Errors
    /// Where it is no text.
    pub fn string(self) -> Result<String, Located<JsonError>> {
        self.expect(Kind::Text, "a text in double quotes")?;
        serde_json::from_str(self.text).map_err(|error| self.document.syntax(self.text, &error))
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// Where it is neither.
    pub fn flag(self) -> Result<bool, Located<JsonError>> {
        self.expect(Kind::Flag, "true or false")?;
        Ok(self.text == "true")
    }

    /// A whole number from 0 to 2^64 - 1.
    ///
    /// # Errors
    /// Where it is no number, or not such a one.
    pub fn unsigned(self) -> Result<u64, Located<JsonError>> {
        self.expect(Kind::Number, "a whole number")?;
        self.text.parse().map_err(|_not_a_number| self.out_of_range(0, u64::MAX))
    }

    /// A whole number of 32 bits, which may be negative.
    ///
    /// # Errors
    /// Where it is no number, or not such a one.
    pub fn signed(self) -> Result<i32, Located<JsonError>> {
        self.expect(Kind::Number, "a whole number")?;
        self.text.parse().map_err(|_not_a_number| self.out_of_range(i32::MIN.into(), i32::MAX.unsigned_abs().into()))
    }

    fn out_of_range(self, min: i64, max: u64) -> Located<JsonError> {
        self.error(JsonError::NotInRange { text: self.text.to_owned(), min, max })
    }

    fn expect(self, kind: Kind, wanted: &'static str) -> Result<(), Located<JsonError>> {
        match self.kind() {
            found if found == kind => Ok(()),
            found => Err(self.error(JsonError::WrongKind { wanted, found })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_their_places_told() {
        let document = Document::new("[\n  12, -3,\n  \"a\\u00e5\", true,\n  null ]");
        let items = document.root().expect("JSON").list().expect("a list");
        assert_eq!(items[0].unsigned(), Ok(12));
        assert_eq!(items[1].signed(), Ok(-3));
        assert_eq!(items[2].string().as_deref(), Ok("aå"));
        assert_eq!(items[3].flag(), Ok(true));
        assert_eq!(items[4].kind(), Kind::Null);
        assert_eq!(items[3].position(), Position { line: 3, column: 14 });
        assert_eq!(items[0].position(), Position { line: 2, column: 3 });
    }

    #[test]
    fn values_of_another_kind_are_refused_where_they_stand() {
        let document = Document::new("[\"12\", 1.5, -1, \"\\ud800\"]");
        let items = document.root().expect("JSON").list().expect("a list");
        let told = |result: Result<u64, Located<JsonError>>| result.expect_err("refused").to_string();
        assert_eq!(told(items[0].unsigned()), "1:2: this must be a whole number, and is a text");
        assert_eq!(told(items[1].unsigned()), "1:8: `1.5` is not a whole number from 0 to 18446744073709551615");
        assert!(items[2].unsigned().is_err());
        assert!(items[3].string().is_err(), "half of a surrogate pair is no character");
        assert!(items[0].list().is_err());
    }
}
