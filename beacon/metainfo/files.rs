//! The files of a torrent as either half of it lists them, and what must not be among them.

use super::{
    MetainfoError,
    bencode::Value,
    limits::{FILES_MAX, PATHS_BYTES_MAX},
    path::{push_list, shown},
};

/// A file as either half of a torrent lists it.
#[derive(Debug)]
pub(super) struct RawFile {
    /// Below the directory that torrents are saved to, `/` between the parts; the first is the torrent's name.
    pub(super) path: Vec<u8>,
    pub(super) length: u64,
    pub(super) padding: bool,
    /// Where a symbolic link points to, below the torrent's own directory.
    pub(super) symlink: Option<Vec<u8>>,
    /// The v2 merkle root, where there is data.
    pub(super) root: Option<[u8; 32]>,
}

/// Files in the order in which they stand, within all limits.
#[derive(Debug, Default)]
pub(super) struct Files {
    list: Vec<RawFile>,
    path_bytes: usize,
    total: u64,
}

impl Files {
    pub(super) fn push(&mut self, file: RawFile) -> Result<(), MetainfoError> {
        // Deep directories with long names would repeat in every path, far beyond the bytes that were read.
        self.path_bytes += file.path.len() + file.symlink.as_ref().map_or(0, Vec::len);
        if self.path_bytes > PATHS_BYTES_MAX {
            return Err(MetainfoError::PathsTooLong);
        }
        if self.list.len() == FILES_MAX {
            return Err(MetainfoError::TooManyFiles);
        }
        let total = self.total.checked_add(file.length).filter(|&total| i64::try_from(total).is_ok());
        self.total = total.ok_or_else(|| MetainfoError::LengthOverflow(shown(&file.path)))?;
        self.list.push(file);
        Ok(())
    }

    /// Bytes of all files, padding included: what v1 cuts into pieces.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &RawFile> {
        self.list.iter()
    }

    /// All but padding, which is never written to disk.
    pub(super) fn without_padding(&self) -> impl Iterator<Item = &RawFile> {
        self.list.iter().filter(|file| !file.padding)
    }

    /// Refuses two files of one path, and a file that is the directory of another. Padding may collide: older clients give
    /// all padding of one length the same path.
    pub(super) fn refuse_collisions(&self) -> Result<(), MetainfoError> {
        let mut paths: Vec<&[u8]> = self.without_padding().map(|file| &file.path[..]).collect();
        // Compared part by part, whatever stands between a path and one that continues it continues it too, so that it is
        // enough to compare neighbours.
        paths.sort_unstable_by(|a, b| parts(a).cmp(parts(b)));
        for pair in paths.windows(2) {
            match pair[1].strip_prefix(pair[0]) {
                Some([]) => return Err(MetainfoError::DuplicateFile(shown(pair[0]))),
                Some([b'/', ..]) => return Err(MetainfoError::FileIsDirectory(shown(pair[0]))),
                _ => {}
            }
        }
        Ok(())
    }
}

fn parts(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|&byte| byte == b'/')
}

/// Reads what both halves say of a file in the same way (BEP 47): its length, and whether it is padding or a symbolic
/// link. A link has no data, and its length may be left out.
pub(super) fn read_attributes(entry: Value<'_>, path: Vec<u8>) -> Result<RawFile, MetainfoError> {
    let attributes = entry.find(b"attr").and_then(Value::string).unwrap_or_default();
    let mut symlink = None;
    if attributes.contains(&b'l') {
        let target = entry.find(b"symlink path").ok_or(MetainfoError::Missing("symlink path"))?;
        push_list(symlink.insert(Vec::new()), target, "symlink path")?;
    }
    let length = match entry.find(b"length") {
        None if symlink.is_some() => 0,
        length => read_length(length, &path)?,
    };
    if symlink.is_some() && length > 0 {
        return Err(MetainfoError::SymlinkWithLength(shown(&path)));
    }
    Ok(RawFile { path, length, padding: attributes.contains(&b'p'), symlink, root: None })
}

fn read_length(value: Option<Value<'_>>, path: &[u8]) -> Result<u64, MetainfoError> {
    let value = value.ok_or(MetainfoError::Missing("length"))?;
    let digits = value.integer_digits().ok_or(MetainfoError::WrongType { key: "length", expected: "a number" })?;
    if digits.starts_with('-') {
        return Err(MetainfoError::NegativeLength(shown(path)));
    }
    let length = value.integer().and_then(|length| u64::try_from(length).ok());
    length.ok_or_else(|| MetainfoError::LengthOverflow(shown(path)))
}
