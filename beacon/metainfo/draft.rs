//! A torrent that is being made: what is known before its data is hashed, checked as far as that goes.

use super::{
    DraftError, Layout, Metainfo, MetainfoError, PieceHashes, Version,
    bencoder::{Node, push_string, push_trackers},
    draft_info::{Roots, info},
    layers::{HASH_BYTES, root_of_pieces},
    limits::{BLOCK_LENGTH, DRAFT_DEPTH_MAX, METAINFO_BYTES_MAX, PIECE_LENGTH_MAX},
    path::shown,
    piece_length::automatic,
};

/// What a new torrent is to be. The same content makes the same bytes.
#[derive(Debug, Clone)]
pub struct DraftContent {
    /// What people see, and the name of its file or directory; need not be UTF-8.
    pub name: Vec<u8>,
    /// Whether its files lie in a directory of its name. Otherwise there is one file, which bears the name itself.
    pub is_directory: bool,
    /// Its files in any order.
    pub files: Vec<DraftFile>,
    /// Which versions of the protocol it is for.
    pub version: Version,
    /// Bytes of every piece but the last; chosen by the size of all files where it is not given.
    pub piece_length: Option<u64>,
    /// Whether only its own trackers may tell of peers (BEP 27).
    pub private: bool,
    /// Tracker URLs. They are outside what is under the info-hash.
    pub trackers: Vec<String>,
    /// The program that makes it, which is outside the info-hash too.
    pub created_by: Option<String>,
    /// When it is made, in seconds since 1970, where it is to say so; outside the info-hash too.
    pub created: Option<u64>,
}

/// A file of a new torrent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftFile {
    /// The parts of its path below the torrent's directory; none for the file of a torrent without one.
    pub path: Vec<Vec<u8>>,
    /// Its bytes.
    pub length: u64,
    /// Whatever number the maker knows it by.
    pub source: usize,
}

/// A torrent that only lacks the hashes of its pieces. Everything that a reader could refuse has been checked.
#[derive(Debug)]
pub struct Draft {
    content: DraftContent,
    piece_length: u64,
    layout: Layout,
}

/// A new torrent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTorrent {
    /// The .torrent file.
    pub bytes: Vec<u8>,
    /// What is read in it.
    pub metainfo: Metainfo,
}

impl Draft {
    /// Puts the files in order and finds whatever is wrong with them before anything is hashed.
    ///
    /// For v1 the files are in the order of their whole paths, byte by byte, as `mktorrent` has them. For v2 and hybrid
    /// torrents they are in that of the parts, one by one, which the file tree prescribes (BEP 52).
    pub fn new(mut content: DraftContent) -> Result<Self, DraftError> {
        match content.version {
            Version::V1 => content.files.sort_by_cached_key(|file| file.path.join(&b'/')),
            Version::V2 | Version::Hybrid => content.files.sort_by(|a, b| a.path.cmp(&b.path)),
        }
        if let Some(tracker) = content.trackers.iter().find(|tracker| !is_tracker(tracker)) {
            return Err(DraftError::Tracker(tracker.clone()));
        }
        let deepest = content.files.iter().max_by_key(|file| file.path.len());
        if let Some(deepest) = deepest.filter(|file| file.path.len() > DRAFT_DEPTH_MAX) {
            return Err(DraftError::TooDeep { path: shown(&deepest.path.join(&b'/')), max: DRAFT_DEPTH_MAX });
        }
        let lengths = || content.files.iter().map(|file| file.length);
        let too_long = || MetainfoError::LengthOverflow(shown(&content.name));
        let size = lengths().try_fold(0_u64, u64::checked_add).ok_or_else(too_long)?;
        let piece_length = content.piece_length.unwrap_or_else(|| automatic(size));
        if !(1..=PIECE_LENGTH_MAX).contains(&piece_length) {
            return Err(MetainfoError::PieceLength(piece_length.to_string()).into());
        }
        let aligned = content.version == Version::V2 || content.version == Version::Hybrid && content.is_directory;
        let layout = Layout::new(lengths(), piece_length, aligned).ok_or_else(too_long)?;
        let draft = Self { content, piece_length, layout };
        draft.check()?;
        Ok(draft)
    }

    /// The files in their order.
    pub fn files(&self) -> &[DraftFile] {
        &self.content.files
    }

    /// Which versions of the protocol it is for.
    pub fn version(&self) -> Version {
        self.content.version
    }

    /// Which bytes of which files, by their number in [`Draft::files`], make up each piece.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// How many blocks the merkle tree of a piece has room for (BEP 52): as many as a piece has, but in a file of no more
    /// than one piece only what that file needs.
    pub fn leaves(&self, piece: u64) -> u64 {
        let file = self.layout.segments(piece).find_map(|segment| segment.file);
        let length = file.map_or(0, |file| self.content.files[file].length);
        length.min(self.piece_length).div_ceil(BLOCK_LENGTH).next_power_of_two()
    }

