//! As much of Rust's grammar as the rules need: words and signs, without comments and without what stands in quotes.

/// A word or a sign, with the line it stands on, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// Cuts a source into words and signs; `::` is one sign.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while at < chars.len() {
        let end = end_of_piece(&chars, at);
        let text: String = chars[at..end].iter().collect();
        let first = chars[at];
        let is_word = is_word_char(first) && !text.contains(['"', '\'']);
        let is_sign = end == at + 1 && !first.is_whitespace() && first != '"';
        if is_word || is_sign || text == "::" {
            tokens.push(Token { text, line });
        }
        line += chars[at..end].iter().filter(|c| **c == '\n').count();
        at = end;
    }
    tokens
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where the comment, literal, word or sign that begins at `at` ends; always after `at`.
fn end_of_piece(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '/' if next == Some('/') => find(chars, at, |rest| rest[0] == '\n'),
        '/' if next == Some('*') => end_of_block_comment(chars, at),
        '"' => end_of_string(chars, at + 1),
        '\'' => end_of_quote(chars, at),
        ':' if next == Some(':') => at + 2,
        c if is_word_char(c) => {
            let word_end = find(chars, at, |rest| !is_word_char(rest[0]));
            let prefix: String = chars[at..word_end].iter().collect();
            match (prefix.as_str(), chars.get(word_end)) {
                ("b" | "c", Some('"')) => end_of_string(chars, word_end + 1),
                ("b", Some('\'')) => end_of_quote(chars, word_end),
                ("r" | "br" | "cr", Some('"' | '#')) => end_of_raw(chars, word_end),
                _ => word_end,
            }
        }
        _ => at + 1,
    }
}

/// The first position from `at` on where `found` holds of what follows, or the end.
fn find(chars: &[char], at: usize, found: impl Fn(&[char]) -> bool) -> usize {
    (at..chars.len()).find(|position| found(&chars[*position..])).unwrap_or(chars.len())
}

fn end_of_block_comment(chars: &[char], at: usize) -> usize {
    let mut depth = 0;
    let mut at = at;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) if depth == 1 => return at + 2,
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    chars.len()
}

fn end_of_string(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// A character literal, or a lifetime's apostrophe alone.
fn end_of_quote(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), _) => find(chars, at + 3, |rest| rest[0] == '\'') + 1,
        (Some(_), Some('\'')) => at + 3,
        _ => at + 1,
    }
}

/// A raw string whose hashes begin at `at`, or just the `r` of a raw identifier.
fn end_of_raw(chars: &[char], at: usize) -> usize {
    let quote = find(chars, at, |rest| rest[0] != '#');
    if chars.get(quote) != Some(&'"') {
        return quote;
    }
    let hashes = quote - at;
    let closes = |rest: &[char]| rest[0] == '"' && rest.len() > hashes && rest[1..=hashes].iter().all(|c| *c == '#');
    (find(chars, quote + 1, closes) + 1 + hashes).min(chars.len())
}

#[test]
fn comments_and_literals_are_no_words() {
    let source = r##"
        //! crate::web
        /* crate::web /* nested */ */ use a::b; // crate::web
        const S: &str = "crate::web \" still"; const R: &str = r#"crate "web" "#;
        fn f<'a>(c: char) -> bool { c == '"' || c == '\'' || b"x" == b"y" } let end = 'x';
    "##;
    let words: Vec<String> = tokens(source).into_iter().map(|token| token.text).collect();
    assert!(!words.iter().any(|word| word == "crate" || word == "web" || word == "nested"), "{words:?}");
    assert_eq!(words[..5], ["use", "a", "::", "b", ";"]);
    assert!(words.ends_with(&["let".into(), "end".into(), "=".into(), ";".into()]), "{words:?}");
}

#[test]
fn tokens_know_their_line() {
    let lines: Vec<usize> = tokens("a\n/* \n */ b \"\n\" c").iter().map(|token| token.line).collect();
    assert_eq!(lines, [1, 3, 4]);
}
