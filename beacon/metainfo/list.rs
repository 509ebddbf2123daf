//! The v1 half of a torrent: its list of files and the hashes of its pieces (BEP 3).

use super::{
    MetainfoError,
    bencode::Value,
    files::{Files, RawFile, read_attributes},
    path::push_list,
};

/// Bytes of one SHA-1.
const HASH_BYTES: usize = 20;

/// Reads the file list of `info`, in the order in which the files make up the pieces.
pub(super) fn read_files(info: Value<'_>, name: &[u8]) -> Result<Files, MetainfoError> {
    let mut files = Files::default();
    match (info.find(b"length"), info.find(b"files")) {
        (Some(_), Some(_)) => return Err(MetainfoError::LengthAndFiles),
        (None, None) => return Err(MetainfoError::NeitherLengthNorFiles),
        (Some(_), None) => files.push(read_attributes(info, name.to_vec())?)?,
        (None, Some(list)) => {
            for entry in list.list().ok_or(MetainfoError::WrongType { key: "files", expected: "a list" })? {
                files.push(read_file(entry, name)?)?;
            }
        }
    }
    Ok(files)
}

fn read_file(entry: Value<'_>, name: &[u8]) -> Result<RawFile, MetainfoError> {
    let mut path = name.to_vec();
    push_list(&mut path, entry.find(b"path").ok_or(MetainfoError::Missing("path"))?, "path")?;
    // Both spellings are checked, since some clients follow the one and some the other.
    if let Some(parts) = entry.find(b"path.utf-8") {
        path.truncate(name.len());
        push_list(&mut path, parts, "path.utf-8")?;
    }
    read_attributes(entry, path)
}

/// Refuses `pieces` that are not one hash for each piece of `total` bytes.
pub(super) fn check_pieces(info: Value<'_>, total: u64, piece_length: u64) -> Result<(), MetainfoError> {
    let pieces = info.find(b"pieces").ok_or(MetainfoError::Missing("pieces"))?;
    let pieces = pieces.string().ok_or(MetainfoError::WrongType { key: "pieces", expected: "a string" })?;
    let expected = total.div_ceil(piece_length);
    match u64::try_from(pieces.len() / HASH_BYTES) {
        Ok(found) if found == expected && pieces.len().is_multiple_of(HASH_BYTES) => Ok(()),
        _ => Err(MetainfoError::PieceCount { found: pieces.len(), expected }),
    }
}
