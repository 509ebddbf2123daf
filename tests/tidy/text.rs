//! Rules on single files: doc, length, `mod.rs`, words, unfinished business.

use super::lexer::{Token, tokens};

/// The most lines of a file, its unit tests included.
const LINES_MAX: usize = 400;

/// Words that would be a second name for something that has one, and the name to use.
const BANNED_WORDS: [(&[&str], &str); 7] = [
    (&["backend"], "client"),
    (&["swarm"], "collection (or: the torrent's other clients)"),
    (&["torrent", "hash"], "info-hash"),
    (&["quota"], "budget"),
    (&["goal"], "target"),
    (&["replica"], "copy"),
    (&["lease"], "grant"),
];

/// Names that others have given and that contain such a word.
const FOREIGN_NAMES: [&str; 1] = ["QuotaExceeded"];

/// Complains of a file that does not begin with `//!`.
pub(crate) fn check_module_doc(file: &str, source: &str) -> Vec<String> {
    let first = source.lines().next().unwrap_or_default();
    let says_something = first.strip_prefix("//!").is_some_and(|doc| !doc.trim().is_empty());
    if says_something { Vec::new() } else { vec![format!("{file}: does not begin with a `//!` doc")] }
}

/// Complains of a file that is too long.
pub(crate) fn check_length(file: &str, source: &str) -> Vec<String> {
    let lines = source.lines().count();
    if lines <= LINES_MAX {
        Vec::new()
    } else {
        vec![format!("{file}: {lines} lines; at most {LINES_MAX}, split it by idea")]
    }
}

/// Complains of a `mod.rs` (or `lib.rs`) with anything but docs, attributes, `mod` and `use`.
pub(crate) fn check_mod_file(file: &str, source: &str) -> Vec<String> {
    if !file.ends_with("/mod.rs") && !file.ends_with("/lib.rs") {
        return Vec::new();
    }
    let tokens = tokens(source);
    let mut rest = &tokens[..];
    while !rest.is_empty() {
        rest = skip_attributes(rest);
        let item = match rest.iter().position(|token| token.text == ";") {
            Some(end) => &rest[..end],
            None if rest.is_empty() => break,
            None => rest,
        };
        let word = skip_visibility(item).first().map_or("", |token| &token.text);
        let is_mod_with_body = word == "mod" && item.iter().any(|token| token.text == "{");
        if !matches!(word, "mod" | "use") || is_mod_with_body {
            return vec![format!("{file}:{}: holds code; give it a file of its own", item[0].line)];
        }
        rest = &rest[(item.len() + 1).min(rest.len())..];
    }
    Vec::new()
}

fn skip_attributes(mut rest: &[Token]) -> &[Token] {
    while rest.first().is_some_and(|token| token.text == "#") {
        let end = closing(rest, "[", "]");
        rest = &rest[(end + 1).min(rest.len())..];
    }
    rest
}

fn skip_visibility(mut item: &[Token]) -> &[Token] {
    if item.first().is_some_and(|token| token.text == "pub") {
        item = &item[1..];
        if item.first().is_some_and(|token| token.text == "(") {
            item = &item[(closing(item, "(", ")") + 1).min(item.len())..];
        }
    }
    item
}

/// Where the bracket that opens first is closed.
fn closing(tokens: &[Token], open: &str, close: &str) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        if token.text == open {
            depth += 1;
        } else if token.text == close {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len()
}

/// Complains of code that is not there yet and of tests that do not run.
pub(crate) fn check_unfinished(file: &str, source: &str) -> Vec<String> {
    let tokens = tokens(source);
    let follows = |at: usize, sign: &str| tokens.get(at + 1).is_some_and(|token| token.text == sign);
    let preceded = |at: usize, sign: &str| at > 0 && tokens[at - 1].text == sign;
    let mut complaints = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let word = token.text.as_str();
        let unfinished = matches!(word, "todo" | "unimplemented") && follows(at, "!");
        let ignored = word == "ignore" && preceded(at, "[") && at > 1 && tokens[at - 2].text == "#";
        if unfinished || ignored {
            complaints.push(format!("{file}:{}: `{word}` leaves something undone", token.line));
        }
    }
    complaints
}

