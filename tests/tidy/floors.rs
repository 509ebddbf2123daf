//! The floors: a module imports only from lower ones, and the pure ones name nothing from outside.

use super::{
    lexer::tokens,
    paths::{NamedPath, named_paths},
};

const FLOORS: [&[&str]; 7] = [
    &["json", "model"],
    &["metainfo", "wire", "collection", "census", "tracker"],
    &["catalog", "notify", "protocol", "plan"],
    &["files", "node"],
    &["sim", "net", "client", "store", "web", "config", "create"],
    &["daemon"],
    &["cli"],
];

/// The highest floor that is pure; `sim` is pure too, though it lives higher.
const PURE_FLOOR_MAX: usize = 3;

/// Stands low, so that all that writes files can use it, and is not pure for all that.
const IMPURE_BELOW: &str = "files";

/// What pure code cannot name: whatever has a clock, a socket, a file or another thread behind it.
const IMPURE: [&str; 15] = [
    "tokio",
    "quinn",
    "reqwest",
    "axum",
    "rusqlite",
    "tracing",
    "std::fs",
    "std::env",
    "std::process",
    "std::thread",
    "std::net::TcpStream",
    "std::net::TcpListener",
    "std::net::UdpSocket",
    "std::time::Instant",
    "std::time::SystemTime",
];

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// The module of the library that a file belongs to, and how deep below the crate's root it is; `None` for the roots.
fn place_of(path: &str) -> Option<(&str, usize)> {
    let inside = path.strip_prefix("beacon/")?.strip_suffix(".rs")?;
    if matches!(inside, "lib" | "main") {
        return None;
    }
    let inside = inside.strip_suffix("/mod").unwrap_or(inside);
    let parts: Vec<&str> = inside.split('/').collect();
    Some((parts[0], parts.len()))
}

/// The module of the library that a path leads to, if it leaves through the crate's root.
fn module_named(path: &NamedPath, file_depth: usize) -> Option<&str> {
    let supers = path.segments.iter().take_while(|segment| *segment == "super").count();
    match path.segments[0].as_str() {
        "crate" => path.segments.get(1).map(String::as_str),
        "super" if supers == file_depth + path.inline_mods => path.segments.get(supers).map(String::as_str),
        _ => None,
    }
}

/// Complains of every path to the same floor or a higher one, in test code too.
pub(crate) fn check_imports(file: &str, source: &str) -> Vec<String> {
    let Some((own, depth)) = place_of(file) else { return Vec::new() };
    let Some(own_floor) = floor_of(own) else { return vec![format!("{file}: module `{own}` has no floor")] };
    let mut complaints = Vec::new();
    for path in named_paths(source) {
        let Some(module) = module_named(&path, depth) else { continue };
        let line = path.line;
        match floor_of(module) {
            _ if module == own => {}
            Some(floor) if floor < own_floor => {}
            Some(floor) => complaints.push(format!(
                "{file}:{line}: `{own}` (floor {own_floor}) names `{module}` (floor {floor}); only lower floors may be named"
            )),
            None => complaints.push(format!("{file}:{line}: `{module}` has no floor; name the module that owns it")),
        }
    }
    complaints
}

/// Complains of everything from outside that a pure module names.
pub(crate) fn check_purity(file: &str, source: &str) -> Vec<String> {
    let Some((own, _)) = place_of(file) else { return Vec::new() };
    let is_low = floor_of(own).is_some_and(|floor| floor <= PURE_FLOOR_MAX) && own != IMPURE_BELOW;
    if own != "sim" && !is_low {
        return Vec::new();
    }
    let impure = |spelled: &str| {
        IMPURE
            .iter()
            .any(|name| spelled.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::")))
    };
    let named = named_paths(source).into_iter().map(|path| (path.segments.join("::"), path.line));
    named
        .filter(|(spelled, _)| impure(spelled))
        .map(|(spelled, line)| format!("{file}:{line}: `{own}` is pure and cannot name `{spelled}`"))
        .collect()
}

/// Complains of modules that the crate's root declares and this list of floors does not know.
pub(crate) fn check_modules_are_known(lib: &str) -> Vec<String> {
    let tokens = tokens(lib);
    let declared = tokens.windows(3).filter(|three| three[0].text == "mod" && three[2].text == ";");
    declared.map(|three| &three[1].text).filter(|module| floor_of(module).is_none()).cloned().collect()
}

#[test]
fn imports_from_above_and_beside_are_found() {
    let bad = [
        ("beacon/model/id.rs", "use crate::wire::Frame;"),
        ("beacon/wire/mod.rs", "pub use crate::{model::{A, B}, census::C};"),
        ("beacon/plan/fetch.rs", "fn f() -> crate::protocol::Link { todo() }"),
        ("beacon/node/view.rs", "#[cfg(test)] mod tests { use crate::sim::World; }"),
        ("beacon/web/api/status.rs", "use super::super::store::Db;\nuse super::super::super::store::Db;"),
        ("beacon/web/mod.rs", "mod tests { use super::super::store::Db; }"),
        ("beacon/client/x.rs", "use crate::Thing;"),
        ("beacon/attic/mod.rs", "use std::fmt;"),
    ];
    for (file, source) in bad {
        assert_eq!(check_imports(file, source).len(), 1, "{file}: {source}: {:?}", check_imports(file, source));
    }
}

#[test]
fn imports_from_below_and_within_are_fine() {
    let good = [
        ("beacon/node/mod.rs", "use crate::{census::X, model::Y, node::view::Z, plan::W, protocol::V};"),
        ("beacon/web/api/status.rs", "use super::Api; use super::super::Question; use crate::node::view::StatusView;"),
        (
            "beacon/model/id.rs",
            "// use crate::web::X;\nmacro_rules! m { () => { $crate::model::BeaconId } } pub(crate) fn f() {}",
        ),
        ("beacon/main.rs", "use beacon::cli; fn main() { crate::cli::run() }"),
    ];
    for (file, source) in good {
        assert_eq!(check_imports(file, source), Vec::<String>::new());
    }
}

#[test]
fn impure_names_are_found_where_they_must_not_be() {
    for source in ["use tokio::time;", "use std::{fs, fmt};", "fn f() { std::time::Instant::now(); }"] {
        assert_eq!(check_purity("beacon/plan/fetch.rs", source).len(), 1, "{source}");
        assert_eq!(check_purity("beacon/sim/world.rs", source).len(), 1, "{source}");
        assert!(check_purity("beacon/net/socket.rs", source).is_empty());
    }
    let good = "use std::{time::Duration, net::SocketAddr}; use crate::model::Instant;";
    assert!(check_purity("beacon/plan/fetch.rs", good).is_empty());
}

#[test]
fn a_module_without_a_floor_is_found() {
    assert_eq!(check_modules_are_known("pub mod model;\n#[cfg(x)] mod attic;"), ["attic"]);
}
