//! Rules on the shape of code: how long functions are, what they are called, what imports name.

use super::{
    lexer::{Token, tokens},
    paths::named_paths,
};

/// The most lines of a function, from `fn` to its closing brace.
const FUNCTION_LINES_MAX: usize = 70;

/// The glob imports that are fine: a file's own tests, and a prelude whose macros need its names.
const GLOBS: [&str; 2] = ["super::*", "proptest::prelude::*"];

/// A name with `get_` that a trait of another crate asks for (`rmcp::ServerHandler`).
const FOREIGN_NAME: &str = "get_info";

/// Complains of functions that do not fit on a screen.
pub(crate) fn check_functions(file: &str, source: &str) -> Vec<String> {
    let tokens = tokens(source);
    let mut complaints = Vec::new();
    for at in 0..tokens.len() {
        let Some((name, lines)) = function(&tokens, at) else { continue };
        if lines > FUNCTION_LINES_MAX {
            let line = tokens[at].line;
            complaints.push(format!("{file}:{line}: `{name}` has {lines} lines; at most {FUNCTION_LINES_MAX}"));
        }
        if name.starts_with("get_") && name != FOREIGN_NAME {
            complaints.push(format!("{file}:{}: `{name}`: leave out `get_`", tokens[at].line));
        }
    }
    complaints
}

/// The name and the length in lines of the function that begins at `at`, if one with a body does.
fn function(tokens: &[Token], at: usize) -> Option<(&str, usize)> {
    let name = tokens.get(at + 1).filter(|_| tokens[at].text == "fn")?;
    if !name.text.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return None; // The type of a function pointer.
    }
    let mut depth = 0;
    for token in &tokens[at..] {
        match token.text.as_str() {
            ";" if depth == 0 => return Some((&name.text, token.line - tokens[at].line + 1)),
            "{" | "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            "}" => {
                depth -= 1;
                if depth == 0 {
                    return Some((&name.text, token.line - tokens[at].line + 1));
                }
            }
            _ => {}
        }
    }
    None
}

/// Complains of imports that do not say what they import.
pub(crate) fn check_globs(file: &str, source: &str) -> Vec<String> {
    let spelled = named_paths(source).into_iter().map(|path| (path.segments.join("::"), path.line));
    spelled
        .filter(|(path, _)| path.ends_with("::*") && !GLOBS.contains(&path.as_str()))
        .map(|(path, line)| format!("{file}:{line}: name what `{path}` imports"))
        .collect()
}

#[test]
fn long_functions_are_found() {
    let body = |lines| format!("fn f(x: [u8; 3]) -> u8 {{\n{}}}\nfn g() {{}}", "    if x { y }\n".repeat(lines));
    assert!(check_functions("a.rs", &body(68)).is_empty());
    assert_eq!(check_functions("a.rs", &body(69)).len(), 1);
    let declared = format!("trait T {{\n    fn f(&self) -> u8;\n{}}}", "    fn g(&self) {}\n".repeat(100));
    assert!(check_functions("a.rs", &declared).is_empty());
}

#[test]
fn needless_get_is_found() {
    assert_eq!(check_functions("a.rs", "fn get_name() -> u8 { 1 }").len(), 1);
    assert!(check_functions("a.rs", "fn forget_it(get_x: u8) { get_y() }").is_empty());
}

#[test]
fn glob_imports_are_found() {
    for bad in ["use crate::model::*;", "use proptest::*;", "use {a::b, super::x::*};"] {
        assert_eq!(check_globs("a.rs", bad).len(), 1, "{bad}");
    }
    assert!(check_globs("a.rs", "mod tests { use super::*; } let x = 2 * 3; let y = a::b * c;").is_empty());
}
