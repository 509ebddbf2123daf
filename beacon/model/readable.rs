//! Names from elsewhere, made fit to be shown.

/// The name without what a terminal or a log would obey instead of showing: control characters, line breaks among them, and marks
/// that turn the direction of writing around. Each becomes the replacement character.
pub fn readable(name: &str) -> String {
    let obeyed = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    name.chars().map(|c| if obeyed(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_replaced_and_the_rest_stays() {
        assert_eq!(readable("Böhme – 日本語 <b>"), "Böhme – 日本語 <b>");
        assert_eq!(readable("a\nb\t\u{1b}[31mc\u{9b}\u{7f}"), "a�b��[31mc��");
        assert_eq!(readable("tab\u{202e}fdp.exe"), "tab�fdp.exe");
    }
}
