//! Paths within a torrent: read part by part, each checked, and kept as raw bytes with `/` between the parts.

use super::{MetainfoError, PathProblem, bencode::Value, limits::PATH_BYTES_MAX};

/// The bytes of a path that an error shows.
const SHOWN_BYTES_MAX: usize = 200;

/// Appends a part, unless it could lead elsewhere or file systems could not hold it as it is.
pub(super) fn push_part(path: &mut Vec<u8>, part: &[u8]) -> Result<(), MetainfoError> {
    if !path.is_empty() {
        path.push(b'/');
    }
    let room = PATH_BYTES_MAX.saturating_sub(path.len());
    path.extend_from_slice(&part[..part.len().min(room)]);
    let too_long = (part.len() > room).then_some(PathProblem::TooLong);
    match part_problem(part).or(too_long) {
        None => Ok(()),
        Some(problem) => Err(MetainfoError::Path { path: shown(path), problem }),
    }
}

/// Appends the parts of a list of strings, of which there must be one at least.
pub(super) fn push_list(path: &mut Vec<u8>, list: Value<'_>, key: &'static str) -> Result<(), MetainfoError> {
    let mut parts = list.list().ok_or(MetainfoError::WrongType { key, expected: "a list of strings" })?.peekable();
    if parts.peek().is_none() {
        return Err(MetainfoError::Path { path: shown(path), problem: PathProblem::NoParts });
    }
    for part in parts {
        match part.string() {
            Some(part) => push_part(path, part)?,
            None => return Err(MetainfoError::Path { path: shown(path), problem: PathProblem::NotAString }),
        }
    }
    Ok(())
}

/// The path as an error shows it.
pub(super) fn shown(path: &[u8]) -> String {
    let end = path.len().min(SHOWN_BYTES_MAX);
    let mut text = String::from_utf8_lossy(&path[..end]).into_owned();
    if end < path.len() {
        text.push('…');
    }
    text
}

fn part_problem(part: &[u8]) -> Option<PathProblem> {
    match part {
        [] => Some(PathProblem::EmptyPart),
        b"." | b".." => Some(PathProblem::Traversal),
        [b'/' | b'\\', ..] => Some(PathProblem::Absolute),
        [drive, b':'] | [drive, b':', b'/' | b'\\', ..] if drive.is_ascii_alphabetic() => Some(PathProblem::Absolute),
        _ if part.contains(&0) => Some(PathProblem::Nul),
        _ if part.iter().any(|byte| matches!(byte, b'/' | b'\\')) => Some(PathProblem::Separator),
        _ => None,
    }
}
