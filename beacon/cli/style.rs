//! Colours, where a person looks.

use std::{collections::BTreeMap, fmt};

/// What a piece of text means; the colours are those of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// No copy is left, or something failed.
    Missing,
    /// Fewer copies than wanted, or something to look at.
    Under,
    /// As many as wanted: all is well.
    Met,
    /// More than wanted.
    Over,
    /// What is read first.
    Strong,
    /// What need not be read.
    Faint,
}

/// Whether text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    is_on: bool,
}

impl Style {
    /// As the variables have it: `NO_COLOR` switches colours off, `CLICOLOR_FORCE` on, and `CLICOLOR=0` or a dumb terminal off;
    /// else they are on where a person reads directly.
    pub(super) fn of(variables: &BTreeMap<String, String>, is_terminal: bool) -> Self {
        let variable = |name: &str| variables.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let is_on = if variable("NO_COLOR").is_some() {
            false
        } else if variable("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
            true
        } else {
            is_terminal && variable("CLICOLOR") != Some("0") && variable("TERM") != Some("dumb")
        };
        Self { is_on }
    }

    /// No colours.
    pub(super) const fn plain() -> Self {
        Self { is_on: false }
    }

    /// Whether there are colours at all.
    pub(super) const fn is_on(self) -> bool {
        self.is_on
    }

    /// The text in its colour.
    pub(super) fn paint(self, tone: Tone, text: impl fmt::Display) -> String {
        if self.is_on { format!("\x1b[{}m{text}\x1b[0m", tone.code()) } else { text.to_string() }
    }
}

impl Tone {
    /// That of a number of copies, beside what is wanted.
    pub(super) const fn of_copies(copies: u64, target: u64, max: u64) -> Self {
        match copies {
            0 if target > 0 => Self::Missing,
            _ if copies < target => Self::Under,
            _ if copies > max => Self::Over,
            _ => Self::Met,
        }
    }

    /// Select Graphic Rendition (ECMA-48, 8.3.117), of the sixteen colours that every theme sets so that they can be read.
    const fn code(self) -> &'static str {
        match self {
            Self::Missing => "1;31",
            Self::Under => "33",
            Self::Met => "32",
            Self::Over => "36",
            Self::Strong => "1",
            Self::Faint => "2",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_on(variables: &[(&str, &str)], is_terminal: bool) -> bool {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Style::of(&variables, is_terminal).is_on()
    }

    #[test]
    fn colours_are_for_terminals_unless_somebody_says_otherwise() {
        assert!(is_on(&[], true) && !is_on(&[], false));
        assert!(!is_on(&[("NO_COLOR", "1")], true) && is_on(&[("NO_COLOR", "")], true));
        assert!(!is_on(&[("CLICOLOR", "0")], true) && is_on(&[("CLICOLOR", "1")], true));
        assert!(is_on(&[("CLICOLOR_FORCE", "1")], false) && !is_on(&[("CLICOLOR_FORCE", "0")], false));
        assert!(!is_on(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], true));
        assert!(!is_on(&[("TERM", "dumb")], true) && is_on(&[("TERM", "xterm-256color")], true));
    }

    #[test]
    fn copies_have_the_tone_of_their_standing() {
        let tones = [0, 2, 3, 4, 5].map(|copies| Tone::of_copies(copies, 3, 4));
        assert_eq!(tones, [Tone::Missing, Tone::Under, Tone::Met, Tone::Met, Tone::Over]);
        assert_eq!(Tone::of_copies(0, 0, 0), Tone::Met);
    }

    #[test]
    fn without_colours_text_stays_as_it_is() {
        assert_eq!(Style::of(&BTreeMap::new(), false).paint(Tone::Met, "met"), "met");
        assert_eq!(Style::of(&BTreeMap::new(), true).paint(Tone::Met, "met"), "\x1b[32mmet\x1b[0m");
    }
}
