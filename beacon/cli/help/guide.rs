//! What the help of a command says beyond its arguments.

use std::fmt::Write as _;

/// What the help of a command says beyond its arguments.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guide {
    /// The command's words, without the program's name.
    pub(super) path: &'static str,
    /// Sentences on what it does, in paragraphs; may be empty.
    pub(super) more: &'static str,
    /// Command lines as they would be typed, and what each is for; that may be empty.
    pub(super) examples: &'static [(&'static str, &'static str)],
}

/// Where what an example is for begins, unless the example is longer.
const COLUMN: usize = 38;

impl Guide {
    /// The examples, a line each, or two where a command line is long.
    pub(super) fn example_lines(&self) -> Vec<String> {
        let line = |(command, purpose): &(&str, &str)| match (purpose.is_empty(), command.len() < COLUMN) {
            (true, _) => vec![(*command).to_owned()],
            (false, true) => vec![format!("{command:<COLUMN$}{purpose}")],
            (false, false) => vec![(*command).to_owned(), format!("{:COLUMN$}{purpose}", "")],
        };
        self.examples.iter().flat_map(line).collect()
    }

    /// What stands at the end of the help.
    pub(super) fn text(&self) -> String {
        let mut text = self.more.to_owned();
        if !self.examples.is_empty() {
            let gap = if text.is_empty() { "" } else { "\n\n" };
            // Writing to a text cannot fail.
            let _ = write!(text, "{gap}Examples:");
            for line in self.example_lines() {
                let _ = write!(text, "\n  {line}");
            }
        }
        text
    }
}
