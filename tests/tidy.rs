//! Style that matters, as a test: the floors of the house, docs on modules, lengths, words, and what pure code may name.
//!
//! Every rule is a function from a source text to complaints, and has a test that it can fail.

#[path = "tidy/floors.rs"]
mod floors;
#[path = "tidy/lexer.rs"]
mod lexer;
#[path = "tidy/paths.rs"]
mod paths;
#[path = "tidy/shape.rs"]
mod shape;
#[path = "tidy/text.rs"]
mod text;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// One file that the rules look at.
struct Source {
    /// Its path from the root of the checkout, with `/` between the parts.
    path: String,
    text: String,
}

/// Every file below `dirs` whose name ends in one of `endings`, in order.
fn sources(dirs: &[&str], endings: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<PathBuf> = Vec::new();
    let mut open: Vec<PathBuf> = dirs.iter().map(|dir| root.join(dir)).filter(|dir| dir.exists()).collect();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                fs::read_dir(&path).expect("a readable directory").map(|entry| entry.expect("an entry").path()),
            );
        } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    let relative = |path: &Path| path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
    let read = |path: PathBuf| Source { path: relative(&path), text: fs::read_to_string(&path).expect("UTF-8 text") };
    found.into_iter().map(read).collect()
}

/// Holds every source to `rule` and fails with all complaints at once.
fn hold(sources: &[Source], rule: impl Fn(&Source) -> Vec<String>) {
    assert!(!sources.is_empty(), "the rule has nothing to look at");
    let complaints: Vec<String> = sources.iter().flat_map(rule).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

fn library() -> Vec<Source> {
    sources(&["beacon"], &[".rs"])
}

fn all_rust() -> Vec<Source> {
    sources(&["beacon", "tests", "benches"], &[".rs"])
}

#[test]
fn modules_import_only_from_lower_floors() {
    hold(&library(), |source| floors::check_imports(&source.path, &source.text));
}

#[test]
fn pure_floors_name_nothing_from_outside() {
    hold(&library(), |source| floors::check_purity(&source.path, &source.text));
}

#[test]
fn every_module_of_the_library_has_a_floor() {
    let library = library();
    let root = library.iter().find(|source| source.path == "beacon/lib.rs").expect("lib.rs");
    let complaints = floors::check_modules_are_known(&root.text);
    assert!(complaints.is_empty(), "{complaints:?}");
}

#[test]
fn every_file_begins_with_its_doc() {
    hold(&all_rust(), |source| text::check_module_doc(&source.path, &source.text));
}

#[test]
fn files_are_short() {
    hold(&all_rust(), |source| text::check_length(&source.path, &source.text));
}

#[test]
fn functions_are_short_and_well_named() {
    hold(&all_rust(), |source| shape::check_functions(&source.path, &source.text));
}

#[test]
fn imports_say_what_they_import() {
    hold(&all_rust(), |source| shape::check_globs(&source.path, &source.text));
}

#[test]
fn mod_files_hold_no_code() {
    hold(&library(), |source| text::check_mod_file(&source.path, &source.text));
}

#[test]
fn nothing_is_left_undone() {
    hold(&all_rust(), |source| text::check_unfinished(&source.path, &source.text));
}

#[test]
fn one_concept_has_one_word() {
    let mut everything = library();
    everything.extend(sources(&["README.md", "CHANGELOG.md", "docs", "dashboard-static"], &[".md", ".html", ".js"]));
    hold(&everything, |source| text::check_words(&source.path, &source.text));
}
