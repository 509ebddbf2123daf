//! The v2 half of a torrent: its tree of files (BEP 52).

use super::{
    MetainfoError,
    bencode::Value,
    files::{Files, RawFile, read_attributes},
    path::{push_part, shown},
};

/// Reads the `file tree`, in the order in which it stands. Its depth is bounded by that of the bencoding.
pub(super) fn read_files(info: Value<'_>, name: &[u8]) -> Result<Files, MetainfoError> {
    let tree = info.find(b"file tree").ok_or(MetainfoError::Missing("file tree"))?;
    // A single file is saved under its own name; several are saved below a directory of the torrent's name.
    let mut path = if is_single_file(tree, name) { Vec::new() } else { name.to_vec() };
    let mut files = Files::default();
    walk(tree, &mut path, &mut files)?;
    Ok(files)
}

fn is_single_file(tree: Value<'_>, name: &[u8]) -> bool {
    let mut entries = tree.dictionary().into_iter().flatten();
    match (entries.next(), entries.next()) {
        (Some((key, entry)), None) => key == name && entry.find(b"").is_some(),
        _ => false,
    }
}

fn walk(directory: Value<'_>, path: &mut Vec<u8>, files: &mut Files) -> Result<(), MetainfoError> {
    let length = path.len();
    for (part, entry) in directory.dictionary().ok_or(NOT_A_DICTIONARY)? {
        push_part(path, part)?;
        match file_properties(entry, path)? {
            Some(properties) => files.push(read_file(properties, path)?)?,
            None => walk(entry, path, files)?,
        }
        path.truncate(length);
    }
    Ok(())
}

/// What stands under the empty key, which makes a dictionary a file. Nothing else may stand beside it.
fn file_properties<'a>(entry: Value<'a>, path: &[u8]) -> Result<Option<Value<'a>>, MetainfoError> {
    let Some(properties) = entry.find(b"") else { return Ok(None) };
    match entry.dictionary().into_iter().flatten().nth(1) {
        None => Ok(Some(properties)),
        Some(_) => Err(MetainfoError::FileIsDirectory(shown(path))),
    }
}

fn read_file(properties: Value<'_>, path: &[u8]) -> Result<RawFile, MetainfoError> {
    if properties.dictionary().is_none() {
        return Err(NOT_A_DICTIONARY);
    }
    let file = read_attributes(properties, path.to_vec())?;
    if file.length == 0 {
        return Ok(file);
    }
    let root = properties.find(b"pieces root").and_then(Value::string).and_then(|root| root.try_into().ok());
    let root = root.ok_or_else(|| MetainfoError::PiecesRoot(shown(path)))?;
    Ok(RawFile { root: Some(root), ..file })
}

const NOT_A_DICTIONARY: MetainfoError =
    MetainfoError::WrongType { key: "file tree", expected: "made of dictionaries, a file's under an empty key" };
