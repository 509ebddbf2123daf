//! Where something stands in a text, and errors that say so.

use std::{error::Error, fmt};

/// A place in a text as editors count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, counted from 1.
    pub line: u32,
    /// The character in the line, counted from 1.
    pub column: u32,
}

impl Position {
    /// The first character of a text.
    pub const START: Self = Self { line: 1, column: 1 };

    /// The place behind `text`, where `self` is the place of its first character.
    #[must_use]
    pub(super) fn behind(self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let count = |part: &[u8]| part.iter().filter(|byte| !is_continuation(**byte)).count();
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        match bytes.iter().rposition(|byte| *byte == b'\n') {
            None => Self { column: self.column.saturating_add(narrow(count(bytes))), ..self },
            Some(last) => {
                let lines = text[..=last].matches('\n').count();
                Self {
                    line: self.line.saturating_add(narrow(lines)),
                    column: narrow(count(&bytes[last + 1..])).saturating_add(1),
                }
            }
        }
    }
}

/// Whether a byte of UTF-8 continues a character that began before it.
const fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// An error with its place. Written `line:column: error`, so that a file's name and a colon before it make it clickable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<E> {
    /// Where.
    pub at: Position,
    /// What.
    pub error: E,
}

impl<E> Located<E> {
    /// The same place with another error.
    pub fn map<F>(self, change: impl FnOnce(E) -> F) -> Located<F> {
        Located { at: self.at, error: change(self.error) }
    }
}

impl<E: fmt::Display> fmt::Display for Located<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.error)
    }
}

impl<E: Error> Error for Located<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_not_bytes() {
        assert_eq!(Position::START.behind("åäö"), Position { line: 1, column: 4 });
        assert_eq!(Position::START.behind("a\r\nå\nbc"), Position { line: 3, column: 3 });
        assert_eq!(Position::START.behind("a\n"), Position { line: 2, column: 1 });
        let later = Position { line: 4, column: 7 };
        assert_eq!(later.behind("xyz"), Position { line: 4, column: 10 });
    }
}