    /// The torrent, with the hashes of all its pieces in order. It is read again before it is given out.
    pub fn finish(&self, pieces: &[PieceHashes]) -> Result<NewTorrent, DraftError> {
        let v1: Vec<u8> = pieces.iter().filter_map(|piece| piece.v1).flatten().collect();
        let v2: Vec<[u8; HASH_BYTES]> = pieces.iter().filter_map(|piece| piece.v2).collect();
        let mut roots = Roots::default();
        let mut rest = &v2[..];
        for file in &self.content.files {
            let count = usize::try_from(file.length.div_ceil(self.piece_length)).unwrap_or(usize::MAX);
            let (own, later) = rest.split_at(count.min(rest.len()));
            roots.push(own, (own.len() > 1).then(|| root_of_pieces(own, self.piece_length)));
            rest = later;
        }
        let info = info(&self.content, self.piece_length, v1, &roots).write();
        let bytes = self.wrap(&info, &roots);
        let metainfo = Metainfo::read(&bytes)?;
        if self.is_told_by(&metainfo) && metainfo.has_piece_layers && bytes[metainfo.info.clone()] == info {
            Ok(NewTorrent { bytes, metainfo })
        } else {
            Err(DraftError::ReadDifferently)
        }
    }

    fn wrap(&self, info: &[u8], roots: &Roots) -> Vec<u8> {
        let mut file = b"d".to_vec();
        push_trackers(&mut file, &self.content.trackers);
        if let Some(program) = &self.content.created_by {
            push_string(&mut file, b"created by");
            push_string(&mut file, program.as_bytes());
        }
        if let Some(created) = self.content.created {
            push_string(&mut file, b"creation date");
            file.extend_from_slice(&Node::Integer(created.into()).write());
        }
        push_string(&mut file, b"info");
        file.extend_from_slice(info);
        if self.content.version != Version::V1 {
            push_string(&mut file, b"piece layers");
            file.extend_from_slice(&roots.layers().write());
        }
        file.push(b'e');
        file
    }

    /// Makes the torrent with hashes that are all zeros, and has it read: what the reader would refuse after hours of
    /// hashing, it refuses now.
    fn check(&self) -> Result<(), DraftError> {
        let pieces = self.layout.pieces();
        let is_v1 = self.content.version != Version::V2;
        let is_v2 = self.content.version != Version::V1;
        let hash_bytes = pieces.saturating_mul(20 * u64::from(is_v1) + 32 * u64::from(is_v2));
        let room = METAINFO_BYTES_MAX as u64;
        let too_large = DraftError::TooLarge { pieces, piece_length: self.piece_length };
        if hash_bytes > room {
            return Err(too_large);
        }
        let v1 = vec![0; usize::try_from(pieces * 20 * u64::from(is_v1)).unwrap_or_default()];
        let mut roots = Roots::default();
        for _ in &self.content.files {
            roots.push(&[[0; HASH_BYTES]], None);
        }
        let info = info(&self.content, self.piece_length, v1, &roots).write();
        let trackers: usize = self.content.trackers.iter().map(|tracker| 2 * tracker.len() + 20).sum();
        let layers = if is_v2 { pieces * 32 + 40 * self.content.files.len() as u64 } else { 0 };
        if (info.len() + trackers + OUTSIDE_BYTES) as u64 + layers > room {
            return Err(too_large);
        }
        let metainfo = Metainfo::from_info(&info)?;
        if self.is_told_by(&metainfo) { Ok(()) } else { Err(DraftError::ReadDifferently) }
    }

    /// Whether a reader sees the files as they are meant, in their order.
    fn is_told_by(&self, metainfo: &Metainfo) -> bool {
        let told = metainfo.files.iter().filter(|file| !file.padding).map(|file| (file.path.clone(), file.length));
        let meant = self.content.files.iter().map(|file| {
            let parts: Vec<&[u8]> = std::iter::once(&self.content.name).chain(&file.path).map(Vec::as_slice).collect();
            (String::from_utf8_lossy(&parts.join(&b'/')).into_owned(), file.length)
        });
        told.eq(meant)
            && (metainfo.version, metainfo.piece_length, metainfo.private)
                == (self.content.version, self.piece_length, self.content.private)
    }
}

/// Room for the keys outside `info`.
const OUTSIDE_BYTES: usize = 1000;

fn is_tracker(url: &str) -> bool {
    let rest = ["http://", "https://", "udp://", "ws://", "wss://"].iter().find_map(|scheme| {
        url.get(..scheme.len()).filter(|start| start.eq_ignore_ascii_case(scheme)).map(|_| &url[scheme.len()..])
    });
    rest.is_some_and(|rest| !rest.is_empty()) && !url.chars().any(|c| c.is_whitespace() || c.is_control())
}