/// Complains of second names for things that have one, in code, comments and docs alike.
pub(crate) fn check_words(file: &str, source: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for (number, line) in source.lines().enumerate() {
        let own = FOREIGN_NAMES.iter().fold(line.to_owned(), |line, name| line.replace(name, ""));
        let words = words_of(&own);
        for (banned, better) in BANNED_WORDS {
            if words.windows(banned.len()).any(|window| window == banned) {
                complaints.push(format!("{file}:{}: say \"{better}\", not \"{}\"", number + 1, banned.join(" ")));
            }
        }
    }
    complaints
}

/// The words of a line in lower case; `TorrentHash` and `torrent_hash` are two words each, a plural is its singular.
/// What stands between words and is neither space nor `_` is kept, so that `torrent.hash` is not two words in a row.
fn words_of(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous_is_lower = false;
    for c in line.chars() {
        if !c.is_alphabetic() || (c.is_uppercase() && previous_is_lower) {
            words.push(String::new());
        }
        if c.is_alphabetic() {
            words.last_mut().expect("never empty").extend(c.to_lowercase());
        } else if !matches!(c, ' ' | '_') {
            words.extend([c.to_string(), String::new()]);
        }
        previous_is_lower = c.is_lowercase();
    }
    let singular = |word: String| word.strip_suffix('s').map_or(word.clone(), str::to_owned);
    words.into_iter().filter(|word| !word.is_empty()).map(singular).collect()
}

#[test]
fn a_missing_doc_is_found() {
    assert_eq!(check_module_doc("a.rs", "use std::fmt;\n//! late").len(), 1);
    assert_eq!(check_module_doc("a.rs", "//!\n").len(), 1);
    assert!(check_module_doc("a.rs", "//! What it is.\n").is_empty());
}

#[test]
fn a_long_file_is_found() {
    assert!(check_length("a.rs", &"x\n".repeat(400)).is_empty());
    assert_eq!(check_length("a.rs", &"x\n".repeat(401)).len(), 1);
}

#[test]
fn code_in_a_mod_file_is_found() {
    for bad in [
        "fn f() {}",
        "mod a;\npub struct S;",
        "mod a { use b::c; }",
        "#[x] const A: u8 = 1;",
        "pub(crate) mod a;\nimpl A {}",
    ] {
        assert_eq!(check_mod_file("beacon/web/mod.rs", bad).len(), 1, "{bad}");
    }
    let good = "//! Doc.\n#![x]\n#[cfg(all(a, b))]\npub(crate) mod a;\nmod b;\npub use a::{B, c::{D, E}};\n";
    assert_eq!(check_mod_file("beacon/web/mod.rs", good), Vec::<String>::new());
    assert!(check_mod_file("beacon/web/other.rs", "fn f() {}").is_empty());
}

#[test]
fn unfinished_code_is_found() {
    for bad in
        ["fn f() { todo!() }", "fn f() { unimplemented!(\"later\") }", "#[test]\n#[ignore = \"slow\"]\nfn f() {}"]
    {
        assert_eq!(check_unfinished("a.rs", bad).len(), 1, "{bad}");
    }
    assert!(check_unfinished("a.rs", "// todo!()\nfn ignore() { \"#[ignore]\"; }").is_empty());
}

#[test]
fn second_names_are_found() {
    for bad in
        ["/// The backend.", "struct TorrentHash;", "let torrent_hash = 1;", "Two Backends", "by its torrent hash"]
    {
        assert_eq!(check_words("a.rs", bad).len(), 1, "{bad}");
    }
    assert!(
        check_words("a.rs", "a release of torrents, hashed; NoSuchTorrent(*hash), torrent.hash; QuotaExceeded")
            .is_empty()
    );
}
