//! The paths that a source names: in `use`, with its nested braces spelled out, and in the middle of code.

use super::lexer::{Token, tokens};

/// One path such as `crate::model::ByteSize`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedPath {
    pub(crate) segments: Vec<String>,
    pub(crate) line: usize,
    /// How many `mod name { }` of the same file stand around it.
    pub(crate) inline_mods: usize,
}

/// Every path of two or more segments in a source.
pub(crate) fn named_paths(source: &str) -> Vec<NamedPath> {
    let tokens = tokens(source);
    let mut found = Vec::new();
    let mut braces: Vec<bool> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let inline_mods = braces.iter().filter(|is_mod| **is_mod).count();
        let in_use = at > 0 && tokens[at - 1].text == "use";
        let begins = is_word(&tokens[at].text) && text(&tokens, at + 1) == "::" || in_use && tokens[at].text == "{";
        if begins {
            let mut paths = Vec::new();
            at = read_tree(&tokens, at, &[], &mut paths);
            found.extend(paths.into_iter().map(|(segments, line)| NamedPath { segments, line, inline_mods }));
            continue;
        }
        match tokens[at].text.as_str() {
            "{" => braces.push(at >= 2 && tokens[at - 2].text == "mod"),
            "}" => drop(braces.pop()),
            _ => {}
        }
        at += 1;
    }
    found
}

fn text(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |token| &token.text)
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Reads one path or brace group at `at` behind `prefix`, and says where it ends.
fn read_tree(tokens: &[Token], mut at: usize, prefix: &[String], out: &mut Vec<(Vec<String>, usize)>) -> usize {
    let mut segments = prefix.to_vec();
    let line = tokens.get(at).map_or(0, |token| token.line);
    while is_word(text(tokens, at)) || text(tokens, at) == "*" && !segments.is_empty() {
        segments.push(text(tokens, at).to_owned());
        at += 1;
        if text(tokens, at) != "::" {
            out.push((segments, line));
            return skip_alias(tokens, at);
        }
        at += 1;
    }
    if text(tokens, at) == "{" {
        at += 1;
        while !matches!(text(tokens, at), "}" | "") {
            let before = at;
            at = read_tree(tokens, at, &segments, out);
            if text(tokens, at) == "," || at == before {
                at += 1;
            }
        }
        return at + 1;
    }
    // A path before type arguments, such as `Vec::<u8>`.
    out.push((segments, line));
    at
}

fn skip_alias(tokens: &[Token], at: usize) -> usize {
    if text(tokens, at) == "as" { at + 2 } else { at }
}

#[cfg(test)]
fn spelled(source: &str) -> Vec<String> {
    named_paths(source).iter().map(|path| path.segments.join("::")).collect()
}

#[test]
fn nested_imports_are_spelled_out() {
    let source = "use std::fs; use crate::{model::{A, B as C}, wire, plan::*}; pub use {self::x::Y, z::W};";
    let expected =
        ["std::fs", "crate::model::A", "crate::model::B", "crate::wire", "crate::plan::*", "self::x::Y", "z::W"];
    assert_eq!(spelled(source), expected);
}

#[test]
fn paths_in_code_are_found() {
    let source = "fn f(a: crate::web::X) -> Vec<u8> { let b = crate::net::open::<u8>(); Vec::<u8>::new() }";
    assert_eq!(spelled(source)[..2], ["crate::web::X", "crate::net::open"]);
}

#[test]
fn paths_know_the_modules_around_them() {
    let paths = named_paths("use a::b; mod tests { mod deep { use c::d; } fn f() { e::g() } }");
    let depths: Vec<usize> = paths.iter().map(|path| path.inline_mods).collect();
    assert_eq!(depths, [0, 2, 1]);
}
